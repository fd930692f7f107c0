import { v4 as uuid } from 'uuid';
import { makeApp } from './app.ts';
import { readSettings, settingNames, type SettingName, type Settings } from './config.ts';

export type { Settings } from './config.ts';

/** The settings of the README by name, all optional, and what a test wants to hold in its own hands. */
export type SignetOptions = { readonly [Name in keyof Settings]?: Settings[Name] | undefined } & Instruments;

export interface Instruments {
  /** The time in milliseconds since 1970; the machine's where absent. */
  readonly now?: () => number;
  /** Makes UUIDs; random ones where absent. */
  readonly newId?: () => string;
  /** Told of faults of Signet's own, and of dangers; they go to stderr where absent. */
  readonly log?: (message: string, cause?: unknown) => void;
}

export interface Signet {
  /** Scheme, host and port, without a slash at the end. */
  readonly url: string;
  /** A curl command that signs; undefined when no token or no key for it is known. */
  readonly signCommand: string | undefined;
  /** Answers what is under way, then closes everything. */
  readonly stop: () => Promise<void>;
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;
const WARNING = `
  WARNING  Signet listens on an address that other machines may reach, and everybody knows the credentials that open it: user signet,
  WARNING  password signet, token signet-token. Name a seed of your own in SIGNET_SEED.
`;

/**
 * Starts Signet in this process. Reads no environment.
 * @throws SettingsError, StoreUnusable, SeedError, or the listener's error
 */
export async function startSignet({
  now = Date.now,
  newId = uuid,
  log = toStderr,
  ...given
}: SignetOptions = {}): Promise<Signet> {
  const settings = checked(given);
  const { server, signCommand, isPublic, close } = await makeApp({ settings, now, newId, log });
  try {
    const url = await server.listen(settings.port, settings.host);
    if (isPublic && !LOOPBACK.test(settings.host)) log(WARNING);
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

/** A program in JavaScript may hand in anything. */
function checked(given: Readonly<Record<string, Settings[SettingName] | undefined>>): Settings {
  const known = new Set<string>(settingNames);
  const mistakes = Object.keys(given)
    .filter((name) => !known.has(name))
    .map((name) => `${name}: there is no such setting`);
  const texts = Object.entries(given).map(([name, value]) => [name, { source: name, text: String(value ?? '') }]);
  return readSettings(Object.fromEntries(texts) as object, mistakes);
}

function toStderr(message: string, cause?: unknown): void {
  console.error(...(cause === undefined ? [message] : [message, cause]));
}
