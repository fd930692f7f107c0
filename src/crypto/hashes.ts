import { hash } from 'node:crypto';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';

export type HashName = 'sha256' | 'sha384' | 'sha512' | 'sm3';

export interface Hash {
  /** As OpenSSL calls it. */
  readonly name: HashName;
  /** Bytes of a digest. */
  readonly length: number;
  digest(bytes: Uint8Array): Uint8Array;
}

/** The hashes that signing algorithms use. SM3 is OpenSSL's, since noble has none. */
export const hashes: Readonly<Record<HashName, Hash>> = {
  sha256: { name: 'sha256', length: 32, digest: sha256 },
  sha384: { name: 'sha384', length: 48, digest: sha384 },
  sha512: { name: 'sha512', length: 64, digest: sha512 },
  sm3: { name: 'sm3', length: 32, digest: (bytes) => hash('sm3', bytes, 'buffer') },
};
