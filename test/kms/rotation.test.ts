import { describe, expect, test } from 'vitest';
import { day, makeClock } from '../support/clock.ts';
import { kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { seedOfKeys } from '../support/seeds.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const clock = makeClock();
const kms = kmsClient((await useSignet({ seed: 'none', now: clock.now })).url);

let count = 0;
const newKey = (more: object = {}): Promise<string> => kms.create({ key_alias: `key-${++count}`, ...more });
const status = (keyId: string) => kms.ask('get-key-rotation-status', { key_id: keyId });

/** A new key that is rotated so often from now on. */
async function rotating(days?: number): Promise<string> {
  const id = await newKey();
  await kms.ask('enable-key-rotation', { key_id: id });
  if (days !== undefined) await kms.ask('update-key-rotation-interval', { key_id: id, rotation_interval: days });
  return id;
}

describe.each(['AES_256', 'SM4'])('%s', (key_spec) => {
  test('rotation is off at first, then on, every 365 days, then off', async () => {
    const id = await newKey({ key_spec });
    const never = { rotation_interval: 365, last_rotation_time: '', number_of_rotations: 0 };
    expect(await status(id)).toStrictEqual({ key_rotation_enabled: false, ...never });
    // The interval 0 is what gophertelekomcloud sends along.
    const on = await kms.post('enable-key-rotation', { key_id: id, rotation_interval: 0 });
    expect([on.status, on.body]).toStrictEqual([200, {}]);
    expect(await status(id)).toStrictEqual({ key_rotation_enabled: true, ...never });
    expect((await kms.describe(id)).key_rotation_enabled).toBe('true');
    const off = await kms.post('disable-key-rotation', { key_id: id, rotation_interval: 0 });
    expect([off.status, off.body]).toStrictEqual([200, {}]);
    expect(await status(id)).toStrictEqual({ key_rotation_enabled: false, ...never });
    expect((await kms.describe(id)).key_rotation_enabled).toBe('false');
  });
});

test.each([30, 365, '90'])('the interval %j is told, as a number', async (rotation_interval) => {
  const id = await rotating();
  const answer = await kms.post('update-key-rotation-interval', { key_id: id, rotation_interval });
  expect([answer.status, answer.body]).toStrictEqual([200, {}]);
  expect((await status(id)).rotation_interval).toBe(Number(rotation_interval));
});

describe('by the clock', () => {
  const rows: readonly (readonly [interval: number, elapsed: number, rotations: number])[] = [
    [30, 30 * day - 1, 0],
    [30, 30 * day, 1],
    [30, 60 * day - 1, 1],
    [30, 60 * day, 2],
    [30, 365 * day, 12],
    [31, 365 * day, 11],
    [365, 365 * day - 1, 0],
    [365, 3650 * day + 5, 10],
  ];
  test.each(rows)('every %i days: after %i ms there were %i rotations', async (interval, elapsed, rotations) => {
    const id = await rotating(interval);
    const start = clock.now();
    clock.advance(elapsed);
    expect(await status(id)).toStrictEqual({
      key_rotation_enabled: true,
      rotation_interval: interval,
      last_rotation_time: rotations === 0 ? '' : String(start + rotations * interval * day),
      number_of_rotations: rotations,
    });
  });

  test('it does not matter how often somebody looks', async () => {
    const [often, once] = [await rotating(30), await rotating(30)];
    for (let days = 0; days < 100; days += 7) {
      clock.advance(7 * day);
      await kms.describe(often);
    }
    expect(await status(often)).toEqual(await status(once));
    expect((await status(often)).number_of_rotations).toBe(3);
  });

  test('a rotation that many find due happens once', async () => {
    const id = await rotating(30);
    clock.advance(30 * day);
    const all = await Promise.all(Array.from({ length: 20 }, () => status(id)));
    expect(new Set(all.map(({ number_of_rotations: rotations }) => rotations))).toEqual(new Set([1]));
  });

  test('a disabled key is not rotated; where that fell due meanwhile, it is rotated once when it is enabled again', async () => {
    const id = await rotating(30);
    await kms.ask('disable-key', { key_id: id });
    clock.advance(70 * day);
    const disabled = { key_rotation_enabled: true, number_of_rotations: 0, last_rotation_time: '' };
    expect(await status(id)).toMatchObject(disabled);
    await kms.ask('enable-key', { key_id: id });
    const enabled = { number_of_rotations: 1, last_rotation_time: String(clock.now()) };
    expect(await status(id)).toMatchObject(enabled);
    clock.advance(29 * day);
    expect(await status(id)).toMatchObject(enabled);
    clock.advance(day);
    expect(await status(id)).toMatchObject({ number_of_rotations: 2 });
  });

  test('of a disabled key can be switched off, without which it could not be deleted', async () => {
    const id = await rotating(30);
    await kms.ask('disable-key', { key_id: id });
    expectKmsRefusal(await kms.post('schedule-key-deletion', { key_id: id, pending_days: '7' }), 'KMS.2901');
    await kms.ask('disable-key-rotation', { key_id: id });
    expect((await kms.ask('schedule-key-deletion', { key_id: id, pending_days: '7' })).key_state).toBe('4');
  });

  test('switched off, it does not happen; switched on again, it counts from there, as often as before', async () => {
    const id = await rotating(30);
    clock.advance(45 * day);
    await kms.ask('disable-key-rotation', { key_id: id });
    const last = (await status(id)).last_rotation_time;
    clock.advance(400 * day);
    const off = {
      key_rotation_enabled: false,
      rotation_interval: 30,
      last_rotation_time: last,
      number_of_rotations: 1,
    };
    expect(await status(id)).toStrictEqual(off);
    await kms.ask('enable-key-rotation', { key_id: id });
    clock.advance(30 * day - 1);
    expect(await status(id)).toStrictEqual({ ...off, key_rotation_enabled: true });
    clock.advance(1);
    expect(await status(id)).toMatchObject({ number_of_rotations: 2, last_rotation_time: String(clock.now()) });
  });
});

describe('a new interval', () => {
  /** From enabling: when the interval is changed, and to what; when the next rotation is. */
  const rows: readonly (readonly [why: string, before: number, changedAt: number, after: number, next: number])[] = [
    ['begins where the present one did', 365, 10, 30, 30],
    ['may be longer', 30, 10, 100, 100],
    ['begins with the last rotation', 30, 35, 100, 130],
    ['begins now where it would be over', 365, 200, 30, 230],
    ['begins now where it would be just over', 365, 30, 30, 60],
    ['is the present one', 60, 59, 60, 60],
  ];
  test.each(rows)('%s: %i days, on day %i changed to %i, the next is on day %i', async (_, before, at, after, next) => {
    const id = await rotating(before);
    clock.advance(at * day);
    const { number_of_rotations: earlier } = await status(id);
    await kms.ask('update-key-rotation-interval', { key_id: id, rotation_interval: after });
    expect((await status(id)).number_of_rotations).toBe(earlier);
    clock.advance((next - at) * day - 1);
    expect((await status(id)).number_of_rotations).toBe(earlier);
    clock.advance(1);
    expect((await status(id)).number_of_rotations).toBe(earlier + 1);
  });
});

describe('on demand', () => {
  test('a key is rotated at once, whether or not it is rotated by schedule', async () => {
    for (const id of [await newKey(), await rotating(30)]) {
      clock.advance(5 * day);
      const answer = await kms.post('rotate-on-demand', { key_id: id });
      expect([answer.status, answer.body]).toStrictEqual([200, { key_id: id }]);
      expect(await status(id)).toMatchObject({ number_of_rotations: 1, last_rotation_time: String(clock.now()) });
    }
  });

  test('the schedule stays as it is', async () => {
    const id = await rotating(30);
    clock.advance(29 * day);
    await kms.ask('rotate-on-demand', { key_id: id });
    clock.advance(day);
    expect(await status(id)).toMatchObject({ number_of_rotations: 2, last_rotation_time: String(clock.now()) });
    clock.advance(30 * day);
    expect((await status(id)).number_of_rotations).toBe(3);
  });

  test('a rotation that is due counts as well', async () => {
    const id = await rotating(30);
    clock.advance(31 * day);
    await kms.ask('rotate-on-demand', { key_id: id });
    expect((await status(id)).number_of_rotations).toBe(2);
  });

  test('of fifty at once every one rotates', async () => {
    const id = await newKey();
    const answers = await Promise.all(Array.from({ length: 50 }, () => kms.post('rotate-on-demand', { key_id: id })));
    expect(new Set(answers.map(({ status: code }) => code))).toEqual(new Set([200]));
    expect((await status(id)).number_of_rotations).toBe(50);
  });
});

test('what the earlier materials encrypted still opens; what comes after a rotation is of another material', async () => {
  const id = '00000000-0000-4000-8000-000000000ae5';
  const key = `{ id: ${id}, name: aes, spec: AES_256, rotation_interval: 30, secret_hex: ${'5a'.repeat(32)} }`;
  const seed = useSeed(seedOfKeys(key));
  const own = makeClock();
  const here = kmsClient((await useSignet({ seed, now: own.now })).url);
  /** The same key, never rotated. */
  const twin = kmsClient((await useSignet({ seed, now: makeClock().now })).url);
  const steps = {
    'the first': () => Promise.resolve(),
    'on demand': () => here.ask('rotate-on-demand', { key_id: id }),
    'by the clock': () => {
      own.advance(100 * day);
      return Promise.resolve();
    },
  };
  const ciphertexts = new Map<string, string>();
  for (const [name, step] of Object.entries(steps)) {
    await step();
    ciphertexts.set(name, (await here.ask('encrypt-data', { key_id: id, plain_text: name })).cipher_text);
  }
  expect((await here.ask('get-key-rotation-status', { key_id: id })).number_of_rotations).toBe(4);
  for (const [name, cipher_text] of ciphertexts) {
    expect((await here.ask('decrypt-data', { cipher_text })).plain_text).toBe(name);
    const elsewhere = await twin.post('decrypt-data', { cipher_text });
    if (name === 'the first') expect(elsewhere.body).toMatchObject({ plain_text: name });
    else expectKmsRefusal(elsewhere, 'KMS.2201');
  }
});

test('the status is told in every state', async () => {
  const id = await newKey();
  await kms.ask('rotate-on-demand', { key_id: id });
  const enabled = await status(id);
  await kms.ask('disable-key', { key_id: id });
  expect(await status(id)).toEqual(enabled);
  await kms.ask('schedule-key-deletion', { key_id: id, pending_days: '7' });
  expect(await status(id)).toEqual(enabled);
});

test('a key that is rotated by schedule is deleted only when it is no more', async () => {
  const id = await rotating();
  const request = { key_id: id, pending_days: '7' };
  expectKmsRefusal(await kms.post('schedule-key-deletion', request), 'KMS.2901');
  await kms.ask('disable-key', { key_id: id });
  expectKmsRefusal(await kms.post('schedule-key-deletion', request), 'KMS.2901');
  await kms.ask('enable-key', { key_id: id });
  await kms.ask('disable-key-rotation', { key_id: id });
  expect((await kms.ask('schedule-key-deletion', request)).key_state).toBe('4');
});
