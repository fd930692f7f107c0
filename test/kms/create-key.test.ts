import { describe, expect, test } from 'vitest';
import { makeClock } from '../support/clock.ts';
import { domain, region } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSignet } from '../support/signet.ts';

const clock = makeClock();
const kms = kmsClient((await useSignet({ seed: 'none', now: clock.now })).url);

const ENCRYPT = 'ENCRYPT_DECRYPT';
const SIGN = 'SIGN_VERIFY';
const MAC = 'GENERATE_VERIFY_MAC';

/** What a key of each spec may be for, the default first; spec 3.2. */
const usages: Readonly<Record<string, readonly [string, ...string[]]>> = {
  AES_256: [ENCRYPT],
  SM4: [ENCRYPT],
  RSA_2048: [SIGN, ENCRYPT],
  RSA_3072: [SIGN, ENCRYPT],
  RSA_4096: [SIGN, ENCRYPT],
  EC_P256: [SIGN],
  EC_P384: [SIGN],
  SECP256K1: [SIGN],
  SM2: [SIGN, ENCRYPT],
  ED25519: [SIGN],
  HMAC_256: [MAC],
  HMAC_384: [MAC],
  HMAC_512: [MAC],
  HMAC_SM3: [MAC],
};
const specs = Object.keys(usages);
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Everything that describe-key says of a new key. */
const described = {
  domain_id: domain.id,
  realm: region,
  key_description: '',
  creation_date: String(clock.now()),
  scheduled_deletion_date: '',
  key_state: '2',
  default_key_flag: '0',
  key_type: '1',
  expiration_time: '',
  origin: 'kms',
  key_rotation_enabled: 'false',
  sys_enterprise_project_id: '0',
  keystore_id: '0',
};

describe.each(specs)('%s', (spec) => {
  const [usage, ...others] = usages[spec]!;

  test('is created, enabled, for its default usage, and described in strings', async () => {
    const { body, status } = await kms.post('create-key', { key_alias: `new/${spec}`, key_spec: spec });
    const { key_info: info } = body as { key_info: { key_id: string } };
    expect([status, body]).toStrictEqual([200, { key_info: { key_id: info.key_id, domain_id: domain.id } }]);
    expect(info.key_id).toMatch(uuid);
    const full = { ...described, key_id: info.key_id, key_alias: `new/${spec}`, key_spec: spec, key_usage: usage };
    expect(await kms.ask('describe-key', { key_id: info.key_id })).toStrictEqual({ key_info: full });
    const { key_details: details } = await kms.ask('list-keys', { key_spec: spec });
    expect(details).toContainEqual(full);
  });

  test.each([usage, ...others])('for %s', async (wanted) => {
    const id = await kms.create({ key_alias: `${wanted}/${spec}`, key_spec: spec, key_usage: wanted });
    expect(await kms.describe(id)).toMatchObject({ key_spec: spec, key_usage: wanted });
  });

  test.each([ENCRYPT, SIGN, MAC].filter((other) => !usages[spec]!.includes(other)))('not for %s', async (wanted) => {
    const body = { key_alias: `no/${wanted}/${spec}`, key_spec: spec, key_usage: wanted };
    expectKmsRefusal(await kms.post('create-key', body), 'KMS.0308');
  });

  test('with an external origin it waits for its material', async () => {
    const id = await kms.create({ key_alias: `external/${spec}`, key_spec: spec, origin: 'external' });
    expect(await kms.describe(id)).toMatchObject({ key_state: '5', origin: 'external', key_usage: usage });
  });
});

test('without a spec it is AES_256', async () => {
  const id = await kms.create({ key_alias: 'by-default' });
  expect(await kms.describe(id)).toStrictEqual({
    ...described,
    key_id: id,
    key_alias: 'by-default',
    key_spec: 'AES_256',
    key_usage: ENCRYPT,
  });
});

test("null and '' in optional fields mean that they are left out", async () => {
  for (const nothing of [null, '']) {
    const optional = ['key_spec', 'key_usage', 'key_description', 'origin', 'sequence', 'enterprise_project_id'];
    const body = Object.fromEntries(optional.map((name) => [name, nothing]));
    const id = await kms.create({ key_alias: `with-${JSON.stringify(nothing).length}-nothing`, ...body });
    expect(await kms.describe(id)).toMatchObject({ ...described, key_spec: 'AES_256' });
  }
});

test('fields of other clients and other years are read over', async () => {
  const others = {
    realm: 'eu-de',
    key_type: '1',
    key_policy: {},
    keystore_id: '0',
    vm_id: '',
    more: [1],
    __proto__: 1,
  };
  const id = await kms.create({ key_alias: 'of-another-year', ...others });
  expect((await kms.describe(id)).key_alias).toBe('of-another-year');
});

test('numbers are taken for text', async () => {
  const id = await kms.create({ key_alias: 12345, key_description: 678 });
  expect(await kms.describe(id)).toMatchObject({ key_alias: '12345', key_description: '678' });
});

test('the longest alias and description, and all the characters that an alias may have', async () => {
  const key_alias = 'aZ09:/_-'.padEnd(255, 'x');
  const key_description = '密钥 ✓ "quoted" \\ \n'.padEnd(255, 'é');
  const id = await kms.create({ key_alias, key_description });
  expect(await kms.describe(id)).toMatchObject({ key_alias, key_description });
});

test('enterprise_project_id is kept', async () => {
  const enterprise = '01234567-89ab-cdef-0123-456789abcdef';
  const id = await kms.create({ key_alias: 'enterprise', enterprise_project_id: enterprise });
  expect((await kms.describe(id)).sys_enterprise_project_id).toBe(enterprise);
});

test('of 50 that want one alias at once, one gets it', async () => {
  const wishes = Array.from({ length: 50 }, () => kms.post('create-key', { key_alias: 'wanted', key_spec: 'EC_P256' }));
  const answers = await Promise.all(wishes);
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused).toHaveLength(49);
  for (const answer of refused) expectKmsRefusal(answer, 'KMS.1104');
  const { key_details: details } = await kms.ask('list-keys', {});
  expect(details.filter(({ key_alias: alias }) => alias === 'wanted')).toHaveLength(1);
});
