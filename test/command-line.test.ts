import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../src/command-line.ts';
import { helpText } from '../src/commands/help.ts';
import { optionNames } from '../src/commands/options.ts';
import { commandNames, commands } from '../src/commands/table.ts';
import { describeSettings, readSettings, SettingsError, type Settings } from '../src/config.ts';

/** Every setting: its default, a text, what the text means, and texts that it does not take. */
const settings: {
  readonly [Name in keyof Settings]: readonly [
    fallback: Settings[Name],
    text: string,
    value: Settings[Name],
    bad: readonly string[],
  ];
} = {
  host: ['127.0.0.1', '0.0.0.0', '0.0.0.0', []],
  port: [5670, '0', 0, ['65536', '-1', '80a', '1.5', ' 1']],
  databaseUrl: ['sqlite::memory:', 'sqlite:state.db', 'sqlite:state.db', []],
  masterKey: ['', 'ab'.repeat(32), 'ab'.repeat(32), ['short', 'ab'.repeat(31), '='.repeat(44)]],
  seed: ['', 'none', 'none', []],
  authErrors: ['kms', 'gateway', 'gateway', ['iam', 'KMS']],
  accessKeyLock: [false, '1', true, ['yes', '-1']],
  adminToken: ['', 's3cret', 's3cret', []],
  sandbox: [false, '1', true, ['yes', '-1']],
  tokenLifetime: [86_400, '60', 60, ['0', '-5', '1d', '31536001']],
  keyQuota: [1_000_000, '0', 0, ['-1', 'many']],
  publicKeyLineEnds: ['lf', 'crlf', 'crlf', ['cr', 'CRLF']],
  sm2Raw: ['refuse', 'default-id', 'default-id', ['on', 'true']],
  datakeyContext: ['lenient', 'strict', 'strict', ['off', '1']],
  workers: [1, '256', 256, ['0', '257', '-1', 'all']],
  signingThreads: [0, '4', 4, ['257', '-1']],
  maxRequests: [1000, '1', 1, ['0', '-1', '1000001', 'many']],
  maxConnections: [10_000, '1', 1, ['0', '-1', '1000001']],
  requestTimeout: [120, '86400', 86_400, ['0', '86401', '2m']],
  externalUrl: [
    '',
    'https://signet.example/',
    'https://signet.example',
    ['signet', '//signet.example', 'localhost:5670'],
  ],
  trustedProxies: [
    [],
    '127.0.0.1, 10.0.0.0/8,',
    ['127.0.0.1', '10.0.0.0/8'],
    ['everybody', '10.0.0', '10.0.0.0/99', '10.0.0.0/8/8'],
  ],
  journalSize: [1000, '0', 0, ['-1', '100001', 'all']],
  faults: ['', 'faults.yaml', 'faults.yaml', []],
  tls: ['off', 'auto', 'auto', ['on', '1']],
  tlsPort: [5671, '0', 0, ['65536', 'https']],
  tlsHosts: [
    ['localhost', '127.0.0.1', '::1'],
    'signet.test, *.signet.test, 10.0.0.7, my_service, ::ffff:1.2.3.4',
    ['signet.test', '*.signet.test', '10.0.0.7', 'my_service', '::ffff:1.2.3.4'],
    [
      ...['a b', 'https://signet.test', ',', 'a..b', '.a', 'a.', '*', '*.', '*a.b', 'a.*.b', '-a', 'a-.b', 'grün.test'],
      ...['fe80::1%eth0', '[::1]', '::1/128', `${'a'.repeat(64)}.test`, 'a.'.repeat(127) + 'ab'],
    ],
  ],
  gatewayDomain: [
    'localhost',
    'Signet.Test',
    'signet.test',
    ['a..b', '.a', 'a b', 'http://a', 'a:80', 'a'.repeat(201)],
  ],
  gatewayBackends: [
    ['auto'],
    '10.0.0.0/8, 192.168.1.7',
    ['10.0.0.0/8', '192.168.1.7'],
    ['localhost', 'auto, ::1', 'loopback', '10.0.0.0/99', 'all'],
  ],
  signedHeaders: [
    ['host', 'x-sdk-date'],
    'X-Stage, X-Sdk-Date',
    ['x-sdk-date', 'x-stage'],
    ['host', 'x-sdk-date,a b', 'x-sdk-date,authorization', 'x-sdk-date,under_score'],
  ],
  signatureHeader: [
    'Authorization',
    'X-Gateway-Signature',
    'X-Gateway-Signature',
    ['a b', 'a:b', 'ä', 'Host', 'X-Sdk-Date', 'content-length', 'Transfer-Encoding'],
  ],
  signatureSecrets: ['plain', 'masked', 'masked', ['on', 'hidden']],
  ociEcho: [
    '/oci',
    '/any/service/',
    '/any/service',
    ['oci', '/a//b', '/a b', '/a?b', '/ä', '/_signet/x', '/console', '/20160918/'],
  ],
  ociGateway: ['/_oci', '/', '/', ['https://gateway.test', '/{a}']],
  ociActivationDelay: [0, '60', 60, ['-1', '86401', '1m']],
  ociContentType: ['as-sent', 'media-type', 'media-type', ['strict', '1']],
  ociExplain: [false, '1', true, ['yes', '2']],
  ociHosts: [
    [],
    'identity.us-phoenix-1.oci.oraclecloud.com, Signet.test:8080, [::1]:80',
    ['identity.us-phoenix-1.oci.oraclecloud.com', 'signet.test:8080', '[::1]:80'],
    ['https://signet.test', 'a b', 'a:b', 'signet.test:123456'],
  ],
  validateResponses: [false, '1', true, ['yes', '2', 'constructor']],
};

const defaults = readSettings({});
const names = Object.keys(settings) as (keyof Settings)[];
const dashed = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const flagOf = (name: string): string => `--${dashed(name)}`;
const variableOf = (name: string): string => `SIGNET_${dashed(name).replaceAll('-', '_').toUpperCase()}`;

/** What is to be run; undefined where something else is wanted. */
const read = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
  const line = readCommandLine(args, environment);
  return line.wanted === 'run' ? line : undefined;
};
const settingsOf = (args: readonly string[], environment: NodeJS.ProcessEnv) => read(args, environment)?.given.settings;
const valuesOf = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  read(args, environment)?.given.values;

/** The complaints, a line each. */
function mistakes(args: readonly string[], environment: NodeJS.ProcessEnv = {}): string[] {
  try {
    readCommandLine(args, environment);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as SettingsError).message.split('\n');
  }
}

test('there is a row for every setting', () => {
  expect(names.sort()).toEqual(Object.keys(defaults).sort());
});

describe.each(names)('%s', (name) => {
  const [fallback, text, value, bad] = settings[name];
  const [flag, variable] = [flagOf(name), variableOf(name)];

  test('has a default, comes from the environment, and a flag counts more', () => {
    expect(defaults[name]).toEqual(fallback);
    expect(settingsOf([], {})?.[name]).toEqual(fallback);
    expect(settingsOf([], { [variable]: text })?.[name]).toEqual(value);
    expect(settingsOf([`${flag}=${text}`], {})?.[name]).toEqual(value);
    expect(settingsOf([flag, text], { [variable]: bad[0] ?? 'other' })?.[name]).toEqual(value);
  });

  test('an empty variable counts as none', () => {
    expect(settingsOf([], { [variable]: '' })?.[name]).toEqual(fallback);
  });

  test('is in the help, with flag and variable', () => {
    const lines = describeSettings()
      .split('\n')
      .filter((line) => line.includes(` ${flag} `));
    expect(lines).toEqual([expect.stringContaining(` ${variable} `)]);
  });

  test.each(bad)('does not take %j', (wrong) => {
    // A secret is not shown, even when it is of no use.
    const shown = name === 'masterKey' ? 'this' : JSON.stringify(wrong);
    expect(mistakes([], { [variable]: wrong })).toEqual([expect.stringContaining(`${variable}: ${shown} will not do`)]);
    expect(mistakes([`${flag}=${wrong}`])).toEqual([expect.stringContaining(`${flag}: ${shown} will not do`)]);
  });

  test('wants a value', () => {
    expect(mistakes([flag])).toEqual([expect.stringContaining(flag)]);
  });
});

test('every mistake is told at once', () => {
  const environment = { SIGNET_PORT: 'x', SIGNET_NO_SUCH: '1', SIGNET_SM2_RAW: 'y', PORT: 'not ours', PATH: '/bin' };
  const told = mistakes(['--auth-errors=z', '--no-such-flag', '--nor-this=1', '-q'], environment);
  const expected = [
    '--no-such-flag',
    '--nor-this',
    '-q',
    'SIGNET_NO_SUCH',
    'SIGNET_PORT',
    'SIGNET_SM2_RAW',
    '--auth-errors',
  ];
  expect(told.map((line) => line.split(':')[0]).sort()).toEqual(expected.sort());
});

test('the echo service and the gateway of OCI cannot have one path', () => {
  const both = '--oci-echo, --oci-gateway: both are /_oci; each needs a path of its own';
  expect(mistakes(['--oci-echo=/_oci'])).toEqual([both]);
  expect(mistakes(['--oci-gateway=_oci', '--oci-echo=/_oci'])).toHaveLength(1);
  expect(mistakes(['--oci-gateway=/', '--oci-echo=/_oci'])).toEqual([]);
});

test('what nobody knows is told, with the name that is meant: it may be a slip', () => {
  expect(mistakes([], { SIGNET_PROT: '1' })).toEqual([
    'SIGNET_PROT: there is no such setting; did you mean SIGNET_PORT?',
  ]);
  expect(mistakes(['--prot', '1'])).toEqual(['--prot: there is no such flag; did you mean --port?']);
  expect(mistakes(['sgin'])).toEqual(['sgin: there is no such command; did you mean sign?']);
  expect(mistakes(['snapshot', 'sav', 'x'])).toEqual([expect.stringMatching(/^snapshot sav: .*snapshot save/)]);
  expect(mistakes(['clock', 'advnce'])).toEqual(['advnce: clock does not take it; did you mean clock advance?']);
  expect(mistakes(['launch-the-rockets'])).toEqual(['launch-the-rockets: there is no such command']);
});

describe('commands', () => {
  test('the longest name that there is counts, and none is start', () => {
    expect(read([])?.command).toBe('start');
    expect(read(['health', '--port', '1'])).toMatchObject({ command: 'health', given: { settings: { port: 1 } } });
    expect(read(['clock'])?.command).toBe('clock');
    expect(read(['clock', 'set', 'then'])).toMatchObject({ command: 'clock set', given: { words: ['then'] } });
    expect(read(['seed', 'check', '-'])).toMatchObject({ command: 'seed check', given: { words: ['-'] } });
  });

  test.each(commandNames)('%s: its code is there, and its help names all that it takes', async (name) => {
    const { load, help, options = [], required = [] } = commands[name];
    expect(await load()).toBeTypeOf('function');
    expect(helpText(name)).toContain(help);
    for (const option of options) expect(helpText(name)).toContain(`--${option}`);
    expect(helpText(undefined)).toContain(`signet ${name}`);
    expect(options).toEqual(expect.arrayContaining([...required]));
  });

  test('every option is of use to a command, and only one is a setting as well', () => {
    const taken = new Set(Object.values(commands).flatMap(({ options = [] }) => options));
    expect([...taken].sort()).toEqual([...optionNames].sort());
    const flags = names.map(flagOf);
    expect(optionNames.filter((option) => flags.includes(`--${option}`))).toEqual(['admin-token']);
  });

  test('words: what is missing, and what is too much', () => {
    expect(mistakes(['seed', 'check'])).toEqual(['<file|->: seed check wants one']);
    expect(mistakes(['health', 'start'])).toEqual(['start: health does not take it']);
    expect(mistakes(['seed', 'check', 'a', 'b'])).toEqual(['b: seed check does not take it']);
    expect(mistakes(['sign', 'file'])).toEqual(['--key: it is missing']);
  });
});

describe('options of commands', () => {
  test('come from a flag, from the environment, or are the default', () => {
    expect(valuesOf(['keys'])).toMatchObject({ url: 'http://127.0.0.1:5670', project: undefined, token: undefined });
    const environment = { SIGNET_URL: 'http://a:1', SIGNET_TOKEN: 't', SIGNET_ADMIN_TOKEN: 'a', SIGNET_PROJECT: '' };
    expect(valuesOf(['keys', '--url=http://b:2'], environment)).toMatchObject({
      ...{ url: 'http://b:2', token: 't', 'admin-token': 'a', project: undefined },
    });
    expect(valuesOf(['sign', '-', '--key', 'k', '--digest'])).toMatchObject({ key: 'k', digest: true, raw: false });
    expect(valuesOf(['wait'])?.timeout).toBe(30);
    expect(valuesOf(['wait', '--timeout', '1.5'])?.timeout).toBe(1.5);
  });

  test('belong to their commands: elsewhere they are told, and their variables are not read', () => {
    expect(mistakes(['keys', '--raw'])).toEqual(['--raw: there is no such flag']);
    expect(mistakes(['--url=http://a'])).toEqual(['--url: there is no such flag']);
    for (const flag of ['--port', '--host'])
      expect(mistakes(['keys', `${flag}=1`])).toEqual([`${flag}: there is no such flag; did you mean --url?`]);
    expect(mistakes(['seed', 'check', '-', '--port=1'])).toEqual(['--port: there is no such flag']);
    expect(valuesOf([], { SIGNET_URL: 'nonsense' })).toMatchObject({ url: 'http://127.0.0.1:5670' });
    expect(read(['keys'], { SIGNET_PORT: 'nonsense' })?.command).toBe('keys');
  });

  test('what a variable gives does not narrow what a command does to the state', () => {
    const environment = { SIGNET_PROJECT: 'exported' };
    for (const words of [['reset'], ['snapshot', 'export']]) {
      expect(valuesOf(words, environment)?.project).toBeUndefined();
      expect(valuesOf([...words, '--project=said'], environment)?.project).toBe('said');
    }
    expect(valuesOf(['keys'], environment)?.project).toBe('exported');
    expect(helpText('reset')).not.toContain('SIGNET_PROJECT');
    expect(helpText('keys')).toContain('SIGNET_PROJECT');
  });

  test('where each is from is known, a flag before a variable', () => {
    const environment = { SIGNET_URL: 'http://a:1', SIGNET_PORT: '2', SIGNET_HOST: '' };
    expect(read(['health', '--port=3'], environment)?.given.sources).toEqual({ url: 'variable', port: 'flag' });
    expect(read(['health', '--url=http://b:1'], environment)?.given.sources).toEqual({ url: 'flag', port: 'variable' });
    expect(read(['keys'], { SIGNET_PORT: '2' })?.given.sources).toEqual({});
  });

  test.each([
    [['keys', '--url=localhost:5670'], '--url'],
    [['wait', '--timeout=soon'], '--timeout'],
    [['wait', '--timeout=-1'], '--timeout'],
    [['env', '--shell=cmd'], '--shell'],
    [['sign', '-', '--key=k', '--raw=yes'], '--raw'],
    [['keys', '--url'], '--url'],
  ])('%j: %s is told', (args, name) => {
    expect(mistakes(args).map((line) => line.split(':')[0])).toEqual([name]);
  });
});

test('help and version win over every mistake', () => {
  for (const flag of ['--help', '-h'])
    expect(readCommandLine([flag, '--port=x'], { SIGNET_NO: '1' })).toEqual({ wanted: 'help', command: undefined });
  expect(readCommandLine(['sign', '--help', '--nonsense'], {})).toEqual({ wanted: 'help', command: 'sign' });
  expect(readCommandLine(['snapshot', '--help'], {})).toEqual({ wanted: 'help', command: undefined });
  expect(readCommandLine(['--version'], { SIGNET_NO: '1' })).toEqual({ wanted: 'version' });
});
