import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../src/command-line.ts';
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
  tokenLifetime: [86_400, '60', 60, ['0', '-5', '1d', '31536001']],
  keyQuota: [1_000_000, '0', 0, ['-1', 'many']],
  publicKeyLineEnds: ['lf', 'crlf', 'crlf', ['cr', 'CRLF']],
  sm2Raw: ['refuse', 'default-id', 'default-id', ['on', 'true']],
  datakeyContext: ['lenient', 'strict', 'strict', ['off', '1']],
  signingThreads: [0, '4', 4, ['257', '-1']],
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
  validateResponses: [false, '1', true, ['yes', '2', 'constructor']],
};

const defaults = readSettings({});
const names = Object.keys(settings) as (keyof Settings)[];
const dashed = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const flagOf = (name: string): string => `--${dashed(name)}`;
const variableOf = (name: string): string => `SIGNET_${dashed(name).replaceAll('-', '_').toUpperCase()}`;

const settingsOf = (args: readonly string[], environment: NodeJS.ProcessEnv) =>
  readCommandLine(args, environment).run?.settings;

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

test('a variable that nobody knows is told: it may be a slip', () => {
  expect(mistakes([], { SIGNET_PROT: '1' })).toEqual(['SIGNET_PROT: there is no such setting']);
  expect(mistakes(['--prot', '1'])).toEqual(['--prot: there is no such flag']);
});

test('the command', () => {
  expect(readCommandLine([], {}).run?.command).toBe('start');
  expect(readCommandLine(['health'], {}).run?.command).toBe('health');
  expect(readCommandLine(['health', '--port', '1'], {}).run).toMatchObject({
    command: 'health',
    settings: { port: 1 },
  });
  expect(mistakes(['health', 'start'])).toEqual([expect.stringContaining('start')]);
});

test('help wins over every mistake', () => {
  for (const flag of ['--help', '-h'])
    expect(readCommandLine([flag, '--port=x'], { SIGNET_NO: '1' }).run).toBeUndefined();
});
