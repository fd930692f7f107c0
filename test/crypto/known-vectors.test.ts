import { hash, randomBytes } from 'node:crypto';
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { curves, type CurveName } from '../../src/crypto/curves.ts';
import { encodeSignature, signEcdsa } from '../../src/crypto/ecdsa.ts';
import { signEd25519ph, verifyEd25519ph } from '../../src/crypto/ed25519ph.ts';
import { encodePss, mgf1, verifyPss } from '../../src/crypto/emsa-pss.ts';
import { hashes } from '../../src/crypto/hashes.ts';
import { importPrivateKey, privateKeyFromHex } from '../../src/crypto/key-import.ts';
import { keySpecs } from '../../src/crypto/key-specs.ts';
import { verifyEcdsa, verifySm2 } from '../../src/crypto/point-verification.ts';
import { signSm2, sm2Digest } from '../../src/crypto/sm2.ts';
import { opensslAgrees, signDigest, verifyDigest } from './outside/openssl.ts';
import { sharedKey, testKey } from './test-keys.ts';

function keyFromHex(name: CurveName | 'ED25519', hex: string) {
  const { secret, publicKey } = importPrivateKey(keySpecs[name], privateKeyFromHex(keySpecs[name], hex));
  return testKey(keySpecs[name], secret, publicKey ?? new Uint8Array());
}

describe('ECDSA (RFC 6979 A.2.5 and A.2.6, message "sample")', () => {
  const p256 = 'C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721';
  const p384 = '6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5';
  test.each([
    {
      curve: 'EC_P256' as const,
      key: p256,
      hashName: 'sha256' as const,
      r: 0xefd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716n,
      s: 0xf7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8n,
    },
    {
      curve: 'EC_P256' as const,
      key: p256,
      hashName: 'sha512' as const,
      r: 0x8496a60b5e9b47c825488827e0495b0e3fa109ec4568fd3f8d1097678eb97f00n,
      s: 0x2362ab1adbe2b8adf9cb9edab740ea6049c028114f2460f96554f61fae3302fen,
    },
    {
      curve: 'EC_P384' as const,
      key: p384,
      hashName: 'sha384' as const,
      r: 0x94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46n,
      s: 0x99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8n,
    },
  ])('$curve with $hashName', ({ curve, key, hashName, r, s }) => {
    const { publicBytes } = keyFromHex(curve, key);
    const digest = hash(hashName, utf8ToBytes('sample'), 'buffer');
    expect(verifyEcdsa(curve, publicBytes, digest, encodeSignature(r, s))).toBe(true);
    expect(verifyEcdsa(curve, publicBytes, digest, encodeSignature(r, curves[curve].order - s))).toBe(true);
    expect(verifyEcdsa(curve, publicBytes, digest, encodeSignature(r, s - 1n))).toBe(false);
  });

  test.each(['EC_P256', 'EC_P384', 'SECP256K1'] as const)(
    '%s cuts a longer digest and takes one of zeros, as OpenSSL does',
    async (name) => {
      const key = await sharedKey(name);
      for (const digest of [randomBytes(64), new Uint8Array(32), new Uint8Array(64).fill(0xff)]) {
        const ours = signEcdsa(curves[name], key.secretBytes, digest);
        expect(verifyDigest(key, digest, ours)).toBe(true);
        expect(verifyEcdsa(name, key.publicBytes, digest, signDigest(key, digest))).toBe(true);
      }
    },
  );
});

describe('SM2 (GB/T 32918.5-2017 A.2)', () => {
  const key = keyFromHex('SM2', '3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8');
  const digest = hexToBytes('F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640');
  const r = 0xf5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3n;
  const s = 0xb1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aan;

  test('the digest of "message digest"', () => {
    expect(Buffer.from(sm2Digest(key.publicBytes, utf8ToBytes('message digest'))).equals(digest)).toBe(true);
  });

  test('its signature', () => {
    expect(verifySm2(key.publicBytes, digest, encodeSignature(r, s))).toBe(true);
    expect(verifySm2(key.publicBytes, digest, encodeSignature(r, curves.SM2.order - s))).toBe(false);
  });

  test('another user id is another digest, and OpenSSL agrees with it', () => {
    const message = utf8ToBytes('hello');
    const signature = signSm2(key.secretBytes, sm2Digest(key.publicBytes, message, 'ALICE123@YAHOO.COM'));
    const files = { 'public.pem': key.publicPem, message, signature };
    const verify = (id: string) =>
      opensslAgrees(
        [
          ...['pkeyutl', '-verify', '-pubin', '-inkey', 'public.pem', '-rawin', '-digest', 'sm3', '-in', 'message'],
          ...['-sigfile', 'signature', '-pkeyopt', `distid:${id}`],
        ],
        files,
      );
    expect(verify('ALICE123@YAHOO.COM')).toBe(true);
    expect(verify('1234567812345678')).toBe(false);
  });
});

describe('Ed25519ph (RFC 8032 7.3)', () => {
  const key = keyFromHex('ED25519', '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42');
  const digest = hash('sha512', 'abc', 'buffer');
  const signature = hexToBytes(
    '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41' +
      '31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406',
  );

  test('its public key, its signature and its verification', () => {
    expect(Buffer.from(key.publicBytes).toString('hex')).toBe(
      'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    );
    expect(signEd25519ph(key.secretBytes, digest)).toEqual(signature);
    expect(verifyEd25519ph(key.publicBytes, digest, signature)).toBe(true);
  });
});

describe('EMSA-PSS (RFC 8017 9.1)', () => {
  const sha2 = fc.constantFrom(hashes.sha256, hashes.sha384, hashes.sha512);

  test('MGF1 of "bar" with SHA-256', () => {
    expect(Buffer.from(mgf1(hashes.sha256, utf8ToBytes('bar'), 50)).toString('hex')).toBe(
      '382576a7841021cc28fc4c0948753fb8312090cea942ea4c4e735d10dc724b155f9f6069f289d61daca0cb814502ef04eae1',
    );
  });

  test('what was encoded verifies, at every length in bits, and no single flipped bit does', () => {
    fc.assert(
      fc.property(sha2, fc.integer({ min: 1040, max: 2100 }), fc.nat(), (hash, bits, position) => {
        const digest = randomBytes(hash.length);
        const encoded = encodePss(hash, digest, bits);
        expect(verifyPss(hash, digest, encoded, bits)).toBe(true);
        const at = position % encoded.length;
        encoded[at] = (encoded[at] ?? 0) ^ (1 << (position % 8));
        expect(verifyPss(hash, digest, encoded, bits)).toBe(false);
      }),
    );
  });

  test('a salt of another length does not verify', () => {
    const digest = randomBytes(32);
    for (const length of [0, 20, 31, 33, 222 - 32]) {
      const encoded = encodePss(hashes.sha256, digest, 2047, randomBytes(length));
      expect(verifyPss(hashes.sha256, digest, encoded, 2047)).toBe(false);
    }
  });

  test('a modulus that is too short is refused', () => {
    expect(() => encodePss(hashes.sha512, randomBytes(64), 1023)).toThrow('1023 bits are too few for PSS with sha512');
    expect(() => encodePss(hashes.sha512, randomBytes(32), 2047)).toThrow('a sha512 digest has 64 bytes');
  });
});
