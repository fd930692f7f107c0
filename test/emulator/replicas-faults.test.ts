/** Fault rules for all replicas: what one adds strikes at every one, as often as it says, and as its seed has it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { faultClient, type Rule } from '../support/faults.ts';
import { send } from '../support/http.ts';
import { kmsClient } from '../support/kms.ts';
import { bothWays, manyCanUse, useReplicas } from '../support/replicas.ts';
import { useFolder, useSignet } from '../support/signet.ts';
import { stateClient } from './state-client.ts';

const listed = async (url: string): Promise<number> => (await kmsClient(url).post('list-keys', {})).status;
const rule: Rule = { operation: 'kms.listKeys', error: 'badGateway' };

/** The statuses of so many calls, one after the other, by turns. */
async function statuses(urls: readonly string[], count: number): Promise<number[]> {
  const all: number[] = [];
  while (all.length < count) all.push(await listed(urls[all.length % urls.length]!));
  return all;
}

describe.each(manyCanUse)('over %s', async (_name, newState) => {
  const state = await newState();
  const replicas = await useReplicas(() => Promise.resolve(state));
  const urls = replicas.map(({ url }) => url);
  const [first, second] = urls.map(faultClient) as [ReturnType<typeof faultClient>, ReturnType<typeof faultClient>];

  test.each(bothWays(replicas))('rules are added, shown and removed %s', async (_direction, one, other) => {
    const [adding, looking] = [faultClient(one.url), faultClient(other.url)];
    const [kept, gone] = [await adding.add({ ...rule, times: 1 }), await adding.add({ ...rule, error: 'throttled' })];
    expect(await looking.list()).toEqual([kept, gone]);
    expect(await listed(other.url)).toBe(502);
    expect(await adding.show(kept.id)).toMatchObject({ matched: 1, acted: 1 });
    expect(await listed(one.url)).toBe(429);
    expect((await send(other.url, 'delete', `/_signet/faults/${gone.id}`)).status).toBe(204);
    expect(await listed(one.url)).toBe(200);
    expect(await adding.list()).toMatchObject([{ id: kept.id, matched: 3, acted: 1 }]);
    await looking.clear();
    expect(await adding.list()).toEqual([]);
  });

  test.each<[string, Rule, number[]]>([
    ['the first three', { ...rule, times: 3 }, [502, 502, 502, 200, 200, 200]],
    ['all but the first three', { ...rule, skip: 3 }, [200, 200, 200, 502, 502, 502]],
    [
      'a list',
      { operation: 'kms.*', sequence: [{ error: 'throttled' }, {}, { error: 'KMS.0103' }, { error: 'badGateway' }] },
      [429, 200, 500, 502, 200, 200],
    ],
  ])('of calls to one and the other: %s', async (_what, added, expected) => {
    const { id } = await first.add(added);
    expect(await statuses(urls, 6)).toEqual(expected);
    const acted = expected.filter((status) => status !== 200).length;
    for (const faults of [first, second]) expect(await faults.show(id)).toMatchObject({ matched: 6, acted });
    await second.clear();
  });

  test('three of calls at the same time are three, wherever they come', async () => {
    const { id } = await second.add({ ...rule, skip: 4, times: 3 });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, turn) => listed(urls[turn % 2]!)));
    expect(answers.filter((status) => status === 502)).toHaveLength(3);
    expect(await first.show(id)).toMatchObject({ matched: 20, acted: 3 });
    await first.clear();
  });

  test('what is left to chance is the same as with one alone', async () => {
    const half: Rule = { ...rule, probability: 0.5, seed: 7, latency: { min: 0, max: 0.1 } };
    const alone = await useSignet({ seed: 'none' });
    await faultClient(alone.url).add(half);
    await first.add(half);
    const expected = await statuses([alone.url], 40);
    expect(new Set(expected)).toEqual(new Set([200, 502]));
    // First by turns, then one of them alone: it has to skip what the other has drawn.
    expect([...(await statuses(urls, 21)), ...(await statuses(urls.slice(1), 19))]).toEqual(expected);
    await second.clear();
  });

  test('a snapshot that is restored elsewhere has its rules, as if just added', async () => {
    await first.add({ ...rule, times: 1 });
    expect(await listed(urls[1]!)).toBe(502);
    await send(urls[0]!, 'put', '/_signet/snapshots/with-a-rule');
    await second.clear();
    await send(urls[1]!, 'post', '/_signet/snapshots/with-a-rule/restore');
    expect(await first.list()).toMatchObject([{ operation: 'kms.listKeys', times: 1, matched: 0, acted: 0 }]);
    expect(await statuses(urls, 2)).toEqual([502, 200]);
    await stateClient(urls[0]!).reset();
    expect(await second.list()).toEqual([]);
  });

  test('they are kept, with how far they are, over a restart', async () => {
    const { id } = await first.add({ ...rule, times: 2 });
    expect(await statuses(urls, 1)).toEqual([502]);
    const third = await useSignet(state);
    expect(await faultClient(third.url).show(id)).toMatchObject({ matched: 1, acted: 1 });
    expect(await statuses([third.url, ...urls], 3)).toEqual([502, 200, 200]);
    await third.stop();
    await first.clear();
  });

  test('there are 1,000 at most, whoever adds them', async () => {
    const faults = Array.from({ length: 998 }, (_, index) => ({ ...rule, key_id: `key-${index}`, times: 1 }));
    const snapshot = JSON.parse(await stateClient(urls[0]!).text()) as { state: object };
    const imported = await stateClient(urls[0]!).import({ ...snapshot, state: { ...snapshot.state, faults } });
    expect(imported.status).toBe(204);
    const answers = await Promise.all(Array.from({ length: 6 }, (_, turn) => [first, second][turn % 2]!.post(rule)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 400, 400, 400, 400]);
    expect(await second.list()).toHaveLength(1000);
    await first.clear();
  });
});

test('those of the seed and of a file come with the first start and with a reset', async () => {
  const file = join(useFolder(), 'faults.yaml');
  writeFileSync(file, '[{ operation: kms.listKeys, error: badGateway, times: 1 }]');
  const [one, other] = await useReplicas(manyCanUse[0]![1], { faults: file });
  const rules = await faultClient(one.url).list();
  expect(rules).toMatchObject([{ operation: 'kms.listKeys', times: 1 }]);
  expect(await statuses([one.url, other.url], 2)).toEqual([502, 200]);
  await stateClient(other.url).reset();
  expect(await faultClient(one.url).list()).toMatchObject([{ seed: rules[0]!.seed, matched: 0 }]);
  expect(await statuses([one.url, other.url], 2)).toEqual([502, 200]);
});
