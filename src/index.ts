import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v4 as uuid } from 'uuid';
import { makeApp } from './app.ts';
import { defaults, type Settings } from './config.ts';

export type { Settings } from './config.ts';

const DRAIN_MILLISECONDS = 10_000;

/** The settings of the README by name, all optional, and what a test wants to hold in its own hands. */
export interface SignetOptions extends Partial<Settings> {
  /** The time in milliseconds since 1970; the machine's where absent. */
  readonly now?: () => number;
  /** Makes UUIDs; random ones where absent. */
  readonly newId?: () => string;
  /** Told of faults of Signet's own; they go to stderr where absent. */
  readonly log?: (message: string, cause: unknown) => void;
}

export interface Signet {
  /** Scheme, host and port, without a slash at the end. */
  readonly url: string;
  /** A curl command that signs; undefined when the state has no key and token that the seed knows. */
  readonly signCommand: string | undefined;
  /** Answers what is under way, then closes everything. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts Signet in this process. Reads no environment.
 * @throws StoreUnusable, SeedError, or the listener's error
 */
export async function startSignet(options: SignetOptions = {}): Promise<Signet> {
  const settings: Settings = { ...defaults, ...options };
  const { now = Date.now, newId = uuid, log = logToStderr } = options;
  const { server, signCommand, close } = await makeApp({ settings, now, newId, log });
  try {
    const url = await listen(server, settings);
    return {
      url,
      signCommand: signCommand(url),
      stop: async () => {
        await drain(server);
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Addresses that mean every address of the machine, and one of those. */
const anywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

async function listen(server: Server, { host, port }: Settings): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const { address, family, port: bound } = server.address() as AddressInfo;
  const reachable = anywhere[address] ?? (family === 'IPv6' ? `[${address}]` : address);
  return `http://${reachable}:${String(bound)}`;
}

/** Takes no new connections, and waits for the answers that are under way; clients that are slower than that are cut off. */
async function drain(server: Server): Promise<void> {
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, DRAIN_MILLISECONDS);
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeIdleConnections();
  });
  clearTimeout(cut);
}

function logToStderr(message: string, cause: unknown): void {
  console.error(message, cause);
}
