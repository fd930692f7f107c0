import { constants, privateDecrypt, publicEncrypt, timingSafeEqual, type KeyObject } from 'node:crypto';
import { encodePkcs1 } from './emsa-pkcs1.ts';
import { encodePss, verifyPss } from './emsa-pss.ts';
import type { Hash } from './hashes.ts';
import { modulusBits, modulusLength } from './rsa-keys.ts';
import type { SigningKey, VerificationKey } from './signing-keys.ts';

const padding = constants.RSA_NO_PADDING;

/** RSASSA-PSS over a digest (RFC 8017 8.1.1). Blocks for as long as RSA takes: 0.25 to 1.5 ms. */
export function signPssDigest(key: SigningKey, hash: Hash, digest: Uint8Array): Uint8Array {
  return rsasp1(key, encodePss(hash, digest, modulusBits(key.keySpec) - 1));
}

/** RSASSA-PSS over a digest (RFC 8017 8.1.2), salt as long as the digest. */
export function verifyPssDigest(key: VerificationKey, hash: Hash, digest: Uint8Array, signature: Uint8Array): boolean {
  const encoded = rsavp1(key.publicKey, signature);
  return encoded !== null && verifyPss(hash, digest, encoded, modulusBits(key.keySpec) - 1);
}

/** RSASSA-PKCS1-v1_5 over a digest (RFC 8017 8.2.1). Blocks for as long as RSA takes: 0.25 to 1.5 ms. */
export function signPkcs1Digest(key: SigningKey, hash: Hash, digest: Uint8Array): Uint8Array {
  return rsasp1(key, encodePkcs1(hash, digest, modulusBits(key.keySpec) / 8));
}

/** RSASSA-PKCS1-v1_5 over a digest (RFC 8017 8.2.2): encodes anew and compares, so no other padding passes. */
export function verifyPkcs1Digest(
  key: VerificationKey,
  hash: Hash,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  const encoded = rsavp1(key.publicKey, signature);
  return encoded !== null && timingSafeEqual(encoded, encodePkcs1(hash, digest, encoded.length));
}

/** The private operation itself (RFC 8017 5.2.1). `crypto.sign` would hash the digest once more. */
function rsasp1(key: SigningKey, encoded: Uint8Array): Uint8Array {
  return privateDecrypt({ key: key.privateKey, padding }, encoded);
}

/** The public operation itself (RFC 8017 5.2.2); null when the signature is not as long as the modulus, or no number below it. */
export function rsavp1(publicKey: KeyObject, signature: Uint8Array): Uint8Array | null {
  if (signature.length !== Math.ceil(modulusLength(publicKey) / 8)) return null;
  try {
    return publicEncrypt({ key: publicKey, padding }, signature);
  } catch {
    return null;
  }
}
