import type { ProjectCaller } from '../contract/caller.ts';
import {
  dataCiphers,
  decryptData,
  encryptData,
  hasContext,
  readCiphertext,
  type Ciphertext,
  type DataCipher,
  type Purpose,
  type SymmetricSpec,
} from '../crypto/ciphertexts.ts';
import { ServiceError } from '../errors.ts';
import type { Key, Store } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';
import type { GrantedOperation, KeyFinder } from './key-finder.ts';
import { materialInUse } from './materials.ts';

export interface SymmetricEncryptionOptions {
  readonly store: Store;
  readonly finder: KeyFinder;
}

/** A ciphertext, and what the client says about it. */
export interface Encrypted {
  readonly bytes: Buffer;
  /** What must have been said when it was made; undefined: that is not asked. */
  readonly context: string | undefined;
}

/** How a symmetric key encrypts. */
export const cipherOf = ({ spec }: Key): DataCipher => dataCiphers[spec as SymmetricSpec];

/** What symmetric keys of the store make of data and of data keys. Every method throws ServiceError with a refusal of the KMS. */
export class SymmetricEncryption {
  readonly #store: Store;
  readonly #finder: KeyFinder;

  constructor({ store, finder }: SymmetricEncryptionOptions) {
    this.#store = store;
    this.#finder = finder;
  }

  /** With the material that is in use. */
  async encrypt(key: Key, purpose: Purpose, data: Uint8Array, context: string): Promise<Buffer> {
    const { id: keyId, materialVersion: version } = key;
    const material = await materialInUse(this.#store, key);
    return encryptData({ purpose, keyId, version, material, cipher: cipherOf(key), context }, data);
  }

  /**
   * The key that a client names for a ciphertext, or else the one that the ciphertext names.
   * @param reference a key's id, alias or URN
   * @param operation what a grant must allow where the key is another project's
   */
  async keyFor(caller: ProjectCaller, reference: string | undefined, bytes: Buffer, operation: GrantedOperation) {
    return reference === undefined
      ? this.#keyOf(caller, parse(bytes).keyId, operation)
      : this.#finder.resolve(caller, reference, operation);
  }

  /** With the material that made the ciphertext, be that still in use or not. Whatever is wrong with a ciphertext, it is KMS.2201. */
  async decrypt(key: Key, purpose: Purpose, { bytes, context }: Encrypted): Promise<Buffer> {
    const ciphertext = parse(bytes);
    const isOfKey = ciphertext.keyId === key.id;
    const material = isOfKey ? await this.#store.keys.material(key.id, ciphertext.version) : undefined;
    const data = material && decryptData(ciphertext, { purpose, material, cipher: cipherOf(key) });
    const isSaid = context === undefined || hasContext(ciphertext, context);
    if (data === undefined || !isSaid) throw new ServiceError(refusals.invalidCiphertext);
    return data;
  }

  /** KMS.2201 for an id that means no key to this caller: whether it is another project's is not told. */
  async #keyOf(caller: ProjectCaller, id: string, operation: GrantedOperation): Promise<Key> {
    const key = await this.#finder.resolve(caller, id, operation).catch((error: unknown) => {
      const isUnknown = error instanceof ServiceError && error.refusal === refusals.noSuchKey;
      throw isUnknown ? new ServiceError(refusals.invalidCiphertext) : error;
    });
    if (key.spec in dataCiphers) return key;
    throw new ServiceError(refusals.invalidCiphertext);
  }
}

function parse(bytes: Buffer): Ciphertext {
  const ciphertext = readCiphertext(bytes);
  if (ciphertext === undefined) throw new ServiceError(refusals.invalidCiphertext);
  return ciphertext;
}
