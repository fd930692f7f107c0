import type { ProjectCaller } from '../contract/caller.ts';
import type { EncryptionAlgorithm } from '../crypto/encryption-algorithms.ts';
import type { Key } from '../store/store.ts';
import { assertWraps, type DataKeys } from './data-keys.ts';
import { assertEncrypts, type EncryptedData, type Encryption } from './encryption.ts';
import type { KeyFinder } from './key-finder.ts';
import type { SymmetricEncryption } from './symmetric-encryption.ts';

export interface ReEncryptionOptions {
  readonly finder: KeyFinder;
  readonly symmetric: SymmetricEncryption;
  readonly encryption: Encryption;
  readonly dataKeys: DataKeys;
}

/** How the new ciphertext is to be made. */
export interface Destination {
  readonly reference: string;
  readonly algorithm: EncryptionAlgorithm;
  readonly context: string;
}

/** The new ciphertext, and the keys of both. */
export interface ReEncrypted {
  readonly source: Key;
  readonly destination: Key;
  readonly bytes: Uint8Array;
}

/** Decrypts with one key and encrypts with another. Every method throws ServiceError with a refusal of the KMS. */
export class ReEncryption {
  readonly #finder: KeyFinder;
  readonly #symmetric: SymmetricEncryption;
  readonly #encryption: Encryption;
  readonly #dataKeys: DataKeys;

  constructor({ finder, symmetric, encryption, dataKeys }: ReEncryptionOptions) {
    this.#finder = finder;
    this.#symmetric = symmetric;
    this.#encryption = encryption;
    this.#dataKeys = dataKeys;
  }

  async ofData(caller: ProjectCaller, from: EncryptedData, to: Destination): Promise<ReEncrypted> {
    const destination = await this.#finder.resolve(caller, to.reference, 'encrypt-data');
    assertEncrypts(destination, to.algorithm);
    const { key: source, data } = await this.#encryption.decrypt(caller, from);
    const bytes = await this.#encryption.encrypt(destination, to.algorithm, data, to.context);
    return { source, destination, bytes };
  }

  /** @param length bytes of the data key */
  async ofDataKey(caller: ProjectCaller, from: EncryptedData, to: Destination, length: number): Promise<ReEncrypted> {
    const destination = await this.#finder.resolve(caller, to.reference, 'encrypt-datakey');
    assertWraps(destination);
    assertEncrypts(destination, to.algorithm);
    const source = await this.#symmetric.keyFor(caller, from.reference, from.bytes, 'decrypt-datakey');
    assertWraps(source);
    assertEncrypts(source, from.algorithm);
    const plain = await this.#dataKeys.unwrap(source, from, length);
    return { source, destination, bytes: await this.#symmetric.encrypt(destination, 'data key', plain, to.context) };
  }
}
