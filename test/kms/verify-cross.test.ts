import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signingAlgorithms } from '../../src/crypto/signing-algorithms.ts';
import { signWithSalt } from '../crypto/outside/openssl.ts';
import { asymmetricSpecs, seededKeys, type AsymmetricSpec } from '../support/identity.ts';
import { base64, bytesOf, kmsClient, type KmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSignet } from '../support/signet.ts';
import { sm2ClientDigest } from '../support/sm2-digest.ts';
import { outsideKey } from './outside-keys.ts';
import { rules, validRows, type SignRow } from './sign-rows.ts';

const kms = kmsClient((await useSignet()).url);
const message = randomBytes(64);

const valid = async (body: object, of: KmsClient = kms): Promise<string> =>
  (await of.ask('verify', body)).signature_valid;

/** One row a key spec and algorithm, for what does not depend on the message type. */
const oneEach = validRows.filter(
  (row, index) =>
    validRows.findIndex((other) => other.spec === row.spec && other.algorithm === row.algorithm) === index,
);

const digestOf = (hash: string, of: Uint8Array): string => createHash(hash).update(of).digest('base64');

async function request({ spec, algorithm, type }: SignRow, of: Uint8Array = message) {
  const key = { key_id: seededKeys[spec], signing_algorithm: algorithm, message_type: type };
  if (type === 'RAW') return { ...key, message: base64(of) };
  if (spec !== 'SM2') return { ...key, message: digestOf(rules[algorithm].hash, of) };
  const { public_key: pem } = await kms.ask('get-publickey', { key_id: seededKeys.SM2 });
  return { ...key, message: base64(sm2ClientDigest(pem, of)) };
}

async function signed(row: SignRow) {
  const body = await request(row);
  return { ...body, signature: (await kms.ask('sign', body)).signature };
}

describe('signed as RAW or DIGEST, verified as the other', () => {
  const withBoth = validRows.filter(({ algorithm, type }) => type === 'RAW' && rules[algorithm].types.length === 2);

  test.each(withBoth)('$spec $algorithm', async (raw) => {
    const digest = { ...raw, type: 'DIGEST' } as const;
    const { signature: ofRaw } = await signed(raw);
    const { signature: ofDigest } = await signed(digest);
    expect(await valid({ ...(await request(digest)), signature: ofRaw })).toBe('true');
    expect(await valid({ ...(await request(raw)), signature: ofDigest })).toBe('true');
    expect(await valid({ ...(await request(digest, randomBytes(8))), signature: ofRaw })).toBe('false');
    // The trap: a digest must not be hashed again.
    const { message: twice } = await request(digest, bytesOf((await request(digest)).message));
    expect(await valid({ ...(await request(digest)), message: twice, signature: ofDigest })).toBe('false');
  });
});

describe('refused as "false"', () => {
  const others = new Map<AsymmetricSpec, Promise<string>>(
    asymmetricSpecs.map((spec) => [spec, kms.create({ key_alias: `another-${spec}`, key_spec: spec })]),
  );

  test.each(oneEach)('$spec $algorithm: another key, another message, one flipped bit', async (row) => {
    const body = await signed(row);
    expect(await valid(body)).toBe('true');
    const other = await request(row, randomBytes(64));
    expect(await valid({ ...body, message: other.message })).toBe('false');
    for (const position of [0, 9, -1]) {
      const signature = bytesOf(body.signature);
      signature[position < 0 ? signature.length + position : position]! ^= 1;
      expect(await valid({ ...body, signature: base64(signature) }), `bit of byte ${position}`).toBe('false');
    }
    const otherKey = await others.get(row.spec);
    expect(await valid({ ...body, key_id: otherKey })).toBe('false');
  });

  test.each(oneEach)('$spec $algorithm: a signature of another length', async (row) => {
    const body = await signed(row);
    const bytes = bytesOf(body.signature);
    const wrong = [
      bytes.subarray(0, 1),
      bytes.subarray(0, -1),
      Buffer.concat([bytes, Buffer.of(0)]),
      Buffer.alloc(64),
      Buffer.alloc(2000),
    ];
    for (const signature of wrong) {
      expect(await valid({ ...body, signature: base64(signature) }), `${signature.length} bytes`).toBe('false');
    }
  });

  test.each(oneEach.filter(({ algorithm }) => algorithm.startsWith('RSA')))(
    '$spec $algorithm: made with another of the RSA algorithms',
    async (row) => {
      const body = await signed({ ...row, type: 'RAW' });
      for (const algorithm of Object.keys(rules).filter((name) => name.startsWith('RSA') && name !== row.algorithm)) {
        expect(await valid({ ...body, signing_algorithm: algorithm }), algorithm).toBe('false');
      }
    },
  );
});

describe('a PSS salt that is not as long as the hash', () => {
  const algorithms = ['RSASSA_PSS_SHA_256', 'RSASSA_PSS_SHA_384', 'RSASSA_PSS_SHA_512'] as const;
  const rows = algorithms.flatMap((name) => [0, 20, 32, 48, 64, 'max' as const].map((salt) => ({ name, salt })));

  test.each(rows)('$name with a salt of $salt, made by openssl', async ({ name, salt }) => {
    const signature = base64(signWithSalt(signingAlgorithms[name], await outsideKey(kms, 'RSA_2048'), message, salt));
    const expected = salt === rules[name].digestLength ? 'true' : 'false';
    for (const type of ['RAW', 'DIGEST'] as const) {
      expect(await valid({ ...(await request({ spec: 'RSA_2048', algorithm: name, type })), signature }), type).toBe(
        expected,
      );
    }
  });
});

describe('malformed DER', () => {
  /** An INTEGER of 32 bytes that is valid by itself. */
  const integer = [0x02, 0x20, 0x11, ...randomBytes(31)];
  const malformed = {
    'r and s without DER': [...integer.slice(2), ...integer.slice(2)],
    'an empty sequence': [0x30, 0x00],
    'one integer only': [0x30, integer.length, ...integer],
    'three integers': [0x30, 3 * integer.length, ...integer, ...integer, ...integer],
    'a length beyond the end': [0x30, 0x7f, ...integer, ...integer],
    'an indefinite length': [0x30, 0x80, ...integer, ...integer, 0, 0],
    'empty integers': [0x30, 0x04, 0x02, 0x00, 0x02, 0x00],
    zeros: [0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00],
    'a negative integer': [0x30, 0x06, 0x02, 0x01, 0xff, 0x02, 0x01, 0x01],
    'an octet string': [0x04, integer.length, ...integer],
  };
  const rows = validRows.filter(({ spec }) => /^EC|SECP|SM2/.test(spec));

  test.each(rows)('$spec $algorithm $type', async (row) => {
    const body = await request(row);
    for (const [name, bytes] of Object.entries(malformed)) {
      expect(await valid({ ...body, signature: base64(Buffer.from(bytes)) }), name).toBe('false');
    }
    // The same number in a longer form, and something behind the end: DER knows one form only.
    const good = bytesOf((await signed(row)).signature);
    const long = Buffer.from([0x30, 0x81, good[1]!, ...good.subarray(2)]);
    expect(await valid({ ...body, signature: base64(long) }), 'a long form of the length').toBe('false');
    const trailing = Buffer.from([0x30, good[1]! + 1, ...good.subarray(2), 0]);
    expect(await valid({ ...body, signature: base64(trailing) }), 'a byte too many inside').toBe('false');
  });
});

describe('Base64', () => {
  const row = { spec: 'EC_P256', algorithm: 'ECDSA_SHA_256', type: 'RAW' } as const;

  test.each(['not Base64!', 'A', '=', '====', 'QUJD=QUJD', 'QUJD\n', 'QUJD QUJD', 'YWJj-_==', 'YW$j'])(
    '%j is none',
    async (text) => {
      const body = await signed(row);
      expectKmsRefusal(await kms.post('verify', { ...body, signature: text }), 'KMS.0308');
      expectKmsRefusal(await kms.post('verify', { ...body, message: text }), 'KMS.0308');
      expectKmsRefusal(await kms.post('sign', { ...body, message: text }), 'KMS.0308');
    },
  );

  test('without padding, or with spare bits set, it is taken', async () => {
    const bytes = Buffer.from('abcd');
    const body = { ...(await request(row)), message: base64(bytes) };
    const { signature } = await kms.ask('sign', { ...body, message: 'YWJjZA' });
    // The last letter carries 4 spare bits: A with them set is P.
    for (const text of ['YWJjZA==', 'YWJjZA=', 'YWJjZA', 'YWJjZP==', 'YWJjZP']) {
      expect(await valid({ ...body, message: text, signature }), text).toBe('true');
      expect(await valid({ ...body, message: text, signature: signature.replace(/=+$/, '') }), text).toBe('true');
    }
  });

  test('a message has 1 to 4096 bytes', async () => {
    const body = await request(row);
    for (const length of [1, 4095, 4096]) {
      const longest = { ...body, message: base64(Buffer.alloc(length, 7)) };
      const { signature } = await kms.ask('sign', longest);
      expect(await valid({ ...longest, signature }), `${length} bytes`).toBe('true');
    }
    for (const length of [0, 4097, 4098, 4099, 5000, 500_000]) {
      const tooLong = { ...body, message: base64(Buffer.alloc(length, 7)), signature: 'AAAA' };
      expectKmsRefusal(await kms.post('sign', tooLong), 'KMS.0308');
      expectKmsRefusal(await kms.post('verify', tooLong), 'KMS.0308');
    }
  });
});

test("DIGEST is what a request without message_type means, also with null or ''", async () => {
  const body = await signed({ spec: 'RSA_2048', algorithm: 'RSASSA_PSS_SHA_256', type: 'DIGEST' });
  for (const type of [undefined, null, '']) expect(await valid({ ...body, message_type: type })).toBe('true');
});
