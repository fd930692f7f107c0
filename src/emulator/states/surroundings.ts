import type { Store } from '../../store/store.ts';
import { Agreed, takeAgreed, type Keeping } from '../agreed.ts';
import { Clock, realTime, type ClockState } from '../clock/clock.ts';
import { Faults, type FaultsOptions, type FaultState } from '../faults/faults.ts';
import type { FaultRule } from '../faults/rules.ts';

export interface SurroundingsOptions extends FaultsOptions {
  readonly store: Store;
  /** The real time, in milliseconds since 1970. */
  readonly real: () => number;
  /** Of a state that says nothing of it in its documents; '' for an empty one. */
  readonly region: string;
}

/** What is put in the place of all that there was. */
export interface NewSurroundings {
  readonly region: string;
  readonly clock: ClockState;
  readonly faults: readonly FaultRule[];
  /** Hashes of tokens that stay when they have expired; those of before where undefined. */
  readonly lasting?: readonly string[];
}

/** What a state has besides its contents, the same for every process over it: the clock, the fault rules, and what is known by heart of the contents. */
export class Surroundings {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly #store: Store;
  readonly #clock: Agreed<ClockState>;
  readonly #faults: Agreed<readonly FaultState[]>;
  readonly #region: Agreed<string>;
  readonly #lasting: Agreed<readonly string[]>;

  constructor({ store, real, region, ...ofFaults }: SurroundingsOptions) {
    const kept = (name: string): Keeping => ({ store, name, now: real });
    this.#store = store;
    this.#clock = new Agreed(realTime, kept('clock'));
    this.#faults = new Agreed<readonly FaultState[]>([], kept('faults'));
    this.#region = new Agreed(region, kept('region'));
    this.#lasting = new Agreed<readonly string[]>([], kept('lasting tokens'));
    this.clock = new Clock(real, this.#clock);
    this.faults = new Faults(ofFaults, this.#faults);
  }

  /** The name of the region that the contents are of. */
  readonly region = (): string => this.#region.value;

  /** Hashes of tokens that stay when they have expired: those of the seed, which may have been made for that. */
  readonly lasting = (): readonly string[] => this.#lasting.value;

  /** Takes what others made of it, from the store or in a transaction. */
  readonly take = (store = this.#store): Promise<void> =>
    takeAgreed(store, [this.#clock, this.#faults, this.#region, this.#lasting]);

  /**
   * New contents with what is around them: all of it, or nothing. False where it is nothing.
   * @param replace in a transaction; false where nothing is to be replaced
   */
  async replace(next: NewSurroundings, replace: (inner: Store) => Promise<boolean>): Promise<boolean> {
    const settle = await this.#store.transaction(async (inner) => {
      if (!(await replace(inner))) return undefined;
      const { region, clock, faults, lasting = this.#lasting.value } = next;
      return [
        await this.#region.put(inner, region),
        await this.#clock.put(inner, clock),
        await this.#lasting.put(inner, lasting),
        await this.faults.put(inner, faults),
      ];
    });
    settle?.forEach((each) => {
      each();
    });
    return settle !== undefined;
  }
}
