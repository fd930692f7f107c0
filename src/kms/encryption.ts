import type { ProjectCaller } from '../contract/caller.ts';
import type { EncryptionAlgorithm } from '../crypto/encryption-algorithms.ts';
import { keySpecs, type KeySpecName } from '../crypto/key-specs.ts';
import { RequestFault, ServiceError, type Refusal } from '../errors.ts';
import type { Key, Store } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';
import type { KeyFinder } from './key-finder.ts';
import { assertEnabled } from './key-states.ts';
import { materialInUse } from './materials.ts';
import type { Encrypted, SymmetricEncryption } from './symmetric-encryption.ts';

/** Bytes of data, 4096 included. */
const LONGEST_DATA = 4096;

export interface EncryptionOptions {
  readonly store: Store;
  readonly finder: KeyFinder;
  readonly symmetric: SymmetricEncryption;
}

/** A ciphertext of encrypt-data, and what the client says about it. */
export interface EncryptedData extends Encrypted {
  /** The key's id, alias or URN; not needed where the key is symmetric. */
  readonly reference: string | undefined;
  readonly algorithm: EncryptionAlgorithm;
}

/** Encrypts and decrypts data with the keys of the store. Every method throws ServiceError with a refusal of the KMS. */
export class Encryption {
  readonly #store: Store;
  readonly #finder: KeyFinder;
  readonly #symmetric: SymmetricEncryption;

  constructor({ store, finder, symmetric }: EncryptionOptions) {
    this.#store = store;
    this.#finder = finder;
    this.#symmetric = symmetric;
  }

  /**
   * @param data 1 to 4096 bytes, fewer with RSA
   * @param context what must be said again to decrypt; a key pair keeps none
   */
  async encrypt(key: Key, algorithm: EncryptionAlgorithm, data: Uint8Array, context: string): Promise<Uint8Array> {
    assertEncrypts(key, algorithm);
    const { byKeyPair } = algorithm;
    if (data.length === 0 || data.length > LONGEST_DATA) throw new ServiceError(refusals.invalidPlaintext);
    if (byKeyPair === null) return this.#symmetric.encrypt(key, 'data', data, context);
    if (data.length > byKeyPair.capacity(key.spec as KeySpecName)) throw new ServiceError(refusals.plaintextTooLong);
    if (key.publicKey === null) throw new ServiceError(refusals.noSuchKey);
    return byKeyPair.encrypt(key.publicKey, data);
  }

  /** The data, and the key that it was encrypted with. */
  async decrypt(caller: ProjectCaller, encrypted: EncryptedData): Promise<{ key: Key; data: Buffer }> {
    const { reference, algorithm, bytes } = encrypted;
    if (algorithm.byKeyPair === null) {
      const key = await this.#symmetric.keyFor(caller, reference, bytes, 'decrypt-data');
      assertEncrypts(key, algorithm);
      return { key, data: await this.#symmetric.decrypt(key, 'data', encrypted) };
    }
    if (reference === undefined) throw new RequestFault('parameterMissing', 'key_id');
    const key = await this.#finder.resolve(caller, reference, 'decrypt-data');
    assertEncrypts(key, algorithm);
    const data = await algorithm.byKeyPair.decrypt(await materialInUse(this.#store, key), bytes);
    // With a public key others may have encrypted nothing; data has a byte at least.
    if (data === undefined || data.length === 0) throw new ServiceError(refusals.invalidCiphertext);
    return { key, data: Buffer.from(data) };
  }
}

/**
 * In the vendor's order: state, kind of key, usage, algorithm.
 * @throws ServiceError unless the key encrypts, and in this way
 */
export function assertEncrypts(key: Key, algorithm: EncryptionAlgorithm): void {
  assertEnabled(key);
  const { kind, usages, name } = keySpecs[key.spec as KeySpecName];
  if (kind === 'hmac') throw new ServiceError(refusals.hmacKey);
  if (!usages.includes('ENCRYPT_DECRYPT')) throw new ServiceError(refusals.ellipticKeyCannotEncrypt);
  if (key.usage !== 'ENCRYPT_DECRYPT') throw new ServiceError(refusals.signingKey);
  if (!algorithm.keySpecs.includes(name)) throw new ServiceError(algorithmOfOtherKey(name));
}

function algorithmOfOtherKey(spec: KeySpecName): Refusal {
  if (keySpecs[spec].kind === 'symmetric') return refusals.symmetricKeyOtherAlgorithm;
  return spec.startsWith('RSA') ? refusals.rsaKeyOtherAlgorithm : refusals.invalidParameter;
}
