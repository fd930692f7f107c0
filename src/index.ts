import { v4 as uuid } from 'uuid';
import { readSettings, settingNames, type SettingName, type Settings } from './config.ts';
import { noPeers } from './emulator/peers/peers.ts';
import { startInstance, type Signet } from './instance.ts';
import { makeAdminToken, noticesOf, toStderr } from './notices.ts';

export type { Settings } from './config.ts';
export type { Signet, TestProject } from './instance.ts';

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
  const { adminToken, ...settings } = checked(given);
  const chosen = { ...settings, adminToken: adminToken || makeAdminToken() };
  const { signet, isPublic } = await startInstance({ settings: chosen, now, newId, log, peers: noPeers });
  noticesOf({ settings: chosen, isPublic, isTokenMade: adminToken === '' }).forEach((notice) => log(notice));
  return signet;
}

/** A program in JavaScript may hand in anything. */
function checked(given: Readonly<Record<string, Settings[SettingName] | undefined>>): Settings {
  const known = new Set<string>(settingNames);
  const mistakes = Object.keys(given)
    .filter((name) => !known.has(name))
    .map((name) => `${name}: there is no such setting`);
  const texts = Object.entries(given).map(([name, value]) => [name, { source: name, text: textOf(value) }]);
  if (Number(given['workers'] ?? 1) !== 1)
    mistakes.push('workers: startSignet runs in the process that calls it; several are started by the program signet');
  return readSettings(Object.fromEntries(texts) as object, mistakes);
}

/** An empty text would be the default. */
const textOf = (value: Settings[SettingName] | undefined): string =>
  Array.isArray(value) && value.length === 0 ? 'none' : String(value ?? '');
