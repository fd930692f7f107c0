import { curveOf } from './curves.ts';
import { signEcdsa } from './ecdsa.ts';
import { signEd25519ph, verifyEd25519ph } from './ed25519ph.ts';
import { hashes, type Hash, type HashName } from './hashes.ts';
import { verifyEcdsa, verifySm2 } from './point-verification.ts';
import { signRsaDigest, verifyPkcs1Digest, verifyPssDigest, type RsaScheme } from './rsa-prehashed.ts';
import type { SigningKey, VerificationKey } from './signing-keys.ts';
import { signSm2 } from './sm2.ts';

export type PrehashedScheme = RsaScheme | 'ECDSA' | 'SM2DSA' | 'ED25519_PH';

/** A digest to sign. Plain data and KeyObjects, so that it can be posted to a thread. */
export interface SignJob {
  readonly operation: 'sign';
  readonly scheme: PrehashedScheme;
  readonly hash: HashName;
  readonly key: SigningKey;
  readonly digest: Uint8Array;
}

/** A signature to check against a digest. */
export interface VerifyJob {
  readonly operation: 'verify';
  readonly scheme: PrehashedScheme;
  readonly hash: HashName;
  readonly key: VerificationKey;
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
}

interface Prehashed {
  sign(key: SigningKey, hash: Hash, digest: Uint8Array): Uint8Array;
  verify(key: VerificationKey, hash: Hash, digest: Uint8Array, signature: Uint8Array): boolean;
}

/** Every way to sign a digest. Nothing in node:crypto does it: `crypto.sign(null, digest)` hashes the digest again. */
const schemes: Readonly<Record<PrehashedScheme, Prehashed>> = {
  RSASSA_PSS: { sign: (...digest) => signRsaDigest('RSASSA_PSS', ...digest), verify: verifyPssDigest },
  RSASSA_PKCS1_V1_5: { sign: (...digest) => signRsaDigest('RSASSA_PKCS1_V1_5', ...digest), verify: verifyPkcs1Digest },
  ECDSA: {
    sign: (key, _, digest) => signEcdsa(curveOf(key.keySpec), key.secretBytes, digest),
    verify: (key, _, digest, signature) => verifyEcdsa(key.keySpec, key.publicBytes, digest, signature),
  },
  SM2DSA: {
    sign: (key, _, digest) => signSm2(key.secretBytes, digest),
    verify: (key, _, digest, signature) => verifySm2(key.publicBytes, digest, signature),
  },
  ED25519_PH: {
    sign: (key, _, digest) => signEd25519ph(key.secretBytes, digest),
    verify: (key, _, digest, signature) => verifyEd25519ph(key.publicBytes, digest, signature),
  },
};

/** Does a job here and now: a signature, or whether one is valid. What a signing thread runs. */
export function runPrehashed(job: SignJob | VerifyJob): Uint8Array | boolean {
  const scheme = schemes[job.scheme];
  const hash = hashes[job.hash];
  return job.operation === 'sign'
    ? scheme.sign(job.key, hash, job.digest)
    : scheme.verify(job.key, hash, job.digest, job.signature);
}
