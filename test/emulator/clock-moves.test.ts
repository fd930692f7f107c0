/** Moves of the clock over work that takes its time, or fails. */
import { setImmediate as others } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Clock } from '../../src/emulator/clock/clock.ts';
import type { DueWork } from '../../src/emulator/clock/due.ts';
import { Moves } from '../../src/emulator/clock/moves.ts';
import { day, makeClock } from '../support/clock.ts';

/** Something falls due every day; what it does is up to the test. */
function everyDay(run: (day: number) => void) {
  const real = makeClock();
  const clock = new Clock(real.now);
  const start = real.now();
  let done = 0;
  const due: DueWork = {
    next: async () => start + (done + 1) * day,
    run: async (at) => {
      run(done + 1);
      done += 1;
      return [{ at, event: 'key_rotated', keyId: 'key', projectId: 'project' }];
    },
  };
  return { real, clock, start, moves: new Moves(clock, due) };
}

test.each([false, true])(
  'after an error it stays where it got to, and runs or stands as before: frozen %j',
  async (isFrozen) => {
    const { real, clock, start, moves } = everyDay((number) => {
      real.advance(1);
      if (number === 3) throw new Error('disk full');
    });
    if (isFrozen) await clock.change(() => [{ offset: 0, standsAt: start }, undefined]);
    await expect(moves.set(start + 10 * day, !isFrozen)).rejects.toThrow('disk full');
    expect([clock.isFrozen, clock.now()]).toEqual([isFrozen, start + 3 * day + (isFrozen ? 0 : 3)]);
  },
);

test('an error before anything fell due leaves it alone', async () => {
  const { clock, start, real } = everyDay(() => undefined);
  const moves = new Moves(clock, { next: () => Promise.reject(new Error('locked')), run: async () => [] });
  await expect(moves.advance(10 * day)).rejects.toThrow('locked');
  real.advance(5);
  expect([clock.isFrozen, clock.now(), clock.offset]).toEqual([false, start + 5, 0]);
});

test('a move goes exactly as far as it should, however late it is on the way', async () => {
  let instant = day;
  // Every look at the real time finds it a millisecond later.
  const clock = new Clock(() => (instant += 1));
  const moves = new Moves(clock, { next: () => Promise.resolve(undefined), run: async () => [] });
  const shown = () => [clock.isFrozen, clock.offset];
  await moves.advance(5 * day);
  expect(shown()).toEqual([false, 5 * day]);
  await moves.set(undefined, false);
  expect(shown()).toEqual([false, 5 * day]);
  await moves.reset();
  expect(shown()).toEqual([false, 0]);
});

test('on a long way others are let go', async () => {
  const { moves, start } = everyDay(() => {
    const since = performance.now();
    while (performance.now() - since < 1);
  });
  let [isThere, turns] = [false, 0];
  const moved = moves.set(start + 100 * day, true).finally(() => (isThere = true));
  while (!isThere) {
    await others();
    turns += 1;
  }
  expect((await moved).happened).toHaveLength(100);
  expect(turns).toBeGreaterThanOrEqual(5);
});
