/** Clock and faults are those of all processes that share a database. */
import { expect, test } from 'vitest';
import { chance } from './chance.ts';
import type { Client } from './client.ts';
import { deployments } from './deployments.ts';
import { rounds } from './rounds.ts';

const tokens = 'list-keys';

test.each(deployments)('%s: one clock', async (name, start) => {
  const { clients } = await start();
  const { oneOf } = chance(2);
  const now = async ({ send }: Client): Promise<number> => {
    const { text } = await send('GET', '/_signet/clock');
    return Date.parse((JSON.parse(text) as { now: string }).now);
  };
  let time = Date.parse('2030-01-01T00:00:00.000Z');
  const frozen = await clients[0]!.send('PUT', '/_signet/clock', { frozen: true, now: new Date(time).toISOString() });
  expect(frozen.status).toBe(200);
  const moves = rounds(100);
  for (let move = 0; move < moves; move++) {
    expect((await oneOf(clients).post('/_signet/clock/advance', { seconds: 60 })).status).toBe(200);
    time += 60_000;
    expect(await Promise.all(clients.map(now))).toEqual(clients.map(() => time));
  }
  console.log(`${name}: ${moves} moves of the clock, each seen by all`);
});

test.each(deployments)('%s: a fault that is to act so often acts so often', async (name, start) => {
  const { clients } = await start();
  const { below } = chance(3);
  const count = rounds(50);
  for (let round = 0; round < count; round++) {
    const times = 1 + below(5);
    const rule = { operation: 'kms.listKeys', error: 'KMS.0103', times };
    expect((await clients[round % clients.length]!.post('/_signet/faults', rule)).status).toBe(201);
    const answers = await Promise.all(
      Array.from({ length: 4 * clients.length }, (_, index) => clients[index % clients.length]!.post(tokens, {})),
    );
    expect(answers.filter(({ code }) => code === 'KMS.0103')).toHaveLength(times);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(answers.length - times);
    for (const { send } of clients) {
      const { faults } = JSON.parse((await send('GET', '/_signet/faults')).text) as { faults: { acted: number }[] };
      expect(faults.at(-1)).toMatchObject({ acted: times });
    }
    expect((await clients[0]!.send('DELETE', '/_signet/faults')).status).toBeLessThan(300);
  }
  console.log(`${name}: ${count} rules, each acted as often as it said, over all processes`);
});
