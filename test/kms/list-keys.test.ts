import { describe, expect, test } from 'vitest';
import { makeClock } from '../support/clock.ts';
import { kmsClient } from '../support/kms.ts';
import { manyStates, kinds, otherProject, states, strangersKey, tokens } from '../support/many-states.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock();
const { url } = await useSignet({ seed: useSeed(manyStates), now: clock.now });
const kms = kmsClient(url);
const other = kmsClient(url, { token: tokens.otherProject, projectId: otherProject.id });

const all = (await kms.ask('list-keys', {})).keys;
const seeded = new Set([...Object.values(states), ...Object.values(kinds)]).size;
/** With two that a test creates. */
const count = seeded + 2;

test('without anything asked for, all keys of the project are listed, with total as a number', async () => {
  const answer = await kms.ask('list-keys', {});
  expect(answer).toStrictEqual({
    keys: answer.key_details.map(({ key_id: id }) => id),
    key_details: answer.key_details,
    next_marker: '',
    truncated: 'false',
    total: seeded,
  });
  expect(new Set(all).size).toBe(seeded);
  for (const details of answer.key_details) expect(await kms.describe(details.key_id)).toStrictEqual(details);
});

test('the newest come first', async () => {
  for (const name of ['older', 'newer']) {
    clock.advance(1000);
    await kms.create({ key_alias: `order/${name}`, key_spec: 'SM4' });
  }
  const { key_details: details } = await kms.ask('list-keys', { key_spec: 'SM4' });
  expect(details.map(({ key_alias: alias }) => alias)).toEqual(['order/newer', 'order/older']);
});

describe('pages', () => {
  const rows: readonly (readonly [limit: unknown, marker: unknown, from: number, to: number, next: string])[] = [
    ['2', '0', 0, 2, '2'],
    ['2', '2', 2, 4, '4'],
    [2, 2, 2, 4, '4'],
    ['5', '', 0, 5, '5'],
    ['5', null, 0, 5, '5'],
    ['', '3', 3, 99, ''],
    [null, 3, 3, 99, ''],
    ['9', '3', 3, 12, '12'],
    [count, '0', 0, 99, ''],
    ['1000', '0', 0, 99, ''],
    ['5000', '0', 0, 99, ''],
    ['1', count - 1, count - 1, 99, ''],
    ['1', count, 99, 99, ''],
    ['1', '500', 99, 99, ''],
  ];
  test.each(rows)('limit %j and marker %j', async (limit, marker, from, to, next) => {
    const { keys } = await kms.ask('list-keys', {});
    expect(keys).toHaveLength(count);
    expect(await kms.ask('list-keys', { limit, marker })).toMatchObject({
      keys: keys.slice(from, to),
      next_marker: next,
      truncated: next === '' ? 'false' : 'true',
      total: count,
    });
  });

  test('one after the other they give every key once', async () => {
    const seen: string[] = [];
    let marker = '0';
    do {
      const page = await kms.ask('list-keys', { limit: 5, marker });
      seen.push(...page.keys);
      marker = page.next_marker;
    } while (marker !== '');
    expect(seen).toEqual((await kms.ask('list-keys', {})).keys);
  });
});

describe('filters', () => {
  const rows: readonly (readonly [filter: object, ids: readonly string[]])[] = [
    [{ key_state: '3' }, [states.disabled, kinds.disabledAES]],
    [{ key_state: 3 }, [states.disabled, kinds.disabledAES]],
    [{ key_state: '4' }, [states['pending-deletion'], kinds.leavingAES]],
    [{ key_state: '5' }, [states['pending-import'], kinds.waitingAES]],
    [{ key_state: '1' }, []],
    [{ key_spec: 'HMAC_256' }, [kinds.HMAC_256]],
    [{ key_spec: 'AES_256', key_state: '3' }, [kinds.disabledAES]],
    [{ key_spec: 'RSA_2048' }, [kinds.RSA_2048, kinds.encryption]],
    [{ key_spec: 'RSA_4096' }, []],
    [{ enterprise_project_id: 'somewhere-else' }, []],
  ];
  test.each(rows)('%j', async (filter, ids) => {
    const { keys, total } = await kms.ask('list-keys', filter);
    expect([new Set(keys), total]).toEqual([new Set(ids), ids.length]);
  });

  test.each([{ key_spec: 'ALL' }, { key_state: '' }, { key_spec: null }, { enterprise_project_id: '0' }])(
    '%j leaves nothing out',
    async (filter) => {
      expect(await kms.ask('list-keys', filter)).toEqual(await kms.ask('list-keys', {}));
    },
  );

  test('total counts what the filter lets through, on every page', async () => {
    const page = await kms.ask('list-keys', { key_state: '3', limit: '1', marker: '1' });
    expect(page).toMatchObject({ total: 2, next_marker: '', truncated: 'false' });
    expect(page.keys).toHaveLength(1);
  });
});

test("no project sees another's keys", async () => {
  expect(all).not.toContain(strangersKey);
  expect((await other.ask('list-keys', {})).keys).toEqual([strangersKey]);
});
