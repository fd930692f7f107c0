#!/usr/bin/env node
import { get } from 'node:http';
import { describeSettings, readCommandLine, SettingsError, type Settings } from './config.ts';

const HELP = `signet: a local stand-in for cloud signing services. It holds test keys; it is no production KMS.

  signet           start
  signet health    ask a running one whether it answers; exits 0 or 1

Settings, as a flag or in the environment:
${describeSettings()}
`;

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;
const WARNING = `
  WARNING  Signet listens on an address that other machines may reach, with its default identity: user signet, password signet,
  WARNING  token signet-token. Everybody knows them, and the private keys of the default seed. Name a seed of your own in SIGNET_SEED.
`;

const commands: Readonly<Record<string, (settings: Settings) => Promise<void>>> = { start, health };

try {
  const { command, help, settings } = readCommandLine(process.argv.slice(2), process.env);
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (run === undefined) throw new SettingsError(`${command}: there is no such command`);
  if (help) process.stdout.write(HELP);
  else await run(settings);
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
  const { startSignet } = await import('./index.ts');
  const { url, signCommand, stop } = await startSignet(settings);
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void stop());
  if (!LOOPBACK.test(settings.host) && settings.seed in { '': 1, none: 1 }) console.error(WARNING);
  process.stdout.write(`${signCommand ?? `curl -s ${url}/`}\n`);
}

function health({ host, port }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    const address = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
    get({ host: address, port, path: '/', signal: AbortSignal.timeout(2000) }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else reject(new SettingsError(`answered ${String(response.statusCode)}`));
    }).on('error', reject);
  });
}
