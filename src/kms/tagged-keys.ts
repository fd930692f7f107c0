/** Keys by their tags and names. */
import { ServiceError } from '../errors.ts';
import type { Key, Tag, TagFilter, Page, Store } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';
import type { KeyFinder } from './key-finder.ts';
import { assertTagKey, assertTagList, assertTagValue } from './tag-rules.ts';

/** Values of one tag in a question, as in the tag searches of the vendor's other services: this one's page gives no number. */
const VALUES_OF_A_TAG = 10;
/** Characters. */
const LONGEST_NAME = 255;

export interface TaggedKey {
  readonly key: Key;
  readonly tags: readonly Tag[];
}

/** What a client asks. */
export interface TagQuestion {
  readonly tags: TagFilter['tags'];
  /** Fields of a key, and text that they have in them; `resource_name` is the only one. */
  readonly matches: readonly Tag[];
}

export interface TaggedKeysOptions {
  readonly store: Store;
  readonly finder: KeyFinder;
}

/** Every method throws ServiceError with a refusal of the KMS. */
export class TaggedKeys {
  readonly #store: Store;
  readonly #finder: KeyFinder;

  constructor({ store, finder }: TaggedKeysOptions) {
    this.#store = store;
    this.#finder = finder;
  }

  async list(projectId: string, question: TagQuestion, offset: number, limit: number): Promise<Page<TaggedKey>> {
    const { items, total } = await this.#find(projectId, question, offset, limit);
    const tags = await this.#store.tags.list(items.map(({ id }) => id));
    const byKey = Map.groupBy(tags, ({ keyId }) => keyId);
    return { items: items.map((key) => ({ key, tags: byKey.get(key.id) ?? [] })), total };
  }

  async count(projectId: string, question: TagQuestion): Promise<number> {
    return (await this.#find(projectId, question, 0, 0)).total;
  }

  async #find(projectId: string, question: TagQuestion, offset: number, limit: number): Promise<Page<Key>> {
    const filter = filterOf(question);
    await this.#finder.settle();
    return this.#store.tags.keys(projectId, filter, offset, limit);
  }
}

function filterOf({ tags, matches }: TagQuestion): TagFilter {
  assertTagList(tags);
  for (const { key, values } of tags) {
    assertTagKey(key);
    if (values.length > VALUES_OF_A_TAG) throw new ServiceError(refusals.tooManyTagValues);
    for (const value of values) assertTagValue(value);
  }
  const [match, ...more] = matches;
  if (match === undefined) return { tags };
  if (more.length > 0) throw new ServiceError(refusals.invalidMatches);
  if (match.key !== 'resource_name') throw new ServiceError(refusals.invalidMatchKey);
  const { value: name } = match;
  if (name === '' || Array.from(name).length > LONGEST_NAME) throw new ServiceError(refusals.invalidMatchValue);
  return { tags, name };
}
