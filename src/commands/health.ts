import type { ClientRequest, IncomingMessage } from 'node:http';
import { CommandFailure, type Given } from './command.ts';
import { whyNoAnswer } from './unreachable.ts';

/** Milliseconds. */
const PATIENCE = 5500;

/** For the health check of a container, which is asked every few seconds: `fetch` alone would take longer to load than all of this. */
export async function health(given: Given): Promise<undefined> {
  const url = placeOf(given);
  // In the built program these modules have a default alone.
  const { default: http } = await (url.startsWith('https:') ? import('node:https') : import('node:http'));
  const status = await statusOf((onAnswer) =>
    http.get(`${url}/_signet/health`, { signal: AbortSignal.timeout(PATIENCE) }, onAnswer),
  ).catch((error: unknown) => {
    throw new CommandFailure(`health: no answer from ${url} (${whyNoAnswer(url, error)})`);
  });
  if (status !== 200) throw new CommandFailure(`health: ${url} answers ${String(status)}`);
  process.stdout.write('ready\n');
}

/** By --url, or else --host and --port, or else SIGNET_URL, or else the settings. */
function placeOf({ values, sources, settings: { host, port } }: Given): string {
  const hasAddress = sources['host'] === 'flag' || sources['port'] === 'flag';
  if (sources['url'] === 'flag' || (sources['url'] === 'variable' && !hasAddress))
    return values.url.replace(/\/+$/, '');
  if (port === 0) throw new CommandFailure('health: which port? --url, --port or SIGNET_PORT tells');
  const address = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

const statusOf = (send: (onAnswer: (answer: IncomingMessage) => void) => ClientRequest): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    send((answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on('error', reject);
  });
