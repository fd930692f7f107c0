/** One beginning for all replicas: a reset makes the same state of it, whoever is asked for that. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startSignet } from '../../src/index.ts';
import { iamClient } from '../iam/tokens.ts';
import { makeClock } from '../support/clock.ts';
import { domain, project, token, user } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { manyStates, tokens } from '../support/many-states.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { manyCanUse, useReplicas } from '../support/replicas.ts';
import { useFolder, useSeed, useSignet } from '../support/signet.ts';
import { aliasesOf, stateClient } from './state-client.ts';

/** A key, a gateway's pair and a rule, of which a start makes up what is left out. */
const seedWith = (name: string): string => `
version: 1
region: eu-de
domains:
  - id: ${domain.id}
    name: ${domain.name}
    users: [{ id: ${user.id}, name: ${user.name}, password: ${user.password}, tokens: [{ token: ${token}, scope: { project: ${project.name} } }] }]
    projects:
      - { id: ${project.id}, name: ${project.name}, keys: [{ name: ${name}, spec: EC_P256 }], gateways: [{ name: g, signature_keys: [{ name: made_up }] }] }
faults: [{ operation: kms.sign, error: KMS.0103, probability: 0 }]
`;

describe.each(manyCanUse)('over %s', async (_name, newState) => {
  const clock = makeClock();
  const state = await newState();
  const options = { ...state, now: clock.now, seed: useSeed(seedWith('made-up')) };
  const [one, other] = await useReplicas(() => Promise.resolve(options));

  test('to the byte the same, ids and material that were made up too, and after a restart', async () => {
    const [here, there] = [stateClient(one.url), stateClient(other.url)];
    const beginning = await here.text();
    expect(await there.text()).toBe(beginning);
    for (const state of [there, here]) {
      await kmsClient(one.url).create({ key_alias: 'later', key_spec: 'EC_P256' });
      clock.advance(60_000);
      expect(await state.text()).not.toBe(beginning);
      expect((await state.reset()).status).toBe(204);
      expect(await here.text()).toBe(beginning);
      expect(await there.text()).toBe(beginning);
    }
    const third = await useSignet(options);
    await kmsClient(third.url).create({ key_alias: 'later', key_spec: 'EC_P256' });
    expect((await stateClient(third.url).reset()).status).toBe(204);
    expect(await here.text()).toBe(beginning);
    await third.stop();
  });

  test('another seed is another beginning', async () => {
    const next = await useSignet({ ...options, seed: useSeed(seedWith('another')) });
    expect(await aliasesOf(next.url)).toEqual(['made-up']);
    expect((await stateClient(next.url).reset()).status).toBe(204);
    expect(await aliasesOf(one.url)).toEqual(['another']);
    await next.stop();
    expect((await stateClient(other.url).reset()).status).toBe(204);
    expect(await aliasesOf(one.url)).toEqual(['made-up']);
  });

  test('exports while others reset are of one state or of the other', async () => {
    const frozen = { now: '2030-01-31T12:00:00Z', frozen: true };
    const { clock: unknown, ...rest } = (JSON.parse(await stateClient(one.url).text()) as { state: { clock: unknown } })
      .state;
    expect(unknown).toBeDefined();
    const another = { ...rest, region: 'eu-nl', clock: { frozen_at: frozen.now } };
    const texts = await Promise.all(
      Array.from({ length: 8 }, async (_, turn) => {
        const [changing, looking] = turn % 2 === 0 ? [one, other] : [other, one];
        const change = stateClient(changing.url);
        await (turn % 4 < 2 ? change.reset() : change.import({ signet_snapshot: 1, state: another }));
        return stateClient(looking.url).text();
      }),
    );
    for (const text of texts) {
      const { state: found } = JSON.parse(text) as { state: { region: string; clock: object } };
      expect('frozen_at' in found.clock).toBe(found.region === 'eu-nl');
    }
    await stateClient(one.url).reset();
  });
});

test('a token of the seed that has expired is told from an unknown one, also by a process that has not planted it', async () => {
  const state = await manyCanUse[0]![1]();
  const options = { ...state, seed: useSeed(manyStates), adminToken: 'of-the-tests', port: 0 };
  await (await startSignet(options)).stop();
  const { url } = await useSignet(options);
  // With the first token, those are removed that expired long ago.
  await iamClient(url).issue();
  const expired = await kmsClient(url, { token: tokens.expired }).post('list-keys', {});
  const unknown = await kmsClient(url, { token: 'nobody knows it' }).post('list-keys', {});
  expect(expired.body).not.toEqual(unknown.body);
  expectKmsRefusal(unknown, 'KMS.0302');
});

test('a start that finds a mistake in its file of rules plants nothing', async () => {
  const state = await manyCanUse[0]![1]();
  const file = join(useFolder(), 'faults.yaml');
  writeFileSync(file, '[{ operation: kms.sing, error: internal }]');
  await expect(startSignet({ ...state, port: 0, faults: file })).rejects.toThrow('did you mean kms.sign?');
  const { url } = await useSignet({ ...state, seed: useSeed(seedWith('made-up')) });
  expect(await aliasesOf(url)).toEqual(['made-up']);
});
