/** Programs in processes of their own that can be measured, killed and started again: the built Signet, and others to compare it with. Linux. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What `npm run build` makes. @throws Error before it has run */
export function builtProgram(): string {
  const file = fileURLToPath(new URL('../../dist/js/main.js', import.meta.url));
  if (!existsSync(file)) throw new Error(`${file} is missing: npm run build`);
  return file;
}

export interface Program {
  readonly url: string;
  readonly process: ChildProcess;
  /** Ids of the processes that it has started: Signet's workers. */
  readonly workers: () => readonly number[];
  /** Microseconds of CPU that all its threads have used, those of its workers too, in steps of 10 ms. */
  readonly cpu: () => number;
  /** Resident memory in MiB, workers and all. */
  readonly memory: () => number;
  /** kill -9 of it and of all that it has started. */
  readonly kill: () => Promise<void>;
  /** Asks it to end, and kills what has not ended in ten seconds. */
  readonly stop: () => Promise<void>;
}

export interface ProgramOptions {
  readonly nodeFlags?: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
  /** What it writes to stderr; ours where absent. */
  readonly complain?: (text: string) => void;
}

const patienceMs = 10_000;

/**
 * Starts a script under this Node, in a process group of its own, and waits for the URL in its first line. It inherits no environment but
 * PATH: settings of the machine (NODE_EXTRA_CA_CERTS costs 60 ms) are none of the program's.
 * @throws Error when it ends before it listens
 */
export async function startProgram(
  script: string,
  { nodeFlags = [], settings = {}, complain = (text) => void process.stderr.write(text) }: ProgramOptions = {},
): Promise<Program> {
  const child = spawn(process.execPath, [...nodeFlags, script], {
    env: { PATH: process.env['PATH'], SIGNET_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const pid = child.pid!;
  const ended = once(child, 'exit');
  const kill = async (): Promise<void> => {
    signalGroup(pid);
    await ended;
  };
  // Nobody is left behind, whatever ends the tests.
  const atExit = () => signalGroup(pid);
  process.once('exit', atExit);
  void ended.then(() => {
    process.off('exit', atExit);
    // Its workers, where it died without them.
    signalGroup(pid);
  });
  child.stderr!.setEncoding('utf8').on('data', complain);
  const [line] = (await Promise.race([
    once(createInterface(child.stdout!), 'line'),
    ended.then(() => Promise.reject(new Error(`${script} ended before it listened.`))),
  ])) as [string];
  const workers = () => childrenOf(pid);
  const sum = (of: (id: number) => number): number => [pid, ...workers()].reduce((total, id) => total + of(id), 0);
  return {
    url: /http:\/\/[\d.:]+/.exec(line)![0],
    process: child,
    workers,
    cpu: () => sum(cpuOf),
    memory: () => sum(memoryOf),
    kill,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const patience = setTimeout(() => signalGroup(pid), patienceMs);
      await ended;
      clearTimeout(patience);
    },
  };
}

function signalGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of it is left.
  }
}

/** Empty for a process that has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Whom a process has started and what has not ended; nobody where the system does not tell. */
export const childrenOf = (pid: number): readonly number[] =>
  read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);

/** utime and stime (proc_pid_stat(5)): ticks of a hundredth of a second. */
function cpuOf(pid: number): number {
  const afterName = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
  return (Number(afterName[11] ?? 0) + Number(afterName[12] ?? 0)) * 10_000;
}

const memoryOf = (pid: number): number => Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
