/** Alias objects: names for keys besides their own, which can be moved from key to key. */
import { ServiceError } from '../errors.ts';
import type { Alias, AliasStore, Key, Store } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';
import { refuseDuplicates } from './key-changes.ts';
import type { KeyFinder } from './key-finder.ts';
import { holdKey } from './key-hold.ts';
import { assertChangeable } from './key-states.ts';

/** Source: https://support.huaweicloud.com/eu/usermanual-dew/dew_01_1022.html */
const ALIASES_OF_A_KEY = 50;

export interface AliasesOptions {
  readonly store: Store;
  readonly finder: KeyFinder;
  readonly now: () => number;
}

export interface AliasQuery {
  /** Those of one key only. */
  readonly keyId: string | undefined;
  /** Those behind this one, in the order of their names. */
  readonly after: string | undefined;
  readonly limit: number;
}

/**
 * An alias is kept as it was given, but `alias/name` and `name` are one: nothing that names a key tells them apart.
 * Every method throws ServiceError with a refusal of the KMS.
 */
export class Aliases {
  readonly #store: Store;
  readonly #finder: KeyFinder;
  readonly #now: () => number;

  constructor({ store, finder, now }: AliasesOptions) {
    this.#store = store;
    this.#finder = finder;
    this.#now = now;
  }

  create(projectId: string, keyId: string, alias: string): Promise<Alias> {
    return this.#change(projectId, keyId, async (aliases, key, now) => {
      if (await existing(aliases, projectId, alias)) throw new ServiceError(refusals.duplicateAlias);
      await assertRoom(aliases, key.id);
      const created = { projectId, alias, keyId: key.id, createdAt: now, updatedAt: now };
      await aliases.add(created);
      return created;
    });
  }

  /** Lets an alias name another key. */
  associate(projectId: string, keyId: string, alias: string): Promise<Alias> {
    return this.#change(projectId, keyId, async (aliases, key, now) => {
      const found = await existing(aliases, projectId, alias);
      if (found === undefined) throw new ServiceError(refusals.invalidAlias);
      if (found.keyId !== key.id) await assertRoom(aliases, key.id);
      await aliases.move(projectId, found.alias, key.id, now);
      return { ...found, keyId: key.id, updatedAt: now };
    });
  }

  async list(projectId: string, { keyId, after, limit }: AliasQuery): Promise<{ items: Alias[]; isLast: boolean }> {
    await this.#finder.settle();
    if (keyId !== undefined) await this.#finder.find(projectId, keyId);
    const of = { ...(keyId !== undefined && { keyId }), ...(after !== undefined && { after }) };
    const found = await this.#store.aliases.list(projectId, of, limit + 1);
    return { items: found.slice(0, limit), isLast: found.length <= limit };
  }

  /** All of these aliases, or none when one of them is not this key's. */
  async remove(projectId: string, keyId: string, names: readonly string[]): Promise<void> {
    const found = await this.#finder.find(projectId, keyId);
    await holdKey(this.#store, found, async ({ aliases }, key) => {
      const removed: string[] = [];
      for (const name of names) {
        const alias = await existing(aliases, projectId, name);
        if (alias?.keyId !== key.id) throw new ServiceError(refusals.invalidAlias);
        removed.push(alias.alias);
      }
      await aliases.remove(projectId, key.id, removed);
    });
  }

  async #change(
    projectId: string,
    keyId: string,
    work: (aliases: AliasStore, key: Key, now: number) => Promise<Alias>,
  ): Promise<Alias> {
    // The aliases of a key that is gone by now are free.
    await this.#finder.settle();
    const found = await this.#finder.find(projectId, keyId);
    const changing = holdKey(this.#store, found, ({ aliases }, key) => {
      assertChangeable(key);
      return work(aliases, key, this.#now());
    });
    return refuseDuplicates(changing);
  }
}

const prefix = 'alias/';

/** The alias of this name, in whichever form it was given. */
async function existing(aliases: AliasStore, projectId: string, alias: string): Promise<Alias | undefined> {
  const otherForm = alias.startsWith(prefix) ? alias.slice(prefix.length) : `${prefix}${alias}`;
  return (await aliases.find(projectId, alias)) ?? (await aliases.find(projectId, otherForm));
}

async function assertRoom(aliases: AliasStore, keyId: string): Promise<void> {
  if ((await aliases.count(keyId)) >= ALIASES_OF_A_KEY) throw new ServiceError(refusals.tooManyKeys);
}
