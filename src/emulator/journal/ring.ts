/** The last things of a kind: only so many of them, and no heavier together than a limit. */
interface Weighed {
  /** Bytes, more or less. */
  readonly weight: number;
}

/** The number that comes next, higher than the last. */
export type Numbering = (last: number) => number;

export const counting: Numbering = (last) => last + 1;

export class Ring<Item extends Weighed> {
  readonly #most: number;
  readonly #heaviest: number;
  readonly #next: Numbering;
  readonly #items: ({ readonly number: number; readonly item: Item } | undefined)[] = [];
  /** How many have been forgotten for good, and how many there were: places in the ring. */
  #first = 0;
  #end = 0;
  #last = 0;
  #weight = 0;

  /** @param heaviest bytes, more or less; the newest is kept even when it alone is heavier */
  constructor(most: number, heaviest: number, next = counting) {
    this.#most = most;
    this.#heaviest = heaviest;
    this.#next = next;
  }

  /** The number of the newest; 0 before there was one. What is added later has a higher one, also than `least`. */
  mark(least = 0): number {
    return (this.#last = Math.max(this.#last, least));
  }

  add(item: Item): void {
    this.#last = this.#next(this.#last);
    if (this.#end - this.#first >= this.#most) this.#forget(this.#first++);
    this.#items[this.#end++ % this.#most] = { number: this.#last, item };
    this.#weight += item.weight;
    while (this.#weight > this.#heaviest && this.#first < this.#end - 1) this.#forget(this.#first++);
  }

  /** Those that came after the one with this number, up to and with another. */
  newestFirst(after = 0, upTo = Infinity): (readonly [number: number, item: Item])[] {
    const found: (readonly [number, Item])[] = [];
    for (let place = this.#end - 1; place >= this.#first; place--) {
      const held = this.#items[place % this.#most];
      if (held === undefined) continue;
      if (held.number <= after) break;
      if (held.number <= upTo) found.push([held.number, held.item]);
    }
    return found;
  }

  /** The numbers stay taken. */
  remove(isChosen: (item: Item) => boolean): void {
    for (let place = this.#first; place < this.#end; place++) {
      const held = this.#items[place % this.#most];
      if (held !== undefined && isChosen(held.item)) this.#forget(place);
    }
  }

  #forget(place: number): void {
    this.#weight -= this.#items[place % this.#most]?.item.weight ?? 0;
    this.#items[place % this.#most] = undefined;
  }
}
