import fc from 'fast-check';
import { expect, test } from 'vitest';
import { machineNumbers } from '../../src/workers/numbering.ts';

/** Workers over one clock, which stands until it is moved: by nanoseconds. */
function workersOver(serials: readonly number[]) {
  let nanoseconds = 0;
  const time = () => [Math.floor(nanoseconds / 1e9), nanoseconds % 1e9] as const;
  const workers = serials.map((serial) => ({ ...machineNumbers(serial, time), last: 0 }));
  return { workers, pass: (duration: number) => void (nanoseconds += duration) };
}

const tick = 10_000;
const stepOf = (passes: fc.Arbitrary<number>) => fc.record({ worker: fc.nat({ max: 3 }), passes, looks: fc.boolean() });
const serials = [1, 2, 3, 1020];

test('however many at once: numbers rise in each worker, also over those that were looked at, and no two are the same', () => {
  fc.assert(
    fc.property(fc.array(stepOf(fc.nat({ max: 2 * tick })), { maxLength: 200 }), (steps) => {
      const { workers, pass } = workersOver(serials);
      const given = new Set<number>();
      for (const { worker, passes, looks } of steps) {
        pass(passes);
        const one = workers[worker]!;
        if (looks) one.last = Math.max(one.last, one.now());
        const number = one.next(one.last);
        expect(number).toBeGreaterThan(one.last);
        expect(number % 1024).toBe(serials[worker]);
        expect(given).not.toContain(number);
        given.add((one.last = number));
      }
    }),
  );
});

test('whoever looks sees all that there was, and nothing that comes in any worker is as low', () => {
  fc.assert(
    fc.property(fc.array(stepOf(fc.integer({ min: tick, max: 9 * tick })), { maxLength: 200 }), (steps) => {
      const { workers, pass } = workersOver(serials);
      let [newest, seen] = [0, 0];
      for (const { worker, passes, looks } of steps) {
        pass(passes);
        const one = workers[worker]!;
        if (looks) {
          seen = one.now();
          expect(newest).toBeLessThanOrEqual(seen);
        } else {
          newest = one.last = one.next(one.last);
          expect(newest).toBeGreaterThan(seen);
        }
      }
    }),
  );
});

test('what happened before in another worker has a lower number', () => {
  const { workers, pass } = workersOver([7, 3]);
  const [one, other] = workers as [(typeof workers)[0], (typeof workers)[0]];
  const first = one.next(0);
  expect(first).toBeLessThanOrEqual(other.now());
  pass(10_000);
  expect(other.next(0)).toBeGreaterThan(first);
});

test("the machine's own clock gives numbers that can be told apart, and leaves room for years", () => {
  const { next, now } = machineNumbers(1);
  let last = 0;
  for (let index = 0; index < 10_000; index++) {
    const number = next(last);
    expect(number).toBeGreaterThan(last);
    last = number;
  }
  expect(Number.isSafeInteger(last) && Number.isSafeInteger(now())).toBe(true);
  expect(Number.MAX_SAFE_INTEGER / 1024 / 100_000 / 86_400 / 365).toBeGreaterThan(2.7);
});
