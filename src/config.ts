import {
  addresses,
  baseUrl,
  headerNames,
  hostNames,
  hostsWithPorts,
  integer,
  masterKey,
  networks,
  oneOf,
  pathPrefix,
  processes,
  signatureHeaderName,
  text,
  truths,
} from './config-values.ts';

/** A setting: its default, a line of help, and how its text is read; `read` returns undefined for a text that it does not take. */
interface Setting<T> {
  readonly default: T;
  readonly help: string;
  readonly read: (text: string) => T | undefined;
  /** Whether its value must not be shown. */
  readonly isSecret: boolean;
}

const setting = <T>(fallback: T, read: Setting<T>['read'], help: string, isSecret = false): Setting<T> => ({
  default: fallback,
  read,
  help,
  isSecret,
});

/** Every setting, once. `tokenLifetime` is SIGNET_TOKEN_LIFETIME in the environment and --token-lifetime on the command line. */
const table = {
  host: setting('127.0.0.1', text, 'address to listen on'),
  port: setting(5670, integer(0, 65535), 'port to listen on; 0 picks a free one'),
  databaseUrl: setting(
    'sqlite::memory:',
    text,
    'where state is kept: sqlite::memory:, sqlite:<file> or postgres://<user>:<password>@<host>/<database>',
  ),
  masterKey: setting(
    '',
    masterKey,
    'key that seals private material at rest: 32 bytes in Base64 or hex; a key file beside the database where empty',
    true,
  ),
  seed: setting('', text, 'file with identities and keys for an empty store; none: the default identity without keys'),
  authErrors: setting(
    'kms',
    oneOf('kms', 'gateway'),
    'who refuses a bad token: kms (403, nested) or gateway (401, flat)',
  ),
  accessKeyLock: setting(
    false,
    (value) => truths.get(value),
    'lock an access key for 5 minutes after 5 wrong signatures in a row (1 or 0)',
  ),
  adminToken: setting(
    '',
    text,
    'what other machines send in X-Signet-Token to use /_signet; where empty, made at the start and printed if others may come',
    true,
  ),
  sandbox: setting(
    false,
    (value) => truths.get(value),
    'for one Signet that many teams share: no public credentials, and the admin token for everybody at /_signet and /console (1 or 0)',
  ),
  tokenLifetime: setting(86_400, integer(1, 31_536_000), 'seconds that an issued token is valid'),
  keyQuota: setting(1_000_000, integer(0, 1_000_000_000), 'keys that a project may have'),
  publicKeyLineEnds: setting('lf', oneOf('lf', 'crlf'), 'line ends of public keys: lf or crlf'),
  sm2Raw: setting('refuse', oneOf('refuse', 'default-id'), 'RAW with SM2: refuse, or sign with the default user id'),
  datakeyContext: setting(
    'lenient',
    oneOf('lenient', 'strict'),
    'a data key wrapped with a context opens without one (lenient), or only with the same (strict)',
  ),
  workers: setting(
    1,
    processes,
    'processes that answer, on one port and one database; auto: one a core. Not for sqlite::memory:',
  ),
  signingThreads: setting(0, integer(0, 256), 'threads that sign digests; 0: one a core, of all workers together'),
  maxRequests: setting(
    1000,
    integer(1, 1_000_000),
    'requests that are worked on at once, in each process; one more is refused with 429 APIGW.0308',
  ),
  maxConnections: setting(
    10_000,
    integer(1, 1_000_000),
    'connections at once, in each process; beyond it the one that has been idle or incomplete for longest is closed',
  ),
  requestTimeout: setting(120, integer(1, 86_400), 'seconds that a client may take to send a request'),
  externalUrl: setting(
    '',
    baseUrl,
    "what URLs in the catalogue and in links begin with; the request's own scheme, host and port where empty",
  ),
  trustedProxies: setting<readonly string[]>(
    [],
    networks,
    'addresses or networks whose X-Forwarded-* headers count, with commas',
  ),
  journalSize: setting(
    1000,
    integer(0, 100_000),
    'requests that /_signet/journal keeps, with their bodies up to 64 KiB; 0: none',
  ),
  faults: setting(
    '',
    text,
    'file with fault rules to begin with: a list in YAML or JSON, as POST /_signet/faults takes them',
  ),
  tls: setting('off', oneOf('off', 'auto'), 'auto: serve HTTPS as well, with a certificate authority of our own'),
  tlsPort: setting(5671, integer(0, 65535), 'port for HTTPS; 0 picks a free one'),
  tlsHosts: setting<readonly string[]>(
    ['localhost', '127.0.0.1', '::1'],
    hostNames,
    'names and addresses for the certificate, with commas',
  ),
  gatewayDomain: setting(
    'localhost',
    (value) => (/^(?=.{1,200}$)[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(value) ? value.toLowerCase() : undefined),
    'what the sub-domains of API groups end with: <group id>.apic.<domain>',
  ),
  gatewayBackends: setting<readonly string[]>(
    ['auto'],
    addresses,
    'addresses or networks that API Gateway may forward to, with commas; auto: this machine, or nowhere where others may reach Signet; none: nowhere',
  ),
  signedHeaders: setting<readonly string[]>(
    ['host', 'x-sdk-date'],
    headerNames,
    'headers that API Gateway signs where a request has them, with commas; x-sdk-date must be one',
  ),
  signatureHeader: setting(
    'Authorization',
    signatureHeaderName,
    'header in which backends find the signature of API Gateway',
  ),
  signatureSecrets: setting(
    'plain',
    oneOf('plain', 'masked'),
    'secrets of signature keys in answers: plain, as the service has it, or masked',
  ),
  ociEcho: setting('/oci', pathPrefix, 'path below which the OCI echo service answers whatever is signed rightly'),
  ociGateway: setting('/_oci', pathPrefix, 'path below which the OCI-style gateway takes requests for its deployments'),
  ociActivationDelay: setting(
    0,
    integer(0, 86_400),
    'seconds that an uploaded OCI API key is CREATING before it can be used',
  ),
  ociContentType: setting(
    'as-sent',
    oneOf('as-sent', 'media-type'),
    'content-type in OCI signatures: as sent, or as some say of the real service without its parameters (media-type)',
  ),
  ociExplain: setting(
    false,
    (value) => truths.get(value),
    'why an OCI signature is refused, in the message of the 401 itself, which the real service never tells (1 or 0)',
  ),
  ociHosts: setting<readonly string[]>(
    [],
    hostsWithPorts,
    'hosts that OCI requests may have been signed for before a proxy changed them, with commas; a diagnosis tries them',
  ),
  validateResponses: setting(false, (value) => truths.get(value), 'check every answer against the contract (1 or 0)'),
} as const;

type Table = typeof table;

/** What Signet can be told; index.ts takes the same names. */
export type Settings = { readonly [Name in keyof Table]: Table[Name] extends Setting<infer T> ? T : never };
export type SettingName = keyof Settings;

export const settingNames = Object.keys(table) as SettingName[];

const words = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
export const flagOf = (name: SettingName): string => words(name);
export const variableOf = (name: SettingName): string => `SIGNET_${words(name).replaceAll('-', '_').toUpperCase()}`;

/** All that is wrong with the settings, a line each. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/** The text of a setting, and where it stands. */
export interface Given {
  readonly source: string;
  readonly text: string;
}

/**
 * Reads settings from their texts; an empty one counts as none, and the default stands in.
 * @param mistakes what was found wrong before
 * @throws SettingsError naming every mistake at once
 */
export function readSettings(
  given: Readonly<Partial<Record<SettingName, Given>>>,
  mistakes: readonly string[] = [],
): Settings {
  const found = [...mistakes];
  const settings = settingNames.map((name) => {
    const { default: fallback, help, isSecret, read } = table[name];
    const { source, text: value } = given[name] ?? { source: '', text: '' };
    const setting = value === '' ? fallback : read(value);
    if (setting === undefined)
      found.push(`${source}: ${isSecret ? 'this' : JSON.stringify(value)} will not do; ${help}`);
    return [name, setting];
  });
  const all = Object.fromEntries(settings) as Partial<Settings>;
  if (all.ociEcho !== undefined && all.ociEcho === all.ociGateway)
    found.push(
      `--${flagOf('ociEcho')}, --${flagOf('ociGateway')}: both are ${all.ociEcho}; each needs a path of its own`,
    );
  if (found.length > 0) throw new SettingsError(found.join('\n'));
  return all as Settings;
}

/** The settings as lines of help. */
export function describeSettings(): string {
  return settingNames
    .map((name) => {
      const { default: fallback, help } = table[name];
      const shown = String(fallback) === '' ? '' : ` (${String(fallback)})`;
      return `  --${flagOf(name).padEnd(22)} ${variableOf(name).padEnd(28)} ${help}${shown}`;
    })
    .join('\n');
}
