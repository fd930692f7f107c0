/** The stored keys that signatures name. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { OciKey } from '../crypto/oci/check-signature.ts';
import type { ApiKeyId } from '../crypto/oci/key-id.ts';
import { quoted } from '../crypto/oci/quoted.ts';
import { apiKeyState, type OciApiKey, type OciApiKeyDetails, type Store } from '../store/store.ts';

/** Parsed keys that are kept; one holds a few kB. */
const CACHED_KEYS = 1000;

export interface StoredKey extends OciKey {
  readonly details: OciApiKeyDetails;
}

/** Such a key, or in a sentence why there is none to verify with. */
export type Found = { readonly key: StoredKey; readonly why?: never } | { readonly key?: never; readonly why: string };

export class ApiKeyLookup {
  readonly #store: Store;
  /** By their PEM. */
  readonly #parsed = new LRUCache<string, KeyObject>({ max: CACHED_KEYS });

  constructor(store: Store) {
    this.#store = store;
  }

  /** @param at milliseconds since 1970: a key may be in another state at another time */
  async find(id: ApiKeyId, at: number): Promise<Found> {
    const { tenancyId, userId, fingerprint } = id;
    const details = await this.#store.oci.apiKey(userId, fingerprint);
    if (details === undefined) return { why: await this.#whyUnknown(id) };
    const { user, tenancy, activeAt } = details;
    if (tenancy.id !== tenancyId)
      return {
        why: `The user of keyId, ${user.name}, belongs to the tenancy ${tenancy.id} and not to ${quoted(tenancyId)}.`,
      };
    const state = apiKeyState(details, at);
    if (state === 'ACTIVE') return { key: { details, publicKey: this.#publicKeyOf(details) } };
    const until =
      state === 'CREATING' ? ` until ${new Date(activeAt).toISOString()}, and it is ${new Date(at).toISOString()}` : '';
    return {
      why: `The API key ${fingerprint} of ${user.name} is ${state}${until}: only one that is ACTIVE can be used.`,
    };
  }

  /** Other keys that may have made a signature which this one did not, at most so many: those of the same user first. */
  async others({ tenancyId, userId, fingerprint }: ApiKeyId, most: number) {
    const own = (await this.#store.oci.apiKeys(userId)).filter((key) => key.fingerprint !== fingerprint);
    const rest = (await this.#store.oci.anyApiKeys(most)).filter((key) => key.userId !== userId);
    const named = [
      ...own.map((key) => ({ key, tenancyId })),
      ...rest.map((key) => ({ key, tenancyId: key.tenancy.id })),
    ];
    return named.slice(0, most).map(({ key, tenancyId: owner }) => ({
      id: { tenancyId: owner, userId: key.userId, fingerprint: key.fingerprint },
      publicKey: this.#publicKeyOf(key),
    }));
  }

  #publicKeyOf({ publicKey: pem }: OciApiKey): KeyObject {
    const known = this.#parsed.get(pem);
    if (known !== undefined) return known;
    const parsed = createPublicKey(pem);
    this.#parsed.set(pem, parsed);
    return parsed;
  }

  async #whyUnknown({ userId, fingerprint }: ApiKeyId): Promise<string> {
    const user = await this.#store.oci.user(userId);
    if (user === undefined) return `There is no user ${quoted(userId)}.`;
    const keys = await this.#store.oci.apiKeys(userId);
    const those = keys.map((key) => key.fingerprint).join(', ');
    return `The user ${user.name} has no API key ${fingerprint}${those === '' ? ', nor any other' : `; what there is: ${those}`}.`;
  }
}
