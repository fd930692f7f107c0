/** kill -9 while clients write: what was acknowledged is there afterwards, and nothing is half made. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { builtProgram, startProgram } from '../support/built-program.ts';
import { chance, type Chance } from './chance.ts';
import { client } from './client.ts';
import { openDatabase, type EngineName, type SharedDatabase } from './databases.ts';
import { rounds } from './rounds.ts';
import { connectionsOf, untilGone } from './sockets.ts';
import { makeWriters } from './writers.ts';

const clients = 6;
/** A kill comes after so many answers at most, and so many turns of our event loop: a few milliseconds, in which the next are under way. */
const most = { answers: 40, turns: 2000 };

/** Half of the kills of a program with workers take one worker, the others everything. */
const rows: readonly (readonly [kills: number, engine: EngineName, workers: number])[] = [
  [200, 'sqlite', 1],
  [20, 'sqlite', 2],
  [200, 'postgres', 2],
];

test.each(rows)('%i times, with %s and %i processes', async (all, engine, workers) => {
  const kills = rounds(all);
  const database = await openDatabase[engine]();
  onTestFinished(database.close);
  const drawn = chance(kills + workers);
  const writers = makeWriters(clients, drawn);
  const start = () =>
    startProgram(builtProgram(), {
      settings: { ...database.settings, SIGNET_SEED: 'none', ...(workers > 1 && { SIGNET_WORKERS: `${workers}` }) },
      // A replaced worker is told of.
      ...(workers > 1 && { complain: () => undefined }),
    });
  let program = await start();
  onTestFinished(() => program.kill());

  let workersKilled = 0;
  for (let kill = 0; kill < kills; kill++) {
    const alive = program.workers();
    const victim = alive.length > 0 && drawn.below(2) === 0 ? drawn.oneOf(alive) : undefined;
    const { isOver, heard, struck, strikeNow } = strike(drawn, async () => {
      if (victim === undefined) return program.kill();
      workersKilled++;
      await killWorker(victim, database);
    });
    await writers.write(program.url, isOver, heard);
    // Where all of them have given up before, what they found is wrong is told by the check.
    strikeNow();
    await struck;
    if (victim === undefined) program = await start();
    await answers(program.url);
    expect(await writers.check(program.url), `after kill ${kill + 1}`).toEqual([]);
  }
  expect(await writers.check(program.url, true), 'in the end').toEqual([]);
  const { keys, acknowledged, done, undone } = writers.tally;
  const whom = workers > 1 ? `, ${workersKilled} of them of one worker of ${workers}` : '';
  console.log(
    `${engine}: ${kills} kills${whom}; ${acknowledged} acknowledged changes of ${keys} keys, 0 lost; ` +
      `of ${done + undone} that were not answered ${done} were done, ${undone} not, 0 by halves`,
  );
  // Else nothing was under way when it was killed.
  expect(done + undone).toBeGreaterThan(kills / 2);
});

interface Strike {
  readonly struck: Promise<unknown>;
  readonly strikeNow: () => void;
  readonly isOver: () => boolean;
  /** To be told of every answer. */
  readonly heard: () => void;
}

/** Strikes once, at a moment that chance chooses while answers come. */
function strike({ below }: Chance, kill: () => Promise<void>): Strike {
  let [answers, turns, over] = [1 + below(most.answers), below(most.turns), false];
  const { promise: struck, resolve, reject } = Promise.withResolvers<unknown>();
  const strikeNow = (): void => {
    if (over) return;
    over = true;
    kill().then(resolve, reject);
  };
  const turn = (): void => {
    if (turns-- > 0) setImmediate(turn);
    else strikeNow();
  };
  return {
    ...{ struck, strikeNow },
    isOver: () => over,
    heard: () => {
      if (--answers === 0) turn();
    },
  };
}

/** Until a worker takes requests: the other one may have been killed a moment before, and what comes in its place has to start. */
async function answers(url: string): Promise<void> {
  const asking = client(url);
  await vi.waitFor(() => asking.send('GET', '/'), { timeout: 30_000, interval: 20 });
  asking.close();
}

/** What Postgres does for a dead client it may still do for a moment: it is dead when that is over, too. */
async function killWorker(pid: number, { postgres }: SharedDatabase): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  const connections = connectionsOf(pid);
  process.kill(pid, 'SIGKILL');
  if (postgres) await untilGone(postgres, connections);
}
