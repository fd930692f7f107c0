import { LRUCache } from 'lru-cache';
import { keySpecs, type KeySpecName } from '../crypto/key-specs.ts';
import type { Signer } from '../crypto/signer.ts';
import type { MessageType, SigningAlgorithm } from '../crypto/signing-algorithms.ts';
import { isPair, loadSigningKey, type SigningKey } from '../crypto/signing-keys.ts';
import { ServiceError, type Refusal } from '../errors.ts';
import type { Key, Store } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';
import { assertEnabled } from './key-states.ts';
import { assertMessage } from './messages.ts';

/** Parsed keys that are kept; one holds a few kB. */
const CACHED_KEYS = 1000;

export interface SignaturesOptions {
  readonly store: Store;
  readonly signer: Signer;
  /** Whether RAW with SM2 is signed with the default user id, instead of refused as the vendor does. */
  readonly sm2Raw: boolean;
}

/** What a client wants to have signed or checked. */
export interface Message {
  readonly algorithm: SigningAlgorithm;
  readonly type: MessageType;
  readonly bytes: Uint8Array;
}

interface CachedKey {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  readonly signingKey: SigningKey;
}

/** Signs and verifies with the keys of the store. Every method throws ServiceError with a refusal of the KMS. */
export class Signatures {
  readonly #store: Store;
  readonly #signer: Signer;
  readonly #sm2Raw: boolean;
  /** By key id; the state may be replaced, and the same id then be of another pair. */
  readonly #keys = new LRUCache<string, CachedKey>({ max: CACHED_KEYS });

  constructor({ store, signer, sm2Raw }: SignaturesOptions) {
    this.#store = store;
    this.#signer = signer;
    this.#sm2Raw = sm2Raw;
  }

  async sign(key: Key, message: Message): Promise<Uint8Array> {
    const signingKey = await this.#admit(key, message);
    return this.#signer.sign(message.algorithm, signingKey, message.type, message.bytes);
  }

  async verify(key: Key, message: Message, signature: Uint8Array): Promise<boolean> {
    const signingKey = await this.#admit(key, message);
    return this.#signer.verify(message.algorithm, signingKey, message.type, message.bytes, signature);
  }

  /** SubjectPublicKeyInfo, DER. */
  publicKey(key: Key): Uint8Array {
    assertAsymmetric(key, refusals.symmetricKey);
    if (key.publicKey === null) throw new ServiceError(refusals.invalidParameter);
    return key.publicKey;
  }

  /** In the vendor's order: state, kind of key, usage, algorithm, message. */
  async #admit(key: Key, { algorithm, type, bytes }: Message): Promise<SigningKey> {
    assertAsymmetric(key, refusals.symmetricKeyCannotSign);
    if (key.usage !== 'SIGN_VERIFY') throw new ServiceError(refusals.encryptionKey);
    if (!algorithm.keySpecs.includes(key.spec as KeySpecName)) throw new ServiceError(refusals.algorithmOfOtherKey);
    if (type === 'RAW' ? !(algorithm.rawByDefault || this.#sm2Raw) : algorithm.digestLength === null) {
      throw new ServiceError(refusals.invalidParameter);
    }
    assertMessage(bytes);
    if (type === 'DIGEST' && bytes.length !== algorithm.digestLength) throw new ServiceError(refusals.digestLength);
    const known = this.#keys.get(key.id);
    return known && isPublicKey(known.spki, key.publicKey) ? known.signingKey : this.#load(key);
  }

  async #load(key: Key): Promise<SigningKey> {
    const material = await this.#store.keys.material(key.id, key.materialVersion);
    if (material === undefined || key.publicKey === null) throw new ServiceError(refusals.noSuchKey);
    const signingKey = loadSigningKey(keySpecs[key.spec as KeySpecName], material, key.publicKey);
    // Another process may have replaced the state since the key was found: this one is gone.
    if (!isPair(signingKey)) throw new ServiceError(refusals.noSuchKey);
    this.#keys.set(key.id, { spki: key.publicKey, signingKey });
    return signingKey;
  }
}

const isPublicKey = (known: Uint8Array, publicKey: Uint8Array | null): boolean =>
  known === publicKey || (publicKey !== null && Buffer.compare(known, publicKey) === 0);

/** @throws ServiceError unless the key is enabled and asymmetric */
function assertAsymmetric(key: Key, symmetric: Refusal): void {
  assertEnabled(key);
  const { kind } = keySpecs[key.spec as KeySpecName];
  if (kind === 'symmetric') throw new ServiceError(symmetric);
  if (kind === 'hmac') throw new ServiceError(refusals.hmacKey);
}
