/** The counts of several processes as one text. */
import { AggregatorRegistry } from 'prom-client';
import type { MetricSamples } from './metrics.ts';

/** In the text format of Prometheus, version 0.0.4. */
export async function expositionOf(processes: readonly MetricSamples[]): Promise<string> {
  const text = await AggregatorRegistry.aggregate(processes as MetricSamples[]).metrics();
  // It writes Nan for a number that is not there yet; the format has NaN.
  return text.replaceAll(/ Nan$/gm, ' NaN');
}
