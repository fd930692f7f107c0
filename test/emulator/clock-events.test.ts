/** What falls due while the clock is moved: it happens at its instant, in order, and is told. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { parcelFor } from '../kms/outside-wrapping.ts';
import { day, makeClock } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { project } from '../support/identity.ts';
import { kmsClient, type KmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useFolder, useSignet } from '../support/signet.ts';
import { clockClient } from '../support/workbench-clock.ts';

/** A server without keys whose clock stands still unless it is moved. */
async function started(more: object = {}) {
  const real = makeClock();
  const { url } = await useSignet({ seed: 'none', now: real.now, ...more });
  return { url, real, kms: kmsClient(url), clock: clockClient(url), start: real.now() };
}

/** A new key that is rotated so often, in days. */
async function rotating(kms: KmsClient, name: string, days: number): Promise<string> {
  const key_id = await kms.create({ key_alias: name });
  await kms.ask('enable-key-rotation', { key_id });
  await kms.ask('update-key-rotation-interval', { key_id, rotation_interval: days });
  return key_id;
}

async function imported(kms: KmsClient, name: string, expiresAt: number): Promise<string> {
  const key_id = await kms.create({ key_alias: name, origin: 'external' });
  const parcel = await parcelFor(kms, key_id, randomBytes(32));
  await kms.ask('import-key-material', { ...parcel, expiration_time: String(expiresAt / 1000) });
  return key_id;
}

const rotations = async (kms: KmsClient, key_id: string): Promise<number> =>
  (await kms.ask('get-key-rotation-status', { key_id })).number_of_rotations;

type Told = Awaited<ReturnType<ReturnType<typeof clockClient>['advance']>>['happened'];
/** Days after the start, what, and to which key. */
const short = (happened: Told, start: number, names: Readonly<Record<string, string>>): string[] =>
  happened.map(({ at, event, key_id }) => `${(Date.parse(at) - start) / day} ${event} ${names[key_id]}`);

test('deletion, expiry and rotation in their order, and the keys are then as they should be', async () => {
  const { kms, clock, start } = await started();
  // Whole seconds, as the vendor counts.
  const midnight = Math.ceil(start / day) * day;
  await clock.set({ now: new Date(midnight).toISOString(), frozen: true });
  const [monthly, doomed] = [await rotating(kms, 'monthly', 30), await kms.create({ key_alias: 'doomed' })];
  const expiring = await imported(kms, 'expiring', midnight + 31 * day);
  const both = await imported(kms, 'both', midnight + 8 * day);
  const [paused, atOnce] = [await rotating(kms, 'paused', 30), await imported(kms, 'at-once', midnight + 9 * day)];
  await kms.ask('disable-key', { key_id: paused });
  await kms.ask('schedule-key-deletion', { key_id: doomed, pending_days: '7' });
  await kms.ask('schedule-key-deletion', { key_id: both, pending_days: '10' });
  await kms.ask('schedule-key-deletion', { key_id: atOnce, pending_days: '9' });

  const names = {
    [monthly]: 'monthly',
    [doomed]: 'doomed',
    [expiring]: 'expiring',
    [both]: 'both',
    [atOnce]: 'at-once',
  };
  const moved = await clock.advance({ days: 65 });
  expect(short(moved.happened, midnight, names)).toEqual([
    '7 key_deleted doomed',
    '8 material_expired both',
    '9 key_deleted at-once',
    '10 key_deleted both',
    '30 key_rotated monthly',
    '31 material_expired expiring',
    '60 key_rotated monthly',
  ]);
  expect(moved.happened.every(({ project_id }) => project_id === project.id)).toBe(true);
  expect(moved).toMatchObject({ now: new Date(midnight + 65 * day).toISOString(), frozen: true, more: false });

  for (const key_id of [doomed, both, atOnce]) expectKmsRefusal(await kms.post('describe-key', { key_id }), 'KMS.0207');
  expect((await kms.describe(expiring)).key_state).toBe('5');
  expect(await rotations(kms, monthly)).toBe(2);
  expect(await rotations(kms, paused)).toBe(0);
  expect((await clock.advance({ days: 1 })).happened).toEqual([]);
});

test('to the millisecond', async () => {
  const { kms, clock } = await started();
  const key_id = await kms.create({ key_alias: 'doomed' });
  await kms.ask('schedule-key-deletion', { key_id, pending_days: '7' });
  expect((await clock.advance({ milliseconds: 7 * day - 1 })).happened).toEqual([]);
  expect((await kms.describe(key_id)).key_state).toBe('4');
  expect((await clock.advance({ milliseconds: 1 })).happened).toMatchObject([{ event: 'key_deleted', key_id }]);
});

describe.each(['in memory', 'in a file'])('%s', (where) => {
  test('a key that the clock rotated is as one that somebody asked for at each of these instants', async () => {
    const folder = useFolder();
    const seen: unknown[] = [];
    for (const isAsked of [true, false]) {
      const file = join(folder, `${isAsked}.sqlite`);
      const { kms, clock, real } = await started(where === 'in a file' ? { databaseUrl: `sqlite:${file}` } : {});
      const keyId = await rotating(kms, 'key', 30);
      if (isAsked)
        for (let days = 0; days < 100; days += 30) {
          real.advance(days === 90 ? 10 * day : 30 * day);
          await kms.describe(keyId);
        }
      else await clock.advance({ days: 100 });
      const status = await kms.ask('get-key-rotation-status', { key_id: keyId });
      const details = { ...(await kms.describe(keyId)), key_id: 'another on each server' };
      seen.push([status, details, where === 'in a file' ? materials(file) : []]);
      expect(status).toMatchObject({ number_of_rotations: 3 });
    }
    expect(seen[1]).toEqual(seen[0]);
  });

  function materials(file: string): unknown[] {
    const database = new DatabaseSync(file, { readOnly: true });
    const versions = database.prepare('select version from materials order by version').all();
    database.close();
    expect(versions).toHaveLength(4);
    return versions.map(({ version }) => version);
  }
});

test('what was encrypted between two moves opens after them', async () => {
  const { kms, clock } = await started();
  const key_id = await rotating(kms, 'key', 30);
  const ciphers: string[] = [];
  for (let turn = 0; turn < 4; turn++) {
    ciphers.push((await kms.ask('encrypt-data', { key_id, plain_text: `turn ${turn}` })).cipher_text);
    await clock.advance({ days: 30 });
  }
  const texts = await Promise.all(ciphers.map((cipher_text) => kms.ask('decrypt-data', { cipher_text })));
  expect(texts.map(({ plain_text }) => plain_text)).toEqual(['turn 0', 'turn 1', 'turn 2', 'turn 3']);
});

describe('set ahead it is the same as advanced', () => {
  test('set', async () => {
    const { kms, clock, start } = await started();
    const key = await rotating(kms, 'key', 30);
    const { happened } = await clock.set({ now: new Date(start + 61 * day).toISOString() });
    expect(short(happened, start, { [key]: 'key' })).toEqual(['30 key_rotated key', '60 key_rotated key']);
  });

  test('set back, nothing is undone; reset to the real time, which is ahead of that, the rest happens', async () => {
    const { kms, clock, real, start } = await started();
    const names = { [await rotating(kms, 'key', 30)]: 'key' };
    const first = await clock.advance({ days: 31 });
    expect(short(first.happened, start, names)).toEqual(['30 key_rotated key']);
    expect((await clock.set({ now: new Date(start - day).toISOString() })).happened).toEqual([]);
    real.advance(61 * day);
    expect(short((await clock.reset()).happened, start, names)).toEqual(['60 key_rotated key']);
  });
});

test('what fell due before, unnoticed, comes first and does not put the clock back', async () => {
  const { kms, clock, real, start } = await started();
  const names = { [await rotating(kms, 'key', 30)]: 'key' };
  real.advance(70 * day);
  const moved = await clock.advance({ days: 30 });
  expect(short(moved.happened, start, names)).toEqual([
    '30 key_rotated key',
    '60 key_rotated key',
    '90 key_rotated key',
  ]);
  expect(moved.now).toBe(new Date(start + 100 * day).toISOString());
});

test('of moves at the same time each does its part, and nothing happens twice', async () => {
  const { kms, clock, start } = await started();
  const names: Record<string, string> = {};
  for (const [name, days] of [['a', 30], ['b', 31], ['c', 47]] as const) names[await rotating(kms, name, days)] = name; // prettier-ignore
  const moves = await Promise.all(Array.from({ length: 10 }, () => clock.advance({ days: 20 })));
  const inOrder = moves.toSorted((one, other) => one.now.localeCompare(other.now));
  for (const [index, { happened }] of inOrder.entries())
    for (const { at } of happened) {
      const days = (Date.parse(at) - start) / day;
      expect(days).toBeGreaterThan(index * 20);
      expect(days).toBeLessThanOrEqual((index + 1) * 20);
    }
  const all = inOrder.flatMap(({ happened }) => short(happened, start, names));
  expect(new Set(all).size).toBe(all.length);
  // 200 days hold 6 intervals of 30 and of 31, and 4 of 47.
  expect(all).toHaveLength(16);
});

test('while others ask for keys, too', async () => {
  const { kms, clock } = await started();
  const key = await rotating(kms, 'key', 30);
  const asking = Array.from({ length: 30 }, () => kms.describe(key));
  const [moved] = await Promise.all([clock.advance({ days: 3000 }), ...asking]);
  expect(await rotations(kms, key)).toBe(100);
  expect(moved.happened.length).toBeLessThanOrEqual(100);
});

test('during a long move others are answered, and nobody sees the clock half-way', async () => {
  const { url, kms, clock, start } = await started({ databaseUrl: `sqlite:${join(useFolder(), 'state.sqlite')}` });
  for (let number = 0; number < 10; number++) await rotating(kms, `key-${number}`, 30);
  await clock.set({ frozen: true });
  let [isThere, answers] = [false, 0];
  const moving = clock.advance({ days: 2400 }).finally(() => (isThere = true));
  const seen: Promise<string>[] = [];
  while (!isThere) {
    seen.push(clock.show().then(({ now }) => now));
    // Side by side, so that their number tells of the move and not of how fast this client is.
    const asked = ['health', 'journal', 'version', 'faults'].map((path) => send(url, 'get', `/_signet/${path}`));
    for (const { status } of await Promise.all(asked)) {
      expect(status).toBe(200);
      answers += 1;
    }
  }
  expect((await moving).happened).toHaveLength(800);
  expect(answers).toBeGreaterThan(6);
  const ends = [start, start + 2400 * day].map((instant) => new Date(instant).toISOString());
  for (const now of await Promise.all(seen)) expect(ends).toContain(now);
});

test('a move without bounds: 1,000 events are told, the key has them all, and the clock is where it should be', async () => {
  const { kms, clock, start } = await started();
  const key = await rotating(kms, 'key', 30);
  const begin = performance.now();
  const moved = await clock.advance({ days: 100_000 });
  expect(performance.now() - begin).toBeLessThan(20_000);
  expect(moved).toMatchObject({ now: new Date(start + 100_000 * day).toISOString(), more: true });
  expect(moved.happened).toHaveLength(1000);
  expect(await rotations(kms, key)).toBe(3333);
});
