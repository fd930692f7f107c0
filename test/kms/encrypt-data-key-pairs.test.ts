import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { forgeEncryption, opensslEncryption } from '../crypto/outside/public-key-encryption.ts';
import { base64, bytesOf, kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { encryptionKeys, encryptionSeed, pemsOf, rsaSpecs } from './encryption-keys.ts';

const kms = kmsClient((await useSignet({ seed: useSeed(encryptionSeed) })).url);

const oaep = { RSAES_OAEP_SHA_1: 20, RSAES_OAEP_SHA_256: 32 } as const;
const moduli = { RSA_2048: 256, RSA_3072: 384, RSA_4096: 512 } as const;

const rsaRows = rsaSpecs.flatMap((spec) =>
  (['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] as const).map((algorithm) => ({
    spec,
    algorithm,
    /** Bytes of a plaintext at most (RFC 8017 7.1.1). */
    capacity: moduli[spec] - 2 * oaep[algorithm] - 2,
  })),
);
const sm2Row = { spec: 'SM2', algorithm: 'SM2_ENCRYPT', capacity: 4096 } as const;
type Row = (typeof rsaRows)[number] | typeof sm2Row;

const withOutsiders = [
  ...rsaRows.flatMap((row) => [opensslEncryption, forgeEncryption].map((outside) => ({ ...row, outside }))),
  { ...sm2Row, outside: opensslEncryption },
].map((row) => ({ ...row, by: row.outside.name }));

const bodyOf = ({ spec, algorithm }: Pick<Row, 'spec' | 'algorithm'>) => ({
  key_id: encryptionKeys[spec],
  encryption_algorithm: algorithm,
});
const encrypt = async (row: Pick<Row, 'spec' | 'algorithm'>, plainText: string): Promise<Buffer> =>
  bytesOf((await kms.ask('encrypt-data', { ...bodyOf(row), plain_text: plainText })).cipher_text);
const decrypt = (row: Pick<Row, 'spec' | 'algorithm'>, bytes: Uint8Array, more: object = {}) =>
  kms.post('decrypt-data', { ...bodyOf(row), cipher_text: base64(bytes), ...more });

describe('a ciphertext made by Signet', () => {
  test.each(withOutsiders)('$spec $algorithm opens with $by', async (row) => {
    const { privatePem } = pemsOf(row.spec);
    for (const length of [1, 32, 33, row.capacity]) {
      const plainText = 's'.repeat(length);
      const opened = row.outside.decrypt(row.algorithm, privatePem, await encrypt(row, plainText));
      expect(opened.toString()).toBe(plainText);
    }
  });

  test.each(rsaRows)('$spec $algorithm is as long as the modulus', async (row) => {
    expect(await encrypt(row, 'text')).toHaveLength(moduli[row.spec]);
  });

  test.each([...rsaRows, sm2Row])('$spec $algorithm is another one every time, and opens here', async (row) => {
    const [one, other] = [await encrypt(row, 'Grüße'), await encrypt(row, 'Grüße')];
    expect(one.equals(other)).toBe(false);
    for (const bytes of [one, other]) {
      expect((await decrypt(row, bytes)).body).toStrictEqual({
        key_id: encryptionKeys[row.spec],
        plain_text: 'Grüße',
        plain_text_base64: base64('Grüße'),
      });
    }
  });
});

describe('a ciphertext made outside', () => {
  test.each(withOutsiders)('$spec $algorithm by $by opens here, text or not', async (row) => {
    const { publicPem } = pemsOf(row.spec);
    // SM2 of one to three bytes may have a mask of zeros, which OpenSSL before 3.2 does not see and the standard refuses.
    for (const length of [8, 32, 33, row.capacity]) {
      const data = randomBytes(length);
      const { status, body } = await decrypt(row, row.outside.encrypt(row.algorithm, publicPem, data));
      expect([status, body]).toMatchObject([200, { plain_text_base64: base64(data) }]);
    }
  });
});

describe('what does not open is KMS.2201, whatever is wrong with it', () => {
  test.each([...rsaRows, sm2Row])('$spec $algorithm: a byte changed, cut short or made longer', async (row) => {
    const bytes = await encrypt(row, 'text');
    const places = row.spec === 'SM2' ? bytes.keys() : [0, 1, 100, bytes.length - 1];
    for (const at of places) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      expectKmsRefusal(await decrypt(row, changed), 'KMS.2201');
    }
    for (const other of [bytes.subarray(1), bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(0)])]) {
      expectKmsRefusal(await decrypt(row, other), 'KMS.2201');
    }
    for (const other of [Buffer.alloc(bytes.length), Buffer.alloc(bytes.length, 0xff), randomBytes(bytes.length)]) {
      expectKmsRefusal(await decrypt(row, other), 'KMS.2201');
    }
  });

  test.each(rsaSpecs)('%s: the other hash', async (spec) => {
    const [one, other] = [
      { spec, algorithm: 'RSAES_OAEP_SHA_1' },
      { spec, algorithm: 'RSAES_OAEP_SHA_256' },
    ] as const;
    expectKmsRefusal(await decrypt(one, await encrypt(other, 'text')), 'KMS.2201');
    expectKmsRefusal(await decrypt(other, await encrypt(one, 'text')), 'KMS.2201');
  });

  test("another key's", async () => {
    const [one, other] = [
      { spec: 'RSA_2048', algorithm: 'RSAES_OAEP_SHA_256' },
      { spec: 'RSA_3072', algorithm: 'RSAES_OAEP_SHA_256' },
    ] as const;
    expectKmsRefusal(await decrypt(one, await encrypt(other, 'text')), 'KMS.2201');
    expectKmsRefusal(await decrypt(other, await encrypt(one, 'text')), 'KMS.2201');
  });

  test('nothing at all, encrypted by openssl', async () => {
    const row = { spec: 'RSA_2048', algorithm: 'RSAES_OAEP_SHA_256' } as const;
    const { publicPem } = pemsOf(row.spec);
    const nothing = opensslEncryption.encrypt(row.algorithm, publicPem, Buffer.alloc(0));
    expectKmsRefusal(await decrypt(row, nothing), 'KMS.2201');
  });
});

test.each(rsaRows)('$spec $algorithm: $capacity bytes at most', async (row) => {
  const tooLong = { ...bodyOf(row), plain_text: 'x'.repeat(row.capacity + 1) };
  expectKmsRefusal(await kms.post('encrypt-data', tooLong), 'KMS.2108');
  const umlauts = { ...bodyOf(row), plain_text: 'ü'.repeat(row.capacity / 2 + 1) };
  expectKmsRefusal(await kms.post('encrypt-data', umlauts), 'KMS.2108');
});

test.each([...rsaRows, sm2Row])('$spec $algorithm keeps no context: it is not asked for', async (row) => {
  const made = await kms.ask('encrypt-data', { ...bodyOf(row), plain_text: 'text', encryption_context: { a: '1' } });
  for (const context of [{}, { encryption_context: { a: '2' } }, { additional_authenticated_data: 'b' }]) {
    expect((await decrypt(row, bytesOf(made.cipher_text), context)).body).toMatchObject({ plain_text: 'text' });
  }
});
