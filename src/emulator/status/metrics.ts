/** Numbers for Prometheus. */
import type { Registry } from 'prom-client';
import type { Observe } from '../../contract/observation.ts';
import { Counts } from './counts.ts';

export interface MetricsOptions {
  /** Signatures that wait for a thread. */
  readonly queue: () => number;
}

export class Metrics {
  readonly #queue: () => number;
  readonly #counts = new Counts();
  #registry: Promise<Registry> | undefined;

  constructor({ queue }: MetricsOptions) {
    this.#queue = queue;
  }

  readonly observe: Observe = (observation) => this.#counts.add(observation);

  /** In the text format of Prometheus, version 0.0.4. */
  async text(): Promise<string> {
    // Loading what writes it takes 50 ms, which nobody needs who does not ask.
    this.#registry ??= import('./registry.ts').then(({ makeRegistry }) => makeRegistry(this.#counts, this.#queue));
    const registry = await this.#registry;
    // It writes Nan for a number that is not there yet; the format has NaN.
    return (await registry.metrics()).replaceAll(/ Nan$/gm, ' NaN');
  }
}
