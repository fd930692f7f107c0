/** Loaded into the server with --import: answers a message with the event loop's delay since the message before. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface LoopDelay {
  /** Milliseconds. */
  readonly p99: number;
  readonly max: number;
}

const resolution = 1;
const histogram = monitorEventLoopDelay({ resolution });
histogram.enable();

/** The timer's own period is part of what the histogram holds. */
const beyondPeriod = (ns: number): number => Math.max(0, ns / 1e6 - resolution);

process.on('message', () => {
  const delay: LoopDelay = { p99: beyondPeriod(histogram.percentile(99)), max: beyondPeriod(histogram.max) };
  histogram.reset();
  process.send!(delay);
});
process.channel!.unref();
