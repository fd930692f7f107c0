/** The programs that are measured: child processes on 127.0.0.1, and what /proc knows of them. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { builtProgram, startProgram, type Program } from '../test/support/built-program.ts';

export type { Program };

/** Builds the program; the path of its main file. */
export function build(): string {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const { status } = spawnSync(process.execPath, ['scripts/build.ts'], { cwd, stdio: 'inherit' });
  if (status !== 0) throw new Error('The program does not build.');
  return builtProgram();
}

/** Starts a script under this Node and waits for the URL in its first line. */
export const start = (
  script: string,
  nodeFlags: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<Program> => startProgram(script, { nodeFlags, settings });
