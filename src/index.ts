import { v4 as uuid } from 'uuid';
import { makeApp } from './app.ts';
import { defaults, type Settings } from './config.ts';

export type { Settings } from './config.ts';

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
    const url = await server.listen(settings.port, settings.host);
    return {
      url,
      signCommand: signCommand(url),
      stop: async () => {
        await server.drain();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function logToStderr(message: string, cause: unknown): void {
  console.error(message, cause);
}
