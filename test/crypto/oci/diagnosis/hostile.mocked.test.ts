/** No request makes a diagnosis long: how many candidates are tried, and how many bytes are hashed for them, is bounded. */
import type * as Crypto from 'node:crypto';
import { generateKeyPairSync, sign } from 'node:crypto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { explainBody } from '../../../../src/crypto/oci/diagnosis/body-explanation.ts';
import { DEFAULT_LIMIT } from '../../../../src/crypto/oci/diagnosis/diagnosis.ts';
import { host, signed } from '../oci-signer.ts';
import { signedAt } from '../vectors.ts';
import { causesOf, diagnosisOf, resigned, rewritten, signedOver, stringOf } from './diagnosed.ts';
import { body, hostileRequests, json, many, manyNames, spoilt } from './hostile-requests.ts';

const counted = vi.hoisted(() => ({ hashes: 0, bytes: 0, openings: 0 }));

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof Crypto>();
  return {
    ...real,
    hash: ((...given: Parameters<typeof real.hash>) => {
      counted.hashes++;
      counted.bytes += Buffer.from(given[1] as Uint8Array).length;
      return real.hash(...given);
    }) as typeof real.hash,
    publicEncrypt: ((...given: Parameters<typeof real.publicEncrypt>) => {
      counted.openings++;
      return real.publicEncrypt(...given);
    }) as typeof real.publicEncrypt,
  };
});

beforeEach(() => {
  Object.assign(counted, { hashes: 0, bytes: 0, openings: 0 });
});

/** Hashes beyond the candidates: PSS with every pair of hashes, and bodies that are written anew. */
const MORE_HASHES = 500;
const MOST_BYTES = 3 * 1024 * 1024;

describe('bounded', () => {
  test.each(hostileRequests)('%s', (_what, request) => {
    const { proved, signed: string } = diagnosisOf(request, { ...manyNames, at: signedAt });
    expect(string).toBeUndefined();
    expect(typeof proved).toBe('boolean');
    expect(counted.hashes).toBeLessThanOrEqual(DEFAULT_LIMIT + MORE_HASHES);
    expect(counted.bytes).toBeLessThanOrEqual(MOST_BYTES);
    expect(counted.openings).toBeLessThanOrEqual(4);
  });

  test('what is tried is what was asked for', () => {
    for (const limit of [0, 1, 100, 1000]) {
      counted.hashes = 0;
      expect(diagnosisOf(signedOver(spoilt), { ...manyNames, limit })).toMatchObject({ proved: false });
      // The one of the body, that which follows from the request, and three that are hashed twice.
      expect(counted.hashes).toBeLessThanOrEqual(limit + 5);
      expect(counted.hashes).toBeGreaterThan(limit / 2);
    }
  });

  test('both sides together take no more than one', () => {
    const request = signedOver(spoilt, { body: json });
    diagnosisOf(rewritten(request, { host: 'backend' }), { ...manyNames, sent: request });
    expect(counted.hashes).toBeLessThanOrEqual(DEFAULT_LIMIT + MORE_HASHES);
    expect(counted.bytes).toBeLessThanOrEqual(MOST_BYTES);
  });

  test('of a thousand other keys twenty are tried', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const id = { tenancyId: 't', userId: 'u', fingerprint: 'f' };
    const otherKeys = many(1000, String).map(() => ({ id, publicKey }));
    const request = resigned(signed(), sign('sha256', Buffer.from(stringOf(signed())), privateKey).toString('base64'));
    expect(causesOf(diagnosisOf(request, { otherKeys }))).toEqual(['no-stored-key']);
    expect(counted.openings).toBeLessThanOrEqual(24);
  });

  test('a body that is not the one that was signed', () => {
    for (const length of [8 * 1024, 64 * 1024, 10 * 1024 * 1024]) {
      counted.bytes = 0;
      expect(explainBody({ ...signed({ body: json }), body: body(length) })).toBeUndefined();
      expect(counted.bytes).toBeLessThanOrEqual(1024 * 1024);
    }
  });
});

test('texts that are shown are not longer than the request makes them', () => {
  const request = signed({ target: `/${'a'.repeat(10_000)}` });
  const received = rewritten(
    { ...request, target: `/${'b'.repeat(1000)}${request.target}` },
    { host: 'x'.repeat(1000) },
  );
  const diagnosis = diagnosisOf(received, { hosts: [host] });
  expect(causesOf(diagnosis)).toEqual(['host-of-service', 'prefix-added']);
  expect(diagnosis.summary.length).toBeLessThan(1500);
});
