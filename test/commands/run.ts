import { execFile } from 'node:child_process';
import { project, token } from '../support/identity.ts';
import { main } from '../support/process.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly bytes: Buffer;
  readonly stderr: string;
}

export interface Around {
  readonly stdin?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a command of the real program to its end, with nothing in its environment but PATH and what is given. */
export function run(args: readonly string[], { stdin = '', environment = {} }: Around = {}): Promise<Ran> {
  const { PATH = '' } = process.env;
  return new Promise((resolve) => {
    const options = { env: { PATH, ...environment }, encoding: 'buffer', timeout: 15_000 } as const;
    const child = execFile(process.execPath, [main, ...args], options, (error, bytes, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout: bytes.toString('utf8'), bytes, stderr: stderr.toString('utf8') });
    });
    // Who needs none may have gone before it is written.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(stdin);
  });
}

/** With the default identity, so that a command need not look it up. */
export const asDefault = (url: string): Readonly<Record<string, string>> => ({
  SIGNET_URL: url,
  SIGNET_PROJECT: project.id,
  SIGNET_TOKEN: token,
});
