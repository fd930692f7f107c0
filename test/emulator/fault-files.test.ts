/** Fault rules to begin with: from the seed, and from a file that a setting names. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contract, propertiesOf } from '../../src/contract/document.ts';
import { startSignet, type SignetOptions } from '../../src/index.ts';
import { faultClient } from '../support/faults.ts';
import { send } from '../support/http.ts';
import { kmsClient } from '../support/kms.ts';
import { runSignet } from '../support/process.ts';
import { useFolder, useSeed, useSignet } from '../support/signet.ts';

const folder = useFolder();
let files = 0;
function fileOf(text: string): string {
  const file = join(folder, `faults-${(files += 1)}.yaml`);
  writeFileSync(file, text);
  return file;
}

const minimal = ['version: 1', 'region: eu-de', 'domains: [{ name: D }]'];
const seeded = (...lines: readonly string[]): string => useSeed([...minimal, ...lines].join('\n'));
const seededRule = '{ operation: kms.listKeys, error: badGateway, times: 1, seed: 3 }';

const operationsOf = async (url: string): Promise<string[]> =>
  (await faultClient(url).list()).map(({ operation }) => operation);

describe('rules to begin with', () => {
  test('of the seed', async () => {
    const { url } = await useSignet({ seed: seeded(`faults: [${seededRule}]`) });
    expect(await faultClient(url).list()).toMatchObject([
      { operation: 'kms.listKeys', error: 'badGateway', times: 1, seed: 3, phase: 'before', skip: 0, probability: 1 },
    ]);
  });

  test.each([
    ['YAML', '- { operation: kms.listKeys, sequence: [{ error: throttled }, {}, { error: KMS.0103 }] }'],
    ['JSON', '[{"operation": "kms.listKeys", "sequence": [{"error": "throttled"}, {}, {"error": "KMS.0103"}]}]'],
  ])('of a file in %s', async (_form, text) => {
    const { url } = await useSignet({ seed: 'none', faults: fileOf(text) });
    const statuses: number[] = [];
    for (let call = 0; call < 4; call++) statuses.push((await kmsClient(url).post('list-keys', {})).status);
    expect(statuses).toEqual([429, 200, 500, 200]);
  });

  test('of both: those of the seed are asked first', async () => {
    const faults = fileOf("[{ operation: '*', latency: { fixed: 0 } }]");
    const { url } = await useSignet({ seed: seeded(`faults: [${seededRule}]`), faults });
    expect(await operationsOf(url)).toEqual(['kms.listKeys', '*']);
  });

  test('come with the seed alone; a state that is kept has its own, whatever the next start names', async () => {
    const options: SignetOptions = {
      ...{ port: 0, adminToken: 'of-the-tests', databaseUrl: `sqlite:${join(folder, 'state.sqlite')}` },
      ...{ seed: seeded(`faults: [${seededRule}]`), faults: fileOf('[{ error: internal }]') },
    };
    const first = await startSignet(options);
    expect(await operationsOf(first.url)).toEqual(['kms.listKeys', '*']);
    await first.stop();
    const second = await startSignet({ ...options, faults: fileOf('[{ operation: kms.sign, error: internal }]') });
    expect(await operationsOf(second.url)).toEqual(['kms.listKeys', '*']);
    await send(second.url, 'delete', '/_signet/faults');
    await second.stop();
    const third = await startSignet(options);
    expect(await operationsOf(third.url)).toEqual([]);
    expect((await send(third.url, 'post', '/_signet/reset')).status).toBe(204);
    expect(await operationsOf(third.url)).toEqual(['kms.listKeys', '*']);
    await third.stop();
  });

  test.each(['', '[]'])('are none in %j', async (text) => {
    const { url } = await useSignet({ seed: 'none', ...(text !== '' && { faults: fileOf(text) }) });
    expect(await operationsOf(url)).toEqual([]);
  });
});

describe('mistakes stop the start, with their lines', () => {
  const complaints = async (options: SignetOptions): Promise<string> => {
    const error: unknown = await startSignet({ port: 0, seed: 'none', ...options }).then(() => 'started', (reason: unknown) => reason); // prettier-ignore
    expect(error).toMatchObject({ name: 'SeedError' });
    return (error as Error).message;
  };

  test('in a seed, together with its others', async () => {
    const seed = useSeed(
      [...minimal.slice(0, 2), 'domains: [{ name: D }, { name: D }]', 'faults:', '  - operation: kms.sing'].join('\n') +
        '\n    error: internal\n  - error: internal\n    connection: reset\n  - skip: 1',
    );
    expect(await complaints({ seed })).toBe(
      [
        `${seed}:3: domains[1].name: this domain name stands on line 3 already`,
        `${seed}:5: faults[0].operation: there is no operation kms.sing; did you mean kms.sign?`,
        `${seed}:8: faults[1].connection: an answer is an error or breaks off, not both`,
        `${seed}:9: faults[2]: nothing to do: give an error, a connection, a latency or a sequence`,
      ].join('\n'),
    );
  });

  test.each<[string, string, string]>([
    ['no list', 'operation: kms.sign', '1: must be a list'],
    ['a field too many', '- error: internal\n  eror: internal', '2: [0].eror: there is no such field'],
    ['no number', '- error: internal\n  times: often', '2: [0].times: must be a whole number'],
    ['a code as a number', '- error: 500', '1: [0].error: must be text: put it in quotes'],
    ['a phase that there is not', '- error: internal\n  phase: during', '2: [0].phase: must be one of before, after'],
    [
      'an unknown code',
      '- operation: kms.sign\n  sequence:\n  - {}\n  - error: KMS.9',
      '4: [0].sequence[1].error: kms has no refusal KMS.9',
    ],
    ['no YAML', '- [', '1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ])('in a file: %s', async (_what, text, message) => {
    const faults = fileOf(text);
    expect(await complaints({ faults })).toMatch(`${faults}:${message}`);
  });

  const rules = (count: number): string[] =>
    Array.from({ length: count }, () => '- { error: internal, skip: 1000000 }');
  const ofSeed = (count: number): string => seeded('faults:', ...rules(count));
  const ofFile = (count: number): string => fileOf(rules(count).join('\n'));

  test('of a seed and a file together: more than the 1,000 that there may be', async () => {
    const seed = ofSeed(600);
    expect(await complaints({ seed, faults: ofFile(401) })).toBe(
      `${seed}:1: faults: 600 rules, and there is room for 599 beside those of SIGNET_FAULTS`,
    );
  });

  test.each([
    ['a seed', () => complaints({ seed: ofSeed(1001) })],
    ['a file', () => complaints({ faults: ofFile(1001) })],
  ])('of %s alone, too', async (_what, complain) => {
    expect(await complain()).toMatch(/must NOT have more than 1000 items$/);
  });

  test('1,000 are not too many, and come back with a snapshot', async () => {
    const { url } = await useSignet({ seed: ofSeed(600), faults: ofFile(400) });
    expect((await send(url, 'put', '/_signet/snapshots/all')).status).toBeLessThan(300);
    expect((await send(url, 'post', '/_signet/snapshots/all/restore')).status).toBe(204);
    expect(await operationsOf(url)).toHaveLength(1000);
  });

  test('of a seed that is read at a reset only: 409, and nothing changes', async () => {
    const databaseUrl = `sqlite:${join(folder, 'planted.sqlite')}`;
    await (await startSignet({ port: 0, adminToken: 'of-the-tests', databaseUrl, seed: seeded() })).stop();
    const { url } = await useSignet({ databaseUrl, seed: ofSeed(600), faults: ofFile(401) });
    await faultClient(url).add({ operation: 'kms.sign', error: 'internal' });
    const answer = await send(url, 'post', '/_signet/reset');
    expect([answer.status, answer.text]).toEqual([409, expect.stringContaining('there is room for 599')]);
    expect(await operationsOf(url)).toEqual(['kms.sign']);
  });

  test('in a file that is not there', async () => {
    const faults = join(folder, 'none.yaml');
    expect(await complaints({ faults })).toMatch(
      new RegExp(`^${faults}:1: the file of fault rules cannot be read .*ENOENT`),
    );
  });

  test('on the command line, and nothing else is printed', async () => {
    const file = fileOf('- operation: kms.sing\n  error: internal');
    const signet = runSignet([], { SIGNET_PORT: '0', SIGNET_FAULTS: file });
    expect(await signet.ended).toMatchObject({ code: 1 });
    expect(signet.stderr()).toBe(`${file}:1: [0].operation: there is no operation kms.sing; did you mean kms.sign?\n`);
  });
});

test('the fields of a rule are the same in files as in the contract', () => {
  const schema = JSON.parse(readFileSync(new URL('../../seeds/seed.schema.json', import.meta.url), 'utf8')) as {
    readonly definitions: Readonly<Record<'fault' | 'fault_latency', { readonly properties: object }>>;
  };
  const inContract = (name: string): string[] =>
    Object.keys(propertiesOf(contract, { $ref: `#/components/schemas/${name}` }) ?? {});
  expect(Object.keys(schema.definitions.fault.properties).sort()).toEqual(inContract('FaultRule').sort());
  expect(Object.keys(schema.definitions.fault_latency.properties)).toEqual(inContract('FaultLatency'));
});
