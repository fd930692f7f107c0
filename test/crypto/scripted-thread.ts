import { parentPort, threadId } from 'node:worker_threads';
import type { SignJob } from '../../src/crypto/prehashed.ts';

/** A signing thread that does what the first byte of the digest says. */
const acts: Readonly<Record<number, () => void>> = {
  0: () => parentPort?.postMessage({ value: Uint8Array.of(threadId) }),
  1: () => process.exit(1),
  2: () => {
    throw new Error('out of luck');
  },
  3: () => parentPort?.postMessage({ error: new RangeError('no such digest') }),
  4: () => undefined,
};

parentPort?.on('message', ({ digest }: SignJob) => acts[digest[0] ?? 0]?.());
