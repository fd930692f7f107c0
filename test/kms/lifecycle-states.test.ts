import { describe, expect, test } from 'vitest';
import { kmsClient, type KmsAction } from '../support/kms.ts';
import { makeClock, day } from '../support/clock.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSignet } from '../support/signet.ts';

const clock = makeClock();
const kms = kmsClient((await useSignet({ seed: 'none', now: clock.now })).url);

/** Ways into every state. */
const into = {
  enabled: ['2', []],
  disabled: ['3', ['disable-key']],
  'pending deletion': ['4', ['schedule-key-deletion']],
  'disabled, then pending deletion': ['4', ['disable-key', 'schedule-key-deletion']],
  kept: ['3', ['schedule-key-deletion', 'cancel-key-deletion']],
  'pending import': ['5', []],
  'pending import, then pending deletion': ['4', ['schedule-key-deletion']],
  'pending import, and kept': ['5', ['schedule-key-deletion', 'cancel-key-deletion']],
} as const satisfies Record<string, readonly [state: string, steps: readonly KmsAction[]]>;

type Start = keyof typeof into;
const starts = Object.keys(into) as Start[];
let count = 0;

async function newKey(start: Start): Promise<string> {
  const origin = start.startsWith('pending import') ? 'external' : 'kms';
  const id = await kms.create({ key_alias: `key-${++count}`, key_spec: 'EC_P256', origin });
  for (const step of into[start][1]) await kms.ask(step, { key_id: id, pending_days: '7' });
  return id;
}

/** The new state, or the refusal, of each operation in each state. */
const outcomes: Readonly<Record<string, Readonly<Record<'2' | '3' | '4' | '5', string>>>> = {
  'enable-key': { 2: 'KMS.1201', 3: '2', 4: 'KMS.1201', 5: 'KMS.1201' },
  'disable-key': { 2: '3', 3: 'KMS.1301', 4: 'KMS.1301', 5: 'KMS.1301' },
  'schedule-key-deletion': { 2: '4', 3: '4', 4: 'KMS.1402', 5: '4' },
  'cancel-key-deletion': { 2: 'KMS.1501', 3: 'KMS.1501', 4: '3', 5: 'KMS.1501' },
  'update-key-alias': { 2: '2', 3: '3', 4: 'KMS.0210', 5: '5' },
  'update-key-description': { 2: '2', 3: '3', 4: 'KMS.0210', 5: '5' },
  'describe-key': { 2: '2', 3: '3', 4: '4', 5: '5' },
  'get-publickey': { 2: '2', 3: 'KMS.0209', 4: 'KMS.0210', 5: 'KMS.0308' },
  sign: { 2: '2', 3: 'KMS.0209', 4: 'KMS.0210', 5: 'KMS.0308' },
  verify: { 2: '2', 3: 'KMS.0209', 4: 'KMS.0210', 5: 'KMS.0308' },
};

/** Where the answer has the new state: in key_info, flat, or not at all. */
const answered = (action: string, keyId: string, state: string): unknown => {
  if (action === 'enable-key' || action === 'disable-key') return { key_info: { key_id: keyId, key_state: state } };
  if (action.endsWith('deletion')) return { key_id: keyId, key_state: state };
  return expect.anything();
};

describe.each(starts)('a key that is %s', (start) => {
  const [state] = into[start];
  const rows = Object.entries(outcomes).map(([action, row]) => ({ action: action as KmsAction, outcome: row[state] }));

  test.each(rows)('$action: $outcome', async ({ action, outcome }) => {
    const id = await newKey(start);
    const before = await kms.describe(id);
    expect(before.key_state).toBe(state);
    const body = { key_id: id, pending_days: '30', key_alias: `renamed-${count}`, key_description: 'described' };
    const signing = { message: 'AAAA', signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW', signature: 'AAAA' };
    const answer = await kms.post(action, { ...body, ...signing });
    if (outcome.startsWith('KMS')) {
      expectKmsRefusal(answer, outcome);
      expect(await kms.describe(id)).toEqual(before);
      return;
    }
    const next = start === 'pending import, then pending deletion' && action === 'cancel-key-deletion' ? '5' : outcome;
    expect(answer.status).toBe(200);
    expect(answer.body).toStrictEqual(answered(action, id, next));
    expect((await kms.describe(id)).key_state).toBe(next);
  });
});

test.each([
  ['7', 7],
  ['1096', 1096],
  [7, 7],
  [30, 30],
])('pending_days %j: the date of deletion is told until the deletion is cancelled', async (days, count) => {
  const id = await newKey('enabled');
  await kms.ask('schedule-key-deletion', { key_id: id, pending_days: days });
  expect((await kms.describe(id)).scheduled_deletion_date).toBe(String(clock.now() + count * day));
  await kms.ask('cancel-key-deletion', { key_id: id });
  expect((await kms.describe(id)).scheduled_deletion_date).toBe('');
});

test('an external key that is kept after all waits for its material again', async () => {
  const id = await newKey('pending import');
  await kms.ask('schedule-key-deletion', { key_id: id, pending_days: '7' });
  expect(await kms.ask('cancel-key-deletion', { key_id: id })).toStrictEqual({ key_id: id, key_state: '5' });
});

test('a key that is enabled again signs again', async () => {
  const id = await newKey('enabled');
  const sign = { key_id: id, message: 'AAAA', signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' };
  await kms.ask('sign', sign);
  await kms.ask('disable-key', { key_id: id });
  expectKmsRefusal(await kms.post('sign', sign), 'KMS.0209');
  await kms.ask('enable-key', { key_id: id });
  expect((await kms.ask('sign', sign)).key_id).toBe(id);
});
