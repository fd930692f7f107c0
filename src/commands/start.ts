import { enableCompileCache } from 'node:module';
import type { Given } from './command.ts';

export async function start({ settings }: Given): Promise<undefined> {
  enableCompileCache();
  // What dependencies use of Node is nothing that a user could change.
  process.noDeprecation = true;
  const starting = import('../index.ts').then(({ startSignet }) => startSignet(settings));
  // A signal during the start is heeded after it.
  const stop = () => void starting.then((signet) => signet.stop());
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, stop);
  const { url, tlsUrl, signCommand } = await starting;
  // Not on stdout, where scripts look for the command.
  if (tlsUrl !== undefined) process.stderr.write(`HTTPS: ${tlsUrl} (whom to trust: ${url}/_signet/ca.pem)\n`);
  process.stdout.write(`${signCommand ?? `curl -s ${url}/`}\n`);
}
