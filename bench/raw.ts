/** What the cryptography alone costs: the primitive that the server uses, on every core at once, as in the server under load. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { keySpecs } from '../src/crypto/key-specs.ts';
import type { CryptoCase, Spec } from './plan.ts';

export interface Raw {
  /** Microseconds of CPU for one. */
  readonly cpu: number;
  /** How many a second on all cores. */
  readonly perSecond: number;
}

export interface RawJob extends CryptoCase {
  /** PKCS #8, and SubjectPublicKeyInfo. */
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly seconds: number;
}

export interface RawCount {
  readonly count: number;
  readonly cpu: number;
  readonly seconds: number;
}

const keys = new Map<Spec, Promise<Pick<RawJob, 'secret' | 'publicKey'>>>();

/** Makes one at the first time. */
function keyOf(spec: Spec): Promise<Pick<RawJob, 'secret' | 'publicKey'>> {
  const made =
    keys.get(spec) ?? keySpecs[spec].generate().then(({ secret, publicKey }) => ({ secret, publicKey: publicKey! }));
  keys.set(spec, made);
  return made;
}

export async function measureRaw(what: CryptoCase, seconds: number): Promise<Raw> {
  const { secret, publicKey } = await keyOf(what.spec);
  const workerData: RawJob = { ...what, secret, publicKey, seconds };
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
