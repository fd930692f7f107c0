import { describe, expect, test } from 'vitest';
import { openssl, opensslAgrees } from '../crypto/outside/openssl.ts';
import { bytesOf, kmsClient, type KmsAction } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { encryptionKeys, encryptionSeed } from './encryption-keys.ts';

const kms = kmsClient((await useSignet({ seed: useSeed(encryptionSeed) })).url);

/** What openssl says of each key pair. */
const rows = [
  { action: 'create-rsa-datakey-pair', spec: 'RSA_2048', text: 'Private-Key: (2048 bit, 2 primes)' },
  { action: 'create-rsa-datakey-pair', spec: 'RSA_3072', text: 'Private-Key: (3072 bit, 2 primes)' },
  { action: 'create-rsa-datakey-pair', spec: 'RSA_4096', text: 'Private-Key: (4096 bit, 2 primes)' },
  { action: 'create-ec-datakey-pair', spec: 'ECC_NIST_P256', text: 'ASN1 OID: prime256v1' },
  { action: 'create-ec-datakey-pair', spec: 'ECC_NIST_P384', text: 'ASN1 OID: secp384r1' },
  { action: 'create-ec-datakey-pair', spec: 'ECC_NIST_P521', text: 'ASN1 OID: secp521r1' },
  { action: 'create-ec-datakey-pair', spec: 'ECC_SECG_P256K1', text: 'ASN1 OID: secp256k1' },
  { action: 'create-ec-datakey-pair', spec: 'SM2', text: 'ASN1 OID: SM2' },
] as const satisfies readonly { action: KmsAction; spec: string; text: string }[];

const pkey = (args: readonly string[], privateKey: Uint8Array): Buffer =>
  openssl(['pkey', '-inform', 'DER', '-in', 'key.der', ...args, '-out', 'out'], { 'key.der': privateKey });

/** A signature with one half is good for the other. */
function belongTogether(spec: string, privateKey: Uint8Array, publicKey: Uint8Array): boolean {
  const digest = spec === 'SM2' ? '-sm3' : '-sha256';
  const files = { 'key.pem': pkey([], privateKey), message: 'message' };
  const signature = openssl(['dgst', digest, '-sign', 'key.pem', '-out', 'out', 'message'], files);
  const publicPem = openssl(['pkey', '-pubin', '-inform', 'DER', '-in', 'key.der', '-out', 'out'], {
    'key.der': publicKey,
  });
  const args = ['dgst', digest, '-verify', 'public.pem', '-signature', 'signature', 'message'];
  return opensslAgrees(args, { 'public.pem': publicPem, signature, message: 'message' });
}

describe.each(rows)('$action of $spec', ({ action, spec, text }) => {
  const body = { key_id: encryptionKeys.AES_256, key_spec: spec };

  test('makes a key pair that openssl loads, and whose halves belong together', async () => {
    const answer = await kms.ask(action, body);
    const fields = ['key_id', 'key_spec', 'public_key', 'private_key_cipher_text', 'private_key_plain_text'];
    expect(Object.keys(answer)).toEqual(fields);
    expect(answer).toMatchObject(body);
    const privateKey = bytesOf(answer.private_key_plain_text ?? '');
    expect(pkey(['-noout', '-text', '-check'], privateKey).toString()).toContain(text);
    const publicKey = bytesOf(answer.public_key);
    expect(pkey(['-pubout', '-outform', 'DER'], privateKey).equals(publicKey)).toBe(true);
    expect(belongTogether(spec, privateKey, publicKey)).toBe(true);
  });

  test('wraps the private key so that decrypt-data opens it, with the same additional data only', async () => {
    const context = { additional_authenticated_data: 'of a tenant' };
    const answer = await kms.ask(action, { ...body, ...context });
    const wrapped = { cipher_text: answer.private_key_cipher_text };
    const { key_id: keyId, plain_text_base64: opened } = await kms.ask('decrypt-data', { ...wrapped, ...context });
    expect([keyId, opened]).toEqual([encryptionKeys.AES_256, answer.private_key_plain_text]);
    for (const other of [{}, { additional_authenticated_data: 'of another' }]) {
      expectKmsRefusal(await kms.post('decrypt-data', { ...wrapped, ...other }), 'KMS.2201');
    }
  });

  test.each([false, 'false'])('says nothing of the private key with with_plain_text: %j', async (withPlainText) => {
    const answer = await kms.ask(action, { ...body, key_id: 'alias/of-SM4', with_plain_text: withPlainText });
    expect(Object.keys(answer)).toEqual(['key_id', 'key_spec', 'public_key', 'private_key_cipher_text']);
    expect(answer.key_id).toBe(encryptionKeys.SM4);
    const { plain_text_base64: opened } = await kms.ask('decrypt-data', {
      cipher_text: answer.private_key_cipher_text,
    });
    expect(pkey(['-pubout', '-outform', 'DER'], bytesOf(opened)).equals(bytesOf(answer.public_key))).toBe(true);
  });

  test('makes another every time', async () => {
    const quiet = { ...body, with_plain_text: false };
    const [one, other] = await Promise.all([kms.ask(action, quiet), kms.ask(action, quiet)]);
    expect(one.public_key).not.toBe(other.public_key);
  });
});

test('a wrapped private key can be wrapped with another key', async () => {
  const body = { key_id: encryptionKeys.AES_256, key_spec: 'RSA_4096', with_plain_text: true };
  const pair = await kms.ask('create-rsa-datakey-pair', body);
  const { cipher_text: again } = await kms.ask('re-encrypt', {
    cipher_text: pair.private_key_cipher_text,
    destination_key_id: encryptionKeys.SM4,
  });
  const opened = await kms.ask('decrypt-data', { cipher_text: again });
  expect(opened).toMatchObject({ key_id: encryptionKeys.SM4, plain_text_base64: pair.private_key_plain_text });
});
