import { newDataKeyPair, type DataKeyPairSpec } from '../crypto/data-key-pairs.ts';
import type { Key } from '../store/store.ts';
import { assertWraps } from './data-keys.ts';
import type { SymmetricEncryption } from './symmetric-encryption.ts';

/** A key pair for use outside. */
export interface DataKeyPair {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** PKCS#8, DER. */
  readonly privateKey: Uint8Array;
  /** The private key as encrypt-data would have encrypted it: decrypt-data opens it. */
  readonly wrapped: Uint8Array;
}

/**
 * Makes a key pair, and wraps its private key with a symmetric key.
 * @throws ServiceError when that key cannot be used for it
 */
export async function createDataKeyPair(
  symmetric: SymmetricEncryption,
  key: Key,
  spec: DataKeyPairSpec,
  context: string,
): Promise<DataKeyPair> {
  assertWraps(key);
  const { secret: privateKey, publicKey } = await newDataKeyPair(spec);
  return { publicKey, privateKey, wrapped: await symmetric.encrypt(key, 'data', privateKey, context) };
}
