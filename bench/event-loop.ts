/** How long others wait while RSA_4096 signatures and keys are made. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoopDelay } from './inside.ts';
import { post } from './load.ts';
import { projectId, signBody, token, type MessageType } from './plan.ts';
import { start, type Program } from './programs.ts';
import { percentile } from './statistics.ts';

export interface Burst extends LoopDelay {
  readonly type: MessageType;
  readonly signatures: number;
  readonly keys: number;
  /** Milliseconds for `GET /v1.0`, as another client sees it; on few cores most of it is waiting for a core. */
  readonly otherP50: number;
  readonly otherP99: number;
}

const probeEveryMs = 10;

export async function bursts(main: string, seconds: number): Promise<readonly Burst[]> {
  const program = await start(main, ['--import', new URL('./inside.ts', import.meta.url).href]);
  try {
    await post(signUrl(program), signBody({ spec: 'RSA_4096', type: 'RAW' }), 1);
    await post(signUrl(program), signBody({ spec: 'RSA_4096', type: 'DIGEST' }), 1);
    // The first request for an operation makes its validator, which takes 0.1 s once.
    await createKeys(program, 'warm-up', performance.now() + 1);
    await probe(program, performance.now() + 1);
    return [await burst(program, 'RAW', seconds), await burst(program, 'DIGEST', seconds)];
  } finally {
    await program.stop();
  }
}

async function burst(program: Program, type: MessageType, seconds: number): Promise<Burst> {
  const end = performance.now() + seconds * 1000;
  await delayOf(program);
  const [{ requests }, keys, latencies] = await Promise.all([
    post(signUrl(program), signBody({ spec: 'RSA_4096', type }), seconds),
    createKeys(program, type, end),
    probe(program, end),
  ]);
  const delay = await delayOf(program);
  const [otherP50, otherP99] = [percentile(latencies, 50), percentile(latencies, 99)];
  return { type, signatures: requests, keys, otherP50, otherP99, ...delay };
}

const signUrl = ({ url }: Program): string => `${url}/v1.0/${projectId}/kms/sign`;

async function delayOf({ process }: Program): Promise<LoopDelay> {
  const answer = once(process, 'message');
  process.send('delay');
  const [delay] = (await answer) as [LoopDelay];
  return delay;
}

/** One key after the other; how many came. */
async function createKeys({ url }: Program, name: string, end: number): Promise<number> {
  let made = 0;
  for (; performance.now() < end; made++) {
    const body = JSON.stringify({ key_alias: `bench-${name}-${made}`, key_spec: 'RSA_4096' });
    const headers = { 'X-Auth-Token': token, 'Content-Type': 'application/json' };
    const answer = await fetch(`${url}/v1.0/${projectId}/kms/create-key`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(await answer.text());
    await answer.arrayBuffer();
  }
  return made;
}

async function probe({ url }: Program, end: number): Promise<readonly number[]> {
  const latencies: number[] = [];
  while (performance.now() < end) {
    const begin = performance.now();
    await (await fetch(`${url}/v1.0`)).arrayBuffer();
    latencies.push(performance.now() - begin);
    await sleep(probeEveryMs);
  }
  return latencies;
}
