import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keySpecs } from '../../src/crypto/key-specs.ts';
import { signingAlgorithms, type SigningAlgorithmName } from '../../src/crypto/signing-algorithms.ts';
import { openssl, opensslCommand } from '../crypto/outside/openssl.ts';
import { testKey } from '../crypto/test-keys.ts';
import { day, makeClock, second } from '../support/clock.ts';
import { base64, bytesOf, kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSignet } from '../support/signet.ts';
import { sm2ClientDigest } from '../support/sm2-digest.ts';
import {
  algorithms,
  keyWrapped,
  outsidePair,
  pairParcelFor,
  pairSpecs,
  parcelFor,
  type PairSpec,
} from './outside-wrapping.ts';

const clock = makeClock();
const kms = kmsClient((await useSignet({ seed: 'none', now: clock.now })).url);

let count = 0;
const newKey = (spec: string, more: object = {}): Promise<string> =>
  kms.create({ key_alias: `key-${++count}`, key_spec: spec, origin: 'external', ...more });

const algorithmOf: Readonly<Record<PairSpec, SigningAlgorithmName>> = {
  RSA_2048: 'RSASSA_PSS_SHA_256',
  RSA_3072: 'RSASSA_PKCS1_V1_5_SHA_384',
  RSA_4096: 'RSASSA_PSS_SHA_512',
  EC_P256: 'ECDSA_SHA_256',
  EC_P384: 'ECDSA_SHA_384',
  SECP256K1: 'ECDSA_SHA_256',
  SM2: 'SM2DSA_SM3',
  ED25519: 'ED25519_SHA_512',
};

const spkiOf = async (keyId: string): Promise<Buffer> => {
  const { public_key: pem } = await kms.ask('get-publickey', { key_id: keyId });
  return bytesOf(pem.replaceAll(/-----[^-]+-----|\s/g, ''));
};

describe.each(pairSpecs)('a private key for %s that openssl has made', (spec) => {
  const pair = outsidePair(spec);

  test.each([16, 32])('comes in under an AES key of %i bytes, and signs what openssl verifies', async (length) => {
    const id = await newKey(spec);
    const parcel = await pairParcelFor(kms, id, pair.privateKey, { temporaryKey: randomBytes(length) });
    const { status, body } = await kms.post('import-key-material', parcel);
    expect([status, body]).toStrictEqual([200, {}]);
    expect(await kms.describe(id)).toMatchObject({ key_state: '2', origin: 'external', expiration_time: '' });
    expect((await spkiOf(id)).equals(pair.publicKey)).toBe(true);

    const message = randomBytes(100);
    const key = testKey(keySpecs[spec], pair.privateKey, pair.publicKey);
    const algorithm = algorithmOf[spec];
    const sm2 = { message: base64(sm2ClientDigest(key.publicPem, message)), message_type: 'DIGEST' };
    const raw = { message: base64(message), message_type: 'RAW' };
    const request = { key_id: id, signing_algorithm: algorithm, ...(spec === 'SM2' ? sm2 : raw) };
    const { signature } = await kms.ask('sign', request);
    expect(opensslCommand.verify(signingAlgorithms[algorithm], key, message, bytesOf(signature))).toBe(true);
    const outside = opensslCommand.sign(signingAlgorithms[algorithm], key, message);
    expect(await kms.ask('verify', { ...request, signature: base64(outside) })).toMatchObject({
      signature_valid: 'true',
    });
  });
});

test.each(algorithms)('its AES key may be wrapped by %s', async (algorithm) => {
  const pair = outsidePair('EC_P256');
  const id = await newKey('EC_P256');
  await kms.ask('import-key-material', await pairParcelFor(kms, id, pair.privateKey, { algorithm }));
  expect((await spkiOf(id)).equals(pair.publicKey)).toBe(true);
});

test('a key pair that encrypts takes a private key as well', async () => {
  const pair = outsidePair('RSA_2048');
  const id = await newKey('RSA_2048', { key_usage: 'ENCRYPT_DECRYPT' });
  await kms.ask('import-key-material', await pairParcelFor(kms, id, pair.privateKey));
  expect((await spkiOf(id)).equals(pair.publicKey)).toBe(true);
});

describe('refused', () => {
  const { privateKey } = outsidePair('EC_P256');
  const sec1 = openssl(['ec', '-inform', 'DER', '-in', 'key', '-outform', 'DER', '-out', 'out'], { key: privateKey });
  const aes = Buffer.alloc(32, 7);

  const rows: readonly (readonly [why: string, code: string, changes: object])[] = [
    ['no private key', 'KMS.2608', { encrypted_privatekey: undefined }],
    ['an empty private key', 'KMS.2608', { encrypted_privatekey: '' }],
    ['a private key in other characters', 'KMS.2609', { encrypted_privatekey: '?'.repeat(200) }],
    ['a private key that is not wrapped', 'KMS.2609', { encrypted_privatekey: base64(privateKey) }],
    ['one under another AES key', 'KMS.2609', { encrypted_privatekey: keyWrapped(randomBytes(32), privateKey) }],
    [
      'one under an AES key of another length',
      'KMS.2609',
      { encrypted_privatekey: keyWrapped(aes.subarray(16), privateKey) },
    ],
    ['something else that is wrapped', 'KMS.2609', { encrypted_privatekey: keyWrapped(aes, Buffer.alloc(100)) }],
    ['a key in SEC 1', 'KMS.2609', { encrypted_privatekey: keyWrapped(aes, sec1) }],
    ["another curve's key", 'KMS.2609', { encrypted_privatekey: keyWrapped(aes, outsidePair('EC_P384').privateKey) }],
    ['an RSA key', 'KMS.2609', { encrypted_privatekey: keyWrapped(aes, outsidePair('RSA_2048').privateKey) }],
    ['an Ed25519 key', 'KMS.2609', { encrypted_privatekey: keyWrapped(aes, outsidePair('ED25519').privateKey) }],
  ];
  test.each(rows)('%s: %s', async (_why, code, changes) => {
    const id = await newKey('EC_P256');
    const parcel = { ...(await pairParcelFor(kms, id, privateKey)), ...changes };
    expectKmsRefusal(await kms.post('import-key-material', parcel), code);
    expect((await kms.describe(id)).key_state).toBe('5');
  });

  test.each([1, 15, 17, 24, 31, 33, 48])('an AES key of %i bytes: KMS.2610', async (length) => {
    const id = await newKey('EC_P256');
    const parcel = await parcelFor(kms, id, randomBytes(length));
    const answer = await kms.post('import-key-material', {
      ...parcel,
      encrypted_privatekey: keyWrapped(aes, privateKey),
    });
    expectKmsRefusal(answer, 'KMS.2610');
  });

  test.each([
    ['RSA_3072', 'RSA_2048'],
    ['EC_P256', 'SECP256K1'],
    ['EC_P256', 'SM2'],
    ['SM2', 'EC_P256'],
    ['ED25519', 'EC_P256'],
  ] as const)('for %s a key of %s: KMS.2609', async (spec, other) => {
    const id = await newKey(spec);
    const parcel = await pairParcelFor(kms, id, outsidePair(other).privateKey);
    expectKmsRefusal(await kms.post('import-key-material', parcel), 'KMS.2609');
  });
});

describe('a private key that was imported', () => {
  test.each(['enabled', 'disabled'])('cannot be deleted while %s: KMS.2702', async (state) => {
    const id = await newKey('EC_P256');
    await kms.ask('import-key-material', await pairParcelFor(kms, id, outsidePair('EC_P256').privateKey));
    if (state === 'disabled') await kms.ask('disable-key', { key_id: id });
    const before = await kms.describe(id);
    expectKmsRefusal(await kms.post('delete-imported-key-material', { key_id: id }), 'KMS.2702');
    expect(await kms.describe(id)).toEqual(before);
  });

  test('signs until it expires, not after, and again when it has been imported again', async () => {
    const { privateKey, publicKey } = outsidePair('EC_P256');
    const id = await newKey('EC_P256');
    const expiration_time = Math.floor(clock.now() / second) + 100;
    await kms.ask('import-key-material', { ...(await pairParcelFor(kms, id, privateKey)), expiration_time });
    const request = { key_id: id, message: 'AAAA', signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' };
    const { signature } = await kms.ask('sign', request);
    clock.advance(100 * second);
    expectKmsRefusal(await kms.post('sign', request), 'KMS.0308');
    expectKmsRefusal(await kms.post('verify', { ...request, signature }), 'KMS.0308');
    expectKmsRefusal(await kms.post('get-publickey', { key_id: id }), 'KMS.0308');
    expect(await kms.describe(id)).toMatchObject({ key_state: '5', expiration_time: '' });

    const other = await pairParcelFor(kms, id, outsidePair('EC_P256').privateKey);
    expectKmsRefusal(await kms.post('import-key-material', other), 'KMS.2606');
    await kms.ask('import-key-material', await pairParcelFor(kms, id, privateKey));
    expect((await kms.ask('verify', { ...request, signature })).signature_valid).toBe('true');
    expect((await spkiOf(id)).equals(publicKey)).toBe(true);
    clock.advance(1000 * day);
    expect((await kms.ask('sign', request)).key_id).toBe(id);
  });
});
