import { eddsa } from '@noble/curves/abstract/edwards.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** dom2(phflag = 1, no context) (RFC 8032 5.1). */
const dom2 = concatBytes(utf8ToBytes('SigEd25519 no Ed25519 collisions'), Uint8Array.of(1, 0));

/** Ed25519ph whose message is hashed already; noble's own hashes what it gets. */
const ed25519OfDigest = eddsa(ed25519.Point, sha512, {
  adjustScalarBytes: clamp,
  domain: (data: Uint8Array) => concatBytes(dom2, data),
  zip215: false,
});

/** Ed25519ph over a SHA-512 digest (RFC 8032 5.1.6): 64 bytes. `seed` is the private key of RFC 8032, 32 bytes. */
export const signEd25519ph = (seed: Uint8Array, digest: Uint8Array): Uint8Array => ed25519OfDigest.sign(digest, seed);

/** Ed25519ph over a SHA-512 digest (RFC 8032 5.1.7); false for malformed signatures too. */
export function verifyEd25519ph(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === 64 && ed25519OfDigest.verify(signature, digest, publicKey);
}

/** The bits that every Ed25519 scalar has (RFC 8032 5.1.5, step 2). */
function clamp(scalar: Uint8Array): Uint8Array<ArrayBuffer> {
  const clamped = Uint8Array.from(scalar);
  clamped[0] = (clamped[0] ?? 0) & 0xf8;
  clamped[31] = ((clamped[31] ?? 0) & 0x7f) | 0x40;
  return clamped;
}
