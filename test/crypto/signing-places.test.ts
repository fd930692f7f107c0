import crypto, { hash, randomBytes } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hashes } from '../../src/crypto/hashes.ts';
import type { KeySpecName } from '../../src/crypto/key-specs.ts';
import { poolPlaces } from '../../src/crypto/places.ts';
import { signRsaDigest, signRsaDigestOnPool } from '../../src/crypto/rsa-prehashed.ts';
import { createSigner } from '../../src/crypto/signer.ts';
import { signingAlgorithms, type MessageType, type SigningAlgorithmName } from '../../src/crypto/signing-algorithms.ts';
import type { SigningThreads } from '../../src/crypto/signing-threads.ts';
import { sharedKey } from './test-keys.ts';

type Place = 'here' | 'pool' | 'threads';

/** Threads that only count, and a signer with them. */
function watched() {
  let jobs = 0;
  const run = (async () => {
    jobs++;
    return new Uint8Array(1);
  }) as unknown as SigningThreads['run'];
  /** Where the work is that this begins. */
  async function placeOf(begin: (signer: ReturnType<typeof createSigner>) => Promise<unknown>): Promise<Place> {
    const done = begin(createSigner({ run }));
    const place = jobs > 0 ? 'threads' : poolPlaces.taken() > 0 ? 'pool' : 'here';
    jobs = 0;
    await done;
    expect(poolPlaces.taken()).toBe(0);
    return place;
  }
  return placeOf;
}

const rows: readonly (readonly [SigningAlgorithmName, KeySpecName, MessageType, sign: Place, verify: Place])[] = [
  ['RSASSA_PSS_SHA_256', 'RSA_2048', 'RAW', 'pool', 'here'],
  ['RSASSA_PSS_SHA_256', 'RSA_2048', 'DIGEST', 'pool', 'here'],
  ['RSASSA_PKCS1_V1_5_SHA_512', 'RSA_4096', 'RAW', 'pool', 'here'],
  ['RSASSA_PKCS1_V1_5_SHA_512', 'RSA_4096', 'DIGEST', 'pool', 'here'],
  ['ECDSA_SHA_256', 'EC_P256', 'RAW', 'here', 'here'],
  ['ECDSA_SHA_256', 'EC_P256', 'DIGEST', 'here', 'threads'],
  ['ECDSA_SHA_256', 'SECP256K1', 'RAW', 'pool', 'pool'],
  ['ECDSA_SHA_384', 'EC_P384', 'RAW', 'pool', 'pool'],
  ['ECDSA_SHA_384', 'EC_P384', 'DIGEST', 'threads', 'threads'],
  ['SM2DSA_SM3', 'SM2', 'DIGEST', 'threads', 'threads'],
  ['ED25519_SHA_512', 'ED25519', 'RAW', 'here', 'here'],
  ['ED25519_PH_SHA_512', 'ED25519', 'DIGEST', 'threads', 'threads'],
];

describe('only what is quick is done on the event loop', () => {
  const placeOf = watched();
  test.each(rows)('%s %s %s: sign %s, verify %s', async (name, keySpec, messageType, signed, verified) => {
    const algorithm = signingAlgorithms[name];
    const key = await sharedKey(keySpec);
    const message = randomBytes(algorithm.hash.length);
    expect(await placeOf((signer) => signer.sign(algorithm, key, messageType, message))).toBe(signed);
    const signature = randomBytes(keySpec === 'RSA_4096' ? 512 : keySpec === 'RSA_2048' ? 256 : 64);
    const isChecked = (signer: ReturnType<typeof createSigner>) =>
      signer.verify(algorithm, key, messageType, message, signature);
    expect(await placeOf(isChecked)).toBe(verified);
  });
});

test('a Node without the operation for it signs RSA digests on the threads', async () => {
  const { decapsulate } = crypto;
  onTestFinished(() => void Object.assign(crypto, { decapsulate }));
  Object.assign(crypto, { decapsulate: undefined });
  const key = await sharedKey('RSA_2048');
  const algorithm = signingAlgorithms.RSASSA_PSS_SHA_256;
  expect(await watched()((signer) => signer.sign(algorithm, key, 'DIGEST', randomBytes(32)))).toBe('threads');
});

test('what the pool makes of a digest is what the private operation makes of it, as long as the modulus', async () => {
  const key = await sharedKey('RSA_2048');
  // About one in 256 begins with a zero byte.
  let zeros = 0;
  for (let round = 0; round < 5000 && zeros < 2; round++) {
    const digest = hash('sha256', String(round), 'buffer');
    const expected = signRsaDigest('RSASSA_PKCS1_V1_5', key, hashes.sha256, digest);
    const signature = await signRsaDigestOnPool('RSASSA_PKCS1_V1_5', key, hashes.sha256, digest);
    expect(Buffer.compare(signature ?? new Uint8Array(), expected)).toBe(0);
    if (signature?.[0] === 0) zeros++;
  }
  expect(zeros).toBe(2);
});
