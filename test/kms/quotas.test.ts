import { describe, expect, test } from 'vitest';
import { day, makeClock } from '../support/clock.ts';
import { kmsClient } from '../support/kms.ts';
import { kinds, manyStates, otherProject, states, strangersKey, tokens } from '../support/many-states.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock();
/** Of the seed's keys, those that count: all but the vendor's own. */
const custom = new Set([...Object.values(states), ...Object.values(kinds)]).size - 1;
const { url } = await useSignet({ seed: useSeed(manyStates), now: clock.now, keyQuota: custom + 2 });
const kms = kmsClient(url);
const other = kmsClient(url, { token: tokens.otherProject, projectId: otherProject.id });

/** The seed has one grant. */
const quotas = (keys: number, grants: number) => ({
  quotas: {
    resources: [
      { type: 'CMK', used: keys, quota: custom + 2 },
      { type: 'grant_per_CMK', used: grants, quota: 100 },
    ],
  },
});

describe('user-instances and user-quotas', () => {
  test("count a project's keys in every state, but not the vendor's own", async () => {
    expect(await kms.ask('GET user-instances', {})).toStrictEqual({ instance_num: custom });
    expect(await kms.ask('GET user-quotas', {})).toStrictEqual(quotas(custom, 1));
    expect(await other.ask('GET user-instances', {})).toStrictEqual({ instance_num: 1 });
    expect(await other.ask('GET user-quotas', {})).toStrictEqual(quotas(1, 0));
    expect((await kms.ask('list-keys', {})).total).toBe(custom + 1);
  });

  test('count what create-key counts', async () => {
    const first = await kms.create({ key_alias: 'first' });
    await kms.create({ key_alias: 'second' });
    expect(await kms.ask('GET user-quotas', {})).toStrictEqual(quotas(custom + 2, 1));
    expectKmsRefusal(await kms.post('create-key', { key_alias: 'third' }), 'KMS.1105');
    await kms.ask('schedule-key-deletion', { key_id: first, pending_days: '7' });
    expect(await kms.ask('GET user-instances', {})).toStrictEqual({ instance_num: custom + 2 });
    clock.advance(7 * day);
    expect(await kms.ask('GET user-instances', {})).toStrictEqual({ instance_num: custom + 1 });
    await kms.create({ key_alias: 'third' });
  });

  test('show the most grants that a key of the project has', async () => {
    const to = { grantee_principal: 'somebody', operations: ['describe-key'] };
    const { grant_id } = await kms.ask('create-grant', { ...to, key_id: kinds.AES_256 });
    await kms.ask('create-grant', { ...to, key_id: kinds.AES_256 });
    await kms.ask('create-grant', { ...to, key_id: states.enabled });
    for (let given = 0; given < 3; given++) await other.ask('create-grant', { ...to, key_id: strangersKey });
    expect(await kms.ask('GET user-quotas', {})).toStrictEqual(quotas(custom + 2, 2));
    await kms.ask('revoke-grant', { key_id: kinds.AES_256, grant_id });
    expect(await kms.ask('GET user-quotas', {})).toStrictEqual(quotas(custom + 2, 1));
    expect(await other.ask('GET user-quotas', {})).toStrictEqual(quotas(1, 3));
  });
});
