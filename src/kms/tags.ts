/** Tags of keys. */
import { ServiceError } from '../errors.ts';
import type { Key, Tag, TagStore, Store } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';
import type { KeyFinder } from './key-finder.ts';
import { holdKey } from './key-hold.ts';
import { assertChangeable } from './key-states.ts';
import { assertTagKey, assertTagList, assertTagValue, TAGS } from './tag-rules.ts';

export interface TagsOptions {
  readonly store: Store;
  readonly finder: KeyFinder;
}

/** Every method throws ServiceError with a refusal of the KMS. */
export class Tags {
  readonly #store: Store;
  readonly #finder: KeyFinder;

  constructor({ store, finder }: TagsOptions) {
    this.#store = store;
    this.#finder = finder;
  }

  /** In the order of their keys. */
  async ofKey(projectId: string, keyId: string): Promise<readonly Tag[]> {
    const { id } = await this.#finder.find(projectId, keyId);
    return this.#store.tags.list([id]);
  }

  /** Every tag of the project's keys once, in order. */
  async ofProject(projectId: string): Promise<readonly Tag[]> {
    await this.#finder.settle();
    return this.#store.tags.ofProject(projectId);
  }

  /** Adds tags; one that is there already gets the new value. */
  set(projectId: string, keyId: string, tags: readonly Tag[]): Promise<void> {
    return this.#change(projectId, keyId, async (store, key) => {
      assertTags(tags);
      const present = await store.list([key.id]);
      const keys = new Set([...present, ...tags].map((tag) => tag.key));
      if (keys.size > TAGS) throw new ServiceError(refusals.tooManyTags);
      await store.set(key.id, tags);
    });
  }

  /** Removes the tags with these keys, whatever their values; those that are not there do not matter. */
  remove(projectId: string, keyId: string, tags: readonly Tag[]): Promise<void> {
    return this.#change(projectId, keyId, async (store, { id }) => {
      assertTags(tags);
      await store.remove(
        id,
        tags.map(({ key }) => key),
      );
    });
  }

  /** Removes the tag with this key, which must be there. */
  removeOne(projectId: string, keyId: string, key: string): Promise<void> {
    return this.#change(projectId, keyId, async (store, { id }) => {
      if ((await store.remove(id, [key])) === 0) throw new ServiceError(refusals.noSuchTag);
    });
  }

  async #change(projectId: string, keyId: string, work: (tags: TagStore, key: Key) => Promise<void>): Promise<void> {
    await holdKey(this.#store, await this.#finder.find(projectId, keyId), ({ tags }, key) => {
      assertChangeable(key);
      return work(tags, key);
    });
  }
}

function assertTags(tags: readonly Tag[]): void {
  if (tags.length === 0) throw new ServiceError(refusals.tagListEmpty);
  assertTagList(tags);
  for (const { key, value } of tags) {
    assertTagKey(key);
    assertTagValue(value);
  }
}
