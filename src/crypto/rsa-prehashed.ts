import crypto, { constants, privateDecrypt, publicEncrypt, timingSafeEqual, type KeyObject } from 'node:crypto';
import { encodePkcs1 } from './emsa-pkcs1.ts';
import { encodePss, verifyPss } from './emsa-pss.ts';
import type { Hash } from './hashes.ts';
import { lend } from './key-copies.ts';
import { modulusBits, modulusLength } from './rsa-keys.ts';
import type { SigningKey, VerificationKey } from './signing-keys.ts';
import { costOfSignature } from './places.ts';
import { onPool } from './thread-pool.ts';

const padding = constants.RSA_NO_PADDING;

/** What the private operation makes a signature of (RFC 8017 8.1.1 and 8.2.1). */
const encodings = {
  RSASSA_PSS: ({ keySpec }: SigningKey, hash: Hash, digest: Uint8Array) =>
    encodePss(hash, digest, modulusBits(keySpec) - 1),
  RSASSA_PKCS1_V1_5: ({ keySpec }: SigningKey, hash: Hash, digest: Uint8Array) =>
    encodePkcs1(hash, digest, modulusBits(keySpec) / 8),
};

export type RsaScheme = keyof typeof encodings;

/** A signature over a digest. Blocks for as long as RSA takes: 0.25 to 1.5 ms. */
export const signRsaDigest = (scheme: RsaScheme, key: SigningKey, hash: Hash, digest: Uint8Array): Uint8Array =>
  rsasp1(key, encodings[scheme](key, hash, digest));

/** The same on libuv's pool; undefined where this Node cannot do that. */
export function signRsaDigestOnPool(
  scheme: RsaScheme,
  key: SigningKey,
  hash: Hash,
  digest: Uint8Array,
): Promise<Uint8Array> | undefined {
  // From Node 24.7.
  const { decapsulate } = crypto as Partial<Pick<typeof crypto, 'decapsulate'>>;
  if (decapsulate === undefined) return undefined;
  const encoded = encodings[scheme](key, hash, digest);
  // What RSASVE recovers is the private operation on what it is given (NIST SP 800-56B 7.2.1.3), and node:crypto has no other way to it that leaves
  // the event loop free. It locks the key meanwhile.
  return onPool(costOfSignature(key.keySpec), (done) =>
    lend(key.privateKey, (copy, giveBack) =>
      decapsulate(copy, encoded, (error, signature) => {
        giveBack();
        done(error, signature);
      }),
    ),
  );
}

/** RSASSA-PSS over a digest (RFC 8017 8.1.2), salt as long as the digest. */
export function verifyPssDigest(key: VerificationKey, hash: Hash, digest: Uint8Array, signature: Uint8Array): boolean {
  const encoded = rsavp1(key.publicKey, signature);
  return encoded !== null && verifyPss(hash, digest, encoded, modulusBits(key.keySpec) - 1);
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
