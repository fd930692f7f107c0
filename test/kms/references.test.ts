import { describe, expect, test } from 'vitest';
import { domain } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { kinds, manyStates, otherProject, states, strangersKey, tokens } from '../support/many-states.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const { url } = await useSignet({ seed: useSeed(manyStates) });
const kms = kmsClient(url);
const other = kmsClient(url, { token: tokens.otherProject, projectId: otherProject.id });

const sign = { message: 'AAAA', signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' };
const urn = (name: string, of: string = domain.id): string => `kms:eu-de:${of}:alias:${name}`;

/** What a client may write for the key. */
const references = {
  'its id': states.enabled,
  'an alias object': 'alias/of-enabled',
  'an alias object without the prefix': 'alias/plain-of-enabled',
  'its key_alias': 'alias/enabled',
  'the URN of an alias object': urn('of-enabled'),
  'the URN of an alias object, with the prefix': urn('alias/of-enabled'),
  'the URN of an alias object without the prefix': urn('plain-of-enabled'),
  'the URN of its key_alias': urn('enabled'),
  'a URN that names another part of the region': urn('enabled').replace('eu-de', 'eu-de-ring0'),
};

describe('sign, verify, get-publickey and describe-key find a key', () => {
  test.each(Object.entries(references))('by %s', async (_name, reference) => {
    const { key_id: id, signature } = await kms.ask('sign', { ...sign, key_id: reference });
    expect(id).toBe(states.enabled);
    expect(await kms.ask('verify', { ...sign, key_id: reference, signature })).toStrictEqual({
      key_id: states.enabled,
      signature_valid: 'true',
    });
    expect((await kms.ask('get-publickey', { key_id: reference })).key_id).toBe(states.enabled);
    expect((await kms.describe(reference)).key_id).toBe(states.enabled);
  });

  test.each(['alias/Enabled', 'alias/alias/enabled', urn('missing'), urn('enabled', 'nobody'), 'alias/*', 'alias/of%'])(
    'not by %s',
    async (reference) => {
      expectKmsRefusal(await kms.post('sign', { ...sign, key_id: reference }), 'KMS.0207');
      expectKmsRefusal(await kms.post('describe-key', { key_id: reference }), 'KMS.0207');
    },
  );

  test.each(['alias/', 'enabled', 'kms:eu-de:alias:x', urn(''), 'kms:::', `alias/${'x'.repeat(600)}`])(
    '%s is no reference',
    async (reference) => {
      expectKmsRefusal(await kms.post('sign', { ...sign, key_id: reference }), 'KMS.0205');
      expectKmsRefusal(await kms.post('describe-key', { key_id: reference }), 'KMS.0205');
    },
  );
});

test("an alias object comes before another key's key_alias of that name", async () => {
  const id = await kms.create({ key_alias: 'of-enabled', key_spec: 'ED25519' });
  expect((await kms.describe('alias/of-enabled')).key_id).toBe(states.enabled);
  expect((await kms.describe(id)).key_alias).toBe('of-enabled');
});

test('renamed, a key is found by its new key_alias only', async () => {
  const body = { key_id: kinds.ED25519, key_alias: 'ed25519/renamed' };
  expect(await kms.ask('update-key-alias', body)).toStrictEqual({ key_info: body });
  expect((await kms.describe('alias/ed25519/renamed')).key_id).toBe(kinds.ED25519);
  expectKmsRefusal(await kms.post('describe-key', { key_id: 'alias/ed25519' }), 'KMS.0207');
  // Its own name is not another key's, and the old one is free.
  expect(await kms.ask('update-key-alias', body)).toStrictEqual({ key_info: body });
  await kms.create({ key_alias: 'ed25519' });
});

test('a description is changed, also to none', async () => {
  for (const key_description of ['ü'.repeat(255), 'short', '']) {
    const body = { key_id: kinds.SM2, key_description };
    expect(await kms.ask('update-key-description', body)).toStrictEqual({ key_info: body });
    expect((await kms.describe(kinds.SM2)).key_description).toBe(key_description);
  }
});

describe("another project's key does not exist", () => {
  const ways = [strangersKey, 'alias/of-stranger', 'alias/strangers', urn('strangers')];

  test.each(ways)('%s', async (reference) => {
    expectKmsRefusal(await kms.post('sign', { ...sign, key_id: reference }), 'KMS.0207');
    expectKmsRefusal(await kms.post('describe-key', { key_id: reference }), 'KMS.0207');
    expect((await other.describe(reference)).key_id).toBe(strangersKey);
  });

  test('nor can it be changed, and it has names of its own', async () => {
    const before = await other.describe(strangersKey);
    for (const action of [
      'disable-key',
      'schedule-key-deletion',
      'update-key-alias',
      'update-key-description',
    ] as const) {
      const body = { key_id: strangersKey, pending_days: '7', key_alias: 'mine', key_description: 'mine' };
      expectKmsRefusal(await kms.post(action, body), 'KMS.0207');
    }
    expect(await other.describe(strangersKey)).toEqual(before);
    await kms.create({ key_alias: 'strangers' });
    await other.create({ key_alias: 'enabled' });
  });
});
