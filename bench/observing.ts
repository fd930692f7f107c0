/** What journal and metrics cost: both programs run from the sources, and only one of them is told of its requests. */
import { fileURLToPath } from 'node:url';
import { signBody } from './plan.ts';
import { start } from './programs.ts';
import { cpuRatio } from './ratio.ts';

/** CPU of a signature with both of them as a multiple of that without. */
export async function observing(rounds: number, seconds: number): Promise<number> {
  const without = await start(fileURLToPath(new URL('./unobserved.ts', import.meta.url)));
  const withBoth = await start(fileURLToPath(new URL('../src/main.ts', import.meta.url)));
  try {
    const question = { operation: 'sign', body: signBody({ spec: 'EC_P256', type: 'RAW' }) };
    return await cpuRatio([without, withBoth], question, rounds, seconds);
  } finally {
    await Promise.all([without.stop(), withBoth.stop()]);
  }
}
