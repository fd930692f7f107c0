import { randomBytes } from 'node:crypto';
import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { decode, encode, tags } from '../../src/crypto/der.ts';
import { importPrivateKey, privateKeyFromHex } from '../../src/crypto/key-import.ts';
import { keySpecs } from '../../src/crypto/key-specs.ts';
import { decryptSm2, encryptSm2 } from '../../src/crypto/sm2-encryption.ts';
import { opensslEncryption } from './outside/public-key-encryption.ts';
import { sharedKey, testKey } from './test-keys.ts';

const openOutside = async (ciphertext: Uint8Array): Promise<Buffer> =>
  opensslEncryption.decrypt('SM2_ENCRYPT', (await sharedKey('SM2')).privatePem, ciphertext);

describe('the example of GB/T 32918.5-2017 C.2', () => {
  const spec = keySpecs.SM2;
  const scalar = '3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8';
  const { secret, publicKey } = importPrivateKey(spec, privateKeyFromHex(spec, scalar));
  const key = testKey(spec, secret, publicKey ?? new Uint8Array());
  const hex = {
    x: '04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73',
    y: 'E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0',
    digest: '59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766',
    masked: '21886CA989CA9C7D58087307CA93092D651EFA',
  };
  const ciphertext = encode(
    tags.sequence,
    encode(tags.integer, hexToBytes(hex.x)),
    encode(tags.integer, hexToBytes(`00${hex.y}`)),
    encode(tags.octetString, hexToBytes(hex.digest)),
    encode(tags.octetString, hexToBytes(hex.masked)),
  );

  test('opens here, and with openssl', () => {
    expect(Buffer.from(decryptSm2(key.secretBytes, ciphertext) ?? '').toString()).toBe('encryption standard');
    expect(opensslEncryption.decrypt('SM2_ENCRYPT', key.privatePem, ciphertext).toString()).toBe('encryption standard');
  });

  const parts = (...values: Uint8Array[]) => encode(tags.sequence, ...values);
  const [x, y, digest, masked] = decode(decode(ciphertext)[0]!) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const integer = (bytes: Uint8Array) => encode(tags.integer, bytes);
  const octets = (bytes: Uint8Array) => encode(tags.octetString, bytes);
  test.each(
    Object.entries({
      nothing: new Uint8Array(),
      'an empty sequence': parts(),
      'three elements': parts(integer(x), integer(y), octets(digest)),
      'five elements': parts(integer(x), integer(y), octets(digest), octets(masked), octets(masked)),
      'C2 before C3': parts(integer(x), integer(y), octets(masked), octets(digest)),
      'a zero too many': parts(integer(Buffer.concat([Buffer.of(0), x])), integer(y), octets(digest), octets(masked)),
      'a negative number': parts(integer(x), integer(y.subarray(1)), octets(digest), octets(masked)),
      'a number too long': parts(integer(Buffer.concat([Buffer.of(1), x])), integer(y), octets(digest), octets(masked)),
      'octets for numbers': parts(octets(x), octets(y), octets(digest), octets(masked)),
      'the point of the other sign': parts(
        integer(x),
        integer(y.map((byte, at) => (at === 32 ? byte ^ 1 : byte))),
        octets(digest),
        octets(masked),
      ),
      'no data': parts(integer(x), integer(y), octets(digest), octets(new Uint8Array())),
      'a short digest': parts(integer(x), integer(y), octets(digest.subarray(1)), octets(masked)),
      'a byte behind the end': Buffer.concat([ciphertext, Buffer.of(0)]),
      'a long form of the length': Buffer.concat([Buffer.of(0x30, 0x81), ciphertext.subarray(1)]),
      'a length beyond the end': Buffer.concat([Buffer.of(0x30, 0x7f), ciphertext.subarray(2)]),
      'the bare concatenation': Buffer.concat([Buffer.of(4), x, y.subarray(1), digest, masked]),
    }),
  )('does not open as %s', (_, changed) => {
    expect(decryptSm2(key.secretBytes, changed)).toBeUndefined();
  });
});

test('coordinates with zeros in front are written as openssl reads them', async () => {
  const key = await sharedKey('SM2');
  const data = randomBytes(20);
  const lengths = new Set<number>();
  // One coordinate in 512 begins with nine zero bits: its INTEGER has 31 bytes, others 32 or 33.
  for (let tries = 0; tries < 5000 && !lengths.has(31); tries++) {
    const ciphertext = encryptSm2(key.publicBytes, data);
    const numbers = decode(decode(ciphertext)[0]!).slice(0, 2);
    const isNew = numbers.some(({ length }) => !lengths.has(length));
    numbers.forEach(({ length }) => lengths.add(length));
    if (!isNew) continue;
    expect(await openOutside(ciphertext)).toEqual(data);
    expect(decryptSm2(key.secretBytes, ciphertext)).toEqual(Uint8Array.from(data));
  }
  expect([...lengths].sort()).toEqual(expect.arrayContaining([31, 32, 33]));
});

test('a ciphertext is for one key only', async () => {
  const [key, other] = [await sharedKey('SM2'), await keySpecs.SM2.generate()];
  const ciphertext = encryptSm2(key.publicBytes, Buffer.from('text'));
  expect(decryptSm2(keySpecs.SM2.bareSecret(other.secret), ciphertext)).toBeUndefined();
});

test('one byte is encrypted, nothing is not', async () => {
  const { publicBytes } = await sharedKey('SM2');
  for (let round = 0; round < 20; round++) {
    expect(await openOutside(encryptSm2(publicBytes, Buffer.of(round)))).toEqual(Buffer.of(round));
  }
  expect(() => encryptSm2(publicBytes, new Uint8Array())).toThrow('SM2 encrypts one byte or more');
});
