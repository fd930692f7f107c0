/** Several that start at the same time over an empty database: one fills it, and all of them come up with the same. */
import { expect, onTestFinished, test } from 'vitest';
import { builtProgram, startProgram } from '../support/built-program.ts';
import { seededKeys } from '../support/identity.ts';
import { client } from './client.ts';
import { engines, openDatabase } from './databases.ts';
import { rounds } from './rounds.ts';

const replicas = 3;

test.each(engines)('%s', async (engine) => {
  const count = rounds(10);
  for (let round = 0; round < count; round++) {
    const { settings, close } = await openDatabase[engine]();
    onTestFinished(close);
    const starting = Array.from({ length: replicas }, () => startProgram(builtProgram(), { settings }));
    onTestFinished(async () => {
      for (const start of await Promise.allSettled(starting))
        if (start.status === 'fulfilled') await start.value.kill();
    });
    const states = (await Promise.all(starting)).map(async ({ url }) => {
      const { ask, close: hangUp } = client(url);
      const { state } = await ask<{ state: unknown }>('/_signet/state/export', {});
      hangUp();
      return JSON.stringify(state).replace(/"offset_milliseconds":\d+/, '');
    });
    const [first, ...others] = await Promise.all(states);
    expect(first).toContain(seededKeys.RSA_4096);
    expect(others).toEqual(others.map(() => first));
    await Promise.all((await Promise.all(starting)).map((program) => program.kill()));
    await close();
  }
  console.log(`${engine}: ${count} times ${replicas} started at once over an empty database, and agreed`);
});
