import { keySpecs, type KeySpecName, type KeyUsage } from '../crypto/key-specs.ts';
import { ServiceError } from '../errors.ts';
import { untouched, type Key, type KeyFilter, type KeyState, type Page, type Store } from '../store/store.ts';
import { DAY } from './days.ts';
import { kmsRefusals as refusals } from './errors.ts';
import { changeKey, refuseDuplicates, type Transition } from './key-changes.ts';
import type { KeyFinder } from './key-finder.ts';
import { holdKey } from './key-hold.ts';

export interface KeyRingOptions {
  readonly store: Store;
  readonly finder: KeyFinder;
  readonly now: () => number;
  readonly newId: () => string;
  /** How many keys a project may have, in any state. */
  readonly quota: number;
}

export interface KeyRequest {
  readonly projectId: string;
  readonly domainId: string;
  readonly name: string;
  readonly description: string;
  readonly spec: KeySpecName;
  /** The spec's own default where undefined. */
  readonly usage: KeyUsage | undefined;
  readonly origin: 'kms' | 'external';
  readonly enterpriseProjectId: string;
}

const transitions = {
  /** A rotation that was missed while the key was disabled is due now, once. */
  enable: ({ nextRotationAt }: Key, now: number): Transition => ({
    from: [3],
    change: { state: 2, nextRotationAt: nextRotationAt && Math.max(nextRotationAt, now) },
    otherwise: () => refusals.keyNotDisabled,
  }),
  disable: { from: [2], change: { state: 3 }, otherwise: () => refusals.keyNotEnabled },
  scheduleDeletion: (deletionAt: number): Transition => ({
    from: [2, 3, 5],
    change: { state: 4, deletionAt },
    otherwise: () => refusals.alreadyPendingDeletion,
  }),
  cancelDeletion: (state: KeyState): Transition => ({
    from: [4],
    change: { state, deletionAt: null },
    otherwise: () => refusals.notPendingDeletion,
  }),
  /** Leaves the state alone. */
  label: (change: Transition['change']): Transition => ({
    from: [2, 3, 5],
    change,
    otherwise: () => refusals.keyPendingDeletion,
  }),
} as const;

/** The keys of all projects and what may become of them. Every method throws ServiceError with a refusal of the KMS. */
export class KeyRing {
  readonly #store: Store;
  readonly #finder: KeyFinder;
  readonly #now: () => number;
  readonly #newId: () => string;
  readonly #quota: number;

  constructor({ store, finder, now, newId, quota }: KeyRingOptions) {
    this.#store = store;
    this.#finder = finder;
    this.#now = now;
    this.#newId = newId;
    this.#quota = quota;
  }

  async create(request: KeyRequest): Promise<Key> {
    const { projectId, name, origin } = request;
    const spec = keySpecs[request.spec];
    const usage = request.usage ?? spec.usages[0];
    if (!spec.usages.includes(usage)) throw new ServiceError(refusals.invalidParameter);
    await this.#finder.settle();
    // Asked again when the key is added; here, so that no key is made in vain.
    const taken = await this.#store.keys.findByName(projectId, name);
    if (taken !== undefined) throw new ServiceError(refusals.duplicateAlias);
    await this.#assertRoom(this.#store, projectId);
    const material = origin === 'kms' ? await spec.generate() : undefined;
    const key: Key = {
      ...untouched,
      ...request,
      id: this.#newId(),
      usage,
      state: material === undefined ? 5 : 2,
      createdAt: this.#now(),
      publicKey: material?.publicKey ?? null,
      materialVersion: material === undefined ? 0 : 1,
    };
    await refuseDuplicates(
      this.#store.transaction(async (store) => {
        await this.#assertRoom(store, projectId);
        await store.keys.add({ ...key, material: material?.secret ?? null });
      }),
    );
    return key;
  }

  async list(projectId: string, filter: KeyFilter, offset: number, limit: number): Promise<Page<Key>> {
    await this.#finder.settle();
    return this.#store.keys.list(projectId, filter, offset, limit);
  }

  async enable(projectId: string, id: string): Promise<Key> {
    return holdKey(this.#store, await this.#finder.find(projectId, id), (store, key) =>
      changeKey(store, key, transitions.enable(key, this.#now())),
    );
  }

  disable(projectId: string, id: string): Promise<Key> {
    return this.#change(projectId, id, transitions.disable);
  }

  /** `days`: 7 to 1096. */
  async scheduleDeletion(projectId: string, id: string, days: number): Promise<Key> {
    const deletionAt = this.#now() + days * DAY;
    return holdKey(this.#store, await this.#finder.find(projectId, id), (store, key) => {
      if (key.state !== 4 && key.nextRotationAt !== null) throw new ServiceError(refusals.rotationEnabled);
      return changeKey(store, key, transitions.scheduleDeletion(deletionAt));
    });
  }

  /** Disabled again, or pending import when there is no material. */
  async cancelDeletion(projectId: string, id: string): Promise<Key> {
    return holdKey(this.#store, await this.#finder.find(projectId, id), (store, key) =>
      changeKey(store, key, transitions.cancelDeletion(key.materialVersion > 0 ? 3 : 5)),
    );
  }

  async rename(projectId: string, id: string, name: string): Promise<Key> {
    await this.#finder.settle();
    return this.#change(projectId, id, transitions.label({ name }));
  }

  describe(projectId: string, id: string, description: string): Promise<Key> {
    return this.#change(projectId, id, transitions.label({ description }));
  }

  async #change(projectId: string, id: string, transition: Transition): Promise<Key> {
    return changeKey(this.#store, await this.#finder.find(projectId, id), transition);
  }

  async #assertRoom({ keys }: Store, projectId: string): Promise<void> {
    if ((await keys.count(projectId)) >= this.#quota) throw new ServiceError(refusals.tooManyKeys);
  }
}
