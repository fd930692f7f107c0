/** How long a quick signature takes while slow ones take all that they can get. */
import { post } from './load.ts';
import { projectId, signBody, yardstick, type MessageType } from './plan.ts';
import { start } from './programs.ts';

export interface Beside {
  readonly type: MessageType;
  /** RSA_4096 signatures a second meanwhile. */
  readonly slow: number;
  /** Milliseconds for an EC_P256 signature, of which one at a time is asked for. */
  readonly p50: number;
  readonly p99: number;
}

export async function beside(main: string, seconds: number): Promise<readonly Beside[]> {
  const program = await start(main);
  const url = `${program.url}/v1.0/${projectId}/kms/sign`;
  const slowly = (type: MessageType): object => signBody({ spec: 'RSA_4096', type });
  try {
    for (const body of [slowly('RAW'), slowly('DIGEST'), signBody(yardstick)]) await post(url, body, 1);
    const found: Beside[] = [];
    for (const type of ['RAW', 'DIGEST'] as const) {
      const [slow, quick] = await Promise.all([
        post(url, slowly(type), seconds),
        post(url, signBody(yardstick), seconds, undefined, 1),
      ]);
      found.push({ type, slow: slow.perSecond, p50: quick.p50, p99: quick.p99 });
    }
    return found;
  } finally {
    await program.stop();
  }
}
