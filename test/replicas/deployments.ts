/** The ways in which several processes share a database, as clients that each talk to one of them. */
import { Agent } from 'node:http';
import { expect, onTestFinished } from 'vitest';
import { builtProgram, startProgram, type Program } from '../support/built-program.ts';
import { client, type Client } from './client.ts';
import { openDatabase, type EngineName, type Settings, type SharedDatabase } from './databases.ts';
import { connectionsOf } from './sockets.ts';

export interface Deployment {
  readonly of: 'replicas' | 'workers';
  readonly database: SharedDatabase;
  readonly programs: readonly Program[];
  /** One that reaches this process alone, and so many requests at once as it is asked for. */
  readonly clients: readonly Client[];
}

type Starter = (database: SharedDatabase, settings?: Settings) => Promise<Omit<Deployment, 'database'>>;

/** One after the other. */
async function startTwo({ settings }: SharedDatabase, more: Settings = {}): Promise<readonly Program[]> {
  const programs: Program[] = [];
  onTestFinished(async () => {
    await Promise.all(programs.map((program) => program.kill()));
  });
  for (let number = 0; number < 2; number++)
    programs.push(await startProgram(builtProgram(), { settings: { ...settings, ...more } }));
  return programs;
}

const twoReplicas: Starter = async (database, more) => {
  const programs = await startTwo(database, more);
  return { of: 'replicas', programs, clients: programs.map(({ url }) => client(url, new Agent({ keepAlive: true }))) };
};

/** Every connection stays with the worker that took it; of several, some are with the one and some with the other. */
const connections = 6;

const twoWorkers: Starter = async ({ settings }, more = {}) => {
  const all = { ...settings, ...more, SIGNET_WORKERS: '2' };
  const program = await startProgram(builtProgram(), { settings: all });
  onTestFinished(() => program.kill());
  const clients = Array.from({ length: connections }, () => client(program.url));
  for (const { send } of clients) expect((await send('GET', '/')).status).toBeLessThan(400);
  const port = Number(new URL(program.url).port);
  const shares = program.workers().map((pid) => connectionsOf(pid).filter(({ own }) => own === port).length);
  expect([shares.length, Math.min(...shares) > 0], `connections: ${shares.join()}`).toEqual([2, true]);
  return { of: 'workers', programs: [program], clients };
};

const rows: readonly (readonly [name: string, engine: EngineName, start: Starter])[] = [
  ['two replicas over one SQLite file', 'sqlite', twoReplicas],
  ['two replicas over one Postgres', 'postgres', twoReplicas],
  ['two workers over one SQLite file', 'sqlite', twoWorkers],
  ['two workers over one Postgres', 'postgres', twoWorkers],
];

/** For `test.each`; what is started ends with the test. */
export const deployments: readonly (readonly [name: string, start: (settings?: Settings) => Promise<Deployment>])[] =
  rows.map(([name, engine, start]) => [
    name,
    async (settings) => {
      const database = await openDatabase[engine]();
      onTestFinished(database.close);
      const started = await start(database, settings);
      onTestFinished(() => {
        for (const one of started.clients) one.close();
      });
      return { database, ...started };
    },
  ]);
