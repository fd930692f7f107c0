import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { opensslEncryption } from '../crypto/outside/public-key-encryption.ts';
import { base64, bytesOf, kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { encryptionKeys, encryptionSeed, pemsOf } from './encryption-keys.ts';
import { openOutside } from './outside-ciphertexts.ts';

const kms = kmsClient((await useSignet({ seed: useSeed(encryptionSeed) })).url);

const ways = [
  { key: encryptionKeys.AES_256, algorithm: 'SYMMETRIC_DEFAULT' },
  { key: encryptionKeys.SM4, algorithm: 'SYMMETRIC_DEFAULT' },
  { key: encryptionKeys.RSA_2048, algorithm: 'RSAES_OAEP_SHA_1' },
  { key: encryptionKeys.RSA_2048, algorithm: 'RSAES_OAEP_SHA_256' },
  { key: encryptionKeys.SM2, algorithm: 'SM2_ENCRYPT' },
] as const;
type Way = (typeof ways)[number];

const nameOf = ({ key, algorithm }: Way) => `${algorithm} of ${key.slice(0, 8)}`;
const pairs = ways.flatMap((from) => ways.map((to) => ({ from, to, name: `${nameOf(from)} to ${nameOf(to)}` })));

const encrypt = async ({ key, algorithm }: Way, more: object = {}): Promise<string> => {
  const body = { key_id: key, encryption_algorithm: algorithm, plain_text: 'Grüße', ...more };
  return (await kms.ask('encrypt-data', body)).cipher_text;
};
const decrypt = ({ key, algorithm }: Way, cipher_text: string, more: object = {}) =>
  kms.post('decrypt-data', { key_id: key, encryption_algorithm: algorithm, cipher_text, ...more });

const bodyOf = (from: Way, to: Way) => ({
  source_key_id: from.key,
  source_encryption_algorithm: from.algorithm,
  destination_key_id: to.key,
  destination_encryption_algorithm: to.algorithm,
});
const [aes, sm4, rsa, , sm2] = ways;

describe('re-encrypt', () => {
  test.each(pairs)('$name', async ({ from, to }) => {
    const answer = await kms.ask('re-encrypt', { ...bodyOf(from, to), cipher_text: await encrypt(from) });
    expect(answer).toStrictEqual({
      key_id: to.key,
      source_key_id: from.key,
      source_encryption_algorithm: from.algorithm,
      destination_encryption_algorithm: to.algorithm,
      cipher_text: answer.cipher_text,
    });
    expect((await decrypt(to, answer.cipher_text)).body).toMatchObject({ key_id: to.key, plain_text: 'Grüße' });
  });

  test('makes what openssl opens', async () => {
    const cipherText = await encrypt(aes);
    for (const to of [rsa, sm2]) {
      const { cipher_text: made } = await kms.ask('re-encrypt', { ...bodyOf(aes, to), cipher_text: cipherText });
      const { privatePem } = pemsOf(to === rsa ? 'RSA_2048' : 'SM2');
      expect(opensslEncryption.decrypt(to.algorithm, privatePem, bytesOf(made)).toString()).toBe('Grüße');
    }
  });

  test('takes what openssl made', async () => {
    for (const from of [rsa, sm2]) {
      const { publicPem } = pemsOf(from === rsa ? 'RSA_2048' : 'SM2');
      const data = randomBytes(32);
      const made = base64(opensslEncryption.encrypt(from.algorithm, publicPem, data));
      const { cipher_text: again } = await kms.ask('re-encrypt', { ...bodyOf(from, aes), cipher_text: made });
      expect((await decrypt(aes, again)).body).toMatchObject({ plain_text_base64: base64(data) });
    }
  });

  test('finds the source in the ciphertext, and both algorithms are SYMMETRIC_DEFAULT where nothing is said', async () => {
    const body = { destination_key_id: 'alias/of-SM4', cipher_text: await encrypt(aes) };
    const answer = await kms.ask('re-encrypt', body);
    expect(answer).toMatchObject({
      source_key_id: aes.key,
      key_id: sm4.key,
      source_encryption_algorithm: 'SYMMETRIC_DEFAULT',
      destination_encryption_algorithm: 'SYMMETRIC_DEFAULT',
    });
    expectKmsRefusal(await kms.post('re-encrypt', { ...body, source_key_id: sm4.key }), 'KMS.2201');
  });

  test('wants the context of the source, and keeps that of the destination', async () => {
    const body = {
      ...bodyOf(aes, sm4),
      cipher_text: await encrypt(aes, { encryption_context: 'old' }),
      destination_additional_authenticated_data: 'new',
    };
    for (const wrong of [undefined, 'new', 'Old']) {
      const asked = { ...body, source_additional_authenticated_data: wrong };
      expectKmsRefusal(await kms.post('re-encrypt', asked), 'KMS.2201');
    }
    const { cipher_text: made } = await kms.ask('re-encrypt', { ...body, source_additional_authenticated_data: 'old' });
    expectKmsRefusal(await decrypt(sm4, made), 'KMS.2201');
    expectKmsRefusal(await decrypt(sm4, made, { encryption_context: 'old' }), 'KMS.2201');
    expect((await decrypt(sm4, made, { encryption_context: 'new' })).status).toBe(200);
  });

  test('refuses a plaintext that is too long for the destination', async () => {
    const cipherText = await encrypt(aes, { plain_text: 'x'.repeat(215) });
    expectKmsRefusal(await kms.post('re-encrypt', { ...bodyOf(aes, rsa), cipher_text: cipherText }), 'KMS.2108');
    expect((await kms.post('re-encrypt', { ...bodyOf(aes, sm2), cipher_text: cipherText })).status).toBe(200);
  });

  test('refuses a disabled source that only the ciphertext names', async () => {
    const key = await kms.create({ key_alias: 'switched' });
    const { cipher_text: made } = await kms.ask('encrypt-data', { key_id: key, plain_text: 'text' });
    await kms.ask('disable-key', { key_id: key });
    expectKmsRefusal(await kms.post('re-encrypt', { destination_key_id: aes.key, cipher_text: made }), 'KMS.0209');
    expectKmsRefusal(
      await kms.post('re-encrypt', { destination_key_id: key, cipher_text: await encrypt(aes) }),
      'KMS.0209',
    );
  });
});

describe('re-encrypt with datakey_cipher_length', () => {
  const create = (more: object = {}) => kms.ask('create-datakey', { key_id: aes.key, datakey_length: '512', ...more });
  const body = { destination_key_id: sm4.key, datakey_cipher_length: '64' };

  test('wraps a data key with another key, in hex', async () => {
    const { plain_text: plain, cipher_text: wrapped } = await create();
    const answer = await kms.ask('re-encrypt', { ...body, cipher_text: wrapped });
    expect(answer.source_key_id).toBe(aes.key);
    expect(answer.cipher_text).toMatch(/^02009800[0-9A-F]{368}$/);
    const opened = openOutside('SM4', 'data key', Buffer.from(answer.cipher_text, 'hex'));
    expect(opened).toMatchObject({ keyId: sm4.key, isGenuine: true, content: Buffer.from(plain, 'hex') });
    const unwrapping = { key_id: sm4.key, cipher_text: answer.cipher_text, datakey_cipher_length: '64' };
    expect((await kms.ask('decrypt-datakey', unwrapping)).data_key).toBe(plain);
  });

  test('wants the context of the source or none, as decrypt-datakey does', async () => {
    const { cipher_text: wrapped } = await create({ additional_authenticated_data: 'old' });
    const asked = { ...body, cipher_text: wrapped };
    expect((await kms.post('re-encrypt', asked)).status).toBe(200);
    const say = (context: string) =>
      kms.post('re-encrypt', { ...asked, source_additional_authenticated_data: context });
    expect((await say('old')).status).toBe(200);
    expectKmsRefusal(await say('new'), 'KMS.2201');
  });

  test('refuses another length, and what is no data key', async () => {
    const { cipher_text: wrapped } = await create();
    const asked = { ...body, cipher_text: wrapped };
    expectKmsRefusal(await kms.post('re-encrypt', { ...asked, datakey_cipher_length: '63' }), 'KMS.2204');
    expectKmsRefusal(await kms.post('re-encrypt', { ...asked, datakey_cipher_length: '0' }), 'KMS.2202');
    expectKmsRefusal(await kms.post('re-encrypt', { ...asked, datakey_cipher_length: '1025' }), 'KMS.2202');
    expectKmsRefusal(await kms.post('re-encrypt', { ...asked, cipher_text: `${wrapped}zz` }), 'KMS.2201');
    const ofData = bytesOf(await encrypt(aes)).toString('hex');
    expectKmsRefusal(await kms.post('re-encrypt', { ...asked, cipher_text: ofData }), 'KMS.2201');
    expectKmsRefusal(await kms.post('re-encrypt', { ...bodyOf(aes, sm4), cipher_text: wrapped }), 'KMS.2201');
  });
});
