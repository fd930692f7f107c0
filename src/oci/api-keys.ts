import { hash } from 'node:crypto';
import type { OciCaller } from '../contract/caller.ts';
import { fingerprintOf, readPublicKey, UnusablePublicKey } from '../crypto/oci/public-keys.ts';
import { ServiceError, type Refusal } from '../errors.ts';
import { mostApiKeys, OwnerGone, type OciApiKey, type OciRetry, type OciUser, type Store } from '../store/store.ts';
import { userFor } from './admission.ts';
import { ociRefusals as refusals } from './errors.ts';

export interface ApiKeysOptions {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** 32 hex digits, new every time. */
  readonly newId: () => string;
  /** Seconds until an uploaded key is ACTIVE. */
  readonly activationDelay: number;
}

/** A key and whose it is. */
export interface OwnedKey {
  readonly user: OciUser;
  readonly key: OciApiKey;
}

/** For so long a retry token is known, in milliseconds: a day, as it is documented. */
const RETRY_TIME = 24 * 60 * 60 * 1000;

/** API keys as their users see them. Every method throws ServiceError with a refusal of OCI. */
export class ApiKeys {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #newId: () => string;
  readonly #activationDelay: number;

  constructor({ store, now, newId, activationDelay }: ApiKeysOptions) {
    this.#store = store;
    this.#now = now;
    this.#newId = newId;
    this.#activationDelay = activationDelay;
  }

  /** @param retryToken an upload that comes again with it has the key that the first one made */
  async upload(caller: OciCaller, userId: string, pem: string, retryToken: string | undefined): Promise<OwnedKey> {
    const user = await userFor(caller, userId, this.#store);
    const draft = { userId, ...readable(pem) };
    const requestHash = hash('sha256', pem);
    const key = await orGone(
      this.#store.transaction(async (store) => {
        const now = this.#now();
        const retry = retryToken === undefined ? undefined : await store.oci.retry(userId, retryToken, now);
        if (retry !== undefined) return madeBefore(store, retry, requestHash);
        const made = await this.#add(store, draft, now);
        if (retryToken !== undefined) {
          const { fingerprint, etag } = made;
          const expiresAt = now + RETRY_TIME;
          await store.oci.addRetry({ userId, token: retryToken, requestHash, fingerprint, etag, expiresAt }, now);
        }
        return made;
      }),
    );
    return { user, key };
  }

  /** The oldest first. */
  async list(caller: OciCaller, userId: string): Promise<readonly OwnedKey[]> {
    const user = await userFor(caller, userId, this.#store);
    return (await this.#store.oci.apiKeys(userId)).map((key) => ({ user, key }));
  }

  /** @param etag what the key's must be; any where undefined */
  async delete(caller: OciCaller, userId: string, fingerprint: string, etag: string | undefined): Promise<void> {
    await userFor(caller, userId, this.#store);
    const outcome = await this.#store.oci.removeApiKey(userId, fingerprint, etag);
    if (outcome !== 'removed') throw new ServiceError(notRemoved[outcome]);
  }

  async #add(store: Store, draft: Pick<OciApiKey, 'userId' | 'fingerprint' | 'publicKey'>, now: number) {
    const activeAt = now + this.#activationDelay * 1000;
    const key: OciApiKey = { ...draft, createdAt: now, activeAt, inactiveStatus: null, etag: this.#newId() };
    const outcome = await store.oci.addApiKey(key, mostApiKeys);
    if (outcome !== 'added') throw new ServiceError(notAdded[outcome]);
    return key;
  }
}

const notAdded: Readonly<Record<'full' | 'taken', Refusal>> = {
  full: refusals.limitExceeded,
  taken: refusals.conflict,
};
const notRemoved: Readonly<Record<'missing' | 'stale', Refusal>> = {
  missing: refusals.notAuthorizedOrNotFound,
  stale: refusals.noEtagMatch,
};

/** The key of an upload that asked for the same, as long as it is there. */
async function madeBefore(store: Store, retry: OciRetry, requestHash: string): Promise<OciApiKey> {
  const key = await store.oci.apiKey(retry.userId, retry.fingerprint);
  if (key?.etag !== retry.etag || retry.requestHash !== requestHash)
    throw new ServiceError(refusals.invalidatedRetryToken);
  return key;
}

/** What is kept of a PEM: itself, but for that of PKCS#1, which is taken and not documented. */
function readable(pem: string): Pick<OciApiKey, 'fingerprint' | 'publicKey'> {
  try {
    const key = readPublicKey(pem);
    const isSpki = pem.includes('-----BEGIN PUBLIC KEY-----');
    const publicKey = isSpki ? pem : key.export({ type: 'spki', format: 'pem' }).toString();
    return { fingerprint: fingerprintOf(key), publicKey };
  } catch (error) {
    if (!(error instanceof UnusablePublicKey)) throw error;
    const text = refusals.invalidParameter.text.replace('%(key)s', 'key');
    throw new ServiceError(refusals.invalidParameter, `${text} ${error.reason}`);
  }
}

/** A user who was removed meanwhile is not found. */
async function orGone<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof OwnerGone ? new ServiceError(refusals.notAuthorizedOrNotFound) : error;
  }
}
