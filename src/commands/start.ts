// Not by its names: where Node.js is too old for them, the program could not even say so.
import nodeModule from 'node:module';
import { CommandFailure, type Given } from './command.ts';

/** As package.json has it. */
const OLDEST_NODE = 24;

export async function start({ settings }: Given): Promise<undefined> {
  if (Number.parseInt(process.versions.node) < OLDEST_NODE)
    throw new CommandFailure(`Signet needs Node.js ${OLDEST_NODE} or later; this is v${process.versions.node}`);
  nodeModule.enableCompileCache();
  // What dependencies use of Node is nothing that a user could change.
  process.noDeprecation = true;
  const starting = import('../index.ts').then(({ startSignet }) => startSignet(settings));
  // A signal during the start is heeded after it.
  const stop = () => void starting.then((signet) => signet.stop());
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, stop);
  const { url, tlsUrl, signCommand } = await starting.catch((error: unknown) => {
    throw withRemedy(error, settings);
  });
  // Not on stdout, where scripts look for the command.
  if (tlsUrl !== undefined) process.stderr.write(`HTTPS: ${tlsUrl} (whom to trust: ${url}/_signet/ca.pem)\n`);
  process.stdout.write(`${signCommand ?? `curl -s ${url}/`}\n`);
}

/** Another port, where the one that is wanted is taken. */
function withRemedy(error: unknown, { port }: Given['settings']): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return error;
  const flag = 'port' in error && error.port === port ? '--port' : '--tls-port';
  return new CommandFailure(`${error.message}; ${flag} 0 picks a free one`);
}
