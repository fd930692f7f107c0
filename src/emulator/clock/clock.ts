import { Agreed } from '../agreed.ts';

/** How a clock goes; in milliseconds. */
export interface ClockState {
  /** So far ahead of the real time it is while it runs; negative: behind. */
  readonly offset: number;
  /** The instant since 1970 at which it stands; null while it runs. */
  readonly standsAt: number | null;
}

export const realTime: ClockState = { offset: 0, standsAt: null };

/** The time of the whole emulator: what runs with the real one, or ahead of it, or stands still. */
export class Clock {
  /** Milliseconds since 1970, whatever this clock says. */
  readonly real: () => number;
  readonly #state: Agreed<ClockState>;

  /** @param real milliseconds since 1970 */
  constructor(real: () => number, state = new Agreed(realTime)) {
    this.real = real;
    this.#state = state;
  }

  get state(): ClockState {
    return this.#state.value;
  }

  /** Milliseconds since 1970. */
  readonly now = (): number => instantOf(this.#state.value, this.real());

  get isFrozen(): boolean {
    return this.#state.value.standsAt !== null;
  }

  /** Milliseconds that it is ahead of the real time; negative: behind. */
  get offset(): number {
    const { standsAt, offset } = this.#state.value;
    return standsAt === null ? offset : standsAt - this.real();
  }

  /** Lets it go as `next` says, and gives what that gives besides; whatever `next` throws, it goes on as before. */
  async change<T>(next: (state: ClockState, real: number) => readonly [ClockState, T]): Promise<T> {
    return this.#state.change((state) => next(state, this.real()));
  }
}

/** What such a clock says at an instant of the real time; both in milliseconds since 1970. */
export const instantOf = ({ standsAt, offset }: ClockState, real: number): number => standsAt ?? real + offset;
