#!/usr/bin/env node
import { get } from 'node:http';
import { enableCompileCache } from 'node:module';
import { readCommandLine } from './command-line.ts';
import { describeSettings, SettingsError, type Settings } from './config.ts';

const HELP = `signet: a local stand-in for cloud signing services. It holds test keys; it is no production KMS.

  signet           start
  signet health    ask a running one whether it answers; exits 0 or 1

Settings, as a flag or in the environment:
${describeSettings()}
`;

const commands: ReadonlyMap<string, (settings: Settings) => Promise<void>> = new Map([
  ['start', start],
  ['health', health],
]);

try {
  const { run } = readCommandLine(process.argv.slice(2), process.env);
  if (run === undefined) process.stdout.write(HELP);
  else {
    const command = commands.get(run.command);
    if (command === undefined) throw new SettingsError(`${run.command}: there is no such command`);
    await command(run.settings);
  }
} catch (error) {
  console.error(isForTheUser(error) ? error.message : error);
  process.exitCode = 1;
}

/** A mistake of the user's, or a port that is taken, has a message that says all; anything else is ours and needs its stack. */
function isForTheUser(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return ['SettingsError', 'StoreUnusable', 'SeedError'].includes(error.name) || 'syscall' in error;
}

async function start(settings: Settings): Promise<void> {
  enableCompileCache();
  // What dependencies use of Node is nothing that a user could change.
  process.noDeprecation = true;
  const starting = import('./index.ts').then(({ startSignet }) => startSignet(settings));
  // A signal during the start is heeded after it.
  const stop = () => void starting.then((signet) => signet.stop());
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, stop);
  const { url, signCommand } = await starting;
  process.stdout.write(`${signCommand ?? `curl -s ${url}/`}\n`);
}

async function health({ host, port }: Settings): Promise<void> {
  if (port === 0) throw new SettingsError('health: which port? --port or SIGNET_PORT tells');
  const address = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const status = await new Promise<number | undefined>((resolve, reject) => {
    get({ host: address, port, path: '/', signal: AbortSignal.timeout(2000) }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  }).catch((error: unknown) => {
    throw new SettingsError(`health: no answer from ${address}:${String(port)} (${String(error)})`);
  });
  if (status !== 200) throw new SettingsError(`health: ${address}:${String(port)} answers ${String(status)}`);
}
