/** One clock for all replicas: wherever it is moved, and after a restart. */
import { describe, expect, test } from 'vitest';
import { clockClient } from '../support/workbench-clock.ts';
import { day, makeClock } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { accessKey, seededKeys } from '../support/identity.ts';
import { iamClient } from '../iam/tokens.ts';
import { kmsClient } from '../support/kms.ts';
import { bothWays, manyCanUse, useReplicas } from '../support/replicas.ts';
import { sign } from '../support/sdk-signer.ts';
import { useSignet } from '../support/signet.ts';
import { stateClient } from './state-client.ts';

const instant = '2030-01-31T12:00:00.000Z';

describe.each(manyCanUse)('over %s', async (_name, newState) => {
  const real = makeClock();
  const state = await newState();
  const replicas = await useReplicas(() => Promise.resolve(state), { now: real.now });
  const [first, second] = replicas;

  describe.each(bothWays(replicas))('%s', (_direction, one, other) => {
    const [moving, following] = [clockClient(one.url), clockClient(other.url)];

    test('it is moved, stopped, started and put back', async () => {
      await moving.set({ now: instant, frozen: true });
      real.advance(5000);
      expect(await following.show()).toMatchObject({ now: instant, frozen: true });
      await following.advance({ hours: 1 });
      expect(await moving.show()).toMatchObject({ now: '2030-01-31T13:00:00.000Z', frozen: true });
      await moving.set({ frozen: false });
      real.advance(1000);
      expect(await following.show()).toMatchObject({ now: '2030-01-31T13:00:01.000Z', frozen: false });
      await moving.reset();
      expect(await following.show()).toEqual({
        ...{ now: new Date(real.now()).toISOString(), frozen: false, offset_milliseconds: 0 },
      });
    });

    test('it is the time of everything that ages', async () => {
      const { secret: token } = await iamClient(other.url).issue();
      const listed = async () => (await kmsClient(other.url).post('list-keys', {}, { token })).status;
      const headers = sign({ method: 'GET', target: '/v3/projects', headers: {}, at: real.now(), ...accessKey });
      const projects = async () => (await send(other.url, 'get', '/v3/projects', { headers })).status;
      expect([await listed(), await projects()]).toEqual([200, 200]);
      await moving.advance({ days: 2 });
      expect([await listed(), await projects()]).toEqual([403, 401]);
      await moving.reset();
      expect([await listed(), await projects()]).toEqual([200, 200]);
    });

    test('what falls due on the way happens for all', async () => {
      const kms = kmsClient(other.url);
      const [leaving, rotating] = [
        await kms.create({ key_alias: `leaves-${new URL(one.url).port}`, key_spec: 'EC_P256' }),
        await kms.create({ key_alias: `rotates-${new URL(one.url).port}`, key_spec: 'AES_256' }),
      ];
      await kms.ask('schedule-key-deletion', { key_id: leaving, pending_days: '7' });
      await kms.ask('enable-key-rotation', { key_id: rotating });
      await kms.ask('update-key-rotation-interval', { key_id: rotating, rotation_interval: '30' });
      const { happened } = await moving.advance({ days: 61 });
      expect(happened.map(({ event }) => event)).toEqual(['key_deleted', 'key_rotated', 'key_rotated']);
      expect((await kms.post('describe-key', { key_id: leaving })).status).toBe(404);
      expect(await kms.ask('get-key-rotation-status', { key_id: rotating })).toMatchObject({ number_of_rotations: 2 });
      await moving.reset();
      await stateClient(one.url).reset();
    });

    test('a journal tells the time as it is, also of the first request after a move', async () => {
      await moving.set({ now: instant, frozen: true });
      const { headers } = await kmsClient(other.url).post('describe-key', { key_id: seededKeys.EC_P256 });
      const entry = await send(other.url, 'get', `/_signet/journal/${headers['x-request-id']}`);
      expect(entry.body).toMatchObject({ at: instant });
      await moving.reset();
    });

    test('with a reset it is the real one, with a snapshot that of the snapshot', async () => {
      await moving.set({ now: instant, frozen: true });
      await send(one.url, 'put', '/_signet/snapshots/frozen');
      await stateClient(other.url).reset();
      expect(await moving.show()).toMatchObject({ frozen: false, offset_milliseconds: 0 });
      await send(other.url, 'post', '/_signet/snapshots/frozen/restore');
      expect(await moving.show()).toMatchObject({ now: instant, frozen: true });
      await stateClient(other.url).reset();
    });
  });

  test('moves at the same time add up', async () => {
    const before = Date.parse((await clockClient(first.url).show()).now);
    const moves = Array.from({ length: 20 }, (_, turn) => clockClient(replicas[turn % 2]!.url).advance({ days: 1 }));
    await Promise.all(moves);
    const shown = await Promise.all(replicas.map(({ url }) => clockClient(url).show()));
    expect(shown.map(({ now }) => Date.parse(now) - before)).toEqual([20 * day, 20 * day]);
    await clockClient(first.url).reset();
  });

  test('it is kept: another one that starts has it, and so has one that starts again', async () => {
    await clockClient(first.url).set({ now: instant, frozen: true });
    const third = await useSignet({ ...state, now: real.now });
    expect(await clockClient(third.url).show()).toMatchObject({ now: instant, frozen: true });
    await third.stop();
    await clockClient(second.url).advance({ seconds: 1 });
    const again = await useSignet({ ...state, now: real.now });
    expect(await clockClient(again.url).show()).toMatchObject({ now: '2030-01-31T12:00:01.000Z', frozen: true });
  });
});

test('in memory each has its own, and begins anew', async () => {
  const [one, other] = await useReplicas(async () => ({ databaseUrl: 'sqlite::memory:' }));
  await clockClient(one.url).set({ now: instant, frozen: true });
  expect(await clockClient(other.url).show()).toMatchObject({ frozen: false, offset_milliseconds: 0 });
});
