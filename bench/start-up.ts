/** From exec of the built program to its first signature, and what it holds in memory then. */
import { setTimeout as sleep } from 'node:timers/promises';
import { projectId, signBody, token } from './plan.ts';
import { start } from './programs.ts';
import { median } from './statistics.ts';

export interface StartUp {
  /** Milliseconds, medians: until the URL is printed, and until the first signature is answered. */
  readonly listening: number;
  readonly signed: number;
  /** MiB, a quiet second after the first signature. */
  readonly memory: number;
}

export async function startUp(main: string, times: number): Promise<StartUp> {
  const runs: StartUp[] = [];
  for (let i = 0; i < times; i++) runs.push(await startOnce(main));
  const of = (name: keyof StartUp): number => median(runs.map((run) => run[name]));
  return { listening: of('listening'), signed: of('signed'), memory: of('memory') };
}

async function startOnce(main: string): Promise<StartUp> {
  const begin = performance.now();
  const program = await start(main);
  try {
    const listening = performance.now() - begin;
    const answer = await fetch(`${program.url}/v1.0/${projectId}/kms/sign`, {
      method: 'POST',
      headers: { 'X-Auth-Token': token, 'Content-Type': 'application/json' },
      body: JSON.stringify(signBody({ spec: 'EC_P256', type: 'RAW' })),
    });
    if (!answer.ok) throw new Error(await answer.text());
    const signed = performance.now() - begin;
    await answer.arrayBuffer();
    await sleep(1000);
    return { listening, signed, memory: program.memory() };
  } finally {
    await program.stop();
  }
}
