import { expect, test } from 'vitest';
import { Backoff } from '../../src/workers/backoff.ts';

/** How long each worker lived, and how long the next one is waited for, in milliseconds. */
const rows: Readonly<Record<string, readonly (readonly [lived: number, pause: number])[]>> = {
  'one that died is replaced at once': [[60_000, 0]],
  'one that could not begin, too': [[0, 0]],
  'those that die again and again wait longer and longer, and not for ever': [
    ...[0, 100, 200, 400, 800, 1600, 3200, 5000, 5000].map((pause) => [0, pause] as const),
  ],
  'to have been there for a moment is not enough': [
    [0, 0],
    [1000, 100],
    [999, 200],
  ],
  'one that was in order begins anew': [
    [0, 0],
    [0, 100],
    [1001, 0],
    [0, 100],
  ],
};

test.each(Object.entries(rows))('%s', (_name, deaths) => {
  const backoff = new Backoff();
  expect(deaths.map(([lived]) => backoff.pauseAfter(lived))).toEqual(deaths.map(([, pause]) => pause));
});
