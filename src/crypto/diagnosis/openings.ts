import { createECDH, verify, type KeyObject } from 'node:crypto';
import type { WeierstrassPoint, WeierstrassPointCons } from '@noble/curves/abstract/weierstrass.js';
import { invert, mod } from '@noble/curves/abstract/modular.js';
import { p256, p384 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { curves, type CurveName } from '../curves.ts';
import { leftmostBits } from '../ecdsa.ts';
import { verifyEd25519ph } from '../ed25519ph.ts';
import { keySpecs } from '../key-specs.ts';
import { loadVerificationKey } from '../signing-keys.ts';
import { Sm2Point } from '../sm2-points.ts';
import type { Candidate, Making, PublicKey } from './question.ts';
import { openRsa } from './rsa-opening.ts';
import { numbersOf, wide } from './signature-forms.ts';

/** How a key made a signature over a candidate; undefined where it did not. */
export type Opening = (candidate: Candidate) => Making | undefined;

type Point = WeierstrassPoint<bigint>;

const points: Readonly<Record<CurveName, WeierstrassPointCons<bigint>>> = {
  EC_P256: p256.Point,
  EC_P384: p384.Point,
  SECP256K1: secp256k1.Point,
  SM2: Sm2Point,
};

/**
 * Opens a well-formed signature with a public key once, so that each candidate costs little: what RSA and SM2 sign can be computed from the
 * signature, and with ECDSA a point of which it is the discrete logarithm.
 */
export function open(key: PublicKey, signature: Uint8Array): Opening {
  if (key.spec === 'ED25519') return openEd25519(key, signature);
  if (!(key.spec in curves)) return openRsa(parsed(key), signature).made;
  const ecdsa = openEcdsa(key, signature);
  if (key.spec !== 'SM2') return ecdsa;
  const sm2 = openSm2(key, signature);
  return (candidate) => sm2(candidate) ?? ecdsa(candidate);
}

/** The key as OpenSSL takes it. */
export const parsed = ({ spec, spki }: PublicKey): KeyObject => loadVerificationKey(keySpecs[spec], spki).publicKey;

const pointOf = ({ spec, spki }: PublicKey): Point =>
  points[spec as CurveName].fromBytes(keySpecs[spec].barePublic(spki));

/** The points with this x coordinate: they differ in their sign. */
function lift(curve: CurveName, x: bigint): Point | undefined {
  try {
    return points[curve].fromBytes(concatBytes(Uint8Array.of(2), wide(x, curve)));
  } catch {
    return undefined;
  }
}

/** s R = e G + r Q (FIPS 186-5 6.4.2): e G is s R - r Q, and OpenSSL computes e G for each candidate in 0.03 ms on P-256. */
function openEcdsa(key: PublicKey, signature: Uint8Array): Opening {
  const curve = key.spec as CurveName;
  const { order, openssl } = curves[curve];
  const { r, s } = numbersOf(signature, curve);
  const nonce = lift(curve, r);
  if (nonce === undefined) return () => undefined;
  const public_ = pointOf(key);
  const expected = new Set([nonce, nonce.negate()].map((one) => one.mulAddUnsafe(s, public_, order - r).toHex(true)));
  const pair = createECDH(openssl);
  return ({ digest, hash, userId }) => {
    if (userId !== undefined && userId !== null) return undefined;
    const e = mod(leftmostBits(digest, order), order);
    if (e === 0n) return undefined;
    pair.setPrivateKey(wide(e, curve));
    return expected.has(pair.getPublicKey('hex', 'compressed')) ? { scheme: 'ECDSA', hash } : undefined;
  };
}

/** Public keys for which a signature would be valid over this digest (SEC 1 4.1.6), as uncompressed points. */
export function recoverKeys(curve: CurveName, signature: Uint8Array, digest: Uint8Array): readonly Uint8Array[] {
  const { order } = curves[curve];
  const { r, s } = numbersOf(signature, curve);
  const nonce = lift(curve, r);
  if (nonce === undefined) return [];
  const inverse = invert(r, order);
  const e = mod(leftmostBits(digest, order), order);
  return [nonce, nonce.negate()].map((one) =>
    one.mulAddUnsafe(mod(s * inverse, order), points[curve].BASE, mod(-e * inverse, order)).toBytes(false),
  );
}

/** r = e + x of s G + t Q (GB/T 32918.2-2016 7.1), which gives e. */
export function openSm2(key: PublicKey, signature: Uint8Array): Opening {
  const { order } = curves.SM2;
  const { r, s } = numbersOf(signature, 'SM2');
  const t = mod(r + s, order);
  if (t === 0n) return () => undefined;
  const { x } = Sm2Point.BASE.mulAddUnsafe(s, pointOf(key), t).toAffine();
  const signed = mod(r - x, order);
  return ({ digest, hash, userId }) =>
    mod(bytesToNumberBE(digest), order) === signed
      ? { scheme: 'SM2DSA', hash, ...(userId !== undefined && { userId }) }
      : undefined;
}

/** Ed25519 shows nothing: each candidate is verified. */
function openEd25519(key: PublicKey, signature: Uint8Array): Opening {
  const { publicKey, publicBytes } = loadVerificationKey(keySpecs.ED25519, key.spki);
  return ({ digest, hash }) => {
    if (hash === null)
      return verify(null, digest, publicKey, signature) ? { scheme: 'ED25519', hash: 'sha512' } : undefined;
    return verifyEd25519ph(publicBytes, digest, signature) ? { scheme: 'ED25519_PH', hash } : undefined;
  };
}
