import { expect, test } from 'vitest';
import { day, makeClock } from '../support/clock.ts';
import { kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSignet } from '../support/signet.ts';

const clock = makeClock();
const kms = kmsClient((await useSignet({ seed: 'none', now: clock.now })).url);

test('a key is there until the instant for which its deletion was scheduled, and then gone', async () => {
  const id = await kms.create({ key_alias: 'doomed', key_spec: 'EC_P256' });
  await kms.ask('schedule-key-deletion', { key_id: id, pending_days: '7' });
  clock.advance(7 * day - 1);
  for (const key_id of [id, 'alias/doomed']) expect((await kms.describe(key_id)).key_state).toBe('4');
  expectKmsRefusal(await kms.post('create-key', { key_alias: 'doomed' }), 'KMS.1104');

  clock.advance(1);
  for (const key_id of [id, 'alias/doomed']) {
    expectKmsRefusal(await kms.post('describe-key', { key_id }), 'KMS.0207');
  }
  expectKmsRefusal(await kms.post('cancel-key-deletion', { key_id: id }), 'KMS.0207');
  expect(await kms.ask('list-keys', {})).toMatchObject({ keys: [], total: 0 });
  expect(await kms.create({ key_alias: 'doomed', key_spec: 'EC_P256' })).not.toBe(id);
});

test('its name is free for another key', async () => {
  const other = await kms.create({ key_alias: 'other' });
  const id = await kms.create({ key_alias: 'short-lived' });
  await kms.ask('schedule-key-deletion', { key_id: id, pending_days: '7' });
  expectKmsRefusal(await kms.post('update-key-alias', { key_id: other, key_alias: 'short-lived' }), 'KMS.1104');
  clock.advance(7 * day);
  await kms.ask('update-key-alias', { key_id: other, key_alias: 'short-lived' });
});
