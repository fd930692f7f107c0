/** What is counted, as prom-client writes it down. */
import { collectDefaultMetrics, Counter, Gauge, Registry, type Metric } from 'prom-client';
import { BOUNDS, type Counts, type OperationCounts } from './counts.ts';
import type { MetricsOptions } from './metrics.ts';
import { registerTraffic } from './traffic-metrics.ts';

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

const DURATIONS = 'signet_request_duration_seconds';

export function makeRegistry(counts: Counts, { queue, traffic }: MetricsOptions): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Counter({
    name: 'signet_requests_total',
    help: "Requests by operation and by what became of them; the operation is empty where none has the request's path.",
    labelNames: ['service', 'operation', 'outcome', 'status', 'code'],
    registers,
    collect() {
      this.reset();
      for (const [operation, { ends }] of counts.operations) {
        for (const { end, count } of ends.values())
          this.inc({ ...named(operation), outcome: end.outcome, status: end.status ?? '', code: end.code }, count);
      }
    },
  });
  new Gauge({
    name: 'signet_signing_queue',
    help: 'Signatures that wait for a thread.',
    registers,
    collect() {
      this.set(queue());
    },
  });
  registerTraffic(registry, traffic);
  // Its own histogram counts itself; here that is done already, and what it asks of a metric is no more than this.
  const durations = {
    ...{ name: DURATIONS, help: 'From the head of a request to its answer, by operation.', type: 'histogram' },
    get: async () => ({ ...durations, values: [...counts.operations].flatMap(([name, one]) => samplesOf(name, one)) }),
  };
  registry.registerMetric(durations as unknown as Metric);
  return registry;
}

const named = (operation: string) => ({ service: operation.split('.')[0] ?? '', operation });

function samplesOf(operation: string, { durations, sum, count }: OperationCounts): Sample[] {
  const labels = named(operation);
  let soFar = 0;
  const buckets = BOUNDS.map((le, index) => {
    soFar += durations[index] ?? 0;
    return { metricName: `${DURATIONS}_bucket`, labels: { ...labels, le }, value: soFar };
  });
  return [
    ...buckets,
    { metricName: `${DURATIONS}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
    { metricName: `${DURATIONS}_sum`, labels, value: sum },
    { metricName: `${DURATIONS}_count`, labels, value: count },
  ];
}
