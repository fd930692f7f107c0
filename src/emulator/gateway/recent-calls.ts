import { Ring, type Numbering } from '../journal/ring.ts';

/** Few, since at full speed all of them grow old: with more, the garbage collector takes a good part of a gateway's time. */
const MOST = 200;
/** Bytes that all of them together may hold on to, more or less. */
const HEAVIEST = 16 * 1024 * 1024;

/** A later call has a higher number. */
export interface Numbered<Call> {
  readonly number: number;
  readonly call: Call;
}

/** The last calls of a gateway. */
export class RecentCalls<Call> {
  readonly #size: number;
  readonly #weightOf: (call: Call) => number;
  readonly #ring: Ring<{ readonly call: Call; readonly weight: number }>;

  /**
   * @param size how many are kept, if they are not too many
   * @param weightOf bytes that one holds on to, more or less
   */
  constructor(size: number, weightOf: (call: Call) => number, numbering?: Numbering) {
    this.#size = Math.min(size, MOST);
    this.#weightOf = weightOf;
    this.#ring = new Ring(this.#size, HEAVIEST, numbering);
  }

  add(call: Call): void {
    if (this.#size > 0) this.#ring.add({ call, weight: this.#weightOf(call) });
  }

  newestFirst(isIt: (call: Call) => boolean = () => true): readonly Numbered<Call>[] {
    return this.#ring.newestFirst().flatMap(([number, { call }]) => (isIt(call) ? { number, call } : []));
  }

  remove(isIt: (call: Call) => boolean): void {
    this.#ring.remove(({ call }) => isIt(call));
  }
}
