/** What is left to chance depends on the seed alone. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { describe, expect, test } from 'vitest';
import { drawLatency } from '../../src/emulator/faults/latencies.ts';
import { faultClient, type Rule } from '../support/faults.ts';
import { kmsClient } from '../support/kms.ts';
import { useSignet } from '../support/signet.ts';

const half: Rule = { operation: 'kms.listKeys', error: 'badGateway', probability: 0.5 };

/** Which of 200 calls to a new server are spoilt, as a text of 0 and 1. */
async function outcome(...rules: Rule[]): Promise<string> {
  const { url } = await useSignet({ seed: 'none' });
  for (const rule of rules) await faultClient(url).add(rule);
  let spoilt = '';
  while (spoilt.length < 200) spoilt += (await kmsClient(url).post('list-keys', {})).status === 200 ? '0' : '1';
  return spoilt;
}

describe('200 calls', () => {
  test('to two servers have the same outcome for the same seed, and another for another', async () => {
    const first = await outcome({ ...half, seed: 7 });
    expect(await outcome({ ...half, seed: 7 })).toBe(first);
    expect(await outcome({ ...half, seed: 8 })).not.toBe(first);
    // Between 70 and 130 of 200, unless one in 40,000 seeds was met.
    expect(Math.abs(first.replaceAll('0', '').length - 100)).toBeLessThan(30);
  });

  test('to several rules, too; a latency among them changes nothing', async () => {
    const rules = [
      { ...half, seed: 1, latency: { mean: 0.1, deviation: 0.1 } },
      { ...half, seed: 2, probability: 0.25, error: 'throttled' },
    ];
    const first = await outcome(...rules);
    expect(await outcome(...rules)).toBe(first);
  });

  test('can be repeated where no seed was given: the one that was chosen is shown', async () => {
    const { url } = await useSignet({ seed: 'none' });
    const chosen = await faultClient(url).add(half);
    const other = await faultClient(url).add(half);
    expect(chosen.seed).not.toBe(other.seed);
    const again: Rule = { ...half, seed: chosen.seed! };
    expect(await outcome(again)).toBe(await outcome(again));
  });

  test('begin anywhere: small seeds do not resemble each other in their first calls', async () => {
    const { url } = await useSignet({ seed: 'none' });
    const faults = faultClient(url);
    let spoilt = 0;
    for (let seed = 0; seed < 100; seed++) {
      await faults.add({ ...half, seed });
      if ((await kmsClient(url).post('list-keys', {})).status !== 200) spoilt++;
      await faults.clear();
    }
    expect(Math.abs(spoilt - 50)).toBeLessThan(25);
  });
});

describe('latencies', () => {
  const draws = (latency: Parameters<typeof drawLatency>[0], count = 20_000): number[] => {
    const generator = mersenne(1);
    return Array.from({ length: count }, () => drawLatency(latency, () => uniformFloat64(generator)));
  };
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = (values: readonly number[]): number =>
    Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

  test('fixed', () => {
    expect(new Set(draws({ fixed: 12.5 }, 10))).toEqual(new Set([12.5]));
  });

  test('evenly between min and max', () => {
    const all = draws({ min: 100, max: 200 });
    expect(Math.min(...all)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...all)).toBeLessThan(200);
    expect(mean(all)).toBeCloseTo(150, 0);
    expect(deviation(all)).toBeCloseTo(100 / Math.sqrt(12), 0);
  });

  test('around mean', () => {
    const all = draws({ mean: 1000, deviation: 100 });
    expect(Math.abs(mean(all) - 1000)).toBeLessThan(5);
    expect(Math.abs(deviation(all) - 100)).toBeLessThan(5);
    const within = (count: number): number =>
      all.filter((each) => Math.abs(each - 1000) < count * 100).length / all.length;
    expect([within(1), within(2), within(3)].map((share) => Math.round(share * 50) / 50)).toEqual([0.68, 0.96, 1]);
  });

  test('never before the call, nor later than 5 minutes', () => {
    const all = draws({ mean: 0, deviation: 300_000 });
    expect(Math.min(...all)).toBe(0);
    expect(Math.max(...all)).toBe(300_000);
  });
});
