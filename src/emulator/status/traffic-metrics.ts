/** What is under way, as prom-client writes it down. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { TrafficCounts } from '../../contract/traffic.ts';

type Level = Exclude<keyof TrafficCounts, 'places' | 'arriving' | 'cutOff' | 'refused'>;

const levels: Readonly<Record<Level, readonly [name: string, help: string]>> = {
  bodyBytes: ['signet_request_body_bytes', 'Bytes of request bodies that are kept.'],
  unreadBytes: ['signet_unread_answer_bytes', 'Bytes of answers that clients have not taken yet.'],
  connections: ['signet_connections', 'Connections of clients.'],
};

export function registerTraffic(registry: Registry, traffic: () => TrafficCounts): void {
  const registers = [registry];
  new Gauge({
    name: 'signet_requests_in_flight',
    help: 'Requests whose bodies arrive, that are worked on, that wait, that are at backends of API Gateway, or that ask how Signet is.',
    labelNames: ['activity'],
    registers,
    collect() {
      const { places, arriving } = traffic();
      for (const [activity, count] of Object.entries({ arriving, ...places })) this.set({ activity }, count);
    },
  });
  for (const [level, [name, help]] of Object.entries(levels) as [Level, (typeof levels)[Level]][]) {
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(traffic()[level]);
      },
    });
  }
  new Counter({
    name: 'signet_connections_cut_off_total',
    help: 'Connections, idle or too slow for longest, that gave way to others.',
    registers,
    collect() {
      this.reset();
      this.inc(traffic().cutOff);
    },
  });
  new Counter({
    name: 'signet_overload_refusals_total',
    help: 'Requests that were refused at once, by what there was too much of.',
    labelNames: ['what'],
    registers,
    collect() {
      this.reset();
      for (const [what, count] of traffic().refused) this.inc({ what }, count);
    },
  });
}
