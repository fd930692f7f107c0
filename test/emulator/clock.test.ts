/** The clock: read, set, frozen, advanced, and back to the real time. */
import { afterEach, describe, expect, test } from 'vitest';
import { day, makeClock } from '../support/clock.ts';
import { seededKeys } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { useSignet } from '../support/signet.ts';
import { clockClient } from '../support/workbench-clock.ts';

const real = makeClock();
const { url } = await useSignet({ now: real.now });
const clock = clockClient(url);
const kms = kmsClient(url);
afterEach(() => clock.reset());

const iso = (instant: number): string => new Date(instant).toISOString();
let keys = 0;
/** The time that a new key is of: milliseconds since 1970. */
async function keyTime(): Promise<number> {
  const keyId = await kms.create({ key_alias: `key-${(keys += 1)}` });
  return Number((await kms.describe(keyId)).creation_date);
}

test('is the real time at first, and runs with it', async () => {
  expect(await clock.show()).toStrictEqual({ now: iso(real.now()), frozen: false, offset_milliseconds: 0 });
  real.advance(1234);
  expect((await clock.show()).now).toBe(iso(real.now()));
});

describe('set', () => {
  test.each([
    ['ahead', '2040-02-29T23:59:59.999Z', '2040-02-29T23:59:59.999Z'],
    ['back', '1999-12-31T00:00:00Z', '1999-12-31T00:00:00.000Z'],
    ['with an offset from UTC', '2030-01-31T12:00:00+02:00', '2030-01-31T10:00:00.000Z'],
    ['to the first instant', '1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['to the last', '9998-12-31T23:59:59.999Z', '9998-12-31T23:59:59.999Z'],
  ])('%s it runs on from there', async (_where, now, expected) => {
    const moved = await clock.set({ now });
    const offset_milliseconds = Date.parse(expected) - real.now();
    expect(moved).toStrictEqual({ now: expected, frozen: false, offset_milliseconds, happened: [], more: false });
    expect(await keyTime()).toBe(Date.parse(expected));
    real.advance(1);
    expect(await clock.show()).toMatchObject({ now: iso(Date.parse(expected) + 1), offset_milliseconds });
  });

  test('frozen it stands there, and everything with it', async () => {
    await clock.set({ now: '2030-01-01T00:00:00Z', frozen: true });
    real.advance(day);
    expect(await clock.show()).toMatchObject({ now: '2030-01-01T00:00:00.000Z', frozen: true });
    expect(await keyTime()).toBe(Date.parse('2030-01-01T00:00:00Z'));
  });

  test.each([true, false])('where nothing is said, it stands or runs as before: frozen %j', async (frozen) => {
    await clock.set({ frozen });
    expect(await clock.set({ now: '2030-01-01T00:00:00Z' })).toMatchObject({ frozen });
    real.advance(5);
    expect((await clock.show()).now).toBe(frozen ? '2030-01-01T00:00:00.000Z' : '2030-01-01T00:00:00.005Z');
  });
});

test('frozen where it is, and running again from there', async () => {
  const now = iso(real.now());
  expect(await clock.set({ frozen: true })).toMatchObject({ now, frozen: true, offset_milliseconds: 0 });
  real.advance(day);
  expect(await clock.show()).toStrictEqual({ now, frozen: true, offset_milliseconds: -day });
  expect(await clock.set({ frozen: false })).toMatchObject({ now, frozen: false });
  real.advance(1);
  expect((await clock.show()).now).toBe(iso(Date.parse(now) + 1));
});

describe('advanced', () => {
  test.each<[object, number]>([
    [{ milliseconds: 1 }, 1],
    [{ seconds: 1.5 }, 1500],
    [{ minutes: 1 }, 60_000],
    [{ hours: 36 }, 1.5 * day],
    [{ days: 0.25, hours: 1, minutes: 1, seconds: 1, milliseconds: 1 }, day / 4 + 3_661_001],
    [{ days: 100_000 }, 100_000 * day],
    [{ seconds: 0 }, 0],
  ])('by %j', async (by, milliseconds) => {
    const start = real.now();
    expect(await clock.advance(by)).toMatchObject({ now: iso(start + milliseconds), frozen: false, happened: [] });
    real.advance(10);
    expect(await clock.advance({ seconds: 1 })).toMatchObject({ now: iso(start + milliseconds + 1010) });
  });

  test('frozen, it stands after it', async () => {
    const start = real.now();
    await clock.set({ frozen: true });
    expect(await clock.advance({ days: 1 })).toMatchObject({ now: iso(start + day), frozen: true });
    real.advance(7);
    expect((await clock.show()).now).toBe(iso(start + day));
  });

  test('twice at the same time, it has moved twice', async () => {
    const start = real.now();
    const moves = await Promise.all(Array.from({ length: 20 }, () => clock.advance({ days: 1 })));
    expect(moves.map(({ now }) => now).sort()).toEqual(moves.map((_, index) => iso(start + (index + 1) * day)));
  });
});

test('reset, it is the real time, running', async () => {
  await clock.set({ now: '2030-01-01T00:00:00Z', frozen: true });
  const back = { now: iso(real.now()), frozen: false, offset_milliseconds: 0 };
  expect(await clock.reset()).toStrictEqual({ ...back, happened: [], more: false });
});

describe('refused, and nothing is moved:', () => {
  const outside = 'the clock knows the years 1970 to 9998';
  test.each<[string, 'put' | 'post', object, string, string]>([
    ['before 1970', 'put', { now: '1969-12-31T23:59:59.999Z' }, 'Signet.InvalidClock', outside],
    ['after 9998', 'put', { now: '9999-01-01T00:00:00Z' }, 'Signet.InvalidClock', outside],
    [
      'a leap second, which no computer knows',
      'put',
      { now: '2016-12-31T23:59:60Z' },
      'Signet.InvalidClock',
      'there is no such instant',
    ],
    ['nothing to set', 'put', {}, 'Signet.InvalidClock', 'nothing to do: give now, frozen or both'],
    ['a field misspelt', 'put', { freeze: true }, 'Signet.InvalidClock', 'nothing to do: give now, frozen or both'],
    [
      'nothing to advance by',
      'post',
      { day: 1 },
      'Signet.InvalidClock',
      'how far? give days, hours, minutes, seconds, milliseconds',
    ],
    ['back', 'post', { days: -1 }, 'Signet.InvalidParameter', "'days' is not as openapi.yaml describes it."],
    ['too far', 'post', { days: 100_001 }, 'Signet.InvalidParameter', "'days' is not as openapi.yaml describes it."],
    ['30 February', 'put', { now: '2026-02-30T00:00:00Z' }, 'Signet.InvalidClock', 'there is no such instant'],
    ['no instant', 'put', { now: 'noon' }, 'Signet.InvalidParameter', "'now' is not as openapi.yaml describes it."],
    ['a date', 'put', { now: '2026-02-28' }, 'Signet.InvalidParameter', "'now' is not as openapi.yaml describes it."],
    [
      'neither frozen nor not',
      'put',
      { frozen: 'a little' },
      'Signet.InvalidParameter',
      "'frozen' is not as openapi.yaml describes it.",
    ],
  ])('%s', async (_what, method, body, error_code, error_msg) => {
    const before = await clock.show();
    const answer = await clock[method](body);
    expect([answer.status, answer.body]).toStrictEqual([400, { error: { error_code, error_msg } }]);
    expect(await clock.show()).toEqual(before);
  });

  test('further than 9998', async () => {
    await clock.set({ now: '9998-12-31T00:00:00Z', frozen: true });
    expect((await clock.post({ days: 1 })).body).toMatchObject({ error: { error_code: 'Signet.InvalidClock' } });
    expect((await clock.show()).now).toBe('9998-12-31T00:00:00.000Z');
  });
});

test('at its last instant everything still works', async () => {
  await clock.set({ now: '9998-12-31T23:59:59.999Z', frozen: true });
  const key_id = await kms.create({ key_alias: 'last' });
  await kms.ask('enable-key-rotation', { key_id });
  await kms.ask('get-parameters-for-import', {
    key_id: await kms.create({ key_alias: 'waiting', origin: 'external' }),
    wrapping_algorithm: 'RSAES_OAEP_SHA_256',
  });
  expect((await kms.ask('schedule-key-deletion', { key_id: seededKeys.SM2, pending_days: '1096' })).key_state).toBe(
    '4',
  );
  await kms.ask('cancel-key-deletion', { key_id: seededKeys.SM2 });
});
