// Not by its names: where Node.js is too old for them, the program could not even say so.
import nodeModule from 'node:module';
import { availableParallelism } from 'node:os';
import { CommandFailure, type Given } from './command.ts';
import { toldError } from './told-error.ts';

/** As package.json has it. */
const OLDEST_NODE = 24;
/** Milliseconds at the end for requests that are on their way. */
const LINGER = 200;

export async function start({ settings }: Given): Promise<number | undefined> {
  if (Number.parseInt(process.versions.node) < OLDEST_NODE)
    throw new CommandFailure(`Signet needs Node.js ${OLDEST_NODE} or later; this is v${process.versions.node}`);
  nodeModule.enableCompileCache();
  // What dependencies use of Node is nothing that a user could change.
  process.noDeprecation = true;
  if (settings.workers > 1) return startSeveral(settings);
  // The pool is made when it is first needed, with 4 threads: more of them than cores only take turns with those that answer.
  process.env['UV_THREADPOOL_SIZE'] ??= String(Math.max(2, availableParallelism()));
  const starting = import('../index.ts').then(({ startSignet }) => startSignet(settings));
  let isStopping = false;
  const stop = async (): Promise<void> => {
    // Who says it twice does not want to wait.
    if (isStopping) process.exit(1);
    isStopping = true;
    // A signal during the start is heeded after it; of one that fails, whoever waits for it tells.
    const signet = await starting.catch(() => undefined);
    if (signet === undefined) return;
    await signet.stop(LINGER);
    // Keys that are still being generated are for nobody.
    process.exit();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
  const started = await starting.catch((error: unknown) => {
    throw withRemedy(error, settings);
  });
  tellOf(started);
  return undefined;
}

/** This process is the first of several, or one that the first has started. */
async function startSeveral(settings: Given['settings']): Promise<number> {
  const { default: cluster } = await import('node:cluster');
  if (cluster.isWorker) {
    const { work } = await import('../workers/worker.ts');
    return work(settings, (error) => toldError(withRemedy(error, settings)));
  }
  const { lead } = await import('../workers/primary.ts');
  return lead({ settings, onStarted: tellOf, log: (message) => process.stderr.write(`${message}\n`) });
}

interface Started {
  readonly url: string;
  readonly tlsUrl: string | undefined;
  readonly signCommand: string | undefined;
}

function tellOf({ url, tlsUrl, signCommand }: Started): void {
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
