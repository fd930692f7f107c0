/** What replicas do while their Postgres is away, and when it is back. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { builtProgram, startProgram } from '../support/built-program.ts';
import { seededKeys } from '../support/identity.ts';
import { chance } from './chance.ts';
import { client, type Client } from './client.ts';
import { openDatabase, type Settings } from './databases.ts';
import { rounds } from './rounds.ts';
import { makeWriters } from './writers.ts';

const signing = { message: 'aGVsbG8g', signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' };
const sign = ({ post }: Client) => post('sign', { key_id: seededKeys.EC_P256, ...signing });
const health = async ({ send }: Client) => (await send('GET', '/_signet/health')).status;

/** Until it is as it was before; the test would wait for the database's own recovery as well. */
const recovered = (clients: readonly Client[]) =>
  vi.waitFor(
    async () => {
      for (const one of clients) expect([await health(one), (await sign(one)).status]).toEqual([200, 200]);
    },
    { timeout: 30_000, interval: 50 },
  );

async function startTwo(more: Settings = {}) {
  const database = await openDatabase.postgres();
  onTestFinished(database.close);
  const complaints: string[] = [];
  const options = {
    settings: { ...database.settings, ...more },
    complain: (text: string) => void complaints.push(text),
  };
  const programs = [await startProgram(builtProgram(), options), await startProgram(builtProgram(), options)];
  onTestFinished(async () => {
    await Promise.all(programs.map((program) => program.kill()));
  });
  return { postgres: database.postgres!, urls: programs.map(({ url }) => url), programs, complaints };
}

test.each(['stop', 'kill'] as const)('%s of Postgres: 502 and not ready; then all is well again', async (end) => {
  const { postgres, urls, programs, complaints } = await startTwo();
  const clients = urls.map((url) => client(url));
  onTestFinished(() => clients.forEach(({ close }) => close()));
  const times = rounds(5);
  for (let time = 0; time < times; time++) {
    for (const one of clients) expect((await sign(one)).status).toBe(200);
    await postgres[end]();
    for (const one of clients) {
      expect(await sign(one)).toMatchObject({ status: 502, code: 'APIGW.0202' });
      expect(await health(one)).toBe(503);
    }
    await postgres.start();
    await recovered(clients);
  }
  expect(programs.map(({ process }) => process.exitCode)).toEqual([null, null]);
  // Whatever is said of it, the URL with its user is not.
  expect(complaints.join('')).not.toContain('postgres://');
  console.log(`${end} of Postgres ${times} times: 502 APIGW.0202 meanwhile, well afterwards`);
});

test('kill -9 of Postgres while clients write: what was acknowledged is there afterwards', async () => {
  const { postgres, urls } = await startTwo({ SIGNET_SEED: 'none' });
  const drawn = chance(9);
  const writers = makeWriters(6, drawn);
  const kills = rounds(10);
  for (let kill = 0; kill < kills; kill++) {
    let left = 10 + drawn.below(100);
    let killing: Promise<void> | undefined;
    await writers.write(
      urls[kill % 2]!,
      () => killing !== undefined,
      () => {
        if (--left === 0) killing = postgres.kill();
      },
    );
    await killing;
    await postgres.start();
    const asking = client(urls[(kill + 1) % 2]!);
    await vi.waitFor(async () => expect(await health(asking)).toBe(200), { timeout: 30_000, interval: 50 });
    asking.close();
    expect(await writers.check(urls[(kill + 1) % 2]!), `after kill ${kill + 1}`).toEqual([]);
  }
  expect(await writers.check(urls[0]!, true), 'in the end').toEqual([]);
  const { acknowledged, keys, done, undone } = writers.tally;
  console.log(
    `Postgres killed ${kills} times: ${acknowledged} acknowledged changes of ${keys} keys, 0 lost; ` +
      `of ${done + undone} that were not answered ${done} were done, ${undone} not, 0 by halves`,
  );
});
