/** How key material travels: wrapped under a public key, or under a temporary AES key that is itself wrapped so. */
import { constants, createDecipheriv, privateDecrypt } from 'node:crypto';
import { materialOf, parsePkcs8 } from './key-material.ts';
import { keySpecs, type KeySpecName } from './key-specs.ts';

export interface WrappingAlgorithm {
  /** Of the wrapping key pair. */
  readonly keySpec: KeySpecName;
  /** What was wrapped; undefined for what was not wrapped under this key. `privateKey`: PKCS#8 DER. */
  readonly unwrap: (privateKey: Uint8Array, wrapped: Uint8Array) => Promise<Uint8Array | undefined>;
}

interface RsaPadding {
  readonly padding: number;
  /** The hash of OAEP and of its mask generation. */
  readonly oaepHash?: string;
}

type Decode = (encoded: Uint8Array) => Uint8Array | undefined;

const rsaes = (padding: RsaPadding, decode: Decode = (data) => data): WrappingAlgorithm => ({
  keySpec: 'RSA_2048',
  unwrap: async (privateKey, wrapped) => {
    const key = { key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' } as const;
    return attempt(() => decode(privateDecrypt({ ...key, ...padding }, wrapped)));
  },
});

/**
 * EME-PKCS1-v1_5 (RFC 8017 7.2.2): 00 02, at least 8 bytes that are not zero, 00, the message. OpenSSL's own decoding gives random bytes for
 * every other padding, so that nobody learns which was right; a client would then import those as its key.
 */
function decodePkcs1(encoded: Uint8Array): Uint8Array | undefined {
  const end = encoded.indexOf(0, 2);
  return encoded[0] === 0 && encoded[1] === 2 && end >= 10 ? encoded.subarray(end + 1) : undefined;
}

const oaep = (oaepHash: string) => rsaes({ padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash });

/** The algorithms of get-parameters-for-import: RFC 8017 7.1 and 7.2, GB/T 32918.4-2016. */
export const wrappingAlgorithms = {
  RSAES_PKCS1_V1_5: rsaes({ padding: constants.RSA_NO_PADDING }, decodePkcs1),
  RSAES_OAEP_SHA_1: oaep('sha1'),
  RSAES_OAEP_SHA_256: oaep('sha256'),
  SM2_ENCRYPT: {
    keySpec: 'SM2',
    unwrap: async (privateKey: Uint8Array, wrapped: Uint8Array) => {
      // The curve's arithmetic is loaded when it is first needed.
      const { decryptSm2 } = await import('./sm2-encryption.ts');
      return decryptSm2(keySpecs.SM2.bareSecret(privateKey), wrapped);
    },
  },
} as const satisfies Record<string, WrappingAlgorithm>;

export type WrappingAlgorithmName = keyof typeof wrappingAlgorithms;

/** A key pair to wrap under, PKCS#8 and SPKI DER. */
export async function newWrappingPair(algorithm: WrappingAlgorithmName) {
  const { secret } = await keySpecs[wrappingAlgorithms[algorithm].keySpec].generate();
  return { privateKey: secret, publicKey: materialOf(parsePkcs8(secret)).publicKey };
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
