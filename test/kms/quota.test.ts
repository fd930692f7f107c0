import { expect, test } from 'vitest';
import { kmsClient } from '../support/kms.ts';
import { kinds, otherProject, manyStates, states, tokens } from '../support/many-states.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';

/** Without the vendor's own, which does not count. */
const seeded = new Set([...Object.values(states), ...Object.values(kinds)]).size - 1;
const keyQuota = seeded + 2;
const { url } = await useSignet({ seed: useSeed(manyStates), keyQuota });
const kms = kmsClient(url);
const other = kmsClient(url, { token: tokens.otherProject, projectId: otherProject.id });

test('the quota counts the keys of one project in every state', async () => {
  const lastButOne = await kms.create({ key_alias: 'last-but-one' });
  await kms.create({ key_alias: 'last', origin: 'external' });
  expectKmsRefusal(await kms.post('create-key', { key_alias: 'beyond' }), 'KMS.1105');
  await kms.ask('schedule-key-deletion', { key_id: lastButOne, pending_days: 7 });
  expectKmsRefusal(await kms.post('create-key', { key_alias: 'beyond' }), 'KMS.1105');
  expect((await kms.ask('list-keys', {})).total).toBe(keyQuota + 1);
  await other.create({ key_alias: 'beyond' });
});

test('of many at once no more are made than the quota allows', async () => {
  const room = keyQuota - (await other.ask('list-keys', {})).total;
  const wishes = Array.from({ length: 20 }, (_, index) =>
    other.post('create-key', { key_alias: `wish-${index}`, key_spec: 'RSA_2048' }),
  );
  const answers = await Promise.all(wishes);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(room);
  expect((await other.ask('list-keys', {})).total).toBe(keyQuota);
});
