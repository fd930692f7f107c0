import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface Program {
  readonly child: ChildProcess;
  /** All that it has written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The first whole line on stdout; fails when the program ends before it. */
  readonly firstLine: Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Runs `signet`, with nothing in its environment but PATH and what is given; it is gone when the test is. */
export function runSignet(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Program {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [main, ...args], { env: { PATH, ...environment } });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      stdout += part;
      if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')));
    });
    void ended.then(({ code }) => reject(new Error(`signet ended with ${String(code)}: ${stderr}`)));
  });
  // Who does not wait for a line does not mind that none comes.
  firstLine.catch(() => undefined);
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  return { child, stdout: () => stdout, stderr: () => stderr, firstLine, ended };
}
