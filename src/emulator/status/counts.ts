/** How often and how fast each operation answered, counted so that a request pays next to nothing for it. */
import type { Observation } from '../../contract/observation.ts';

/** Upper bounds of the durations that are told apart, in seconds. */
export const BOUNDS = [
  ...[0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
] as const;

export interface OperationCounts {
  /** How many requests took at most as long as each bound, and longer than the one before; beyond the last: none of them. */
  readonly durations: number[];
  /** How many came to each kind of end. */
  readonly ends: Map<string, { readonly end: End; count: number }>;
  /** Seconds. */
  sum: number;
  count: number;
}

type End = Pick<Observation, 'outcome' | 'status'> & { readonly code: string };

export class Counts {
  readonly #operations = new Map<string, OperationCounts>();

  /** By operation; empty: no operation has the path. */
  get operations(): ReadonlyMap<string, Readonly<OperationCounts>> {
    return this.#operations;
  }

  add({ operation = '', outcome, status, refusal, milliseconds }: Observation): void {
    let counts = this.#operations.get(operation);
    if (counts === undefined) {
      counts = { durations: BOUNDS.map(() => 0), ends: new Map(), sum: 0, count: 0 };
      this.#operations.set(operation, counts);
    }
    const seconds = milliseconds / 1000;
    counts.count++;
    counts.sum += seconds;
    const bound = BOUNDS.findIndex((most) => seconds <= most);
    if (bound >= 0) counts.durations[bound] = (counts.durations[bound] ?? 0) + 1;
    const code = refusal?.code ?? '';
    const key = `${outcome} ${status ?? ''} ${code}`;
    const end = counts.ends.get(key);
    if (end === undefined) counts.ends.set(key, { end: { outcome, status, code }, count: 1 });
    else end.count++;
  }
}
