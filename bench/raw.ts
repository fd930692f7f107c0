/** What the signature alone costs: the primitive that the server uses, on every core at once, as in the server under load. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SignCase, Spec } from './plan.ts';

export interface Raw {
  /** Microseconds of CPU for one signature. */
  readonly cpu: number;
  /** Signatures a second on all cores. */
  readonly perSecond: number;
}

export interface RawJob extends SignCase {
  readonly key: KeyObject;
  readonly seconds: number;
}

export interface RawCount {
  readonly count: number;
  readonly cpu: number;
  readonly seconds: number;
}

const keys: Readonly<Record<Spec, KeyObject>> = {
  RSA_2048: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  RSA_4096: generateKeyPairSync('rsa', { modulusLength: 4096 }).privateKey,
  EC_P256: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey,
};

export async function signRaw(signCase: SignCase, seconds: number): Promise<Raw> {
  const workerData: RawJob = { ...signCase, key: keys[signCase.spec], seconds };
  const counts = await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      const worker = new Worker(new URL('./raw-worker.ts', import.meta.url), { workerData });
      const [[count]] = (await Promise.all([once(worker, 'message'), once(worker, 'exit')])) as [[RawCount], unknown];
      return count;
    }),
  );
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return {
    cpu: counts.reduce((sum, { cpu }) => sum + cpu, 0) / total,
    perSecond: counts.reduce((sum, { count, seconds: taken }) => sum + count / taken, 0),
  };
}
