import { refusalOf } from '../../errors.ts';
import { Turn } from '../../turns.ts';
import { emulatorRefusals as refusals } from '../errors.ts';
import type { Clock } from './clock.ts';
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

/**
 * Moves of the clock, for a caller that sees to it that each happens alone. On the way ahead it stops wherever something falls due, and that
 * happens then and there; on the way back nothing is undone. After an error it stays where it got to. Every method throws ServiceError, Signet.InvalidClock, for an instant outside of the years 1970 to 9998.
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
    return this.#move((now) => instant ?? now, isFrozen ?? this.#clock.isFrozen);
  }

  /** It stands or runs as before. */
  advance(milliseconds: number): Promise<Moved> {
    return this.#move((now) => now + milliseconds, this.#clock.isFrozen);
  }

  /** Back to the real time, running. */
  reset(): Promise<Moved> {
    return this.#move((_now, real) => real, false);
  }

  async #move(targetAt: (now: number, real: number) => number, isFrozen: boolean): Promise<Moved> {
    const clock = this.#clock;
    // One look at the real time: what passes until another would be lost.
    const begin = clock.real();
    const now = clock.at(begin);
    const target = targetAt(now, begin);
    if (!(target >= FIRST && target <= LAST))
      throw refusalOf(refusals.invalidClock, 'the clock knows the years 1970 to 9998');
    let stands = clock.isFrozen;
    clock.standAt(now);
    try {
      const happened = target > now ? await this.#walk(target) : [];
      clock.standAt(target);
      stands = isFrozen;
      return { happened, more: happened.length >= MOST_EVENTS };
    } finally {
      // Where it runs, it has run meanwhile.
      if (!stands) clock.runAhead(clock.now() - begin);
    }
  }

  async #walk(target: number): Promise<readonly Due[]> {
    const happened: Due[] = [];
    const turn = new Turn();
    while (happened.length < MOST_EVENTS) {
      const at = await this.#due.next();
      if (at === undefined || at > target) break;
      // What fell due before does not put the clock back.
      this.#clock.standAt(Math.max(at, this.#clock.now()));
      happened.push(...(await this.#due.run(at, MOST_EVENTS - happened.length)));
      if (turn.isOver) await turn.pass();
    }
    return happened;
  }
}
