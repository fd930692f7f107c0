#!/usr/bin/env node
import { readCommandLine } from './command-line.ts';
import { commands } from './commands/table.ts';
import { toldError } from './commands/told-error.ts';

/** Who reads our output may have enough of it: `signet journal | head -1`. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  process.exitCode = await run();
} catch (error) {
  const { text, exitCode } = toldError(error);
  console.error(text);
  process.exitCode = exitCode;
}

async function run(): Promise<number | undefined> {
  const line = readCommandLine(process.argv.slice(2), process.env);
  if (line.wanted === 'run') return (await commands[line.command].load())(line.given);
  const { helpText, versionText } = await import('./commands/help.ts');
  process.stdout.write(line.wanted === 'version' ? await versionText() : helpText(line.command));
  return 0;
}
