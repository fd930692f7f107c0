/** The last things of a kind: only so many of them, and no heavier together than a limit. */
interface Weighed {
  /** Bytes, more or less. */
  readonly weight: number;
}

export class Ring<Item extends Weighed> {
  readonly #most: number;
  readonly #heaviest: number;
  readonly #items: (Item | undefined)[] = [];
  #first = 1;
  #last = 0;
  #weight = 0;

  /** @param heaviest bytes, more or less; the newest is kept even when it alone is heavier */
  constructor(most: number, heaviest: number) {
    this.#most = most;
    this.#heaviest = heaviest;
  }

  /** The number of the newest, from 1; 0 before there was one. */
  get last(): number {
    return this.#last;
  }

  /** Gives the number of what is added. */
  add(item: Item): number {
    this.#last++;
    if (this.#last - this.#first >= this.#most) this.#forget(this.#first++);
    this.#items[this.#last % this.#most] = item;
    this.#weight += item.weight;
    while (this.#weight > this.#heaviest && this.#first < this.#last) this.#forget(this.#first++);
    return this.#last;
  }

  /** Those that came after the one with this number. */
  newestFirst(after = 0): (readonly [number: number, item: Item])[] {
    const found: (readonly [number, Item])[] = [];
    for (let number = this.#last; number >= this.#first && number > after; number--) {
      const item = this.#items[number % this.#most];
      if (item !== undefined) found.push([number, item]);
    }
    return found;
  }

  /** The numbers stay taken. */
  remove(isChosen: (item: Item) => boolean): void {
    for (const [number, item] of this.newestFirst()) if (isChosen(item)) this.#forget(number);
  }

  #forget(number: number): void {
    this.#weight -= this.#items[number % this.#most]?.weight ?? 0;
    this.#items[number % this.#most] = undefined;
  }
}
