/** A clock that stands still until a test moves it: nothing in the tests waits. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly advance: (milliseconds: number) => void;
}

export const second = 1000;
export const day = 24 * 60 * 60 * second;

export function makeClock(start = Date.parse('2026-01-15T10:30:00.123Z')): Clock {
  let time = start;
  return {
    now: () => time,
    advance(milliseconds) {
      time += milliseconds;
    },
  };
}
