import { describe, expect, test } from 'vitest';
import { day, makeClock } from '../support/clock.ts';
import { project, user } from '../support/identity.ts';
import type { KmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { colleague, guests, sharedKeys, twoAccounts, usersOf } from './two-accounts.ts';

const clock = makeClock();
const { url } = await useSignet({ seed: useSeed(twoAccounts), now: clock.now });
const users = usersOf(url);
const { ann, bob, dora } = users;

const key = { key_id: sharedKeys.AES_256 };
const toBob = { ...key, grantee_principal: guests.bob.id, operations: ['describe-key'] };

async function grant(differences: object = {}, by: KmsClient = ann) {
  const { grant_id } = await by.ask('create-grant', { ...toBob, ...differences });
  return { ...key, grant_id };
}

const grantIds = async (of: object = key) => (await ann.ask('list-grants', of)).grants.map(({ grant_id: id }) => id);

describe('a grant', () => {
  test('is listed as it was given', async () => {
    const keyId = await ann.create({ key_alias: 'listed' });
    const request = {
      key_id: keyId,
      operations: ['describe-key', 'create-datakey', 'describe-key', 'encrypt-datakey'],
      grantee_principal: '13gg44z4g2sglzk0egw0u726zoyzvrs8',
      name: 'my_grant',
      retiring_principal: '13gg44z4g2sglzk0egw0u726zoyzvrs8',
    };
    const answer = await ann.ask('create-grant', request);
    expect(answer).toStrictEqual({ grant_id: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(await ann.ask('list-grants', { key_id: keyId, limit: '', marker: '' })).toStrictEqual({
      grants: [
        {
          ...request,
          ...answer,
          operations: ['describe-key', 'create-datakey', 'encrypt-datakey'],
          grantee_principal_type: 'user',
          issuing_principal: user.id,
          creation_date: String(clock.now()),
        },
      ],
      next_marker: '',
      truncated: 'false',
      total: 1,
    });
  });

  test('has no name and nobody to retire it unless they are said', async () => {
    const keyId = await ann.create({ key_alias: 'plain' });
    await grant({ key_id: keyId, name: '', retiring_principal: null, grantee_principal_type: '' });
    const { grants } = await ann.ask('list-grants', { key_id: keyId });
    expect(grants).toMatchObject([{ name: '', retiring_principal: '', grantee_principal_type: 'user' }]);
  });

  test('is seen by everybody of the project, and by nobody else', async () => {
    await grant({ operations: ['create-grant', 'retire-grant', 'describe-key'] });
    expect(await users.colleague.ask('list-grants', key)).toEqual(await ann.ask('list-grants', key));
    for (const client of [bob, dora, users.elsewhere]) {
      expectKmsRefusal(await client.post('list-grants', key), 'KMS.0207');
    }
  });

  test('stays while its key is disabled or going, and goes with it', async () => {
    const keyId = await ann.create({ key_alias: 'short-lived' });
    await grant({ key_id: keyId, retiring_principal: guests.dora.id });
    await ann.ask('disable-key', { key_id: keyId });
    await ann.ask('schedule-key-deletion', { key_id: keyId, pending_days: '7' });
    expect((await bob.describe(keyId)).key_state).toBe('4');
    const retirable = async () => (await dora.ask('list-retirable-grants', {})).grants.map(({ key_id: id }) => id);
    expect(await retirable()).toContain(keyId);
    clock.advance(7 * day);
    expect(await retirable()).not.toContain(keyId);
    expectKmsRefusal(await bob.post('describe-key', { key_id: keyId }), 'KMS.0207');
  });
});

describe('with a grant for create-grant', () => {
  test('a grantee passes on what all its grants allow, and no more', async () => {
    const of = { key_id: await ann.create({ key_alias: 'to-pass-on' }) };
    await grant({ ...of, operations: ['create-grant', 'encrypt-data'] });
    await grant({
      ...of,
      operations: ['decrypt-data'],
      grantee_principal: guests.domain.id,
      grantee_principal_type: 'domain',
    });
    const toDora = { ...of, grantee_principal: guests.dora.id };
    const passedOn = await grant({ ...toDora, operations: ['encrypt-data', 'decrypt-data'] }, bob);
    await grant({ ...toDora, operations: ['create-grant', 'decrypt-data'] }, bob);
    const refused = await bob.post('create-grant', {
      ...toBob,
      ...toDora,
      operations: ['encrypt-data', 'retire-grant'],
    });
    expectKmsRefusal(refused, 'KMS.0306');
    const { grants } = await ann.ask('list-grants', of);
    expect(grants.find(({ grant_id: id }) => id === passedOn.grant_id)).toMatchObject({
      issuing_principal: guests.bob.id,
      ...toDora,
    });
  });

  test('what was passed on outlives the grant by which it was', async () => {
    const keyId = await ann.create({ key_alias: 'passed-on' });
    const first = await grant({ key_id: keyId, operations: ['create-grant', 'describe-key'] });
    await grant({ key_id: keyId, grantee_principal: guests.dora.id }, bob);
    await ann.ask('revoke-grant', { ...first, key_id: keyId });
    expectKmsRefusal(await bob.post('create-grant', { ...toBob, key_id: keyId }), 'KMS.0207');
    expect((await dora.describe(keyId)).key_id).toBe(keyId);
  });

  test('without one, the key does not exist, or may not be granted', async () => {
    const keyId = await ann.create({ key_alias: 'not-passed-on' });
    expectKmsRefusal(await bob.post('create-grant', { ...toBob, key_id: keyId }), 'KMS.0207');
    await grant({ key_id: keyId, operations: ['describe-key', 'retire-grant'] });
    expectKmsRefusal(await bob.post('create-grant', { ...toBob, key_id: keyId }), 'KMS.0306');
  });
});

type Name = keyof typeof users;

/** Bob's grant, given by the colleague from the second project, who has one for create-grant. Who may end it how; else KMS.0306 or KMS.0207. */
const endings: readonly (readonly [who: Name, grant: object, revoke: string, retire: string])[] = [
  ['ann', {}, '200', 'KMS.0306'],
  ['colleague', {}, '200', '200'],
  ['elsewhere', {}, '200', '200'],
  ['bob', {}, 'KMS.0306', 'KMS.0306'],
  ['bob', { operations: ['describe-key', 'retire-grant'] }, 'KMS.0306', '200'],
  ['dora', {}, 'KMS.0207', 'KMS.0207'],
  ['dora', { retiring_principal: guests.dora.id }, 'KMS.0306', '200'],
  ['dora', { retiring_principal: guests.domain.id }, 'KMS.0306', '200'],
  ['dora', { retiring_principal: guests.bob.id }, 'KMS.0207', 'KMS.0207'],
  ['bob', { retiring_principal: guests.bob.id }, 'KMS.0306', '200'],
  [
    'dora',
    { grantee_principal: guests.domain.id, grantee_principal_type: 'domain', operations: ['retire-grant'] },
    'KMS.0306',
    '200',
  ],
  ['dora', { grantee_principal: guests.domain.id, grantee_principal_type: 'domain' }, 'KMS.0306', 'KMS.0306'],
  ['dora', { grantee_principal: guests.domain.id, operations: ['retire-grant'] }, 'KMS.0207', 'KMS.0207'],
  ['ann', { retiring_principal: user.id }, '200', '200'],
];

test('an id is that of a user or of a domain, as the grant says', async () => {
  const of = { key_id: await ann.create({ key_alias: 'two-kinds-of-ids' }) };
  await grant({ ...of, grantee_principal: guests.dora.id });
  const retiring = { ...of, operations: ['retire-grant'] };
  for (const misnamed of [
    { grantee_principal: guests.domain.id, grantee_principal_type: 'user' },
    { grantee_principal: guests.dora.id, grantee_principal_type: 'domain' },
  ]) {
    const { grant_id } = await grant({ ...retiring, ...misnamed });
    expectKmsRefusal(await dora.post('retire-grant', { ...of, grant_id }), 'KMS.0306');
  }
});

let keys = 0;

describe.each([
  ['revoke-grant', 2],
  ['retire-grant', 3],
] as const)('%s', (action, column) => {
  test.each(endings.map((row) => [row[0], JSON.stringify(row[1]), row[column], row[1]] as const))(
    'by %s of a grant with %s: %s',
    async (who, _, expected, differences) => {
      const keyId = await ann.create({ key_alias: `ended-${++keys}` });
      await grant({
        key_id: keyId,
        grantee_principal: colleague.id,
        operations: ['create-grant', 'describe-key', 'retire-grant'],
      });
      const { grant_id } = await grant({ key_id: keyId, ...differences }, users.elsewhere);
      const answer = await users[who].post(action, { key_id: keyId, grant_id });
      const left = await grantIds({ key_id: keyId });
      if (expected === '200') {
        expect([answer.status, answer.body]).toStrictEqual([200, {}]);
        expect(left).not.toContain(grant_id);
      } else {
        expectKmsRefusal(answer, expected);
        expect(left).toContain(grant_id);
      }
    },
  );

  test('takes a grant id in capitals', async () => {
    const { grant_id } = await grant({ retiring_principal: user.id });
    expect(await ann.ask(action, { ...key, grant_id: grant_id.toUpperCase() })).toStrictEqual({});
    expect(await grantIds()).not.toContain(grant_id);
  });

  test('knows no grant of that id (KMS.2501), or one of another key (KMS.2502)', async () => {
    const given = await grant({ retiring_principal: user.id });
    expectKmsRefusal(await ann.post(action, { ...key, grant_id: '0'.repeat(64) }), 'KMS.2501');
    expectKmsRefusal(await ann.post(action, { ...given, key_id: sharedKeys.spare }), 'KMS.2502');
    // Bob knows the key by his grant; that there are other grants is no secret then.
    expectKmsRefusal(await bob.post(action, { ...key, grant_id: '0'.repeat(64) }), 'KMS.2501');
    expectKmsRefusal(await bob.post(action, { ...given, key_id: guests.key }), 'KMS.2502');
    expectKmsRefusal(await dora.post(action, { key_id: sharedKeys.spare, grant_id: '0'.repeat(64) }), 'KMS.0207');
    expect(await grantIds()).toContain(given.grant_id);
  });
});

describe('list-retirable-grants', () => {
  const retirable = async (by: KmsClient) =>
    (await by.ask('list-retirable-grants', {})).grants.map(({ grant_id: id }) => id);

  test('gives those of all accounts of which the caller, or its domain, is the retiring principal; newest first', async () => {
    clock.advance(1);
    const { grant_id: older } = await grant({ retiring_principal: guests.dora.id });
    clock.advance(1);
    const body = { key_id: guests.key, grantee_principal: user.id, operations: ['describe-key'] };
    const own = await bob.ask('create-grant', { ...body, retiring_principal: guests.domain.id });
    expect((await retirable(dora)).slice(0, 2)).toEqual([own.grant_id, older]);
    expect(await retirable(bob)).toContain(own.grant_id);
    expect(await retirable(bob)).not.toContain(older);
    expect(await retirable(users.elsewhere)).not.toContain(older);
  });

  test('gives neither what the caller issued, nor what it holds', async () => {
    const { grant_id: id } = await grant({ operations: ['retire-grant', 'describe-key'] });
    expect(await retirable(bob)).not.toContain(id);
    expect(await retirable(ann)).not.toContain(id);
  });
});

test('a key has 100 grants at most, whoever gives them', async () => {
  const keyId = await ann.create({ key_alias: 'full' });
  const more = { ...toBob, key_id: keyId };
  await grant({ key_id: keyId, operations: ['create-grant', 'describe-key'] });
  for (let given = 1; given < 100; given++) await ann.ask('create-grant', more);
  const toDora = { ...more, grantee_principal: guests.dora.id };
  expectKmsRefusal(await ann.post('create-grant', toDora), 'KMS.2404');
  expectKmsRefusal(await bob.post('create-grant', toDora), 'KMS.2404');
  const { grants, total } = await ann.ask('list-grants', { key_id: keyId });
  expect([grants.length, total]).toEqual([100, 100]);
  // One less makes room for one more.
  const { grant_id } = grants.find(({ operations }) => operations.length === 1)!;
  await ann.ask('revoke-grant', { key_id: keyId, grant_id });
  await bob.ask('create-grant', toDora);
  expectKmsRefusal(await ann.post('create-grant', more), 'KMS.2404');
});

test('a key that is gone has no grants to end', async () => {
  for (const action of ['revoke-grant', 'retire-grant'] as const) {
    const keyId = await ann.create({ key_alias: `gone before ${action}`.replaceAll(' ', '-') });
    const { grant_id } = await grant({ key_id: keyId });
    await ann.ask('schedule-key-deletion', { key_id: keyId, pending_days: '7' });
    clock.advance(7 * day);
    expectKmsRefusal(await ann.post(action, { key_id: keyId, grant_id }), 'KMS.0207');
  }
});

test('a project that is removed takes the grants of its keys with it', async () => {
  const signet = await useSignet({ seed: useSeed(twoAccounts) });
  const { ann: owner, bob: guest, dora: retiring } = usersOf(signet.url);
  await owner.ask('create-grant', { ...toBob, retiring_principal: guests.dora.id });
  expect((await guest.describe(sharedKeys.AES_256)).key_id).toBe(sharedKeys.AES_256);
  const removed = await fetch(`${signet.url}/_signet/projects/${project.id}`, { method: 'DELETE' });
  expect(removed.status).toBe(204);
  expectKmsRefusal(await guest.post('describe-key', key), 'KMS.0207');
  expect((await retiring.ask('list-retirable-grants', {})).total).toBe(0);
});

test('the projects of one account are strangers to each other without a grant', async () => {
  expectKmsRefusal(await users.elsewhere.post('describe-key', { key_id: sharedKeys.spare }), 'KMS.0207');
  await grant({ key_id: sharedKeys.spare, grantee_principal: colleague.id });
  expect((await users.elsewhere.describe(sharedKeys.spare)).key_alias).toBe('spare');
});
