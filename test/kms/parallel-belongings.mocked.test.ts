/** Many requests at once, for what belongs to one key: as many succeed as may, and the others say why not. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import type { StoreOptions } from '../../src/store/sql.ts';
import { user } from '../support/identity.ts';
import type { Answer } from '../support/http.ts';
import { hesitant } from '../support/hesitant-store.ts';
import { kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSignet } from '../support/signet.ts';

/** SQLite answers at once, so that one request would hardly ever come between two steps of another. */
vi.mock('../../src/store/sql.ts', async (original) => {
  const sql = await original<typeof import('../../src/store/sql.ts')>();
  return { ...sql, openStore: async (options: StoreOptions) => hesitant(await sql.openStore(options), () => delay(2)) };
});

const kms = kmsClient((await useSignet()).url);

let made = 0;
const newKey = () => kms.create({ key_alias: `key-${++made}` });
const many = <T>(count: number, work: (index: number) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

/** So many of the answers are successes, and the others refusals with this code. */
function expectWinners(answers: readonly Answer[], count: number, code: string): void {
  const losers = answers.filter(({ status }) => status >= 300);
  expect(answers.length - losers.length).toBe(count);
  for (const answer of losers) expectKmsRefusal(answer, code);
}

const toSomebody = { grantee_principal: 'somebody', operations: ['describe-key'] };

describe('grants', () => {
  test('of 20 one too many each is refused from the hundredth on', async () => {
    const key_id = await newKey();
    const give = () => kms.post('create-grant', { ...toSomebody, key_id });
    await many(94, give);
    expectWinners(await many(20, give), 6, 'KMS.2404');
    expect((await kms.ask('list-grants', { key_id })).total).toBe(100);
  });

  test.each(['revoke-grant', 'retire-grant'] as const)('one ends once, however many want %s', async (action) => {
    const key_id = await newKey();
    const given = await kms.ask('create-grant', { ...toSomebody, key_id, retiring_principal: user.id });
    expectWinners(await many(20, () => kms.post(action, { key_id, ...given })), 1, 'KMS.2501');
  });
});

describe('tags', () => {
  test('no more than 20 come to a key', async () => {
    const key_id = await newKey();
    const add = (index: number) => kms.post('{key_id}/tags', { key_id, tag: { key: `tag-${index}` } });
    expectWinners(await many(30, add), 20, 'KMS.0409');
    expect((await kms.ask('GET {key_id}/tags', { key_id })).existTagsNum).toBe(20);
  });

  test('one is deleted once', async () => {
    const key_id = await newKey();
    await kms.ask('{key_id}/tags', { key_id, tag: { key: 'once' } });
    const remove = () => kms.post('DELETE {key_id}/tags/{key}', { key_id, key: 'once' });
    expectWinners(await many(20, remove), 1, 'KMS.0416');
  });
});

describe('aliases', () => {
  test.each([
    ['all with the prefix', () => 'alias/wanted-1'],
    ['all without', () => 'wanted-2'],
    ['some with, some without', (index: number) => (index % 2 === 0 ? 'alias/wanted-3' : 'wanted-3')],
  ])('one that 20 want for two keys, %s, one gets', async (_, wish) => {
    const keyIds = [await newKey(), await newKey()];
    const answers = await many(20, (index) => {
      const key_id = keyIds[Math.floor(index / 2) % 2];
      return kms.post('aliases', { key_id, alias: wish(index) });
    });
    expectWinners(answers, 1, 'KMS.1104');
    const winner = answers.find(({ status }) => status === 201)!.body as { key_id: string };
    const reference = `alias/${wish(0).replace('alias/', '')}`;
    expect((await kms.describe(reference)).key_id).toBe(winner.key_id);
  });

  test('no more than 50 come to a key, new ones and others that are moved to it', async () => {
    const [key_id, other] = [await newKey(), await newKey()];
    await many(10, (index) => kms.post('aliases', { key_id: other, alias: `moved-${index}` }));
    const answers = await many(60, (index) =>
      index % 6 === 0
        ? kms.post('alias/associate', { target_key_id: key_id, alias: `moved-${index / 6}` })
        : kms.post('aliases', { key_id, alias: `new-${index}` }),
    );
    expectWinners(answers, 50, 'KMS.1105');
    expect((await kms.ask('GET aliases', { key_id })).aliases).toHaveLength(50);
  });

  test('all of a list are deleted, or none', async () => {
    const key_id = await newKey();
    const names = Array.from({ length: 8 }, (_, index) => `listed-${index}`);
    for (const alias of names) await kms.ask('aliases', { key_id, alias });
    const lists = names.map((name, index) => [name, names[(index + 1) % names.length]!]);
    const answers = await many(lists.length, (index) => kms.post('DELETE aliases', { key_id, aliases: lists[index] }));
    const left = (await kms.ask('GET aliases', { key_id })).aliases.length;
    const winners = answers.filter(({ status }) => status === 204).length;
    expectWinners(answers, winners, 'KMS.1101');
    expect(winners).toBeGreaterThan(0);
    expect(left).toBe(names.length - 2 * winners);
  });
});

test('what is given to a key that goes meanwhile goes with it, or is refused', async () => {
  const key_id = await newKey();
  const [deletion, ...answers] = await many(10, (index) =>
    index === 0
      ? kms.post('schedule-key-deletion', { key_id, pending_days: '7' })
      : kms.post('{key_id}/tags', { key_id, tag: { key: `late-${index}` } }),
  );
  expect(deletion!.status).toBe(200);
  const added = answers.filter(({ status }) => status === 204).length;
  expectWinners(answers, added, 'KMS.0210');
  expect((await kms.ask('GET {key_id}/tags', { key_id })).existTagsNum).toBe(added);
});
