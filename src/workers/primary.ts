/** The first process of several: it starts the workers, passes on what they say to each other, and answers nothing itself. */
import cluster from 'node:cluster';
import { isatty } from 'node:tty';
import { shareOfCores } from '../config-values.ts';
import { SettingsError, type Settings } from '../config.ts';
import { makeAdminToken, noticesOf } from '../notices.ts';
import { Crew } from './crew.ts';
import type { Orders, Ready } from './messages.ts';

export interface LeadOptions {
  readonly settings: Settings;
  /** Told once, when all workers answer. */
  readonly onStarted: (ready: Ready) => void;
  readonly log: (message: string) => void;
}

const noPlace =
  'SIGNET_WORKERS: sqlite::memory: will not do, for each worker would have a state of its own; name a file in SIGNET_DATABASE_URL, such as sqlite:signet.sqlite, or a postgres:// URL';

/**
 * Until all workers have ended. SIGTERM and SIGINT let them answer what is under way, and at the second time end them; after SIGHUP new ones take
 * their places, one by one.
 * @returns the exit code
 * @throws SettingsError where the workers would not have one state
 */
export async function lead({ settings, onStarted, log }: LeadOptions): Promise<number> {
  const { workers: size, databaseUrl, port, tlsPort } = settings;
  if (databaseUrl === 'sqlite::memory:') throw new SettingsError(noPlace);
  const adminToken = settings.adminToken || makeAdminToken();
  let ports: Pick<Orders, 'port' | 'tlsPort'> = { port, tlsPort };
  let first: Ready | undefined;
  let isTold = false;

  // Shared out by this process: left to the system, one worker may get all of sixteen connections (docs/adr/0014-workers.md).
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({ serialization: 'advanced' });
  const crew: Crew = new Crew({
    size,
    environment: threadsOf(size),
    ordersOf: (serial) => {
      // A free port that was picked is given back with the last worker: who comes after that asks for the same one.
      if (first !== undefined && !crew.isManned)
        ports = { port: port || portOf(first.url), tlsPort: tlsPort || portOf(first.tlsUrl ?? first.url) };
      return { adminToken, serial, ...ports };
    },
    onReady: (ready, serial) => {
      first ??= ready;
      if (ready.url !== first.url || ready.tlsUrl !== first.tlsUrl) return crew.dismiss(serial);
      if (isTold || !crew.isComplete) return;
      isTold = true;
      const { isPublic } = ready;
      const isTokenMade = settings.adminToken === '';
      noticesOf({ settings: { ...settings, adminToken }, isPublic, isTokenMade }).forEach(log);
      onStarted(ready);
    },
    log,
  });
  heed(crew);
  return crew.ended;
}

function heed(crew: Crew): void {
  let isAskedToStop = false;
  const stop = (): void => {
    if (isAskedToStop) crew.kill();
    else crew.stop();
    isAskedToStop = true;
  };
  const hadTerminal = isatty(0);
  process.on('SIGTERM', stop).on('SIGINT', stop);
  process.on('SIGHUP', () => {
    // A terminal that was closed means something else.
    if (hadTerminal && !isatty(0)) stop();
    else void crew.roll();
  });
}

/** Those of Node.js for each worker, unless somebody has said: four in each would be too many for few cores. */
const threadsOf = (workers: number): Readonly<Record<string, string>> => ({
  UV_THREADPOOL_SIZE: process.env['UV_THREADPOOL_SIZE'] ?? String(Math.max(2, shareOfCores(workers))),
});

const portOf = (url: string): number => Number(new URL(url).port);
