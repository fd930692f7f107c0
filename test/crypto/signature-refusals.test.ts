import { constants, hash, privateDecrypt, privateEncrypt, randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { curves } from '../../src/crypto/curves.ts';
import { encodePkcs1 } from '../../src/crypto/emsa-pkcs1.ts';
import type { KeySpecName } from '../../src/crypto/key-specs.ts';
import { createSigner } from '../../src/crypto/signer.ts';
import { signingAlgorithms, type MessageType, type SigningAlgorithmName } from '../../src/crypto/signing-algorithms.ts';
import { createSigningThreads } from '../../src/crypto/signing-threads.ts';
import { signWithSalt } from './outside/openssl.ts';
import { newKey, sharedKey } from './test-keys.ts';

const threads = createSigningThreads(2);
const signer = createSigner(threads);
afterAll(() => threads.close());

/** One key spec for every way to verify. */
const ways: readonly (readonly [SigningAlgorithmName, KeySpecName, MessageType])[] = [
  ['RSASSA_PSS_SHA_256', 'RSA_2048', 'RAW'],
  ['RSASSA_PSS_SHA_256', 'RSA_2048', 'DIGEST'],
  ['RSASSA_PKCS1_V1_5_SHA_256', 'RSA_2048', 'RAW'],
  ['RSASSA_PKCS1_V1_5_SHA_256', 'RSA_2048', 'DIGEST'],
  ['ECDSA_SHA_256', 'EC_P256', 'RAW'],
  ['ECDSA_SHA_256', 'EC_P256', 'DIGEST'],
  ['ECDSA_SHA_256', 'SECP256K1', 'DIGEST'],
  ['ECDSA_SHA_384', 'EC_P384', 'DIGEST'],
  ['SM2DSA_SM3', 'SM2', 'RAW'],
  ['SM2DSA_SM3', 'SM2', 'DIGEST'],
  ['ED25519_SHA_512', 'ED25519', 'RAW'],
  ['ED25519_PH_SHA_512', 'ED25519', 'RAW'],
  ['ED25519_PH_SHA_512', 'ED25519', 'DIGEST'],
];

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

describe.each(ways)('%s %s %s', (name, keySpec, messageType) => {
  const algorithm = signingAlgorithms[name];
  const message = randomBytes(algorithm.hash.length);
  const signed = async () => {
    const key = await sharedKey(keySpec);
    return { key, signature: await signer.sign(algorithm, key, messageType, message) };
  };

  test('false after one flipped bit, in the signature or in the message', async () => {
    const { key, signature } = await signed();
    const bits = [0, 3, 9, 17, 40, signature.length * 4, signature.length * 8 - 1];
    const verdicts = bits.map((bit) => signer.verify(algorithm, key, messageType, message, flipped(signature, bit)));
    expect(await Promise.all(verdicts)).toEqual(bits.map(() => false));
    expect(await signer.verify(algorithm, key, messageType, flipped(message, 5), signature)).toBe(false);
    expect(await signer.verify(algorithm, key, messageType, message, signature)).toBe(true);
  });

  test('false under another key', async () => {
    const { signature } = await signed();
    expect(await signer.verify(algorithm, await newKey(keySpec), messageType, message, signature)).toBe(false);
  });

  test('false for what is no signature at all', async () => {
    const { key, signature } = await signed();
    const { length } = signature;
    const malformed = [
      new Uint8Array(),
      Uint8Array.of(0x30),
      new Uint8Array(length),
      new Uint8Array(length).fill(0xff),
      signature.subarray(1),
      signature.subarray(0, -1),
      Buffer.concat([signature, Uint8Array.of(0)]),
      Buffer.concat([Uint8Array.of(0), signature]),
      randomBytes(5000),
    ];
    const verdicts = malformed.map((bytes) => signer.verify(algorithm, key, messageType, message, bytes));
    expect(await Promise.all(verdicts)).toEqual(malformed.map(() => false));
  });
});

test.each(['RAW', 'DIGEST'] as const)('PSS %s: false for a signature without its leading zero byte', async (type) => {
  const algorithm = signingAlgorithms.RSASSA_PSS_SHA_256;
  const key = await sharedKey('RSA_2048');
  const message = randomBytes(32);
  let signature = await signer.sign(algorithm, key, type, message);
  while (signature[0] !== 0) signature = await signer.sign(algorithm, key, type, message);
  expect(await signer.verify(algorithm, key, type, message, signature)).toBe(true);
  expect(await signer.verify(algorithm, key, type, message, signature.subarray(1))).toBe(false);
});

describe('a message and its digest', () => {
  const both = ways.filter(([name, , type]) => type === 'DIGEST' && signingAlgorithms[name].rawByDefault);

  test.each(both)('%s %s: 32 bytes signed RAW are not signed as a DIGEST', async (name, keySpec) => {
    const algorithm = signingAlgorithms[name];
    const key = await sharedKey(keySpec);
    const bytes = randomBytes(algorithm.hash.length);
    const raw = await signer.sign(algorithm, key, 'RAW', bytes);
    const digest = await signer.sign(algorithm, key, 'DIGEST', bytes);
    expect(await signer.verify(algorithm, key, 'DIGEST', bytes, raw)).toBe(false);
    expect(await signer.verify(algorithm, key, 'RAW', bytes, digest)).toBe(false);
  });

  const rsa = Object.values(signingAlgorithms).filter(({ keySpecs }) => keySpecs.includes('RSA_2048'));

  test.each(rsa.map(({ name }) => name))('%s verifies under no other algorithm', async (name) => {
    const key = await sharedKey('RSA_2048');
    const message = randomBytes(50);
    const signature = await signer.sign(signingAlgorithms[name], key, 'RAW', message);
    const accepting = await Promise.all(
      rsa.map(async (other) => {
        const digest = hash(other.hash.name, message, 'buffer');
        const asDigest = await signer.verify(other, key, 'DIGEST', digest, signature);
        return asDigest === (await signer.verify(other, key, 'RAW', message, signature)) && asDigest ? other.name : '';
      }),
    );
    expect(accepting.filter(Boolean)).toEqual([name]);
  });

  test('Ed25519 and Ed25519ph do not accept each other', async () => {
    const key = await sharedKey('ED25519');
    const { ED25519_SHA_512: pure, ED25519_PH_SHA_512: prehashed } = signingAlgorithms;
    const message = randomBytes(64);
    const pureSignature = await signer.sign(pure, key, 'RAW', message);
    const prehashedSignature = await signer.sign(prehashed, key, 'DIGEST', message);
    expect(await signer.verify(prehashed, key, 'DIGEST', message, pureSignature)).toBe(false);
    expect(await signer.verify(pure, key, 'RAW', message, prehashedSignature)).toBe(false);
  });
});

describe.each(['RSASSA_PSS_SHA_256', 'RSASSA_PSS_SHA_512'] as const)('%s', (name) => {
  test.each([0, 20, 'max'] as const)('refuses a salt of length %s', async (salt) => {
    const algorithm = signingAlgorithms[name];
    const key = await sharedKey('RSA_2048');
    const message = randomBytes(50);
    const signature = signWithSalt(algorithm, key, message, salt);
    const digest = hash(algorithm.hash.name, message, 'buffer');
    expect(await signer.verify(algorithm, key, 'RAW', message, signature)).toBe(false);
    expect(await signer.verify(algorithm, key, 'DIGEST', digest, signature)).toBe(false);
  });
});

describe('PKCS#1 v1.5', () => {
  const algorithm = signingAlgorithms.RSASSA_PKCS1_V1_5_SHA_256;
  const message = randomBytes(50);
  const digest = hash('sha256', message, 'buffer');
  const good = encodePkcs1(algorithm.hash, digest, 256);
  const digestInfo = good.subarray(256 - 51);
  const paddings = {
    'block type 2': Buffer.concat([Uint8Array.of(0, 2), good.subarray(2)]),
    'one byte of padding other than FF': Buffer.concat([good.subarray(0, 9), Uint8Array.of(0xfe), good.subarray(10)]),
    'garbage after a short padding (Bleichenbacher 2006)': Buffer.concat([
      Uint8Array.of(0, 1, ...new Array<number>(8).fill(0xff), 0),
      digestInfo,
      randomBytes(256 - 11 - 51),
    ]),
  };

  test.each(Object.entries(paddings))('refuses %s', async (_, encoded) => {
    const key = await sharedKey('RSA_2048');
    const signature = privateDecrypt({ key: key.privateKey, padding: constants.RSA_NO_PADDING }, encoded);
    expect(await signer.verify(algorithm, key, 'DIGEST', digest, signature)).toBe(false);
    expect(await signer.verify(algorithm, key, 'RAW', message, signature)).toBe(false);
  });

  test('refuses a digest without DigestInfo', async () => {
    const key = await sharedKey('RSA_2048');
    const signature = privateEncrypt(key.privateKey, digest);
    expect(await signer.verify(algorithm, key, 'DIGEST', digest, signature)).toBe(false);
  });
});

describe.each([
  ['ECDSA_SHA_256', 'EC_P256'],
  ['ECDSA_SHA_256', 'SECP256K1'],
  ['ECDSA_SHA_384', 'EC_P384'],
  ['SM2DSA_SM3', 'SM2'],
] as const)('DER of %s %s', (name, keySpec) => {
  const algorithm = signingAlgorithms[name];
  const curve = curves[keySpec];
  const bare = (value: bigint) => {
    const hex = value.toString(16);
    return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  };
  const integer = (content: Uint8Array) => Buffer.concat([Uint8Array.of(2, content.length), content]);
  const positive = (value: bigint) => {
    const bytes = bare(value);
    return integer((bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Uint8Array.of(0), bytes]));
  };
  const sequence = (...parts: Uint8Array[]) => {
    const body = Buffer.concat(parts);
    return Buffer.concat([Uint8Array.of(0x30, body.length), body]);
  };

  test('refuses numbers out of range, padding, negatives, long lengths and surplus', async () => {
    const key = await sharedKey(keySpec);
    const digest = randomBytes(algorithm.hash.length);
    const signature = await signer.sign(algorithm, key, 'DIGEST', digest);
    const rLength = signature[3] ?? 0;
    const r = BigInt(`0x${Buffer.from(signature.subarray(4, 4 + rLength)).toString('hex')}`);
    const s = BigInt(`0x${Buffer.from(signature.subarray(6 + rLength)).toString('hex')}`);
    const padded = integer(Buffer.concat([new Uint8Array(2), bare(r)]));
    const body = signature.subarray(2);
    const bad = {
      'r = 0': sequence(positive(0n), positive(s)),
      's = 0': sequence(positive(r), positive(0n)),
      'r = n': sequence(positive(curve.order), positive(s)),
      's = n': sequence(positive(r), positive(curve.order)),
      'r + n': sequence(positive(r + curve.order), positive(s)),
      's + n': sequence(positive(r), positive(s + curve.order)),
      'r swapped with s': sequence(positive(s), positive(r)),
      'padded r': sequence(padded, positive(s)),
      'empty r': sequence(integer(new Uint8Array()), positive(s)),
      'negative r': sequence(integer(Uint8Array.of(0xff)), positive(s)),
      'a third number': sequence(positive(r), positive(s), positive(1n)),
      'one number': sequence(positive(r)),
      'long form of a short length': Buffer.concat([Uint8Array.of(0x30, 0x81, body.length), body]),
      'indefinite length': Buffer.concat([Uint8Array.of(0x30, 0x80), body, new Uint8Array(2)]),
      'a set': Buffer.concat([Uint8Array.of(0x31, body.length), body]),
      'r and s without DER': Buffer.concat([bare(r), bare(s)]),
    };
    const verdicts = Object.entries(bad).map(
      async ([title, bytes]) => [title, await signer.verify(algorithm, key, 'DIGEST', digest, bytes)] as const,
    );
    expect((await Promise.all(verdicts)).filter(([, valid]) => valid)).toEqual([]);
    expect(await signer.verify(algorithm, key, 'DIGEST', digest, sequence(positive(r), positive(s)))).toBe(true);
  });
});

describe('callers in error', () => {
  test.each([
    ['RSASSA_PSS_SHA_256', 'RSA_2048', 31, 'a digest for RSASSA_PSS_SHA_256 has 32 bytes, got 31'],
    ['RSASSA_PKCS1_V1_5_SHA_512', 'RSA_2048', 32, 'a digest for RSASSA_PKCS1_V1_5_SHA_512 has 64 bytes, got 32'],
    ['ECDSA_SHA_256', 'EC_P256', 33, 'a digest for ECDSA_SHA_256 has 32 bytes, got 33'],
    ['ED25519_PH_SHA_512', 'ED25519', 0, 'a digest for ED25519_PH_SHA_512 has 64 bytes, got 0'],
    ['ED25519_SHA_512', 'ED25519', 64, 'ED25519_SHA_512 signs whole messages only'],
    ['ECDSA_SHA_384', 'EC_P256', 48, 'ECDSA_SHA_384 is not for EC_P256'],
    ['ECDSA_SHA_512', 'EC_P384', 64, 'ECDSA_SHA_512 is not for EC_P384'],
    ['RSASSA_PSS_SHA_256', 'EC_P256', 32, 'RSASSA_PSS_SHA_256 is not for EC_P256'],
  ] as const)('%s with %s and %i bytes', async (name, keySpec, length, complaint) => {
    const key = await sharedKey(keySpec);
    const algorithm = signingAlgorithms[name];
    const digest = new Uint8Array(length);
    await expect(signer.sign(algorithm, key, 'DIGEST', digest)).rejects.toThrow(complaint);
    await expect(signer.verify(algorithm, key, 'DIGEST', digest, digest)).rejects.toThrow(complaint);
  });
});
