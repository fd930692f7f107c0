/** Numbers for Prometheus. */
import type { Registry } from 'prom-client';
import type { Observe } from '../../contract/observation.ts';
import type { TrafficCounts } from '../../contract/traffic.ts';
import { Counts } from './counts.ts';

export interface MetricsOptions {
  /** Signatures that wait for a thread. */
  readonly queue: () => number;
  readonly traffic: () => TrafficCounts;
}

export class Metrics {
  readonly #options: MetricsOptions;
  readonly #counts = new Counts();
  #registry: Promise<Registry> | undefined;

  constructor(options: MetricsOptions) {
    this.#options = options;
  }

  readonly observe: Observe = (observation) => this.#counts.add(observation);

  /** What is counted here so far; expositionOf() writes it down. */
  async samples(): Promise<MetricSamples> {
    // Loading what collects it takes 50 ms, which nobody needs who does not ask.
    this.#registry ??= import('./registry.ts').then(({ makeRegistry }) => makeRegistry(this.#counts, this.#options));
    const metrics = await (await this.#registry).getMetricsAsJSON();
    return metrics.map(({ name, help, type, values, aggregator = 'sum' }: Sampled) => ({
      ...{ name, help, type, values },
      // Of several processes the first that was there says when all began.
      aggregator: aggregator === 'omit' ? 'min' : aggregator,
    }));
  }
}

/** As prom-client takes them to add those of several processes up. */
export type MetricSamples = readonly object[];

type Sampled = Partial<Awaited<ReturnType<Registry['getMetricsAsJSON']>>[number]>;
