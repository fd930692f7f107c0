import { invert, mod } from '@noble/curves/abstract/modular.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { curves } from './curves.ts';
import { encodeSignature, noncePair } from './ecdsa.ts';
import { hashes } from './hashes.ts';

/** The user id where nobody agreed on another (GM/T 0009-2012 10). */
export const defaultUserId = '1234567812345678';

/** The recommended curve (GB/T 32918.5-2017 A.1), each number of 32 bytes in hex. */
export const sm2Curve = {
  p: 'fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff',
  a: 'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc',
  b: '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93',
  Gx: '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7',
  Gy: 'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0',
} as const;

const domain = hexToBytes(sm2Curve.a + sm2Curve.b + sm2Curve.Gx + sm2Curve.Gy);

/**
 * What SM2 signs for a message: SM3(Z(A) || M), where Z(A) binds the signer's id and public key (GB/T 32918.2-2016 5.5).
 * @param point the public key, uncompressed: 04 || x || y
 */
export function sm2Digest(point: Uint8Array, message: Uint8Array, userId = defaultUserId): Uint8Array {
  const id = utf8ToBytes(userId);
  const idBits = Uint8Array.of(id.length >> 5, (id.length << 3) & 0xff);
  const z = hashes.sm3.digest(concatBytes(idBits, id, domain, point.subarray(1)));
  return hashes.sm3.digest(concatBytes(z, message));
}

/**
 * SM2 over a digest (GB/T 32918.2-2016 6.1), DER. Nonce by OpenSSL, the rest by BigInt, as in ECDSA.
 * @param secret the private scalar, big-endian
 */
export function signSm2(secret: Uint8Array, digest: Uint8Array): Uint8Array {
  const n = curves.SM2.order;
  const d = bytesToNumberBE(secret);
  const e = bytesToNumberBE(digest);
  for (;;) {
    const { k, x } = noncePair(curves.SM2);
    const r = (e + x) % n;
    const s = (invert(1n + d, n) * mod(k - r * d, n)) % n;
    if (r !== 0n && r + k !== n && s !== 0n) return encodeSignature(r, s);
  }
}
