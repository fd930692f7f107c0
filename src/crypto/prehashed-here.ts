import { curves } from './curves.ts';
import { signEcdsa } from './ecdsa.ts';
import { hashes } from './hashes.ts';
import type { SignJob, VerifyJob } from './prehashed.ts';
import { signRsaDigestOnPool, verifyPkcs1Digest, verifyPssDigest } from './rsa-prehashed.ts';

/**
 * Signs a digest on the event loop when that takes no more than 0.1 ms; else null. A thread would cost more than it saves, and needs noble's
 * curves (45 ms to load), which this file does without.
 */
export function signHere({ scheme, key, digest }: SignJob): Uint8Array | null {
  return scheme === 'ECDSA' && key.keySpec === 'EC_P256' ? signEcdsa(curves.EC_P256, key.secretBytes, digest) : null;
}

/** Signs a digest on libuv's pool where that can be done there; else null. */
export function signOnPool({ scheme, key, hash, digest }: SignJob): Promise<Uint8Array> | null {
  const isRsa = scheme === 'RSASSA_PSS' || scheme === 'RSASSA_PKCS1_V1_5';
  return isRsa ? (signRsaDigestOnPool(scheme, key, hashes[hash], digest) ?? null) : null;
}

const quickVerifications = { RSASSA_PSS: verifyPssDigest, RSASSA_PKCS1_V1_5: verifyPkcs1Digest };

/** Verifies a digest's signature on the event loop when that takes no more than 0.1 ms; else null. */
export function verifyHere({ scheme, key, hash, digest, signature }: VerifyJob): boolean | null {
  const isQuick = scheme === 'RSASSA_PSS' || scheme === 'RSASSA_PKCS1_V1_5';
  return isQuick ? quickVerifications[scheme](key, hashes[hash], digest, signature) : null;
}
