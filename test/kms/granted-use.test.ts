/** What a grant lets a user of another account do with a key: exactly what it names. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/http.ts';
import { domain } from '../support/identity.ts';
import type { KmsAction, KmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { guests, sharedKeys, twoAccounts, usersOf } from './two-accounts.ts';

const { url } = await useSignet({ seed: useSeed(twoAccounts) });
const { ann, bob, dora } = usersOf(url);

/** A key of Ann's, and what she has encrypted with it. */
interface Shared {
  readonly key_id: string;
  readonly ciphertext: string;
  readonly wrapped: string;
}

let made = 0;
async function newShared(): Promise<Shared> {
  const key_id = await ann.create({ key_alias: `shared-${++made}` });
  const { cipher_text: ciphertext } = await ann.ask('encrypt-data', { key_id, plain_text: 'for those who may' });
  const { cipher_text: wrapped } = await ann.ask('create-datakey', { key_id, datakey_length: '512' });
  return { key_id, ciphertext, wrapped };
}

const bytes = Buffer.alloc(64, 7);
const plain_text = Buffer.concat([bytes, createHash('sha256').update(bytes).digest()]).toString('hex');

/** Every use that a grant can allow, and the operation that it must name; retire-grant ends the grant and is shown with the others. */
const uses: Readonly<
  Record<string, readonly [operation: string, use: (by: KmsClient, of: Shared) => Promise<Answer>]>
> = {
  'describe-key': ['describe-key', (by, { key_id }) => by.post('describe-key', { key_id })],
  'encrypt-data': ['encrypt-data', (by, { key_id }) => by.post('encrypt-data', { key_id, plain_text: 'hello' })],
  'decrypt-data': [
    'decrypt-data',
    (by, { key_id, ciphertext }) => by.post('decrypt-data', { key_id, cipher_text: ciphertext }),
  ],
  'decrypt-data without the key id': [
    'decrypt-data',
    (by, { ciphertext }) => by.post('decrypt-data', { cipher_text: ciphertext }),
  ],
  'create-datakey': ['create-datakey', (by, { key_id }) => by.post('create-datakey', { key_id })],
  'create-datakey-without-plaintext': [
    'create-datakey-without-plaintext',
    (by, { key_id }) => by.post('create-datakey-without-plaintext', { key_id }),
  ],
  'encrypt-datakey': [
    'encrypt-datakey',
    (by, { key_id }) => by.post('encrypt-datakey', { key_id, plain_text, datakey_plain_length: '64' }),
  ],
  'decrypt-datakey': [
    'decrypt-datakey',
    (by, { key_id, wrapped }) =>
      by.post('decrypt-datakey', { key_id, cipher_text: wrapped, datakey_cipher_length: '64' }),
  ],
  'create-grant': [
    'create-grant',
    (by, { key_id }) =>
      by.post('create-grant', { key_id, grantee_principal: 'somebody', operations: ['create-grant', 'retire-grant'] }),
  ],
};

const outcome = ({ status, body }: Answer): string =>
  status === 200 ? '200' : `${status} ${(body as { error: { error_code: string } }).error.error_code}`;

/** What comes of every use. */
async function outcomes(by: KmsClient, of: Shared): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, [, use]] of Object.entries(uses)) found[name] = outcome(await use(by, of));
  return found;
}

const allOf = (answer: (operation: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(uses).map(([name, [operation]]) => [name, answer(operation)]));
/** What says whether another account has a key: only a ciphertext that names it, and of that nothing is told. */
const nothing = { ...allOf(() => '404 KMS.0207'), 'decrypt-data without the key id': '400 KMS.2201' };
const only = (operations: readonly string[]) =>
  allOf((operation) => (operations.includes(operation) ? '200' : '403 KMS.0306'));

const grant = async ({ key_id }: Shared, differences: object): Promise<{ key_id: string; grant_id: string }> => {
  const { grant_id } = await ann.ask('create-grant', { key_id, grantee_principal: guests.bob.id, ...differences });
  return { key_id, grant_id };
};

const toDomain = { grantee_principal: guests.domain.id, grantee_principal_type: 'domain' };
const grantees = {
  'a user': { grantee_principal: guests.bob.id },
  'the domain of a user': toDomain,
} as const;

/** What a grant may name; create-grant never alone. */
const operations: readonly (readonly string[])[] = [
  ...[...new Set(Object.values(uses).map(([operation]) => operation))]
    .filter((name) => name !== 'create-grant')
    .map((name) => [name]),
  ['retire-grant'],
  ['create-grant', 'retire-grant'],
];

test('without a grant a key of another account does not exist', async () => {
  const shared = await newShared();
  expect(await outcomes(bob, shared)).toEqual(nothing);
  await grant(shared, { grantee_principal: guests.dora.id, operations: ['describe-key'] });
  expect(await outcomes(bob, shared)).toEqual(nothing);
});

describe.each(Object.entries(grantees))('a grant for %s', (_, grantee) => {
  test.each(operations.map((names) => [names.join(', '), names] as const))(
    '%s: that, and nothing else',
    async (_names, names) => {
      const shared = await newShared();
      await grant(shared, { ...grantee, operations: names });
      expect(await outcomes(bob, shared)).toEqual(only(names));
      expect(await outcomes(dora, shared)).toEqual(grantee === toDomain ? only(names) : nothing);
    },
  );

  test('retired by its grantee, it is as if it had never been', async () => {
    const shared = await newShared();
    const given = await grant(shared, { ...grantee, operations: ['encrypt-data', 'retire-grant'] });
    expect(await outcomes(bob, shared)).toEqual(only(['encrypt-data']));
    expect(outcome(await bob.post('retire-grant', given))).toBe('200');
    expect(await outcomes(bob, shared)).toEqual(nothing);
  });

  test('revoked, it is as if it had never been', async () => {
    const shared = await newShared();
    const given = await grant(shared, { ...grantee, operations: ['decrypt-data'] });
    expect(await outcomes(bob, shared)).toEqual(only(['decrypt-data']));
    await ann.ask('revoke-grant', given);
    expect(await outcomes(bob, shared)).toEqual(nothing);
  });
});

test('several grants add up, and each is taken away by itself', async () => {
  const shared = await newShared();
  await grant(shared, { operations: ['encrypt-data'] });
  const second = await grant(shared, { ...toDomain, operations: ['decrypt-data', 'describe-key'] });
  expect(await outcomes(bob, shared)).toEqual(only(['encrypt-data', 'decrypt-data', 'describe-key']));
  await ann.ask('revoke-grant', second);
  expect(await outcomes(bob, shared)).toEqual(only(['encrypt-data']));
});

test('what the grantee encrypts the owner decrypts, and the other way round', async () => {
  const shared = await newShared();
  await grant(shared, { operations: ['encrypt-data', 'decrypt-data', 'create-datakey', 'decrypt-datakey'] });
  const { cipher_text } = await bob.ask('encrypt-data', { key_id: shared.key_id, plain_text: 'from Bob' });
  expect(await ann.ask('decrypt-data', { cipher_text })).toMatchObject({
    key_id: shared.key_id,
    plain_text: 'from Bob',
  });
  expect((await bob.ask('decrypt-data', { cipher_text: shared.ciphertext })).plain_text).toBe('for those who may');
  const datakey = await bob.ask('create-datakey', { key_id: shared.key_id, datakey_length: '512' });
  const unwrapping = { key_id: shared.key_id, cipher_text: datakey.cipher_text, datakey_cipher_length: '64' };
  expect((await ann.ask('decrypt-datakey', unwrapping)).data_key).toBe(datakey.plain_text);
});

/** What is encrypted anew: how its ciphertext is made, and what a grant must allow. */
const reEncrypted = {
  data: {
    make: (kms: KmsClient, key_id: string) => kms.ask('encrypt-data', { key_id, plain_text: 'secret' }),
    said: {},
    ...{ decrypting: 'decrypt-data', encrypting: 'encrypt-data', others: ['decrypt-datakey', 'encrypt-datakey'] },
  },
  'a data key': {
    make: (kms: KmsClient, key_id: string) => kms.ask('create-datakey', { key_id, datakey_length: '512' }),
    said: { datakey_cipher_length: '64' },
    ...{ decrypting: 'decrypt-datakey', encrypting: 'encrypt-datakey', others: ['decrypt-data', 'encrypt-data'] },
  },
} as const;

test.each(Object.entries(reEncrypted))(
  're-encrypting %s wants the right to decrypt it with the source and to encrypt it with the destination',
  async (_what, { make, said, decrypting, encrypting, others }) => {
    const shared = await newShared();
    const { cipher_text: theirs } = await make(ann, shared.key_id);
    const { cipher_text: ours } = await make(bob, guests.key);
    const here = { cipher_text: theirs, destination_key_id: guests.key, ...said };
    const there = { cipher_text: ours, destination_key_id: shared.key_id, ...said };
    const both = async () => [
      outcome(await bob.post('re-encrypt', here)),
      outcome(await bob.post('re-encrypt', there)),
    ];
    expect(await both()).toEqual(['400 KMS.2201', '404 KMS.0207']);
    await grant(shared, { operations: others });
    expect(await both()).toEqual(['403 KMS.0306', '403 KMS.0306']);
    const given = await grant(shared, { operations: [decrypting, 'describe-key'] });
    expect(await both()).toEqual(['200', '403 KMS.0306']);
    await grant(shared, { operations: [encrypting] });
    expect(await both()).toEqual(['200', '200']);
    await ann.ask('revoke-grant', given);
    expect(await both()).toEqual(['403 KMS.0306', '200']);
  },
);

test("the key's state counts for the grantee, too", async () => {
  const shared = await newShared();
  await grant(shared, { operations: ['encrypt-data', 'describe-key'] });
  await ann.ask('disable-key', { key_id: shared.key_id });
  expectKmsRefusal(await bob.post('encrypt-data', { key_id: shared.key_id, plain_text: 'x' }), 'KMS.0209');
  expect((await bob.describe(shared.key_id)).key_state).toBe('3');
});

describe('with everything granted that there is to grant', () => {
  const everything = { operations: [...new Set(operations.flat())] };
  beforeAll(async () => {
    for (const key_id of Object.values(sharedKeys))
      await ann.ask('create-grant', { key_id, ...toDomain, ...everything });
  });

  const aes = { key_id: sharedKeys.AES_256 };
  const signing = {
    key_id: sharedKeys.EC_P256,
    message: 'AAAA',
    signing_algorithm: 'ECDSA_SHA_256',
    message_type: 'RAW',
  };
  const never: readonly (readonly [KmsAction, body: object])[] = [
    ['sign', signing],
    ['verify', { ...signing, signature: 'AAAA' }],
    ['get-publickey', { key_id: sharedKeys.EC_P256 }],
    ['enable-key', aes],
    ['disable-key', aes],
    ['schedule-key-deletion', { ...aes, pending_days: '7' }],
    ['cancel-key-deletion', aes],
    ['update-key-alias', { ...aes, key_alias: 'theirs' }],
    ['update-key-description', { ...aes, key_description: 'theirs' }],
    ['enable-key-rotation', aes],
    ['get-key-rotation-status', aes],
    ['rotate-on-demand', aes],
    ['create-rsa-datakey-pair', { ...aes, key_spec: 'RSA_2048' }],
    ['create-ec-datakey-pair', { ...aes, key_spec: 'ECC_NIST_P256' }],
    ['list-grants', aes],
    ['aliases', { ...aes, alias: 'theirs' }],
    ['GET aliases', aes],
    ['alias/associate', { target_key_id: sharedKeys.AES_256, alias: 'theirs' }],
    ['{key_id}/tags', { ...aes, tag: { key: 'theirs' } }],
    ['GET {key_id}/tags', aes],
  ];
  test.each(never)('%s is not', async (action, body) => {
    expectKmsRefusal(await bob.post(action, body), 'KMS.0207');
  });

  test.each([
    ['an alias', 'alias/shared'],
    ['the URN of an alias', `kms:eu-de:${domain.id}:alias:shared`],
  ])('%s of another account means nothing', async (_, key_id) => {
    expectKmsRefusal(await bob.post('describe-key', { key_id }), 'KMS.0207');
    expectKmsRefusal(await bob.post('encrypt-data', { key_id, plain_text: 'x' }), 'KMS.0207');
    expect((await ann.describe(key_id)).key_id).toBe(sharedKeys.AES_256);
  });

  test('the key is not among those that the grantee lists, counts or finds', async () => {
    expect((await bob.ask('list-keys', {})).keys).toEqual([guests.key]);
    expect((await bob.ask('GET user-instances', {})).instance_num).toBe(1);
    expect((await bob.ask('resource_instances/action', { action: 'count' })).total_count).toBe(1);
  });
});
