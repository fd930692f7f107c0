import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { parseMasterKey } from './crypto/sealing.ts';

/** A setting: its default, a line of help, and how its text is read; `read` returns undefined for a text that it does not take. */
interface Setting<T> {
  readonly default: T;
  readonly help: string;
  readonly read: (text: string) => T | undefined;
}

const text = (value: string): string => value;
/** What Express's `trust proxy` takes: addresses, networks, and three names for networks. */
const networks = (value: string): readonly string[] | undefined => {
  const items = value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
  const isNetwork = (item: string) =>
    /^(loopback|linklocal|uniquelocal)$/.test(item) || isIP(item.replace(/\/\d{1,3}$/, '')) > 0;
  return items.every(isNetwork) ? items : undefined;
};
const key = (value: string): string | undefined => {
  try {
    parseMasterKey(value);
    return value;
  } catch {
    return undefined;
  }
};
const origin = (value: string): string | undefined =>
  /^https?:$/.test(URL.parse(value)?.protocol ?? '') ? value.replace(/\/+$/, '') : undefined;
const truth = (value: string): boolean | undefined => ({ '1': true, true: true, '0': false, false: false })[value];
const integer =
  (least: number, most: number) =>
  (value: string): number | undefined =>
    /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most ? Number(value) : undefined;
const oneOf =
  <T extends string>(...values: readonly T[]) =>
  (value: string): T | undefined =>
    values.find((known) => known === value);

const setting = <T>(fallback: T, read: Setting<T>['read'], help: string): Setting<T> => ({
  default: fallback,
  read,
  help,
});

/** Every setting, once. `tokenLifetime` is SIGNET_TOKEN_LIFETIME in the environment and --token-lifetime on the command line. */
const table = {
  host: setting('127.0.0.1', text, 'address to listen on'),
  port: setting(5670, integer(0, 65535), 'port to listen on; 0 picks a free one'),
  databaseUrl: setting('sqlite::memory:', text, 'where state is kept: sqlite::memory: or sqlite:<file>'),
  masterKey: setting(
    '',
    key,
    'key that seals private material at rest: 32 bytes in Base64 or hex; a key file beside the database where empty',
  ),
  seed: setting('', text, 'file with identities and keys for an empty store; none: the default identity without keys'),
  authErrors: setting(
    'kms',
    oneOf('kms', 'gateway'),
    'who refuses a bad token: kms (403, nested) or gateway (401, flat)',
  ),
  tokenLifetime: setting(86_400, integer(1, 31_536_000), 'seconds that an issued token is valid'),
  keyQuota: setting(1_000_000, integer(0, 1_000_000_000), 'keys that a project may have'),
  publicKeyLineEnds: setting('lf', oneOf('lf', 'crlf'), 'line ends of public keys: lf or crlf'),
  sm2Raw: setting('refuse', oneOf('refuse', 'default-id'), 'RAW with SM2: refuse, or sign with the default user id'),
  signingThreads: setting(0, integer(0, 256), 'threads that sign digests; 0: one a core'),
  externalUrl: setting(
    '',
    origin,
    "scheme, host and port in the catalogue and in links; the request's own where empty",
  ),
  trustedProxies: setting<readonly string[]>(
    [],
    networks,
    'addresses or networks whose X-Forwarded-* headers count, with commas',
  ),
  validateResponses: setting(false, truth, 'check every answer against the contract (1 or 0)'),
} as const;

type Table = typeof table;

/** What Signet can be told; index.ts takes the same names. */
export type Settings = { readonly [Name in keyof Table]: Table[Name] extends Setting<infer T> ? T : never };

const names = Object.keys(table) as (keyof Settings)[];
const words = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const flagOf = (name: string): string => words(name);
const variableOf = (name: string): string => `SIGNET_${words(name).replaceAll('-', '_').toUpperCase()}`;

export const defaults = Object.fromEntries(names.map((name) => [name, table[name].default])) as unknown as Settings;

/** All that is wrong with the settings, a line each. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

export interface CommandLine {
  readonly command: string;
  readonly help: boolean;
  readonly settings: Settings;
}

/**
 * Reads flags before variables before defaults; an empty one counts as none.
 * @throws SettingsError naming every mistake at once
 */
export function readCommandLine(args: readonly string[], environment: NodeJS.ProcessEnv): CommandLine {
  const options = Object.fromEntries(names.map((name) => [flagOf(name), { type: 'string' }] as const));
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: { ...options, help: { type: 'boolean', short: 'h' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const known = new Set([...names.map(flagOf), 'help']);
  const mistakes = tokens.flatMap((token) =>
    token.kind === 'option' && !known.has(token.name) ? [`${token.rawName}: there is no such flag`] : [],
  );
  const variables = new Set(names.map(variableOf));
  for (const variable of Object.keys(environment)) {
    if (variable.startsWith('SIGNET_') && !variables.has(variable))
      mistakes.push(`${variable}: there is no such setting`);
  }
  const settings: Record<string, unknown> = {};
  for (const name of names) {
    const flag = values[flagOf(name)];
    const variable = environment[variableOf(name)];
    const [source, value] = flag === undefined ? [variableOf(name), variable] : [`--${flagOf(name)}`, flag];
    const isGiven = value !== undefined && value !== '';
    const read = isGiven && typeof value === 'string' ? table[name].read(value) : undefined;
    if (isGiven && read === undefined)
      mistakes.push(`${source}: ${JSON.stringify(value)} will not do; ${table[name].help}`);
    settings[name] = read ?? table[name].default;
  }
  if (mistakes.length > 0) throw new SettingsError(mistakes.join('\n'));
  return {
    command: positionals[0] ?? 'start',
    help: values.help === true,
    settings: settings as unknown as Settings,
  };
}

/** The settings as lines of help. */
export function describeSettings(): string {
  return names
    .map((name) => {
      const { default: fallback, help } = table[name];
      const shown = String(fallback) === '' ? '' : ` (${String(fallback)})`;
      return `  --${flagOf(name).padEnd(22)} ${variableOf(name).padEnd(28)} ${help}${shown}`;
    })
    .join('\n');
}
