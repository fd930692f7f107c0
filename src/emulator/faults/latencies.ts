/** How late an answer is. */
import type { FaultLatency } from './rules.ts';

/** Milliseconds. */
const LONGEST = 300_000;

/** Evenly from 0 (included) to 1 (excluded). */
export type Random = () => number;

interface Form {
  readonly fields: readonly (keyof FaultLatency)[];
  readonly draw: (latency: Required<FaultLatency>, random: Random) => number;
}

/** The forms that a latency may have: all of the fields of one, and no other. */
const forms: readonly Form[] = [
  { fields: ['fixed'], draw: ({ fixed }) => fixed },
  { fields: ['min', 'max'], draw: ({ min, max }, random) => min + random() * (max - min) },
  { fields: ['mean', 'deviation'], draw: ({ mean, deviation }, random) => mean + deviation * normal(random) },
];

/** What is wrong with it; undefined where nothing is. */
export function latencyMistake(latency: FaultLatency): string | undefined {
  if (formOf(latency) === undefined) return 'must be fixed, or min and max, or mean and deviation';
  const { min = 0, max = min } = latency;
  return min > max ? 'min is greater than max' : undefined;
}

/** Milliseconds, from 0 to LONGEST. */
export function drawLatency(latency: FaultLatency, random: Random): number {
  const drawn = formOf(latency)?.draw(latency as Required<FaultLatency>, random) ?? 0;
  return Math.min(Math.max(drawn, 0), LONGEST);
}

function formOf(latency: FaultLatency): Form | undefined {
  const given = Object.keys(latency) as (keyof FaultLatency)[];
  return forms.find(({ fields }) => fields.length === given.length && given.every((field) => fields.includes(field)));
}

/** Of mean 0 and deviation 1, after Box and Muller. */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
