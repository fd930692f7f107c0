import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { KeySpec, KeySpecName } from './key-specs.ts';

/** A public key, parsed once; parsing it for each signature would halve the rate of P-256. Callers cache it. */
export interface VerificationKey {
  readonly keySpec: KeySpecName;
  readonly publicKey: KeyObject;
  /** The bare public key: an uncompressed point (EC, SM2), 32 bytes (Ed25519), empty (RSA). */
  readonly publicBytes: Uint8Array;
}

/** A private key with its public half, parsed once. Plain data: it can be posted to a thread. */
export interface SigningKey extends VerificationKey {
  readonly privateKey: KeyObject;
  /** The bare private key: a scalar (EC, SM2), a seed (Ed25519), empty (RSA). */
  readonly secretBytes: Uint8Array;
}

/** Parses what a key spec generated or imported: SPKI DER. Throws on anything else. */
export function loadVerificationKey(spec: KeySpec, publicKey: Uint8Array): VerificationKey {
  return {
    keySpec: spec.name,
    publicKey: createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }),
    publicBytes: spec.barePublic(publicKey),
  };
}

/** Parses what a key spec generated or imported: PKCS#8 and SPKI DER. Throws on anything else. */
export function loadSigningKey(spec: KeySpec, secret: Uint8Array, publicKey: Uint8Array): SigningKey {
  return {
    ...loadVerificationKey(spec, publicKey),
    privateKey: createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' }),
    secretBytes: spec.bareSecret(secret),
  };
}

/** Whether the public half is that of the private one. */
export const isPair = ({ privateKey, publicKey }: SigningKey): boolean => createPublicKey(privateKey).equals(publicKey);
