import { createECDH } from 'node:crypto';
import { bytesToNumberBE, equalBytes, numberToBytesBE } from '@noble/curves/utils.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { curves } from './curves.ts';
import { decode, encode, tags } from './der.ts';
import { hashes } from './hashes.ts';
import { Sm2Point } from './sm2-points.ts';

const { length, openssl } = curves.SM2;
const { sm3 } = hashes;

/** What a ciphertext consists of, by the standard's names. */
interface Parts {
  /** C1: a fresh point, uncompressed. */
  readonly point: Uint8Array;
  /** C2: the data, masked. */
  readonly masked: Uint8Array;
  /** C3: the digest of the data between the coordinates of the secret point. */
  readonly digest: Uint8Array;
}

/**
 * SM2 encryption (GB/T 32918.4-2016 6.1), DER as in GB/T 35276-2017 7.2. Takes 4 ms.
 * @param publicPoint the public key, uncompressed: 04 || x || y
 * @param data at least one byte
 */
export function encryptSm2(publicPoint: Uint8Array, data: Uint8Array): Uint8Array {
  if (data.length === 0) throw new RangeError('SM2 encrypts one byte or more');
  const recipient = Sm2Point.fromBytes(publicPoint);
  for (;;) {
    const pair = createECDH(openssl);
    const point = pair.generateKeys();
    const secret = recipient.multiply(bytesToNumberBE(pair.getPrivateKey())).toBytes(false).subarray(1);
    const mask = derive(secret, data.length);
    if (isZero(mask)) continue;
    return toDer({ point, masked: xor(data, mask), digest: digestBetween(secret, data) });
  }
}

/**
 * SM2 decryption (GB/T 32918.4-2016 7.1). Takes 4 ms.
 * @param secret the private scalar, big-endian
 * @returns undefined for everything that was not encrypted for this key
 */
export function decryptSm2(secret: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
  try {
    const { point, masked, digest } = fromDer(ciphertext);
    const shared = Sm2Point.fromBytes(point).multiply(bytesToNumberBE(secret)).toBytes(false).subarray(1);
    const mask = derive(shared, masked.length);
    const data = xor(masked, mask);
    return !isZero(mask) && equalBytes(digestBetween(shared, data), digest) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** The key derivation function (GB/T 32918.4-2016 5.4.3): so many bytes from the coordinates of the secret point. */
function derive(secret: Uint8Array, bytes: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(bytes / sm3.length) }, (_, block) =>
    sm3.digest(concatBytes(secret, numberToBytesBE(block + 1, 4))),
  );
  return concatBytes(...blocks).subarray(0, bytes);
}

const digestBetween = (secret: Uint8Array, data: Uint8Array): Uint8Array =>
  sm3.digest(concatBytes(secret.subarray(0, length), data, secret.subarray(length)));

/** A mask of zeros would leave the data as it is. */
const isZero = (mask: Uint8Array): boolean => mask.every((byte) => byte === 0);

const xor = (data: Uint8Array, mask: Uint8Array): Uint8Array => data.map((byte, at) => byte ^ (mask[at] ?? 0));

/** SEQUENCE { x INTEGER, y INTEGER, C3 OCTET STRING, C2 OCTET STRING }. */
function toDer({ point, masked, digest }: Parts): Uint8Array {
  const [x, y] = [point.subarray(1, 1 + length), point.subarray(1 + length)];
  return encode(
    tags.sequence,
    ...[integer(x), integer(y)],
    encode(tags.octetString, digest),
    encode(tags.octetString, masked),
  );
}

/** Throws for what toDer would not have written. */
function fromDer(der: Uint8Array): Parts {
  const [body] = decode(der);
  const [x, y, digest, masked] = decode(body ?? der);
  if (!x || !y || !digest || !masked) throw new RangeError('not an SM2 ciphertext');
  const point = concatBytes(Uint8Array.of(4), coordinate(x), coordinate(y));
  const parts = { point, masked, digest };
  if (!equalBytes(toDer(parts), der)) throw new RangeError('not DER');
  return parts;
}

/** An INTEGER that is not negative: the shortest form, with a zero in front where the first bit is set. */
function integer(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  return encode(tags.integer, ...((digits[0] ?? 0) < 0x80 ? [digits] : [Uint8Array.of(0), digits]));
}

/** A number as a coordinate; what is too long loses its head, and is found out when it is written again. */
const coordinate = (number: Uint8Array): Uint8Array => concatBytes(new Uint8Array(length), number).slice(-length);
