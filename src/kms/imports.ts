import { hash } from 'node:crypto';
import { equalSecrets } from '../crypto/equal-secrets.ts';
import { newImportToken } from '../crypto/import-tokens.ts';
import { keySpecs, type KeySpecName } from '../crypto/key-specs.ts';
import { newWrappingPair, wrappingAlgorithms, type WrappingAlgorithmName } from '../crypto/material-unwrapping.ts';
import { ServiceError } from '../errors.ts';
import { OwnerGone, type ImportTicket, type Key, type Store } from '../store/store.ts';
import { DAY } from './days.ts';
import { kmsRefusals as refusals } from './errors.ts';
import { importedMaterial } from './imported-material.ts';
import type { KeyFinder } from './key-finder.ts';
import { holdKey } from './key-hold.ts';

/** How long an import token is good. */
const TOKEN_LIFE = DAY;
/** How long after that a token is still known, to be told from one that never was. */
const TOKEN_MEMORY = DAY;
/** How many tokens of a key are good at a time; a further one takes the place of the oldest. */
const TOKENS_OF_A_KEY = 10;

export interface ImportsOptions {
  readonly store: Store;
  readonly finder: KeyFinder;
  readonly now: () => number;
  readonly newId: () => string;
}

/** What a client needs for an import. */
export interface ImportParameters {
  readonly token: Uint8Array;
  readonly expiresAt: number;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
}

/** What a client sends. */
export interface Parcel {
  readonly token: Uint8Array;
  /** Under the wrapping key. */
  readonly material: Uint8Array;
  /** Under the material; only of an asymmetric key. */
  readonly privateKey: Uint8Array | undefined;
  /** When the material expires; null: never. */
  readonly expiresAt: number | null;
}

/** Brings material into keys of external origin, and takes it away. Every method throws ServiceError with a refusal of the KMS. */
export class Imports {
  readonly #store: Store;
  readonly #finder: KeyFinder;
  readonly #now: () => number;
  readonly #newId: () => string;

  constructor({ store, finder, now, newId }: ImportsOptions) {
    this.#store = store;
    this.#finder = finder;
    this.#now = now;
    this.#newId = newId;
  }

  /** A wrapping key and its token; the last ones before it stay good. */
  async parameters(projectId: string, id: string, algorithm: WrappingAlgorithmName): Promise<ImportParameters> {
    const { imports } = this.#store;
    const key = await this.#external(projectId, id);
    assertPendingImport(key);
    const { secret: privateKey, publicKey } = await newWrappingPair(algorithm);
    const token = newImportToken(this.#newId());
    const expiresAt = this.#now() + TOKEN_LIFE;
    try {
      await imports.add({ hash: sha256(token), keyId: id, algorithm, privateKey, expiresAt });
      await imports.tidy(this.#now() - TOKEN_MEMORY, id, TOKENS_OF_A_KEY);
    } catch (error) {
      throw error instanceof OwnerGone ? new ServiceError(refusals.noSuchKey) : error;
    }
    return { token, expiresAt, publicKey };
  }

  /** Enables a key with its material: the first, or, where it had some before, the same again. */
  async import(projectId: string, id: string, parcel: Parcel): Promise<void> {
    const key = await this.#external(projectId, id);
    assertPendingImport(key);
    const ticket = await this.#ticket(id, parcel.token);
    const { expiresAt } = parcel;
    if (expiresAt !== null && expiresAt <= this.#now()) throw new ServiceError(refusals.expirationInPast);
    const { unwrap } = wrappingAlgorithms[ticket.algorithm as WrappingAlgorithmName];
    const unwrapped = await unwrap(ticket.privateKey, parcel.material);
    if (unwrapped === undefined) throw new ServiceError(refusals.cannotUnwrap);
    const { secret, publicKey } = importedMaterial(keySpecs[key.spec as KeySpecName], unwrapped, parcel.privateKey);
    const importedHash = sha256(secret);
    await holdKey(this.#store, key, async ({ keys }, current) => {
      assertPendingImport(current);
      if (!equalSecrets(current.importedHash ?? importedHash, importedHash)) {
        throw new ServiceError(refusals.importedOtherMaterial);
      }
      await keys.addMaterial(id, 1, secret);
      await keys.update(projectId, id, [5], { state: 2, materialVersion: 1, importedHash, expiresAt, publicKey });
    });
  }

  /** The key is pending import again. A key pair keeps its private key. */
  async deleteMaterial(projectId: string, id: string): Promise<void> {
    const key = await this.#external(projectId, id);
    await holdKey(this.#store, key, async ({ keys }, { state, spec }) => {
      if (state !== 2 && state !== 3) throw new ServiceError(refusals.materialNotDeletable);
      if (keySpecs[spec as KeySpecName].kind === 'asymmetric') {
        throw new ServiceError(refusals.privateMaterialNotDeletable);
      }
      await keys.removeMaterial(id);
      await keys.update(projectId, id, [2, 3], { state: 5, materialVersion: 0, expiresAt: null, publicKey: null });
    });
  }

  async #external(projectId: string, id: string): Promise<Key> {
    const key = await this.#finder.find(projectId, id);
    if (key.origin !== 'external') throw new ServiceError(refusals.externalKeyRequired);
    return key;
  }

  async #ticket(keyId: string, token: Uint8Array): Promise<ImportTicket> {
    const ticket = await this.#store.imports.find(sha256(token));
    if (ticket === undefined) throw new ServiceError(refusals.invalidImportToken);
    if (ticket.keyId !== keyId) throw new ServiceError(refusals.importTokenOfOtherKey);
    if (ticket.expiresAt <= this.#now()) throw new ServiceError(refusals.importTokenExpired);
    return ticket;
  }
}

function assertPendingImport({ state }: Key): void {
  if (state === 4) throw new ServiceError(refusals.keyPendingDeletion);
  if (state !== 5) throw new ServiceError(refusals.notPendingImport);
}

const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');
