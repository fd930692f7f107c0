/** `npm run bench`, `npm run bench -- --quick`, `npm run bench -- --long`. A measurement, not a gate: short of a target is no error. */
import { cpus } from 'node:os';
import { beside } from './beside.ts';
import { bursts } from './event-loop.ts';
import { gateway } from './gateway.ts';
import { journalMemory } from './journal-memory.ts';
import { requireWrk } from './load.ts';
import { growth } from './many-keys.ts';
import { observing } from './observing.ts';
import { ociRefusals } from './oci-diagnosis.ts';
import { readEffort } from './plan.ts';
import { build } from './programs.ts';
import { report } from './report.ts';
import { startUp } from './start-up.ts';
import { throughput } from './throughput.ts';

try {
  requireWrk();
  const effort = readEffort();
  const main = build();
  const figures = {
    startUp: await startUp(main, effort.starts),
    rows: await throughput(main, effort),
    besides: await beside(main, effort.burstSeconds),
    growths: await growth(main, effort.pairs, effort.seconds),
    forwarded: await gateway(main, effort),
    observing: await observing(effort.pairs, effort.seconds),
    journalMemory: journalMemory(effort.pairs),
    ociRefusals: await ociRefusals(effort.pairs),
    bursts: await bursts(main, effort.burstSeconds),
  };
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]!.model}; client and server share them.\n`);
  console.log(report(figures));
} catch (error) {
  // Some say all in their causes.
  console.error(error);
}
