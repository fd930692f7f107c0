import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { day, makeClock } from '../support/clock.ts';
import { user } from '../support/identity.ts';
import { kmsClient, type KmsAction } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { seedOfKeys } from '../support/seeds.ts';
import { useFolder, useSeed, useSignet } from '../support/signet.ts';

const doomed = '00000000-0000-4000-8000-00000000dead';
const other = '00000000-0000-4000-8000-0000000007e5';
/** The other key's name is the doomed one's alias, which comes first while there is one. */
const belongings = `aliases: [alias/shared, alias/own], tags: { colour: red }`;
const grant = `{ grantee: ${user.id}, retiring_principal: ${user.id}, operations: [describe-key] }`;
const seed = useSeed(
  seedOfKeys(
    `{ id: ${doomed}, name: doomed, spec: AES_256, ${belongings}, grants: [${grant}] }`,
    `{ id: ${other}, name: shared, spec: AES_256 }`,
  ),
);

/** A server on which the doomed key is gone since this very instant, and nobody has asked for anything since. */
async function afterwards() {
  const clock = makeClock();
  const kms = kmsClient((await useSignet({ seed, now: clock.now })).url);
  expect((await kms.describe('alias/shared')).key_id).toBe(doomed);
  await kms.ask('schedule-key-deletion', { key_id: doomed, pending_days: '7' });
  clock.advance(7 * day);
  return kms;
}

const aes = { plain_text: 'text' };
/** What names a key, and the rest of a request. */
const naming: readonly (readonly [KmsAction, object])[] = [
  ['describe-key', {}],
  ['enable-key', {}],
  ['disable-key', {}],
  ['schedule-key-deletion', { pending_days: '7' }],
  ['cancel-key-deletion', {}],
  ['update-key-alias', { key_alias: 'renamed' }],
  ['update-key-description', { key_description: 'described' }],
  ['encrypt-data', aes],
  ['get-parameters-for-import', { wrapping_algorithm: 'RSAES_OAEP_SHA_256' }],
  ['delete-imported-key-material', {}],
  ['enable-key-rotation', {}],
  ['get-key-rotation-status', {}],
  ['rotate-on-demand', {}],
  ['create-grant', { grantee_principal: user.id, operations: ['describe-key'] }],
  ['list-grants', {}],
  ['aliases', { alias: 'alias/another' }],
  ['GET {key_id}/tags', {}],
  ['{key_id}/tags', { tag: { key: 'a', value: 'b' } }],
];

describe('from the instant for which its deletion was scheduled', () => {
  test('no operation finds the key', async () => {
    const kms = await afterwards();
    for (const [action, body] of naming) {
      expectKmsRefusal(await kms.post(action, { key_id: doomed, ...body }), 'KMS.0207');
    }
  });

  test('is gone from the file as soon as somebody asks for it', async () => {
    const file = join(useFolder(), 'state.sqlite');
    const clock = makeClock();
    const kms = kmsClient((await useSignet({ seed, now: clock.now, databaseUrl: `sqlite:${file}` })).url);
    await kms.ask('schedule-key-deletion', { key_id: doomed, pending_days: '7' });
    clock.advance(7 * day);
    expectKmsRefusal(await kms.post('describe-key', { key_id: doomed }), 'KMS.0207');
    const database = new DatabaseSync(file, { readOnly: true });
    const count = (table: string, column: string) =>
      database.prepare(`select count(*) as n from "${table}" where "${column}" = ?`).get(doomed)?.['n'];
    expect(count('keys', 'id')).toBe(0);
    for (const table of ['materials', 'aliases', 'tags', 'grants'])
      expect([table, count(table, 'keyId')]).toEqual([table, 0]);
    database.close();
  });

  test('its alias names nothing', async () => {
    const kms = await afterwards();
    expectKmsRefusal(await kms.post('describe-key', { key_id: 'alias/own' }), 'KMS.0207');
  });

  test('its alias no longer stands before the name of another key', async () => {
    const kms = await afterwards();
    expect((await kms.describe('alias/shared')).key_id).toBe(other);
  });

  test('what it encrypted stays shut', async () => {
    const clock = makeClock();
    const kms = kmsClient((await useSignet({ seed, now: clock.now })).url);
    const { cipher_text } = await kms.ask('encrypt-data', { key_id: doomed, ...aes });
    await kms.ask('schedule-key-deletion', { key_id: doomed, pending_days: '7' });
    clock.advance(7 * day);
    expectKmsRefusal(await kms.post('decrypt-data', { cipher_text }), 'KMS.2201');
    expectKmsRefusal(await kms.post('decrypt-data', { key_id: doomed, cipher_text }), 'KMS.0207');
  });

  /** Each asked of a server of its own, as the first: none needs another to clear away. */
  const lists: readonly (readonly [KmsAction, body: object, shown: object])[] = [
    ['list-keys', {}, { keys: [other], total: 1 }],
    ['GET user-instances', {}, { instance_num: 1 }],
    ['list-retirable-grants', {}, { grants: [], total: 0 }],
    ['GET aliases', {}, { aliases: [] }],
    ['GET tags', {}, { tags: [] }],
    ['resource_instances/action', { action: 'count', tags: [{ key: 'colour', values: ['red'] }] }, { total_count: 0 }],
    ['resource_instances/action', { action: 'filter', tags: [{ key: 'colour', values: [] }] }, { resources: [] }],
  ];
  test.each(lists)('%s %j does not show it, nor what belonged to it', async (action, body, shown) => {
    const kms = await afterwards();
    expect(await kms.ask(action, body)).toMatchObject(shown);
  });

  test('its quota is free', async () => {
    const kms = await afterwards();
    const { quotas } = await kms.ask('GET user-quotas', {});
    expect(quotas.resources.map(({ used }) => used)).toEqual([1, 0]);
  });

  const claims: readonly (readonly [KmsAction, body: object])[] = [
    ['create-key', { key_alias: 'doomed' }],
    ['update-key-alias', { key_id: other, key_alias: 'doomed' }],
    ['aliases', { key_id: other, alias: 'alias/own' }],
  ];
  test.each(claims)('%s %j: its names are free', async (action, body) => {
    const kms = await afterwards();
    expect((await kms.post(action, body)).status).toBeLessThan(300);
  });
});
