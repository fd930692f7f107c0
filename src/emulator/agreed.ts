/** What the processes over one state agree on besides its contents: where the clock stands, which fault rules there are. */
import type { Document, Store } from '../store/store.ts';

/** Of the documents in which it is kept. */
const kind = 'shared';

export interface Keeping {
  readonly store: Store;
  /** The name of its document. */
  readonly name: string;
  /** The real time, in milliseconds since 1970. */
  readonly now: () => number;
}

/** Each change is the next after another, whoever makes it: by its number, what is newer can be told. */
interface Stored<Value> {
  readonly serial: number;
  readonly value: Value;
}

/**
 * A value that is plain data. Over a state that outlives the process it is a document of that state: every process follows it there, and a
 * change is made on top of what others made of it. Otherwise it is in memory, and a change is made at once.
 */
export class Agreed<Value> {
  readonly #keeping: Keeping | undefined;
  readonly #beginning: Value;
  #known: Stored<Value>;
  #content: Uint8Array | undefined;

  /** @param beginning what it is where the state knows nothing of it */
  constructor(beginning: Value, keeping?: Keeping) {
    this.#beginning = beginning;
    this.#known = { serial: 0, value: beginning };
    this.#keeping = keeping?.store.durable === true ? keeping : undefined;
  }

  /** As this process knows it, since the store last caught up. */
  get value(): Value {
    return this.#known.value;
  }

  /**
   * Puts what `next` makes of it in its place; gives what `next` gives besides. A promise only where others have it, too.
   * @param next whatever it throws, nothing changes then
   */
  change<T>(next: (value: Value) => readonly [Value, T]): T | Promise<T> {
    if (this.#keeping !== undefined) return this.#changeForAll(this.#keeping, next);
    const { serial } = this.#known;
    const [value, result] = next(this.#known.value);
    this.#known = { serial, value };
    return result;
  }

  /** As a part of the caller's transaction. What it gives is to be called when that is committed. */
  async put(inner: Store, value: Value): Promise<() => void> {
    const { serial } = this.#keeping === undefined ? this.#known : await this.#stored(inner, this.#keeping);
    if (this.#keeping === undefined) return () => (this.#known = { serial, value });
    return this.#write(inner, this.#keeping, { serial: serial + 1, value });
  }

  /** Takes what is stored, unless something newer is known. */
  take(documents: readonly Document[]): void {
    const found = documents.find(({ name }) => name === this.#keeping?.name);
    if (found === undefined || (this.#content !== undefined && Buffer.compare(this.#content, found.content) === 0))
      return;
    this.#content = found.content;
    this.#follow(parsed<Value>(found));
  }

  async #changeForAll<T>(keeping: Keeping, next: (value: Value) => readonly [Value, T]): Promise<T> {
    const [settle, result] = await keeping.store.transaction(async (inner) => {
      const { serial, value } = await this.#stored(inner, keeping);
      const [changed, given] = next(value);
      const written = changed === value ? undefined : { serial: serial + 1, value: changed };
      return [written && (await this.#write(inner, keeping, written)), given] as const;
    });
    settle?.();
    return result;
  }

  async #stored({ documents }: Store, { name }: Keeping): Promise<Stored<Value>> {
    const document = await documents.get(kind, name);
    return document === undefined ? { serial: 0, value: this.#beginning } : parsed<Value>(document);
  }

  async #write({ documents }: Store, { name, now }: Keeping, stored: Stored<Value>): Promise<() => void> {
    const content = Buffer.from(JSON.stringify(stored));
    await documents.put({ kind, name, createdAt: now(), content });
    return () => {
      this.#follow(stored);
    };
  }

  /** A look at the store may have been overtaken by a change that this process has made. */
  #follow(stored: Stored<Value>): void {
    if (stored.serial > this.#known.serial) this.#known = stored;
  }
}

const parsed = <Value>({ content }: Document): Stored<Value> =>
  JSON.parse(Buffer.from(content).toString()) as Stored<Value>;

/** Brings all of these up to what the state says, in one look at it. */
export async function takeAgreed(store: Store, all: readonly Pick<Agreed<unknown>, 'take'>[]): Promise<void> {
  if (!store.durable) return;
  const documents = await store.documents.all(kind);
  for (const agreed of all) agreed.take(documents);
}
