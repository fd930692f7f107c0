import { get } from 'node:http';
import { CommandFailure, type Given } from './command.ts';

/** For the health check of a container, which is asked every few seconds: `fetch` alone would take longer to load than all of this. */
export async function health({ settings: { host, port } }: Given): Promise<undefined> {
  if (port === 0) throw new CommandFailure('health: which port? --port or SIGNET_PORT tells');
  const address = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const status = await new Promise<number | undefined>((resolve, reject) => {
    get({ host: address, port, path: '/_signet/health', signal: AbortSignal.timeout(2000) }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  }).catch((error: unknown) => {
    throw new CommandFailure(`health: no answer from ${address}:${String(port)} (${String(error)})`);
  });
  if (status !== 200) throw new CommandFailure(`health: ${address}:${String(port)} answers ${String(status)}`);
}
