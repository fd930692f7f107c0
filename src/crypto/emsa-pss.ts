import { randomBytes, timingSafeEqual } from 'node:crypto';
import { concatBytes } from '@noble/hashes/utils.js';
import type { Hash } from './hashes.ts';

const trailer = 0xbc;
const eightZeros = new Uint8Array(8);

type PssHash = Pick<Hash, 'length' | 'digest'>;

/** The mask generation function MGF1 (RFC 8017 B.2.1): `length` bytes from `seed`. */
export function mgf1(hash: PssHash, seed: Uint8Array, length: number): Uint8Array {
  const mask = new Uint8Array(Math.ceil(length / hash.length) * hash.length);
  const block = concatBytes(seed, new Uint8Array(4));
  const counter = new DataView(block.buffer, seed.length);
  for (let at = 0; at < length; at += hash.length) {
    counter.setUint32(0, at / hash.length);
    mask.set(hash.digest(block), at);
  }
  return mask.subarray(0, length);
}

/**
 * EMSA-PSS-ENCODE of a digest (RFC 8017 9.1.1), MGF1 with the same hash, salt as long as the digest unless given.
 * @param bits the length wanted, one bit less than the modulus has
 * @throws RangeError when the modulus is too short for digest and salt, or the digest is not of this hash
 */
export function encodePss(hash: Hash, digest: Uint8Array, bits: number, salt = randomBytes(hash.length)): Uint8Array {
  if (digest.length !== hash.length) throw new RangeError(`a ${hash.name} digest has ${hash.length} bytes`);
  const block = new Uint8Array(Math.ceil(bits / 8) - hash.length - 1);
  const saltAt = block.length - salt.length;
  if (saltAt < 1) throw new RangeError(`${bits} bits are too few for PSS with ${hash.name}`);
  block[saltAt - 1] = 1;
  block.set(salt, saltAt);
  const proof = hash.digest(concatBytes(eightZeros, digest, salt));
  return concatBytes(masked(hash, block, proof, bits), proof, Uint8Array.of(trailer));
}

/** EMSA-PSS-VERIFY (RFC 8017 9.1.2): the salt must be exactly as long as the digest. Never throws on bad input. */
export function verifyPss(hash: Hash, digest: Uint8Array, encoded: Uint8Array, bits: number): boolean {
  const opened = decodePss(hash, encoded, bits);
  return opened?.salt.length === hash.length && digest.length === hash.length && isPssOf(hash, digest, opened);
}

/** What an encoded message holds. */
export interface PssContent {
  readonly salt: Uint8Array;
  /** Hash of eight zeros, the digest and the salt. */
  readonly proof: Uint8Array;
}

/** The steps of EMSA-PSS-VERIFY before the comparison, with a salt of any length; undefined for what is not encoded so. */
export function decodePss(
  hash: PssHash,
  encoded: Uint8Array,
  bits: number,
  mask: PssHash = hash,
): PssContent | undefined {
  const proofAt = encoded.length - hash.length - 1;
  if (encoded.length !== Math.ceil(bits / 8) || proofAt < 1) return undefined;
  if (encoded.at(-1) !== trailer || (encoded[0] ?? 0) >> headBits(bits) !== 0) return undefined;
  const proof = encoded.subarray(proofAt, -1);
  const block = masked(mask, encoded.subarray(0, proofAt), proof, bits);
  const oneAt = block.findIndex((byte) => byte !== 0);
  return block[oneAt] === 1 ? { salt: block.subarray(oneAt + 1), proof } : undefined;
}

/** Whether what was decoded is of this digest. */
export const isPssOf = (hash: PssHash, digest: Uint8Array, { salt, proof }: PssContent): boolean =>
  timingSafeEqual(proof, hash.digest(concatBytes(eightZeros, digest, salt)));

/** How many bits of the first byte belong to a number of so many bits: 1 to 8. */
const headBits = (bits: number) => ((bits - 1) % 8) + 1;

function masked(hash: PssHash, block: Uint8Array, proof: Uint8Array, bits: number): Uint8Array {
  const mask = mgf1(hash, proof, block.length);
  const result = new Uint8Array(block.length);
  // A call for each byte would take longer than the hashes.
  for (let at = 0; at < block.length; at++) result[at] = (block[at] ?? 0) ^ (mask[at] ?? 0);
  result[0] = (result[0] ?? 0) & (0xff >> (8 - headBits(bits)));
  return result;
}
