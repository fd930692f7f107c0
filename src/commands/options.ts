/** What commands can be told by flags, and some of it by variables. */

/** One option: how its text is read, and a line of help. */
interface Option<T> {
  /** What stands for its value in the help; empty for a flag, which has none. */
  readonly placeholder: string;
  readonly help: string;
  readonly variable: string;
  readonly default: T;
  /** Undefined for a text that will not do. */
  readonly read: (text: string) => T | undefined;
}

interface More<T> {
  readonly variable?: string;
  readonly default?: T;
}

function text(placeholder: string, help: string, more?: { variable?: string }): Option<string | undefined>;
function text(placeholder: string, help: string, more: Required<More<string>>): Option<string>;
function text(
  placeholder: string,
  help: string,
  { variable = '', default: fallback }: More<string> = {},
): Option<string | undefined> {
  return { placeholder, help, variable, default: fallback, read: (given) => given };
}

const flag = (help: string): Option<boolean> => ({
  ...{ placeholder: '', help, variable: '', default: false },
  read: () => true,
});

const number = (placeholder: string, help: string, fallback?: number): Option<number | undefined> => ({
  ...{ placeholder, help, variable: '', default: fallback },
  read: (given) => (/^\d+(\.\d+)?$/.test(given) ? Number(given) : undefined),
});

const oneOf = <Word extends string>(words: readonly Word[], help: string): Option<Word | undefined> => ({
  ...{ placeholder: words.join('|'), help, variable: '', default: undefined },
  read: (given) => words.find((word) => word === given),
});

const url: Option<string> = {
  ...text('URL', 'where Signet is', { variable: 'SIGNET_URL', default: 'http://127.0.0.1:5670' }),
  read: (given) => (/^https?:\/\//i.test(given) && URL.canParse(given) ? given : undefined),
};

/** By their names on the command line. */
export const options = {
  url,
  project: text('ID|NAME', 'which project; where there is one alone, that one', { variable: 'SIGNET_PROJECT' }),
  token: text('TOKEN', 'for X-Auth-Token; without it, Signet is asked for one', { variable: 'SIGNET_TOKEN' }),
  'admin-token': text('TOKEN', 'for X-Signet-Token, which other machines need, and in a sandbox everybody', {
    variable: 'SIGNET_ADMIN_TOKEN',
  }),
  key: text('KEY', "the key: its id, an alias such as alias/mine, or the key's name"),
  algorithm: text('NAME', "the signing algorithm; the first one for the key's spec where it is left out"),
  digest: flag('what is given is the digest, not the message'),
  raw: flag('bytes, not Base64'),
  signature: text('FILE|BASE64', 'a file with the signature, as bytes or in Base64, or the signature in Base64'),
  timeout: number('SECONDS', 'how long to wait at most', 30),
  shell: oneOf(['sh', 'fish', 'powershell', 'dotenv'], 'in whose words; sh where it is left out'),
  isolated: flag('make a project for this alone, and print what opens it'),
  'request-id': text('ID', 'the X-Request-Id or opc-request-id of an answer: explain that request, out of the journal'),
  follow: flag('go on with what comes'),
  json: flag('JSON, an entry a line'),
  operation: text('NAME', 'only this operation, such as kms.sign or kms.*'),
  outcome: oneOf(['answered', 'refused', 'broken'], 'only these'),
  limit: number('COUNT', 'how many at most', 100),
  to: oneOf(['seed', 'identity'], 'what to begin with again: the seed, or its identities without keys'),
  passphrase: text('TEXT', 'seals the export, or the private key', { variable: 'SIGNET_PASSPHRASE' }),
  bits: oneOf(['2048', '3072', '4096'], 'of the modulus; 2048 where it is left out'),
  format: oneOf(
    ['pkcs1', 'pkcs8'],
    'of the private key: as OpenSSL 1 writes it, or as OpenSSL 3; pkcs8 where it is left out',
  ),
  'no-label': flag('without the last line OCI_API_KEY in the file of the private key'),
  tenancy: text('OCID', 'whose key it is to be, for the config; the tenancy of the default seed where it is left out'),
  user: text('OCID', 'the same; the user of the default seed where it is left out'),
  region: text('NAME', 'for the config', { variable: '', default: 'us-ashburn-1' }),
  out: text('FOLDER', 'where the files go', { variable: '', default: '.' }),
  force: flag('overwrite what is there'),
  'new-master-key': text('KEY', 'the new master key: 32 bytes in Base64 or hex', { variable: 'SIGNET_NEW_MASTER_KEY' }),
  days: number('N', 'days'),
  hours: number('N', 'hours'),
  minutes: number('N', 'minutes'),
  seconds: number('N', 'seconds'),
} as const;

export type OptionName = keyof typeof options;
/** Each with its default where it is not given. */
export type Values = { readonly [Name in OptionName]: (typeof options)[Name] extends Option<infer T> ? T : never };

export const optionNames = Object.keys(options) as OptionName[];
