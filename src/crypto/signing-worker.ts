import { parentPort } from 'node:worker_threads';
import { runPrehashed, type SignJob, type VerifyJob } from './prehashed.ts';
import type { Outcome } from './signing-threads.ts';

/** What a signing thread runs: answers one job after the other, in order. */
parentPort?.on('message', (job: SignJob | VerifyJob) => parentPort?.postMessage(outcomeOf(job)));

function outcomeOf(job: SignJob | VerifyJob): Outcome {
  try {
    return { value: runPrehashed(job) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}
