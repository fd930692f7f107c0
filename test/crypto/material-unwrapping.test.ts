import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newWrappingPair, unwrapUnderAes, wrappingAlgorithms } from '../../src/crypto/material-unwrapping.ts';
import { base64, bytesOf } from '../support/kms.ts';
import { algorithms, keyWrapped, wrapped } from '../kms/outside-wrapping.ts';

const secret = randomBytes(32);

describe.each(algorithms)('%s', async (algorithm) => {
  const { unwrap } = wrappingAlgorithms[algorithm];
  const [pair, other] = [await newWrappingPair(algorithm), await newWrappingPair(algorithm)];
  const parcel = (bytes: Uint8Array) => bytesOf(wrapped(algorithm, base64(pair.publicKey), bytes));

  test.each([1, 16, 32, 64])('%i bytes that openssl has wrapped come out', async (length) => {
    const bytes = randomBytes(length);
    expect(Buffer.from((await unwrap(pair.secret, parcel(bytes))) ?? [])).toEqual(bytes);
  });

  test('under another key they do not', async () => {
    expect(await unwrap(other.secret, parcel(secret))).toBeUndefined();
  });

  test('of anything else comes nothing, and no error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(await unwrap(pair.secret, bytes)).toBeUndefined();
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});

describe.each([16, 32])('AES key wrap with padding under %i bytes', (length) => {
  const key = randomBytes(length);

  test.each([1, 7, 8, 9, 48, 135, 2376])('%i bytes that openssl has wrapped come out', (size) => {
    const bytes = randomBytes(size);
    expect(Buffer.from(unwrapUnderAes(key, bytesOf(keyWrapped(key, bytes))) ?? [])).toEqual(bytes);
  });

  test('one changed bit is found, wherever it is', () => {
    const parcel = bytesOf(keyWrapped(key, randomBytes(40)));
    for (let bit = 0; bit < parcel.length * 8; bit++) {
      const changed = Buffer.from(parcel);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(unwrapUnderAes(key, changed)).toBeUndefined();
    }
  });

  test('of anything else comes nothing, and no error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(unwrapUnderAes(key, bytes)).toBeUndefined();
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
