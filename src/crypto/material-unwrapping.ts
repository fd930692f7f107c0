/** How key material travels: wrapped under a public key, or under a temporary AES key that is itself wrapped so. */
import { constants, createDecipheriv, privateDecrypt } from 'node:crypto';
import { newDataKeyPair, type DataKeyPairSpec } from './data-key-pairs.ts';
import { keyPairAlgorithms, type KeyPairEncryption } from './encryption-algorithms.ts';
import type { KeyPairMaterial } from './key-material.ts';

export interface WrappingAlgorithm {
  /** Of the wrapping key pair. */
  readonly keySpec: DataKeyPairSpec;
  /** What was wrapped; undefined for what was not wrapped under this key. */
  readonly unwrap: KeyPairEncryption['decrypt'];
}

const { RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SM2_ENCRYPT } = keyPairAlgorithms;

/** The algorithms of get-parameters-for-import: RFC 8017 7.1 and 7.2, GB/T 32918.4-2016. */
export const wrappingAlgorithms = {
  RSAES_PKCS1_V1_5: { keySpec: 'RSA_2048', unwrap: decryptPkcs1 },
  RSAES_OAEP_SHA_1: { keySpec: 'RSA_2048', unwrap: RSAES_OAEP_SHA_1.byKeyPair.decrypt },
  RSAES_OAEP_SHA_256: { keySpec: 'RSA_2048', unwrap: RSAES_OAEP_SHA_256.byKeyPair.decrypt },
  SM2_ENCRYPT: { keySpec: 'SM2', unwrap: SM2_ENCRYPT.byKeyPair.decrypt },
} as const satisfies Record<string, WrappingAlgorithm>;

export type WrappingAlgorithmName = keyof typeof wrappingAlgorithms;

/** A key pair to wrap under, PKCS#8 and SPKI DER. */
export const newWrappingPair = (algorithm: WrappingAlgorithmName): Promise<KeyPairMaterial> =>
  newDataKeyPair(wrappingAlgorithms[algorithm].keySpec);

/**
 * RSAES-PKCS1-v1_5 (RFC 8017 7.2.2): 00 02, at least 8 bytes that are not zero, 00, the message. OpenSSL's own decoding gives random bytes
 * for every other padding, so that nobody learns which was right; a client would then import those as its key.
 */
async function decryptPkcs1(privateKey: Uint8Array, wrapped: Uint8Array): Promise<Uint8Array | undefined> {
  const key = { key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' } as const;
  const encoded = attempt(() => privateDecrypt({ ...key, padding: constants.RSA_NO_PADDING }, wrapped));
  const end = encoded?.indexOf(0, 2) ?? -1;
  return encoded?.[0] === 0 && encoded[1] === 2 && end >= 10 ? encoded.subarray(end + 1) : undefined;
}

/** AES key wrap with padding, by the length of the AES key in bytes. */
const keyWraps: Readonly<Record<number, string>> = { 16: 'id-aes128-wrap-pad', 32: 'id-aes256-wrap-pad' };

/** The upper half of the first block before wrapping (RFC 5649 3). */
const keyWrapIv = Buffer.from('a65959a6', 'hex');

/** Whether an AES key of so many bytes may wrap a private key. */
export const isWrappingLength = (bytes: number): boolean => bytes in keyWraps;

/** What AES key wrap with padding (RFC 5649) holds; undefined when it was not wrapped under this key. */
export function unwrapUnderAes(key: Uint8Array, wrapped: Uint8Array): Uint8Array | undefined {
  // Of nothing OpenSSL makes nothing, without a complaint.
  if (wrapped.length === 0) return undefined;
  return attempt(() => {
    const cipher = createDecipheriv(keyWraps[key.length] ?? '', key, keyWrapIv);
    return Buffer.concat([cipher.update(wrapped), cipher.final()]);
  });
}

/** undefined in place of whatever OpenSSL has against it. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
