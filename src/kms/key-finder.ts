import type { ProjectCaller } from '../contract/caller.ts';
import type { components } from '../contract/openapi.ts';
import { ServiceError } from '../errors.ts';
import type { Key, Store } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';
import { dueRotation, rotate } from './key-rotation.ts';

/** What a grant may allow. */
export type GrantedOperation = components['schemas']['GrantOperation'];

export interface KeyFinderOptions {
  readonly store: Store;
  readonly now: () => number;
}

/**
 * Finds keys as they are now: whatever fell due by the clock (deletion, expiry of imported material, rotation) has happened to the key that
 * it gives. Every method throws ServiceError, KMS.0207, where there is no such key.
 */
export class KeyFinder {
  readonly #store: Store;
  readonly #now: () => number;

  constructor({ store, now }: KeyFinderOptions) {
    this.#store = store;
    this.#now = now;
  }

  /** A key of the project, by its id. */
  async find(projectId: string, id: string): Promise<Key> {
    return this.#current(await this.#store.keys.find(projectId, id));
  }

  /**
   * The key that an id, an alias (`alias/name`) or the URN of an alias (`kms:region:domain_id:alias:name`) means to this caller.
   * @param operation what the caller wants to do: a grant may allow that with another project's key, by its id
   * @throws ServiceError KMS.0306 when the caller has grants for the key, but none for that
   */
  async resolve(caller: ProjectCaller, reference: string, operation?: GrantedOperation): Promise<Key> {
    const { project } = caller;
    const alias = aliasIn(reference);
    if (alias !== undefined) {
      if ((alias.domainId ?? project.domain.id) !== project.domain.id) throw new ServiceError(refusals.noSuchKey);
      return this.#byAlias(project.id, alias.name);
    }
    const own = await this.#store.keys.find(project.id, reference);
    return own === undefined && operation !== undefined
      ? this.#granted(caller, reference, operation)
      : this.#current(own);
  }

  /** The key of the project that a reference means, as it stands in the store: nothing falls due by this look at it. */
  async peek(projectId: string, reference: string): Promise<Key | undefined> {
    const alias = aliasIn(reference);
    return alias === undefined ? this.#store.keys.find(projectId, reference) : this.#named(projectId, alias.name);
  }

  /** Brings all keys up to this instant, for what shows or counts several of them. */
  async settle(): Promise<void> {
    const now = this.#now();
    if (!(await this.#store.keys.hasDue(now))) return;
    await this.#store.transaction(async ({ keys }) => {
      await keys.removeDue(now);
      await keys.expireDue(now);
    });
  }

  async #granted({ user }: ProjectCaller, id: string, operation: GrantedOperation): Promise<Key> {
    const key = await this.#current(await this.#store.keys.findAnywhere(id));
    const grants = await this.#store.grants.held(id, { user: user.id, domain: user.domain.id });
    if (grants.length === 0) throw new ServiceError(refusals.noSuchKey);
    if (grants.some(({ operations }) => operations.includes(operation))) return key;
    throw new ServiceError(refusals.keyForbidden);
  }

  async #byAlias(projectId: string, name: string): Promise<Key> {
    const found = await this.#named(projectId, name);
    if (found === undefined || !isDue(found.deletionAt, this.#now())) return this.#current(found);
    // With the key goes its alias, which may stand before the name of another.
    await this.settle();
    return this.#current(await this.#named(projectId, name));
  }

  async #named(projectId: string, name: string): Promise<Key | undefined> {
    const { keys } = this.#store;
    return (
      (await keys.findByAlias(projectId, [`alias/${name}`, name])) ??
      (await keys.findByName(projectId, name)) ??
      (await keys.findByName(projectId, `alias/${name}`))
    );
  }

  /** A key is gone from the instant for which its deletion was scheduled. */
  async #current(key: Key | undefined): Promise<Key> {
    if (key === undefined) throw new ServiceError(refusals.noSuchKey);
    const now = this.#now();
    if (isDue(key.deletionAt, now) || isDue(key.expiresAt, now)) {
      await this.settle();
      return this.find(key.projectId, key.id);
    }
    const isRotationDue = key.state === 2 && isDue(key.nextRotationAt, now);
    return isRotationDue ? rotate(this.#store, key, (current) => dueRotation(current, now)) : key;
  }
}

/** The name in an alias (`alias/name`) or in the URN of one, which says its domain, too; undefined for what is neither. */
function aliasIn(reference: string): { readonly name: string; readonly domainId?: string } | undefined {
  if (reference.startsWith('alias/')) return { name: reference.slice('alias/'.length) };
  const [service, , domainId = '', , ...name] = reference.split(':');
  return service === 'kms' && name.length > 0 ? { name: name.join(':').replace(/^alias\//, ''), domainId } : undefined;
}

const isDue = (instant: number | null, now: number): boolean => instant !== null && instant <= now;
