/** Signet in several processes, and clients that know which of them answers. */
import { verify } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { childrenOf } from '../support/built-program.ts';
import { project, seededKeys, token } from '../support/identity.ts';
import { base64 } from '../support/kms.ts';
import { runSignet, type Program } from '../support/process.ts';
import { useFolder } from '../support/signet.ts';

export interface CrewProgram extends Program {
  readonly url: string;
  /** The processes that answer. */
  readonly workers: () => readonly number[];
}

export const environment = (settings: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  ...{ SIGNET_PORT: '0', SIGNET_WORKERS: '2' },
  SIGNET_DATABASE_URL: `sqlite:${join(useFolder(), 'state.sqlite')}`,
  ...settings,
});

/** Starts two workers on a new file. */
export async function runCrew(settings: Readonly<Record<string, string>> = {}): Promise<CrewProgram> {
  const program = runSignet([], environment(settings));
  const [url] = /http:\/\/[^/ ]+/.exec(await program.firstLine)!;
  return { ...program, url, workers: () => childrenOf(program.child.pid!) };
}

export const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Client {
  /** Rejects when the connection breaks. */
  readonly send: (method: string, path: string, body?: object) => Promise<Got>;
  readonly sign: (message: string) => Promise<Got>;
  readonly close: () => void;
}

/** With a connection of its own, which it keeps unless it is told not to. */
export function connectTo(url: string, keepAlive = true): Client {
  const agent = new Agent({ keepAlive, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const send: Client['send'] = (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = { 'X-Auth-Token': token, 'Content-Type': 'application/json' };
      const asked = httpRequest(new URL(path, url), { method, agent, ...(path.startsWith('/v1.0/') && { headers }) });
      asked.once('error', reject).once('response', (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.once('error', reject);
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
      });
      asked.end(body && JSON.stringify(body));
    });
  return {
    send,
    sign: (message) =>
      send('POST', `/v1.0/${project.id}/kms/sign`, {
        ...{ key_id: seededKeys.EC_P256, message: base64(message), message_type: 'RAW' },
        signing_algorithm: 'ECDSA_SHA_256',
      }),
    close: () => agent.destroy(),
  };
}

export const requestIdOf = ({ headers }: Got): string => String(headers['x-request-id']);

/** The number of the worker that answered this request: entries of the journal carry it. */
export async function workerOf(client: Client, requestId: string): Promise<number> {
  const { status, text } = await client.send('GET', `/_signet/journal/${requestId}`);
  expect(status, text).toBe(200);
  return (JSON.parse(text) as { sequence: number }).sequence % 1024;
}

/** A client at each of two workers. */
export async function oneAtEach(url: string): Promise<readonly [Client, Client]> {
  const first = connectTo(url);
  const worker = await workerOf(first, requestIdOf(await first.sign('first')));
  // One that is about to begin takes its time.
  const end = performance.now() + 15_000;
  while (performance.now() < end) {
    const other = connectTo(url);
    if ((await workerOf(other, requestIdOf(await other.sign('other')))) !== worker) return [first, other];
  }
  throw new Error('one worker has taken all connections');
}

export interface Load {
  /** How many signatures have come so far; each has been checked. */
  readonly answered: () => number;
  /** What clients did not get: one line for each. */
  readonly failed: readonly string[];
  /** Ends when all clients have got their last answer. */
  readonly end: () => Promise<void>;
}

/** Eight clients that sign all the time: half of them keep their connections. */
export async function load(url: string): Promise<Load> {
  const { text } = await connectTo(url, false).send('POST', `/v1.0/${project.id}/kms/get-publickey`, {
    key_id: seededKeys.EC_P256,
  });
  const { public_key: publicKey } = JSON.parse(text) as { public_key: string };
  const failed: string[] = [];
  let [answered, isOver] = [0, false];
  const clients = Array.from({ length: 8 }, async (_, index) => {
    const client = connectTo(url, index % 2 === 0);
    for (let count = 0; !isOver; count++) {
      const message = `client ${index}, message ${count}`;
      try {
        const answer = await client.sign(message);
        const { signature = '' } = JSON.parse(answer.text) as { signature?: string };
        const isRight = verify('sha256', Buffer.from(message), publicKey, Buffer.from(signature, 'base64'));
        if (answer.status === 200 && isRight) answered++;
        else failed.push(`wrong: ${answer.status} ${answer.text}`);
      } catch (error) {
        failed.push(`broken: ${String(error)}`);
        // Nobody listens: a client that asks again at once would leave nobody else a core.
        await pause(20);
      }
    }
  });
  const end = async (): Promise<void> => {
    isOver = true;
    await Promise.all(clients);
  };
  onTestFinished(end);
  return { answered: () => answered, failed, end };
}

/** Until there have been so many more answers. */
export async function moreAnswers(of: Load, count = 40): Promise<void> {
  const before = of.answered();
  await expect.poll(of.answered, { timeout: 30_000, interval: 10 }).toBeGreaterThan(before + count);
}
