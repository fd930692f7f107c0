import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { hexToBytes } from '@noble/hashes/utils.js';
import { reasonOf, type KeyMaterial } from './key-material.ts';
import type { KeySpec } from './key-specs.ts';

/**
 * Checks a private key against a spec and derives its public half.
 * @param secret PKCS#8 DER, or the bare bytes of a symmetric key
 * @throws Error that says what is wrong: not a key, another curve, another modulus or secret length
 */
export function importPrivateKey(spec: KeySpec, secret: Uint8Array): KeyMaterial {
  return explained(`not a key for ${spec.name}`, () => spec.import(secret));
}

/** PKCS#8 DER from PEM: PKCS#8, PKCS#1 or SEC1, not encrypted. */
export function privateKeyFromPem(pem: string): Uint8Array {
  return explained('not a private key in PEM', () =>
    createPrivateKey({ key: pem, format: 'pem' }).export({ type: 'pkcs8', format: 'der' }),
  );
}

/** PKCS#8 DER from a private JWK (RFC 7518 6, RFC 8037 2); from one with `kty: oct` the bare bytes. There is none for SM2. */
export function privateKeyFromJwk(jwk: JsonWebKey): Uint8Array {
  return explained('not a private JWK', () => {
    if (jwk.crv === 'SM2') throw new Error('JWK knows no SM2: give PEM or hex');
    if (jwk.kty === 'oct') return Buffer.from(jwk.k ?? '', 'base64url');
    return createPrivateKey({ key: jwk, format: 'jwk' }).export({ type: 'pkcs8', format: 'der' });
  });
}

/** From hex: the private scalar (EC, SM2), the seed (Ed25519) or the secret itself. RSA keys have no such form. */
export function privateKeyFromHex(spec: KeySpec, hex: string): Uint8Array {
  return explained(`not a key for ${spec.name} in hex`, () => spec.fromBare(hexToBytes(hex)));
}

function explained<T>(complaint: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw new Error(`${complaint}: ${reasonOf(error)}`, { cause: error });
  }
}
