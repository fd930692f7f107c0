import { expect, test } from 'vitest';
import { kmsClient } from '../support/kms.ts';
import { otherProject, manyStates, tokens } from '../support/many-states.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const { url } = await useSignet({ seed: useSeed(manyStates), keyQuota: 14 });
const kms = kmsClient(url);
const other = kmsClient(url, { token: tokens.otherProject, projectId: otherProject.id });

test('the quota counts the keys of one project in every state', async () => {
  const thirteenth = await kms.create({ key_alias: 'thirteenth' });
  await kms.create({ key_alias: 'fourteenth', origin: 'external' });
  expectKmsRefusal(await kms.post('create-key', { key_alias: 'fifteenth' }), 'KMS.1105');
  await kms.ask('schedule-key-deletion', { key_id: thirteenth, pending_days: 7 });
  expectKmsRefusal(await kms.post('create-key', { key_alias: 'fifteenth' }), 'KMS.1105');
  expect((await kms.ask('list-keys', {})).total).toBe(14);
  await other.create({ key_alias: 'fifteenth' });
});

test('of many at once no more are made than the quota allows', async () => {
  const room = 14 - (await other.ask('list-keys', {})).total;
  const wishes = Array.from({ length: 20 }, (_, index) =>
    other.post('create-key', { key_alias: `wish-${index}`, key_spec: 'RSA_2048' }),
  );
  const answers = await Promise.all(wishes);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(room);
  expect((await other.ask('list-keys', {})).total).toBe(14);
});
