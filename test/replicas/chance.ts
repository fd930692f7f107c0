/** Chance that is the same in every run. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';

export interface Chance {
  /** From 0 to below `end`. */
  readonly below: (end: number) => number;
  readonly oneOf: <T>(choices: readonly T[]) => T;
}

export function chance(seed: number): Chance {
  const generator = mersenne(seed);
  const below = (end: number): number => uniformInt(generator, 0, end - 1);
  return { below, oneOf: (choices) => choices[below(choices.length)]! };
}
