import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dataCiphers,
  decryptData,
  encryptData,
  hasContext,
  readCiphertext,
  type Encryption,
  type Purpose,
} from '../../src/crypto/ciphertexts.ts';

const keyId = '0d0466b0-e727-4d9c-b35d-f84bb474a37f';
const purposes = ['data', 'data key'] as const satisfies readonly Purpose[];
const encryptions = purposes.flatMap((purpose) =>
  Object.values(dataCiphers).map((cipher): Encryption & { name: string } => ({
    name: cipher.name,
    ...{ purpose, cipher, keyId, version: 3, context: 'context' },
    material: randomBytes(cipher.keyLength),
  })),
);

describe.each(encryptions)('$purpose with $name', (encryption) => {
  const { purpose } = encryption;

  test('opens to what it was, at every length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (data) => {
        const bytes = encryptData(encryption, data);
        expect(bytes).toHaveLength(124 + data.length + (purpose === 'data' ? 16 - (data.length % 16) : 0));
        const ciphertext = readCiphertext(bytes)!;
        expect(ciphertext).toMatchObject({ keyId, version: 3 });
        expect(decryptData(ciphertext, encryption)).toEqual(Buffer.from(data));
      }),
    );
  });

  test('does not open with a single bit of it changed', () => {
    const bytes = encryptData(encryption, Buffer.from('a secret'));
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const ciphertext = readCiphertext(changed);
      expect(ciphertext && decryptData(ciphertext, encryption), `bit ${bit}`).toBeUndefined();
    }
  });

  test('does not open with other material, another cipher, or for another purpose', () => {
    const ciphertext = readCiphertext(encryptData(encryption, Buffer.from('a secret')))!;
    const others = [
      { ...encryption, material: randomBytes(encryption.cipher.keyLength) },
      ...Object.values(dataCiphers)
        .filter((cipher) => cipher !== encryption.cipher)
        .map((cipher) => ({ ...encryption, cipher })),
      ...purposes.filter((other) => other !== purpose).map((other) => ({ ...encryption, purpose: other })),
    ];
    expect(others).toHaveLength(3);
    for (const other of others) expect(decryptData(ciphertext, other)).toBeUndefined();
  });

  test('knows its context', () => {
    const ciphertext = readCiphertext(encryptData(encryption, Buffer.from('a secret')))!;
    const without = readCiphertext(encryptData({ ...encryption, context: '' }, Buffer.from('a secret')))!;
    expect(['context', 'Context', ''].map((context) => hasContext(ciphertext, context))).toEqual([true, false, false]);
    expect(['context', ''].map((context) => hasContext(without, context))).toEqual([false, true]);
  });
});

describe('what is no ciphertext', () => {
  test.each(
    Object.entries({
      nothing: Buffer.alloc(0),
      'a byte less than the shortest': encryptData(encryptions[2]!, Buffer.alloc(0)).subarray(0, -1),
      zeros: Buffer.alloc(188),
    }),
  )('%s is read as none', (_, bytes) => {
    expect(readCiphertext(bytes)).toBeUndefined();
  });

  test('never throws', () => {
    const head = Buffer.from('0200', 'hex');
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(bytes, fc.boolean(), (noise, hasHead) => {
        expect(readCiphertext(hasHead ? Buffer.concat([head, noise]) : Buffer.from(noise))).toBeUndefined();
      }),
    );
  });

  test('that names a key in another form is read as none', () => {
    for (const other of ['alias/968d6cf0-feb6-42c6-bb30-d69f74', keyId.toUpperCase()]) {
      expect(other).toHaveLength(36);
      expect(readCiphertext(encryptData({ ...encryptions[0]!, keyId: other }, Buffer.alloc(5)))).toBeUndefined();
    }
  });
});

/** The ciphertext of the vendor's sample of create-datakey-without-plaintext: same length, same marks. */
test("the vendor's sample is read as ours are", () => {
  const sample = Buffer.from(
    '020098005CDC28E29EC3230AA42E8985FBABA095037D6474C64519C9B564AB28B15739C88E7E887500D1094973C2DC16353DB7ED3946C733' +
      '39517AB1E983D521F9E9D700DC5D9C42F557EBF3F608E3CBBEE0BC68136EE7D2A49117E00332BAC4AE4ED805EB6068FA900C5A8019BFE2' +
      'C2651BE3E130643034363662302D653732372D346439632D623335642D66383462623437346133376600000000F160727EBDB83400C21D' +
      '80D713B49D3A2C37F24AE160E7BB3DAC025ADC0C45E3',
    'hex',
  );
  expect(readCiphertext(sample)).toMatchObject({ keyId });
  expect(sample).toHaveLength(encryptData(encryptions[2]!, Buffer.alloc(64)).length);
});
