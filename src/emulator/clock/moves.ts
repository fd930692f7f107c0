import { refusalOf } from '../../errors.ts';
import { Turn } from '../../turns.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import { instantOf, type Clock, type ClockState } from './clock.ts';
import type { Due, DueWork } from './due.ts';

/** Milliseconds since 1970. What is issued on the last of these days for a year still ends in a year of four digits. */
export const FIRST = 0;
export const LAST = Date.parse('9998-12-31T23:59:59.999Z');

/** What one move does, and tells, before it leaves the rest to those who ask. */
const MOST_EVENTS = 1000;

export interface Moved {
  /** In the order in which it fell due. */
  readonly happened: readonly Due[];
  /** Whether there may be more than that. */
  readonly more: boolean;
}

/** The clock before a move, and where that goes; milliseconds since 1970. */
interface Way {
  readonly before: ClockState;
  readonly after: ClockState;
  readonly real: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Moves of the clock, for a caller that sees to it that in this process each happens alone. Of several processes over one state, each moves
 * it on from where another left it. What falls due on the way ahead happens at its instant, one after the other; on the way back nothing is
 * undone. After an error it stays where it got to. Every method throws ServiceError, Signet.InvalidClock, for an instant outside of the years
 * 1970 to 9998.
 */
export class Moves {
  readonly #clock: Clock;
  readonly #due: DueWork;

  constructor(clock: Clock, due: DueWork) {
    this.#clock = clock;
    this.#due = due;
  }

  /**
   * @param instant milliseconds since 1970; undefined: where it is
   * @param isFrozen whether it stands still then; undefined: as before
   */
  set(instant: number | undefined, isFrozen: boolean | undefined): Promise<Moved> {
    return this.#move((now) => instant ?? now, isFrozen);
  }

  /** It stands or runs as before. */
  advance(milliseconds: number): Promise<Moved> {
    return this.#move((now) => now + milliseconds, undefined);
  }

  /** Back to the real time, running. */
  reset(): Promise<Moved> {
    return this.#move((_now, real) => real, false);
  }

  async #move(targetAt: (now: number, real: number) => number, isFrozen: boolean | undefined): Promise<Moved> {
    // First the clock, in one step, and then the way: who is stopped between leaves what is due to those who ask.
    const way = await this.#clock.change((before, real): readonly [ClockState, Way] => {
      const from = instantOf(before, real);
      const to = targetAt(from, real);
      if (!(to >= FIRST && to <= LAST))
        throw refusalOf(refusals.invalidClock, 'the clock knows the years 1970 to 9998');
      const after = stateAt(to, real, isFrozen ?? before.standsAt !== null);
      return [after, { before, after, real, from, to }];
    });
    const happened = way.to > way.from ? await this.#walk(way) : [];
    return { happened, more: happened.length >= MOST_EVENTS };
  }

  async #walk(way: Way): Promise<readonly Due[]> {
    const happened: Due[] = [];
    const turn = new Turn();
    let reached = way.from;
    try {
      while (happened.length < MOST_EVENTS) {
        const at = await this.#due.next();
        if (at === undefined || at > way.to) break;
        // What fell due before does not put the clock back.
        reached = Math.max(at, reached);
        happened.push(...(await this.#due.run(at, MOST_EVENTS - happened.length)));
        if (turn.isOver) await turn.pass();
      }
    } catch (error) {
      await this.#stayAt(reached, way);
      throw error;
    }
    return happened;
  }

  /** Unless it has been moved on meanwhile. */
  async #stayAt(reached: number, { before, after, real }: Way): Promise<void> {
    const isMoved = ({ offset, standsAt }: ClockState): boolean =>
      offset !== after.offset || standsAt !== after.standsAt;
    const there = stateAt(reached, real, before.standsAt !== null);
    try {
      await this.#clock.change((state) => [isMoved(state) ? state : there, undefined]);
    } catch {
      // The state can take nothing: it has the clock where it was to go, and what stopped the way is told.
    }
  }
}

/** Where it runs, it has run on from there since that instant of the real time. */
const stateAt = (instant: number, real: number, isFrozen: boolean): ClockState => ({
  offset: instant - real,
  standsAt: isFrozen ? instant : null,
});
