import { describe, expect, test } from 'vitest';
import { day, makeClock, second } from '../support/clock.ts';
import { domain } from '../support/identity.ts';
import { send } from '../support/http.ts';
import { kmsClient, kmsPath } from '../support/kms.ts';
import { kinds, manyStates, otherProject, states, strangersKey, tokens } from '../support/many-states.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock(Date.parse('2024-04-01T00:00:00.789Z'));
const { url } = await useSignet({ seed: useSeed(manyStates), now: clock.now });
const kms = kmsClient(url);
const other = kmsClient(url, { token: tokens.otherProject, projectId: otherProject.id });

let made = 0;
const newKey = () => kms.create({ key_alias: `key-${++made}` });
const create = (keyId: string, alias: string) => kms.ask('aliases', { key_id: keyId, alias });
const namesOf = async (question: object = {}) =>
  (await kms.ask('GET aliases', question)).aliases.map(({ alias }) => alias);

describe('an alias', () => {
  test.each([
    'kms-1234',
    'alias/kms-5678',
    'a:b/c_d-E9',
    'alias/x:alias/y',
    'x'.repeat(249),
    `alias/${'y'.repeat(249)}`,
  ])('%s is created as the vendor shows it, kept as it was given, and names its key in both forms', async (alias) => {
    const keyId = await newKey();
    const { status, body } = await kms.post('aliases', { key_id: keyId, alias });
    expect(status).toBe(201);
    const shown = {
      domain_id: domain.id,
      key_id: keyId,
      alias,
      alias_urn: `kms:eu-de:${domain.id}:alias:${alias}`,
      create_time: '2024-04-01T00:00:00Z',
      update_time: '2024-04-01T00:00:00Z',
    };
    expect(body).toStrictEqual(shown);
    expect((await kms.ask('GET aliases', { key_id: keyId })).aliases).toStrictEqual([shown]);
    const bare = alias.replace(/^alias\//, '');
    for (const reference of [`alias/${bare}`, shown.alias_urn, `kms:eu-de:${domain.id}:alias:alias/${bare}`]) {
      expect((await kms.describe(reference)).key_id).toBe(keyId);
    }
  });

  test.each(['enabled', 'disabled', 'pending-import'] as const)('is created for a key that is %s', async (state) => {
    expect((await create(states[state], `of-${state}-key`)).key_id).toBe(states[state]);
  });

  test.each([
    ['with', 'alias/of-enabled', 'without', 'of-enabled'],
    ['without', 'plain-of-enabled', 'with', 'alias/plain-of-enabled'],
  ])('that is there %s the prefix is taken %s it, too', async (_, taken, _other, form) => {
    for (const alias of [taken, form]) {
      expectKmsRefusal(await kms.post('aliases', { key_id: kinds.AES_256, alias }), 'KMS.1104');
      expectKmsRefusal(await kms.post('aliases', { key_id: states.enabled, alias }), 'KMS.1104');
    }
  });

  test('of another project, and the key_alias of another key, may be had as well', async () => {
    const keyId = await newKey();
    await create(keyId, 'of-stranger');
    await create(keyId, 'rsa');
    expect((await kms.describe('alias/of-stranger')).key_id).toBe(keyId);
    expect((await kms.describe('alias/rsa')).key_id).toBe(keyId);
    expect((await other.describe('alias/of-stranger')).key_id).toBe(strangersKey);
  });

  test.each([
    ['created', (keyId: string, alias: string) => create(keyId, alias)],
    ['listed', () => namesOf()],
    ['associated', (keyId: string, alias: string) => kms.post('alias/associate', { target_key_id: keyId, alias })],
  ])('goes with its key, when the next is %s, and is free then', async (what, next) => {
    const [first, heir] = [await newKey(), await newKey()];
    const alias = `inherited-${what}`;
    await create(first, alias);
    await kms.ask('schedule-key-deletion', { key_id: first, pending_days: '7' });
    expectKmsRefusal(await kms.post('aliases', { key_id: heir, alias: `alias/${alias}` }), 'KMS.1104');
    expect(await namesOf({ key_id: first })).toEqual([alias]);
    clock.advance(7 * day);
    const found = await next(heir, alias);
    if (what === 'listed') expect(found).not.toContain(alias);
    if (what !== 'created') await create(heir, alias);
    expect((await kms.describe(`alias/${alias}`)).key_id).toBe(heir);
  });
});

describe('50 aliases a key', () => {
  test('are all that it can have, by creation and by association', async () => {
    const [keyId, spare] = [await newKey(), await newKey()];
    for (let index = 0; index < 50; index++) await create(keyId, `many-${index}`);
    expectKmsRefusal(await kms.post('aliases', { key_id: keyId, alias: 'one-more' }), 'KMS.1105');
    await create(spare, 'one-more');
    expectKmsRefusal(await kms.post('alias/associate', { target_key_id: keyId, alias: 'one-more' }), 'KMS.1105');
    // One that it has already takes no room.
    expect((await kms.ask('alias/associate', { target_key_id: keyId, alias: 'many-0' })).key_id).toBe(keyId);
    await kms.ask('DELETE aliases', { key_id: keyId, aliases: ['many-0'] });
    expect((await kms.ask('alias/associate', { target_key_id: keyId, alias: 'one-more' })).key_id).toBe(keyId);
  });
});

describe('associate', () => {
  test.each(['moved-1', 'alias/moved-2'])('moves %s to another key, named in either form', async (alias) => {
    const [from, to] = [await newKey(), await newKey()];
    const created = await create(from, alias);
    clock.advance(90 * second);
    const otherForm = alias.startsWith('alias/') ? alias.slice(6) : `alias/${alias}`;
    const moved = await kms.ask('alias/associate', { target_key_id: to, alias: otherForm });
    const update_time = new Date(clock.now()).toISOString().replace(/\.\d+/, '');
    expect(moved).toStrictEqual({ ...created, key_id: to, update_time });
    expect((await kms.ask('GET aliases', { key_id: to })).aliases).toStrictEqual([moved]);
    expect(await namesOf({ key_id: from })).toEqual([]);
    expect((await kms.describe(moved.alias_urn)).key_id).toBe(to);
  });

  test("is refused for an alias that is not the project's", async () => {
    for (const alias of ['none', 'of-stranger-2']) {
      expectKmsRefusal(await kms.post('alias/associate', { target_key_id: kinds.AES_256, alias }), 'KMS.1101');
    }
    expectKmsRefusal(await kms.post('alias/associate', { target_key_id: strangersKey, alias: 'x' }), 'KMS.0207');
  });
});

describe('delete', () => {
  test('takes several aliases of one key, in either form, and answers with nothing', async () => {
    const keyId = await newKey();
    for (const alias of ['kms-4567', 'alias/kms-8901', 'kept']) await create(keyId, alias);
    const { status, text } = await kms.post('DELETE aliases', {
      key_id: keyId,
      aliases: ['alias/kms-4567', 'kms-8901', 'kms-4567'],
    });
    expect([status, text]).toEqual([204, '']);
    expect(await namesOf({ key_id: keyId })).toEqual(['kept']);
    expectKmsRefusal(await kms.post('describe-key', { key_id: 'alias/kms-4567' }), 'KMS.0207');
  });

  test.each(['none', 'of-enabled', 'of-stranger'])(
    'removes nothing when one of them is %s, not of this key',
    async (alias) => {
      const keyId = await newKey();
      const mine = `mine-${keyId}`;
      await create(keyId, mine);
      for (const aliases of [
        [mine, alias],
        [alias, mine],
      ]) {
        expectKmsRefusal(await kms.post('DELETE aliases', { key_id: keyId, aliases }), 'KMS.1101');
      }
      expect(await namesOf({ key_id: keyId })).toEqual([mine]);
    },
  );

  test('is possible for a key that is going', async () => {
    const keyId = await newKey();
    await create(keyId, 'of-a-going-key');
    await kms.ask('schedule-key-deletion', { key_id: keyId, pending_days: '7' });
    expect((await kms.post('DELETE aliases', { key_id: keyId, aliases: ['of-a-going-key'] })).status).toBe(204);
    await create(kinds.AES_256, 'of-a-going-key');
  });
});

describe('a list', () => {
  test('is that of one key, or of all; in the order of their names', async () => {
    const keyId = await newKey();
    for (const alias of ['list-b', 'alias/list', 'list-a']) await create(keyId, alias);
    expect(await kms.ask('GET aliases', { key_id: keyId })).toMatchObject({
      aliases: [{ alias: 'alias/list' }, { alias: 'list-a' }, { alias: 'list-b' }],
      page_info: { next_marker: '', current_count: 3 },
    });
    const all = await namesOf({ limit: 100 });
    expect(all).toEqual(expect.arrayContaining(['alias/list', 'list-a', 'list-b', 'alias/of-enabled']));
    expect(all).toEqual([...all].sort());
    expect((await other.ask('GET aliases', {})).aliases).toMatchObject([{ alias: 'alias/of-stranger' }]);
  });

  test('without aliases is empty', async () => {
    expect(await kms.ask('GET aliases', { key_id: await newKey() })).toStrictEqual({
      aliases: [],
      page_info: { next_marker: '', current_count: 0 },
    });
  });

  test('goes on behind the last name of the page before', async () => {
    const keyId = await newKey();
    const names = ['page-a', 'page-b', 'page-c', 'page-d'];
    for (const alias of names) await create(keyId, alias);
    const page = async (question: object) => {
      const { aliases, page_info } = await kms.ask('GET aliases', { key_id: keyId, ...question });
      return [aliases.map(({ alias }) => alias), page_info];
    };
    expect(await page({ limit: 3 })).toEqual([names.slice(0, 3), { next_marker: 'page-c', current_count: 3 }]);
    expect(await page({ limit: 3, marker: 'page-c' })).toEqual([['page-d'], { next_marker: '', current_count: 1 }]);
    expect(await page({ limit: 4 })).toEqual([names, { next_marker: '', current_count: 4 }]);
    expect(await page({ limit: 1, marker: 'page-bb' })).toEqual([
      ['page-c'],
      { next_marker: 'page-c', current_count: 1 },
    ]);
    expect(await page({ limit: 1, marker: 'page-z' })).toEqual([[], { next_marker: '', current_count: 0 }]);
    expect(await page({ marker: '' })).toEqual([names, { next_marker: '', current_count: 4 }]);
  });

  test.each([
    ['key_id', 'KMS.0205'],
    ['limit', 'KMS.1601'],
    ['marker', 'KMS.1602'],
  ])('with two values for %s is refused: %s', async (name, code) => {
    const query = `limit=1&${name}=1&${name}=2`.replace(name === 'limit' ? 'limit=1&' : '', '');
    const headers = { 'X-Auth-Token': tokens.valid };
    expectKmsRefusal(await send(url, 'get', `${kmsPath('aliases')}?${query}`, { headers }), code);
  });
});
