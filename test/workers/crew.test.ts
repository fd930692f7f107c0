/** Where the machine gives no process: what Node tells by an error, and never by an exit. */
import cluster from 'node:cluster';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Crew } from '../../src/workers/crew.ts';
import { temporaryFolder } from '../store/databases.ts';

/** Says what a worker says, and nothing else. */
const program = `
  process.on('message', ({ kind }) => {
    if (kind === 'orders') process.send({ kind: 'ready' });
    if (kind === 'stop') process.exit(0);
  });
  process.send({ kind: 'here' });
`;

function makeCrew(cwd?: string) {
  const folder = temporaryFolder();
  const exec = join(folder, 'worker.js');
  writeFileSync(exec, program);
  cluster.setupPrimary({ exec, execArgv: [], cwd: cwd ?? folder });
  const said: string[] = [];
  const crew = new Crew({
    ...{ size: 2, environment: {}, onReady: () => undefined, log: (text) => void said.push(text) },
    ordersOf: (serial) => ({ serial, adminToken: '', port: 0, tlsPort: 0 }),
  });
  onTestFinished(async () => {
    crew.kill();
    await crew.ended;
    cluster.setupPrimary({ exec: process.argv[1]!, execArgv: process.execArgv, cwd: process.cwd() });
  });
  return { crew, said, folder };
}

const nowhere = join(import.meta.dirname, 'nowhere');

test('nobody can be started: it says why, and ends', async () => {
  const { crew, said } = makeCrew(nowhere);
  expect(await crew.ended).toBe(1);
  expect(said).toEqual([expect.stringMatching(/^a worker ended before it had begun \(spawn .* ENOENT\)$/)]);
});

test('one cannot be replaced for a while: its place is filled afterwards', async () => {
  const { crew, said, folder } = makeCrew();
  await expect.poll(() => crew.isComplete, { timeout: 10_000 }).toBe(true);
  cluster.setupPrimary({ cwd: nowhere });
  crew.dismiss(Number(Object.keys(cluster.workers ?? {})[0]));
  await expect
    .poll(() => said, { timeout: 10_000 })
    .toContainEqual(expect.stringMatching(/ENOENT.*; another one begins/));
  cluster.setupPrimary({ cwd: folder });
  await expect.poll(() => crew.isComplete, { timeout: 10_000 }).toBe(true);
  crew.stop();
  expect(await crew.ended).toBe(0);
});
