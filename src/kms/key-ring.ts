import { keySpecs, type KeySpecName, type KeyUsage } from '../crypto/key-specs.ts';
import { RequestFault, ServiceError, type Refusal } from '../errors.ts';
import {
  DuplicateName,
  OwnerGone,
  type Key,
  type KeyChange,
  type KeyFilter,
  type KeyState,
  type Page,
  type Store,
} from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';

const DAY = 24 * 60 * 60 * 1000;

export interface KeyRingOptions {
  readonly store: Store;
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

/** A change, the states in which it may be made, and the refusal in any other state. */
interface Transition {
  readonly from: readonly KeyState[];
  readonly change: KeyChange;
  readonly otherwise: Refusal;
}

const transitions = {
  enable: (): Transition => ({ from: [3], change: { state: 2 }, otherwise: refusals.keyNotDisabled }),
  disable: (): Transition => ({ from: [2], change: { state: 3 }, otherwise: refusals.keyNotEnabled }),
  scheduleDeletion: (deletionAt: number): Transition => ({
    from: [2, 3, 5],
    change: { state: 4, deletionAt },
    otherwise: refusals.alreadyPendingDeletion,
  }),
  cancelDeletion: (state: KeyState): Transition => ({
    from: [4],
    change: { state, deletionAt: null },
    otherwise: refusals.notPendingDeletion,
  }),
  /** Leaves the state alone. */
  label: (change: KeyChange): Transition => ({ from: [2, 3, 5], change, otherwise: refusals.keyPendingDeletion }),
};

/** The keys of all projects and what may become of them. Every method throws ServiceError with a refusal of the KMS. */
export class KeyRing {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #newId: () => string;
  readonly #quota: number;

  constructor({ store, now, newId, quota }: KeyRingOptions) {
    this.#store = store;
    this.#now = now;
    this.#newId = newId;
    this.#quota = quota;
  }

  async create(request: KeyRequest): Promise<Key> {
    const { projectId, name, origin } = request;
    const spec = keySpecs[request.spec];
    const usage = request.usage ?? spec.usages[0];
    if (!spec.usages.includes(usage)) throw new ServiceError(refusals.invalidParameter);
    await this.#removeDue();
    // Asked again when the key is added; here, so that no key is made in vain.
    const taken = await this.#store.keys.findByName(projectId, name);
    if (taken !== undefined) throw new ServiceError(refusals.duplicateAlias);
    await this.#assertRoom(this.#store, projectId);
    const material = origin === 'kms' ? await spec.generate() : undefined;
    const key: Key = {
      ...request,
      id: this.#newId(),
      usage,
      state: material === undefined ? 5 : 2,
      createdAt: this.#now(),
      deletionAt: null,
      expiresAt: null,
      publicKey: material?.publicKey ?? null,
    };
    await refuseDuplicates(
      this.#store.transaction(async (store) => {
        await this.#assertRoom(store, projectId);
        await store.keys.add({ ...key, material: material?.secret ?? null });
      }),
    );
    return key;
  }

  async find(projectId: string, id: string): Promise<Key> {
    return this.#present(await this.#store.keys.find(projectId, id));
  }

  /** The key that an id, an alias (`alias/name`) or the URN of an alias (`kms:region:domain_id:alias:name`) means. */
  async resolve(projectId: string, domainId: string, reference: string): Promise<Key> {
    if (reference.startsWith('alias/')) return this.#byAlias(projectId, reference.slice('alias/'.length));
    const [service, , urnDomain, , ...name] = reference.split(':');
    if (service !== 'kms' || name.length === 0) return this.find(projectId, reference);
    if (urnDomain !== domainId) throw new ServiceError(refusals.noSuchKey);
    return this.#byAlias(projectId, name.join(':').replace(/^alias\//, ''));
  }

  async #byAlias(projectId: string, name: string): Promise<Key> {
    const { keys } = this.#store;
    return this.#present(
      (await keys.findByAlias(projectId, [`alias/${name}`, name])) ??
        (await keys.findByName(projectId, name)) ??
        (await keys.findByName(projectId, `alias/${name}`)),
    );
  }

  async list(projectId: string, filter: KeyFilter, offset: number, limit: number): Promise<Page<Key>> {
    await this.#removeDue();
    return this.#store.keys.list(projectId, filter, offset, limit);
  }

  enable(projectId: string, id: string): Promise<Key> {
    return this.#change(projectId, id, transitions.enable());
  }

  disable(projectId: string, id: string): Promise<Key> {
    return this.#change(projectId, id, transitions.disable());
  }

  /** `days`: 7 to 1096. */
  scheduleDeletion(projectId: string, id: string, days: number): Promise<Key> {
    return this.#change(projectId, id, transitions.scheduleDeletion(this.#now() + days * DAY));
  }

  /** Disabled again, or pending import when there is no material. */
  async cancelDeletion(projectId: string, id: string): Promise<Key> {
    await this.find(projectId, id);
    const hasMaterial = (await this.#store.keys.material(id)) !== undefined;
    return this.#change(projectId, id, transitions.cancelDeletion(hasMaterial ? 3 : 5));
  }

  async rename(projectId: string, id: string, name: string): Promise<Key> {
    await this.#removeDue();
    return this.#change(projectId, id, transitions.label({ name }));
  }

  describe(projectId: string, id: string, description: string): Promise<Key> {
    return this.#change(projectId, id, transitions.label({ description }));
  }

  async #change(projectId: string, id: string, { from, change, otherwise }: Transition): Promise<Key> {
    const key = await this.find(projectId, id);
    if (isDefaultKey(key)) throw new ServiceError(refusals.defaultKey);
    const changed = await refuseDuplicates(this.#store.keys.update(projectId, id, from, change));
    if (!changed) throw new ServiceError(otherwise);
    return { ...key, ...change };
  }

  /** A key is gone from the instant for which its deletion was scheduled. */
  #present(key: Key | undefined): Key {
    const isGone = key?.state === 4 && key.deletionAt !== null && key.deletionAt <= this.#now();
    if (key === undefined || isGone) throw new ServiceError(refusals.noSuchKey);
    return key;
  }

  #removeDue(): Promise<void> {
    return this.#store.keys.removeDue(this.#now());
  }

  async #assertRoom({ keys }: Store, projectId: string): Promise<void> {
    if ((await keys.count(projectId)) >= this.#quota) throw new ServiceError(refusals.tooManyKeys);
  }
}

/** The vendor's own keys are known by their names. */
export const isDefaultKey = (key: Key): boolean => key.name.endsWith('/default');

async function refuseDuplicates<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DuplicateName) throw new ServiceError(refusals.duplicateAlias);
    // With the project goes every token for it.
    throw error instanceof OwnerGone ? new RequestFault('tokenInvalid') : error;
  }
}
