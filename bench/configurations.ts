/** The programs that answer: bare Express, and Signet with each database, alone and with workers. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../test/support/postgres.ts';
import { allCases, fewCases, type CryptoCase } from './plan.ts';
import { start, type Program } from './programs.ts';

type Engine = 'memory' | 'file' | 'postgres';

interface Plan {
  readonly name: string;
  readonly engine: Engine;
  readonly workers: number;
  readonly cases: readonly CryptoCase[];
}

const inMemory: Plan = { name: 'one process, SQLite in memory', engine: 'memory', workers: 1, cases: allCases };
const others: readonly Plan[] = [
  { name: 'one process, SQLite file', engine: 'file', workers: 1, cases: fewCases },
  { name: 'one process, Postgres', engine: 'postgres', workers: 1, cases: fewCases },
  { name: '2 workers, SQLite file', engine: 'file', workers: 2, cases: fewCases },
  { name: '2 workers, Postgres', engine: 'postgres', workers: 2, cases: fewCases },
];

export interface Configuration extends Plan {
  readonly program: Program;
}

export interface Configurations {
  readonly bare: Program;
  /** The first is what users get who set nothing, with every case. */
  readonly signets: readonly [Configuration, ...Configuration[]];
  readonly stop: () => Promise<void>;
}

/** All of them at once; who is not asked does nothing. */
export async function startAll(main: string): Promise<Configurations> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-bench-'));
  const closing: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true })];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  const started = async (...how: Parameters<typeof start>): Promise<Program> => {
    const program = await start(...how);
    closing.push(program.stop);
    return program;
  };
  try {
    // As it is in use: a commit that is acknowledged is on the disk.
    const postgres = await startPostgres({ fsync: true });
    closing.push(() => postgres.close());
    const urls: Readonly<Record<Engine, (name: string) => Promise<string>>> = {
      memory: async () => 'sqlite::memory:',
      file: async (name) => `sqlite:${join(folder, `${name}.sqlite`)}`,
      postgres: () => postgres.newDatabase(),
    };
    const configure = async (plan: Plan): Promise<Configuration> => {
      const settings = {
        SIGNET_DATABASE_URL: await urls[plan.engine](plan.name),
        ...(plan.engine === 'postgres' && { SIGNET_MASTER_KEY: randomBytes(32).toString('hex') }),
        ...(plan.workers > 1 && { SIGNET_WORKERS: String(plan.workers) }),
      };
      return { ...plan, program: await started(main, [], settings) };
    };
    const bare = await started(fileURLToPath(new URL('./bare-express.ts', import.meta.url)));
    const signets: [Configuration, ...Configuration[]] = [await configure(inMemory)];
    for (const plan of others) signets.push(await configure(plan));
    return { bare, signets, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
