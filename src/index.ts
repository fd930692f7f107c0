import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v4 as uuid } from 'uuid';
import { makeApp } from './app.ts';
import { defaults, type Settings } from './config.ts';
import { parseMasterKey } from './crypto/sealing.ts';
import { createSigningThreads } from './crypto/signing-threads.ts';
import { signCommand } from './emulator/sign-command.ts';
import { applySeed, loadSeed, signingExample } from './emulator/seed.ts';
import { hashToken } from './iam/tokens.ts';
import { openStore } from './store/sql.ts';

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
  const { databaseUrl, masterKey, signingThreads } = settings;
  const seed = await loadSeed(settings.seed, newId);
  const store = await openStore({ url: databaseUrl, ...(masterKey && { masterKey: parseMasterKey(masterKey) }) });
  const threads = createSigningThreads(signingThreads || undefined);
  const close = async (): Promise<void> => {
    await threads.close();
    await store.close();
  };
  try {
    const context = { store, now, hashToken };
    await applySeed(seed, context);
    const example = await signingExample(seed, context);
    const server = makeApp({ settings, store, threads, region: seed.region, now, newId, log });
    const url = await listen(server, settings);
    return {
      url,
      signCommand: example && signCommand(url, example),
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

async function listen(server: Server, { host, port }: Settings): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${String(bound.port)}`;
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
