import { hash, randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { keySpecs } from '../../src/crypto/key-specs.ts';
import { createSigner } from '../../src/crypto/signer.ts';
import { signingAlgorithms, type MessageType, type SigningAlgorithm } from '../../src/crypto/signing-algorithms.ts';
import { loadVerificationKey } from '../../src/crypto/signing-keys.ts';
import { createSigningThreads } from '../../src/crypto/signing-threads.ts';
import { sm2Digest } from '../../src/crypto/sm2.ts';
import { libsodium } from './outside/libsodium.ts';
import { noble } from './outside/noble.ts';
import { nodeForge } from './outside/node-forge.ts';
import { opensslCommand } from './outside/openssl.ts';
import { sharedKey, type TestKey } from './test-keys.ts';

const threads = createSigningThreads(2);
const signer = createSigner(threads);
afterAll(() => threads.close());

/** Whose arithmetic ours is when it signs and when it verifies, by scheme and message type. */
const ours = {
  openssl: { sign: 'OpenSSL inside Node', verify: 'OpenSSL inside Node' },
  RSASSA_PSS: { sign: 'our EMSA-PSS', verify: 'our EMSA-PSS' },
  RSASSA_PKCS1_V1_5: { sign: 'our EMSA-PKCS1', verify: 'our EMSA-PKCS1' },
  ECDSA: { sign: 'our ECDSA', verify: '@noble/curves' },
  SM2DSA: { sign: 'our SM2', verify: 'our SM2' },
  ED25519_PH: { sign: '@noble/curves', verify: '@noble/curves' },
};

const outsiders = [opensslCommand, nodeForge, noble, libsodium];
const messageTypes = (algorithm: SigningAlgorithm): MessageType[] =>
  algorithm.digestLength === null ? ['RAW'] : ['RAW', 'DIGEST'];

const pairs = Object.values(signingAlgorithms).flatMap((algorithm) =>
  algorithm.keySpecs.flatMap((keySpec) =>
    messageTypes(algorithm).flatMap((messageType) => {
      const inside = ours[algorithm.raw.by === 'openssl' && messageType === 'RAW' ? 'openssl' : algorithm.scheme!];
      return outsiders.map((outside) => ({ algorithm, keySpec, messageType, inside, outside }));
    }),
  ),
);

type Pair = (typeof pairs)[number];

/** A row of the table, unless maker and verifier are the same: nothing is its own oracle. */
function row(pair: Pair, maker: string, verifier: string) {
  const title = `${nameOf(pair)}: ${maker} -> ${verifier}`;
  return maker === verifier ? [] : [{ ...pair, toString: () => title }];
}

const nameOf = ({ algorithm, keySpec, messageType }: Pair) => `${algorithm.name} ${keySpec} ${messageType}`;

const madeHere = pairs
  .filter(({ outside, algorithm, keySpec }) => outside.verifies(algorithm, keySpec))
  .flatMap((pair) => row(pair, pair.inside.sign, pair.outside.name));

const madeOutside = pairs
  .filter(({ outside, algorithm, keySpec }) => outside.signs(algorithm, keySpec))
  .flatMap((pair) => row(pair, pair.outside.name, pair.inside.verify));

/** What a client sends for a message; its digest comes from Node, but Z(A), which Node lacks, from us. */
function sent(algorithm: SigningAlgorithm, key: TestKey, messageType: MessageType, message: Uint8Array): Uint8Array {
  if (messageType === 'RAW') return message;
  if (algorithm.scheme === 'SM2DSA') return sm2Digest(key.publicBytes, message);
  return hash(algorithm.hash.name, message, 'buffer');
}

describe('made here, verified outside', () => {
  test.each(madeHere)('%s', async ({ algorithm, keySpec, messageType, outside }) => {
    const key = await sharedKey(keySpec);
    const message = randomBytes(100);
    const signature = await signer.sign(algorithm, key, messageType, sent(algorithm, key, messageType, message));
    expect(outside.verify(algorithm, key, message, signature)).toBe(true);
  });
});

describe('made outside, verified here', () => {
  test.each(madeOutside)('%s', async ({ algorithm, keySpec, messageType, outside }) => {
    const key = await sharedKey(keySpec);
    const message = randomBytes(100);
    const signature = outside.sign(algorithm, key, message);
    const bytes = sent(algorithm, key, messageType, message);
    const publicHalf = loadVerificationKey(keySpecs[keySpec], key.spki);
    expect(await signer.verify(algorithm, publicHalf, messageType, bytes, signature)).toBe(true);
  });
});

test('every algorithm is proven from outside both ways, for every key spec and message type', () => {
  const all = new Set(pairs.map(nameOf));
  expect(all.size).toBe(47);
  expect(new Set(madeHere.map(nameOf))).toEqual(all);
  expect(new Set(madeOutside.map(nameOf))).toEqual(all);
});
