import { randomBytes, timingSafeEqual } from 'node:crypto';
import { concatBytes } from '@noble/hashes/utils.js';
import type { Hash } from './hashes.ts';

const trailer = 0xbc;
const eightZeros = new Uint8Array(8);

/** The mask generation function MGF1 (RFC 8017 B.2.1): `length` bytes from `seed`. */
export function mgf1(hash: Hash, seed: Uint8Array, length: number): Uint8Array {
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
  const proofAt = encoded.length - hash.length - 1;
  const saltAt = proofAt - hash.length;
  if (digest.length !== hash.length || encoded.length !== Math.ceil(bits / 8) || saltAt < 1) return false;
  if (encoded.at(-1) !== trailer || (encoded[0] ?? 0) >> headBits(bits) !== 0) return false;
  const proof = encoded.subarray(proofAt, -1);
  const block = masked(hash, encoded.subarray(0, proofAt), proof, bits);
  if (block.subarray(0, saltAt - 1).some((byte) => byte !== 0) || block[saltAt - 1] !== 1) return false;
  return timingSafeEqual(proof, hash.digest(concatBytes(eightZeros, digest, block.subarray(saltAt))));
}

/** How many bits of the first byte belong to a number of so many bits: 1 to 8. */
const headBits = (bits: number) => ((bits - 1) % 8) + 1;

function masked(hash: Hash, block: Uint8Array, proof: Uint8Array, bits: number): Uint8Array {
  const mask = mgf1(hash, proof, block.length);
  const result = block.map((byte, at) => byte ^ (mask[at] ?? 0));
  result[0] = (result[0] ?? 0) & (0xff >> (8 - headBits(bits)));
  return result;
}
