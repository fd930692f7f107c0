import { DER } from '@noble/curves/abstract/der.js';
import type { ECDSA } from '@noble/curves/abstract/weierstrass.js';
import { p256, p384 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { curves } from './curves.ts';
import { Sm2Point } from './sm2-points.ts';

/** noble's arithmetic takes 1 to 4 ms a signature: threads do it, and only they load this file. */
const ecdsaCurves: Readonly<Record<string, ECDSA>> = { EC_P256: p256, EC_P384: p384, SECP256K1: secp256k1 };

/**
 * ECDSA over a digest (FIPS 186-5 6.4.2), strict DER, either sign of s.
 * @param point the public key, uncompressed
 * @returns false for everything that is not a valid signature, malformed ones included
 */
export function verifyEcdsa(keySpec: string, point: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const curve = ecdsaCurves[keySpec];
  if (!curve) throw new Error(`${keySpec} is not a key for ECDSA`);
  try {
    return curve.verify(signature, digest, point, { prehash: false, lowS: false, format: 'der' });
  } catch {
    return false;
  }
}

/** SM2 over a digest (GB/T 32918.2-2016 7.1), strict DER. */
export function verifySm2(point: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const n = curves.SM2.order;
  try {
    const { r, s } = DER.toSig(signature, curves.SM2.length + 1);
    const t = (r + s) % n;
    if (r === 0n || s === 0n || r >= n || s >= n || t === 0n) return false;
    const { x } = Sm2Point.BASE.mulAddUnsafe(s, Sm2Point.fromBytes(point), t).toAffine();
    return (bytesToNumberBE(digest) + x) % n === r;
  } catch {
    return false;
  }
}
