#!/usr/bin/env node
import { readCommandLine } from './command-line.ts';
import { commands } from './commands/table.ts';

/** Who reads our output may have enough of it: `signet journal | head -1`. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  process.exitCode = await run();
} catch (error) {
  console.error(isForTheUser(error) ? error.message : error);
  process.exitCode = error instanceof Error && error.name === 'SettingsError' ? 2 : 1;
}

async function run(): Promise<number | undefined> {
  const line = readCommandLine(process.argv.slice(2), process.env);
  if (line.wanted === 'run') return (await commands[line.command].load())(line.given);
  const { helpText, versionText } = await import('./commands/help.ts');
  process.stdout.write(line.wanted === 'version' ? await versionText() : helpText(line.command));
  return 0;
}

/** A mistake of the user's, or a port that is taken, has a message that says all; anything else is ours and needs its stack. */
function isForTheUser(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const names = ['SettingsError', 'StoreUnusable', 'SeedError', 'SignetError', 'CommandFailure'];
  return names.includes(error.name) || 'syscall' in error;
}
