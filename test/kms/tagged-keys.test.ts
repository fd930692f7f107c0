import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { day, makeClock } from '../support/clock.ts';
import { kmsClient } from '../support/kms.ts';
import { kinds, manyStates, otherProject, states, strangersKey, tokens } from '../support/many-states.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock();
const { url } = await useSignet({ seed: useSeed(manyStates), now: clock.now });
const kms = kmsClient(url);
const other = kmsClient(url, { token: tokens.otherProject, projectId: otherProject.id });

type Tags = Readonly<Record<string, string>>;

async function tag(keyId: string, tags: Tags, client = kms): Promise<void> {
  const list = Object.entries(tags).map(([key, value]) => ({ key, value }));
  await client.ask('{key_id}/tags/action', { key_id: keyId, action: 'create', tags: list });
}

const find = (question: object) => kms.ask('resource_instances/action', { action: 'filter', ...question });
const count = (question: object) => kms.ask('resource_instances/action', { action: 'count', ...question });
const idsOf = ({ resources }: Awaited<ReturnType<typeof find>>) => resources?.map(({ resource_id: id }) => id);

await tag(states.enabled, { env: 'dev', team: 'a' });
await tag(states.disabled, { env: 'test', team: 'a' });
await tag(kinds.RSA_2048, { env: 'prod' });
await tag(kinds.AES_256, { team: 'b', empty: '' });
await tag(strangersKey, { env: 'dev' }, other);
const everything = (await kms.ask('list-keys', {})).keys;

test('a key is shown as describe-key shows it, with its tags', async () => {
  clock.advance(1000);
  const id = await kms.create({ key_alias: 'tagTest_xmdmi', key_description: '123' });
  await tag(id, { abcd: '1&', $: 'testValue!' });
  const question = { tags: [{ key: '$', values: ['testValue!'] }], limit: '100', offset: '0' };
  expect(await find(question)).toStrictEqual({
    resources: [
      {
        resource_id: id,
        resource_detail: await kms.describe(id),
        resource_name: 'tagTest_xmdmi',
        tags: [
          { key: '$', value: 'testValue!' },
          { key: 'abcd', value: '1&' },
        ],
      },
    ],
    total_count: 1,
  });
  const deletion = clock.now() + 7 * day;
  await kms.ask('schedule-key-deletion', { key_id: id, pending_days: '7' });
  const [going] = (await find(question)).resources!;
  expect(going!.resource_detail).toMatchObject({ key_state: '4', scheduled_deletion_date: String(deletion) });
  clock.advance(7 * day);
  expect(await find(question)).toStrictEqual({ resources: [], total_count: 0 });
});

test("the vendor's own keys are among those that are found, and are told apart", async () => {
  const { resources } = await find({ matches: [{ key: 'resource_name', value: 'obs/default' }] });
  expect(resources).toMatchObject([
    { resource_id: kinds.default, resource_detail: { default_key_flag: '1' }, tags: [] },
  ]);
});

describe('what is asked for', () => {
  const name = (value: string) => ({ matches: [{ key: 'resource_name', value }] });
  const rows: readonly (readonly [question: object, ids: readonly string[]])[] = [
    [{}, everything],
    [{ tags: [], matches: [] }, everything],
    [{ tags: [{ key: 'env' }] }, [states.enabled, states.disabled, kinds.RSA_2048]],
    [{ tags: [{ key: 'env', values: [] }] }, [states.enabled, states.disabled, kinds.RSA_2048]],
    [{ tags: [{ key: 'env', values: ['dev'] }] }, [states.enabled]],
    [{ tags: [{ key: 'env', values: ['dev', 'prod'] }] }, [states.enabled, kinds.RSA_2048]],
    [{ tags: [{ key: 'env', values: ['dev', 'dev'] }] }, [states.enabled]],
    [{ tags: [{ key: 'env', values: ['DEV'] }] }, []],
    [{ tags: [{ key: 'empty', values: [''] }] }, [kinds.AES_256]],
    [
      {
        tags: [
          { key: 'team', values: ['a'] },
          { key: 'env', values: ['dev', 'prod'] },
        ],
      },
      [states.enabled],
    ],
    [{ tags: [{ key: 'team' }, { key: 'env' }] }, [states.enabled, states.disabled]],
    [{ tags: [{ key: 'team', values: ['b'] }, { key: 'env' }] }, []],
    [name('abled'), [states.enabled, states.disabled, kinds.disabledAES]],
    [name('ENABLED'), []],
    [name('%'), []],
    [name('e'.repeat(255)), []],
    [{ tags: [{ key: 'env' }], ...name('dis') }, [states.disabled]],
    [{ tags: null, matches: '' }, everything],
  ];
  test.each(rows.map(([question, ids]) => [JSON.stringify(question), question, ids] as const))(
    '%s',
    async (_, question, ids) => {
      const found = await find({ ...question, limit: '1000' });
      expect(new Set(idsOf(found))).toEqual(new Set(ids));
      expect(found.total_count).toBe(ids.length);
      expect(await count(question)).toStrictEqual({ total_count: ids.length });
    },
  );

  test("as in the vendor's sample, of which the offset passes over all", async () => {
    const file = new URL('../vectors/kms-doc-samples.json', import.meta.url);
    const all = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { samples: { json: object }[] }>;
    const request = all['POST /v1.0/{project_id}/kms/{resource_instances}/action']!.samples[0]!.json;
    expect(await kms.ask('resource_instances/action', request)).toStrictEqual({ resources: [], total_count: 0 });
    const id = await kms.create({ key_alias: 'resource1' });
    await tag(id, { key1: 'value2' });
    expect(await kms.ask('resource_instances/action', request)).toStrictEqual({ resources: [], total_count: 1 });
    expect(idsOf(await find({ ...request, offset: undefined }))).toEqual([id]);
  });
});

describe('pages', () => {
  test('have ten keys unless more or fewer are asked for; total_count is that of all', async () => {
    const { total } = await kms.ask('list-keys', {});
    const all = idsOf(await find({ limit: '1000' }));
    expect(all).toEqual((await kms.ask('list-keys', {})).keys);
    for (const [limit, offset, from, to] of [
      [undefined, undefined, 0, 10],
      ['', '', 0, 10],
      [3, 2, 2, 5],
      ['3', '12', 12, 15],
      ['1', String(total), total, total],
      ['1000', '999999999', total, total],
    ] as const) {
      const page = await find({ limit, offset });
      expect([idsOf(page), page.total_count]).toEqual([all!.slice(from, to), total]);
    }
  });
});

test('the most that can be asked for at once is answered', async () => {
  const values = Array.from({ length: 10 }, (_, index) => `${index}`.repeat(43));
  const tags = Array.from({ length: 20 }, (_, index) => ({ key: `${'🔑'.repeat(34)}${10 + index}`, values }));
  expect(await find({ tags, limit: '1000' })).toStrictEqual({ resources: [], total_count: 0 });
});

test('count takes neither limit nor offset; those of the other action do not matter when they are empty', async () => {
  const body = { action: 'count', limit: '', offset: null };
  expect((await kms.ask('resource_instances/action', body)).total_count).toBeGreaterThan(0);
  expectKmsRefusal(await kms.post('resource_instances/action', { action: 'count', offset: '0' }), 'KMS.0418');
});
