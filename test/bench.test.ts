/** What the bench and the soak make of their figures. */
import { describe, expect, test } from 'vitest';
import { growthOf, type Sample } from '../bench/soak/memory.ts';
import { aligned, atLeast, atMost, target } from '../bench/table.ts';

describe('a figure that has a target', () => {
  test.each([
    [target('p99', 20, atMost(20)), ['p99', '20', '<= 20', 'ok']],
    [target('p99', 25, atMost(20)), ['p99', '25', '<= 20', 'short by 5.00 (25 %)']],
    [target('rate', 0.75, atLeast(0.75)), ['rate', '0.75', '>= 0.75', 'ok']],
    [target('rate', 0.6, atLeast(0.75)), ['rate', '0.60', '>= 0.75', 'short by 0.15 (20 %)']],
    [target('max', 1234.5), ['max', '1235']],
  ])('%j', (line, expected) => {
    expect(line).toEqual(expected);
  });

  test('stands in columns', () => {
    expect(aligned([['', 'one'], ['two', '3', 'four'], []])).toBe('     one\ntwo    3  four\n');
  });
});

describe('memory in the soak', () => {
  /** Fifteen samples; MiB held by two processes after so many of them. */
  const growth = (held: (sample: number) => number) => {
    const samples = Array.from({ length: 15 }, (_, index): Sample => ({
      ...{ held: held(index), resident: 200, processes: 2 },
    }));
    const [{ before, after, most }] = growthOf(samples) as [ReturnType<typeof growthOf>[number]];
    return { before, after, isFlat: after <= most };
  };

  test('may do what it wants in the first third, and go up and down', () => {
    expect(growth((index) => (index < 5 ? 10 * index : 60 + (index % 2)))).toMatchObject({ isFlat: true });
  });

  test('does not grow on', () => {
    expect(growth((index) => 60 + 2 * index)).toEqual({ before: 74, after: 84, isFlat: false });
  });
});
