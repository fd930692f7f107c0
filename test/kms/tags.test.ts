import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { day, makeClock } from '../support/clock.ts';
import { kmsClient } from '../support/kms.ts';
import { otherProject, strangersKey, kinds, manyStates, states, tokens } from '../support/many-states.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock();
const { url } = await useSignet({ seed: useSeed(manyStates), now: clock.now });
const kms = kmsClient(url);
const other = kmsClient(url, { token: tokens.otherProject, projectId: otherProject.id });

type Tags = Readonly<Record<string, string>>;

const listOf = (tags: Tags) => Object.entries(tags).map(([key, value]) => ({ key, value }));
const create = (keyId: string, tags: Tags) =>
  kms.post('{key_id}/tags/action', { key_id: keyId, action: 'create', tags: listOf(tags) });

let made = 0;
/** A new key with these tags. */
async function tagged(tags: Tags): Promise<string> {
  const keyId = await kms.create({ key_alias: `tagged-${++made}` });
  if (made > 0 && Object.keys(tags).length > 0) expect((await create(keyId, tags)).status).toBe(204);
  return keyId;
}
const shown = (keyId: string) => kms.ask('GET {key_id}/tags', { key_id: keyId });

/** As the vendor's page shows it: all tags in the order of their keys. */
const exactly = (tags: Tags) => ({ tags: listOf(tags), existTagsNum: Object.keys(tags).length });

describe('one tag', () => {
  test('is added with 204 and nothing', async () => {
    const keyId = await tagged({});
    const { status, text } = await kms.post('{key_id}/tags', { key_id: keyId, tag: { key: 'DEV', value: 'DEV1' } });
    expect([status, text]).toEqual([204, '']);
    expect(await shown(keyId)).toStrictEqual(exactly({ DEV: 'DEV1' }));
  });

  test('gets a new value when it is added again; keys are compared to the letter', async () => {
    const keyId = await tagged({ a: '1', b: '1' });
    for (const tag of [
      { key: 'a', value: '2' },
      { key: 'A', value: '3' },
    ]) {
      await kms.ask('{key_id}/tags', { key_id: keyId, tag });
    }
    expect(await shown(keyId)).toStrictEqual(exactly({ A: '3', a: '2', b: '1' }));
  });

  test.each([
    ['no value', {}],
    ['an empty one', { value: '' }],
    ['null', { value: null }],
  ])('%s is the empty value', async (_, value) => {
    const keyId = await tagged({});
    await kms.ask('{key_id}/tags', { key_id: keyId, tag: { key: 'k', ...value } });
    await kms.ask('{key_id}/tags/action', { key_id: keyId, action: 'create', tags: [{ key: 'l', ...value }] });
    expect(await shown(keyId)).toStrictEqual(exactly({ k: '', l: '' }));
  });

  test('numbers are taken for text', async () => {
    const keyId = await tagged({});
    await kms.ask('{key_id}/tags', { key_id: keyId, tag: { key: 1, value: 2 } });
    expect(await shown(keyId)).toStrictEqual(exactly({ 1: '2' }));
  });

  test.each(['DEV', 'action', 'a/b', 'ü 🔑', '%2F', '..', 'a?b#c', '$'])(
    '%j is deleted with 204 and nothing',
    async (key) => {
      const keyId = await tagged({ [key]: 'x', stays: '' });
      const { status, text } = await kms.post('DELETE {key_id}/tags/{key}', { key_id: keyId, key });
      expect([status, text]).toEqual([204, '']);
      expect(await shown(keyId)).toStrictEqual(exactly({ stays: '' }));
      expectKmsRefusal(await kms.post('DELETE {key_id}/tags/{key}', { key_id: keyId, key }), 'KMS.0416');
    },
  );
});

describe('what a tag may be', () => {
  test.each([
    ['36 characters in the key', 'k'.repeat(36), 'v'],
    ['36 characters beyond the Basic Multilingual Plane', '🔑'.repeat(36), 'v'],
    ['43 characters in the value', 'k', 'v'.repeat(43)],
    ['43 characters beyond the Basic Multilingual Plane', 'k', '🔑'.repeat(43)],
    ["the vendor's own samples", '1&', 'testValue!'],
    ['blanks, also at the ends', ' k ', ' v '],
    ['quotes, per cent and more', `'"%_;-/:@|{}[]()#?,.`, `'"%_;-/:@|{}[]()#?,.`],
    ['DEL, which is ASCII 127', '\u007f', '\u007f'],
    ['a name of JavaScript', '__proto__', 'constructor'],
  ])('%s', async (_, key, value) => {
    const keyId = await tagged({});
    await kms.ask('{key_id}/tags', { key_id: keyId, tag: { key, value } });
    expect((await shown(keyId)).tags).toStrictEqual([{ key, value }]);
    const tags = [{ key, values: [value] }];
    expect((await kms.ask('resource_instances/action', { action: 'count', tags })).total_count).toBe(1);
    await kms.ask('{key_id}/tags/action', { key_id: keyId, action: 'delete', tags: [{ key, value }] });
    expect(await shown(keyId)).toStrictEqual(exactly({}));
  });

  /** ASCII 0 to 31, what the page forbids, and what is no character. */
  const forbidden = [
    ...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)),
    ...Array.from('*<>\\='),
    '\ud83d',
  ];
  test.each(forbidden.map((character) => [JSON.stringify(character), character]))('never %s', async (_, character) => {
    const bad = { key: [{ key: `a${character}b`, value: 'v' }], value: [{ key: 'k', value: `a${character}b` }] };
    for (const [part, code] of [['key', 'KMS.0406'] as const, ['value', 'KMS.0405'] as const]) {
      const [tag] = bad[part];
      expectKmsRefusal(await kms.post('{key_id}/tags', { key_id: kinds.AES_256, tag }), code);
      for (const action of ['create', 'delete']) {
        const body = { key_id: kinds.AES_256, action, tags: bad[part] };
        expectKmsRefusal(await kms.post('{key_id}/tags/action', body), code);
      }
    }
    expect(await shown(kinds.AES_256)).toStrictEqual(exactly({}));
  });
});

describe('several tags', () => {
  test("are created and deleted as in the vendor's samples, of which the second deletes a tag that was never there", async () => {
    const keyId = await tagged({});
    const [creating, deleting] = samples('POST /v1.0/{project_id}/kms/{key_id}/tags/action');
    await kms.ask('{key_id}/tags/action', { ...creating, key_id: keyId });
    expect(await shown(keyId)).toStrictEqual(exactly({ key: 'value3', key1: 'value1' }));
    const { status, text } = await kms.post('{key_id}/tags/action', { ...deleting, key_id: keyId });
    expect([status, text]).toEqual([204, '']);
    expect(await shown(keyId)).toStrictEqual(exactly({ key: 'value3' }));
  });

  test('are deleted by key, whatever value is said', async () => {
    const keyId = await tagged({ a: '1', b: '2', c: '3' });
    const tags = [{ key: 'a', value: 'another' }, { key: 'b' }];
    await kms.ask('{key_id}/tags/action', { key_id: keyId, action: 'delete', tags });
    expect(await shown(keyId)).toStrictEqual(exactly({ c: '3' }));
  });

  test('one that may not be keeps all of them away', async () => {
    const keyId = await tagged({ a: '1' });
    for (const action of ['create', 'delete']) {
      const tags = [...listOf({ a: '2', b: '2' }), { key: 'c=', value: '' }];
      expectKmsRefusal(await kms.post('{key_id}/tags/action', { key_id: keyId, action, tags }), 'KMS.0406');
    }
    expect(await shown(keyId)).toStrictEqual(exactly({ a: '1' }));
  });
});

const numbered = (from: number, to: number): Tags =>
  Object.fromEntries(
    Array.from({ length: to - from }, (_, index) => [`t${String(from + index).padStart(2, '0')}`, 'v']),
  );

describe('a key has 20 tags at most', () => {
  test('and those that it has count, when others come', async () => {
    const keyId = await tagged(numbered(0, 18));
    expectKmsRefusal(await create(keyId, numbered(18, 21)), 'KMS.0409');
    expect((await create(keyId, numbered(16, 20))).status).toBe(204);
    expectKmsRefusal(await kms.post('{key_id}/tags', { key_id: keyId, tag: { key: 'one more' } }), 'KMS.0409');
    expect((await create(keyId, numbered(0, 20))).status).toBe(204);
    expect(await shown(keyId)).toStrictEqual(exactly(numbered(0, 20)));
  });
});

describe('the state of the key', () => {
  test.each(['enabled', 'disabled', 'pending-import'] as const)('%s: tags are written', async (state) => {
    expect((await create(states[state], { a: '1' })).status).toBe(204);
    await kms.ask('DELETE {key_id}/tags/{key}', { key_id: states[state], key: 'a' });
  });

  test('a key that is going is still asked for its tags', async () => {
    const keyId = await tagged({ a: '1' });
    await kms.ask('schedule-key-deletion', { key_id: keyId, pending_days: '7' });
    expect(await shown(keyId)).toStrictEqual(exactly({ a: '1' }));
    expectKmsRefusal(await create(keyId, { b: '1' }), 'KMS.0210');
    expectKmsRefusal(await kms.post('DELETE {key_id}/tags/{key}', { key_id: keyId, key: 'a' }), 'KMS.0210');
    clock.advance(7 * day);
    expectKmsRefusal(await kms.post('GET {key_id}/tags', { key_id: keyId }), 'KMS.0207');
  });

  test("the vendor's own key has no tags", async () => {
    expect(await shown(kinds.default)).toStrictEqual(exactly({}));
  });
});

test('all tags of a project are given with their values, in order, each once', async () => {
  const signet = await useSignet({ seed: useSeed(manyStates), now: clock.now });
  const here = kmsClient(signet.url);
  const there = kmsClient(signet.url, { token: tokens.otherProject, projectId: otherProject.id });
  expect(await here.ask('GET tags', {})).toStrictEqual({ tags: [] });
  const tag = (keyId: string, tags: Tags) =>
    here.ask('{key_id}/tags/action', { key_id: keyId, action: 'create', tags: listOf(tags) });
  await tag(states.enabled, { key2: 'value2', key1: 'value1' });
  await tag(kinds.AES_256, { key1: 'value2', key3: '' });
  await tag(kinds.RSA_2048, { key1: 'value1' });
  await there.ask('{key_id}/tags', { key_id: strangersKey, tag: { key: 'theirs', value: 'x' } });
  expect(await here.ask('GET tags', {})).toStrictEqual({
    tags: [
      { key: 'key1', values: ['value1', 'value2'] },
      { key: 'key2', values: ['value2'] },
      { key: 'key3', values: [''] },
    ],
  });
  await here.ask('schedule-key-deletion', { key_id: kinds.AES_256, pending_days: '7' });
  clock.advance(7 * day);
  expect((await here.ask('GET tags', {})).tags.map(({ key }) => key)).toEqual(['key1', 'key2']);
});

test("another project's key does not exist", async () => {
  const body = { key_id: strangersKey, key: 'a', tag: { key: 'a' }, action: 'create', tags: [{ key: 'a' }] };
  for (const action of [
    '{key_id}/tags',
    'GET {key_id}/tags',
    '{key_id}/tags/action',
    'DELETE {key_id}/tags/{key}',
  ] as const) {
    expectKmsRefusal(await kms.post(action, body), 'KMS.0207');
  }
  expect(await other.ask('GET {key_id}/tags', { key_id: strangersKey })).toStrictEqual(exactly({}));
});

function samples(operation: string): readonly object[] {
  const file = new URL('../vectors/kms-doc-samples.json', import.meta.url);
  const all = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { samples: { json: object }[] }>;
  return all[operation]!.samples.map(({ json }) => json);
}
