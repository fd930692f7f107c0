/** The programs that are measured: child processes on 127.0.0.1, and what /proc knows of them. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export interface Program {
  readonly url: string;
  readonly process: ChildProcess;
  /** Microseconds of CPU that all its threads have used, in steps of 10 ms. */
  readonly cpu: () => number;
  /** Resident memory in MB. */
  readonly memory: () => number;
  readonly stop: () => Promise<void>;
}

/** Builds the program; the path of its main file. */
export function build(): string {
  const { status } = spawnSync(process.execPath, ['scripts/build.ts'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('The program does not build.');
  return join(root, 'dist/js/main.js');
}

/**
 * Starts a script under this Node and waits for the URL in its first line. It inherits no environment but PATH: settings of the machine
 * (NODE_EXTRA_CA_CERTS costs 60 ms) are none of the program's.
 */
export async function start(
  script: string,
  nodeFlags: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const child = spawn(process.execPath, [...nodeFlags, script], {
    env: { PATH: process.env['PATH'], SIGNET_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const [line] = (await Promise.race([
    once(createInterface(child.stdout!), 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${script} ended before it listened.`))),
  ])) as [string];
  const pid = String(child.pid);
  return {
    url: /http:\/\/[\d.:]+/.exec(line)![0],
    process: child,
    cpu: () => cpuOf(pid),
    memory: () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 3000);
      await exited;
      clearTimeout(patience);
    },
  };
}

/** utime and stime (proc_pid_stat(5)): ticks of a hundredth of a second. */
function cpuOf(pid: string): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(afterName[11]) + Number(afterName[12])) * 10_000;
}
