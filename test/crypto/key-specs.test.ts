import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { curves } from '../../src/crypto/curves.ts';
import {
  importPrivateKey,
  privateKeyFromHex,
  privateKeyFromJwk,
  privateKeyFromPem,
} from '../../src/crypto/key-import.ts';
import { keySpecs, type KeySpecName } from '../../src/crypto/key-specs.ts';
import { openssl } from './outside/openssl.ts';
import { newKey, sharedKey } from './test-keys.ts';

const names = Object.keys(keySpecs) as KeySpecName[];
const asymmetric = names.filter((name) => keySpecs[name].kind === 'asymmetric');
const elliptic = ['EC_P256', 'EC_P384', 'SECP256K1', 'SM2'] as const;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('the table: usages with the default first, bytes of secrets', async () => {
  const rows = names.map(async (name) => {
    const spec = keySpecs[name];
    return [name, spec.usages.join(), spec.kind === 'asymmetric' ? spec.kind : (await spec.generate()).secret.length];
  });
  expect(await Promise.all(rows)).toEqual([
    ['AES_256', 'ENCRYPT_DECRYPT', 32],
    ['SM4', 'ENCRYPT_DECRYPT', 16],
    ['RSA_2048', 'SIGN_VERIFY,ENCRYPT_DECRYPT', 'asymmetric'],
    ['RSA_3072', 'SIGN_VERIFY,ENCRYPT_DECRYPT', 'asymmetric'],
    ['RSA_4096', 'SIGN_VERIFY,ENCRYPT_DECRYPT', 'asymmetric'],
    ['EC_P256', 'SIGN_VERIFY', 'asymmetric'],
    ['EC_P384', 'SIGN_VERIFY', 'asymmetric'],
    ['SECP256K1', 'SIGN_VERIFY', 'asymmetric'],
    ['SM2', 'SIGN_VERIFY,ENCRYPT_DECRYPT', 'asymmetric'],
    ['ED25519', 'SIGN_VERIFY', 'asymmetric'],
    ['HMAC_256', 'GENERATE_VERIFY_MAC', 32],
    ['HMAC_384', 'GENERATE_VERIFY_MAC', 48],
    ['HMAC_512', 'GENERATE_VERIFY_MAC', 64],
    ['HMAC_SM3', 'GENERATE_VERIFY_MAC', 32],
  ]);
});

describe.each(asymmetric)('%s', (name) => {
  test('openssl reads a generated key and derives the same public key', async () => {
    const key = await sharedKey(name);
    const files = { 'key.pem': key.privatePem };
    const spki = openssl(['pkey', '-in', 'key.pem', '-pubout', '-outform', 'DER', '-out', 'out'], files);
    expect(hex(spki)).toBe(hex(key.spki));
  });

  test('a generated key is imported unchanged', async () => {
    const { secret, spki } = await sharedKey(name);
    const imported = importPrivateKey(keySpecs[name], secret);
    expect(hex(imported.secret)).toBe(hex(secret));
    expect(hex(imported.publicKey ?? new Uint8Array())).toBe(hex(spki));
  });

  test('PEM', async () => {
    const { secret, privatePem } = await sharedKey(name);
    expect(hex(privateKeyFromPem(privatePem))).toBe(hex(secret));
  });

  test('hex of the bare private key', async () => {
    const { secret, secretBytes } = await sharedKey(name);
    const fromHex = () => hex(privateKeyFromHex(keySpecs[name], hex(secretBytes)));
    if (name.startsWith('RSA')) expect(fromHex).toThrow('an RSA key cannot be written as bare bytes');
    else expect(fromHex()).toBe(hex(secret));
  });

  test('JWK', async () => {
    const { secret, privateKey } = await sharedKey(name);
    if (name === 'SM2') {
      expect(() => privateKeyFromJwk({ kty: 'EC', crv: 'SM2' })).toThrow('JWK knows no SM2');
    } else {
      expect(hex(privateKeyFromJwk(privateKey.export({ format: 'jwk' })))).toBe(hex(secret));
    }
  });

  test('no other asymmetric spec takes its key', async () => {
    const { secret } = await sharedKey(name);
    for (const other of asymmetric.filter((each) => each !== name)) {
      expect(() => importPrivateKey(keySpecs[other], secret)).toThrow(`not a key for ${other}: expected`);
    }
  });
});

test.each(['RSA_2048', 'EC_P256', 'EC_P384', 'SECP256K1'] as const)('PEM of PKCS#1 or SEC1: %s', async (name) => {
  const { secret, privatePem } = await sharedKey(name);
  const pem = openssl(['pkey', '-in', 'key.pem', '-traditional', '-out', 'out'], { 'key.pem': privatePem }).toString();
  expect(pem).toMatch(/BEGIN (RSA|EC) PRIVATE KEY/);
  expect(hex(importPrivateKey(keySpecs[name], privateKeyFromPem(pem)).secret)).toBe(hex(secret));
});

describe.each(elliptic)('%s', (name) => {
  const spec = keySpecs[name];
  const { order, length } = curves[name];
  const scalar = (value: bigint) => value.toString(16).padStart(length * 2, '0');

  test('PKCS#8 without a public point, as some tools write it', async () => {
    const { privatePem, secret } = await sharedKey(name);
    const files = { 'key.pem': privatePem };
    const bare = openssl(['ec', '-in', 'key.pem', '-no_public', '-out', 'out'], files);
    const wrapped = openssl(['pkcs8', '-topk8', '-nocrypt', '-in', 'key.pem', '-out', 'out'], { 'key.pem': bare });
    expect(hex(importPrivateKey(spec, privateKeyFromPem(wrapped.toString())).secret)).toBe(hex(secret));
  });

  test('a public point of another key is refused', async () => {
    const [one, other] = [await newKey(name), await newKey(name)];
    const mixed = Buffer.concat([one.secret.subarray(0, -2 * length), other.secret.subarray(-2 * length)]);
    expect(() => importPrivateKey(spec, mixed)).toThrow(`not a key for ${name}: `);
  });

  test('scalars out of range are refused, those with leading zeros are not', () => {
    const highest = name === 'SM2' ? order - 2n : order - 1n;
    for (const value of [1n, 255n, highest]) {
      const secret = privateKeyFromHex(spec, scalar(value));
      expect(hex(spec.bareSecret(importPrivateKey(spec, secret).secret))).toBe(scalar(value));
    }
    for (const value of [0n, highest + 1n, order, order + 1n]) {
      expect(() => privateKeyFromHex(spec, scalar(value))).toThrow('out of the range');
    }
    expect(() => privateKeyFromHex(spec, '01')).toThrow(`has ${length} bytes, got 1`);
  });
});

describe('refusals name the reason', () => {
  const rsa1024 = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const rsaPss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey;
  const pkcs8 = { type: 'pkcs8', format: 'der' } as const;

  test.each([
    ['RSA_2048', rsa1024.export(pkcs8), 'not a key for RSA_2048: expected an RSA key of 2048 bits, got rsa 1024'],
    ['RSA_2048', rsaPss.export(pkcs8), 'expected an RSA key of 2048 bits, got rsa-pss 2048'],
    ['EC_P256', new Uint8Array(5), 'not a key for EC_P256: not a private key in PKCS#8 DER: '],
    ['AES_256', new Uint8Array(16), 'not a key for AES_256: expected a secret of 32 bytes, got 16'],
    ['SM4', new Uint8Array(32), 'not a key for SM4: expected a secret of 16 bytes, got 32'],
    ['HMAC_512', new Uint8Array(), 'expected a secret of 64 bytes, got 0'],
  ] as const)('%s', (name, secret, reason) => {
    expect(() => importPrivateKey(keySpecs[name], secret)).toThrow(reason);
  });

  test('an RSA key whose numbers do not match', async () => {
    const one = (await sharedKey('RSA_2048')).privateKey.export({ format: 'jwk' });
    const other = (await newKey('RSA_2048')).privateKey.export({ format: 'jwk' });
    const { n } = other;
    if (n === undefined) throw new Error('a JWK of RSA has n');
    expect(() => importPrivateKey(keySpecs.RSA_2048, privateKeyFromJwk({ ...one, n }))).toThrow(
      'not a key for RSA_2048: the private and the public numbers of this RSA key do not match',
    );
  });

  test('PEM', async () => {
    const { privatePem, publicPem } = await sharedKey('EC_P256');
    const passphrase = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
    const encrypted = createPrivateKey(privatePem).export(passphrase).toString();
    expect(createPublicKey(publicPem).asymmetricKeyType).toBe('ec');
    for (const pem of [publicPem, encrypted, '', 'nonsense']) {
      expect(() => privateKeyFromPem(pem)).toThrow('not a private key in PEM: ');
    }
  });

  test('JWK and hex', () => {
    expect(hex(privateKeyFromJwk({ kty: 'oct', k: 'AAEC' }))).toBe('000102');
    expect(() => privateKeyFromJwk({ kty: 'EC', crv: 'P-256' })).toThrow('not a private JWK: ');
    expect(() => privateKeyFromHex(keySpecs.AES_256, 'zz')).toThrow('not a key for AES_256 in hex: ');
    expect(() => privateKeyFromHex(keySpecs.ED25519, '00')).toThrow('an Ed25519 seed has 32 bytes, got 1');
    expect(hex(privateKeyFromHex(keySpecs.SM4, '00'.repeat(16)))).toBe('00'.repeat(16));
  });
});
