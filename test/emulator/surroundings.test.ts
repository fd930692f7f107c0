/** What is around the contents changes together with them, or not at all. */
import { describe, expect, test } from 'vitest';
import { Surroundings } from '../../src/emulator/states/surroundings.ts';
import { readRule } from '../../src/emulator/faults/wire.ts';
import { spoilable } from '../../src/spoilable.ts';
import type { Store } from '../../src/store/store.ts';
import { makeClock } from '../support/clock.ts';
import { databases, opened } from '../store/databases.ts';

const real = makeClock();
const make = (store: Store) => {
  let ids = 0;
  const newId = (): string => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`;
  return new Surroundings({ ...spoilable({ authErrors: 'kms' }), store, real: real.now, region: 'eu-de', newId });
};
const frozen = { offset: 0, standsAt: 5 };
const rule = readRule({ operation: 'kms.sign', error: 'internal' });
const impossible = readRule({ operation: 'kms.sing', error: 'internal' });
const next = { region: 'eu-nl', clock: frozen, faults: [rule], lasting: ['hash'] };
const seen = ({ region, clock, faults, lasting }: Surroundings) => [
  region(),
  clock.now(),
  faults.list().length,
  lasting(),
];

describe.each(databases)('over %s', (_name, newUrl) => {
  async function begun() {
    const store = await opened(await newUrl());
    await store.setRegion('eu-de');
    return { store, surroundings: make(store) };
  }
  const before = ['eu-de', real.now(), 0, []];
  const after = ['eu-nl', 5, 1, ['hash']];
  const moveIn = async (inner: Store): Promise<boolean> => {
    await inner.setRegion('eu-nl');
    return true;
  };

  test('all of it', async () => {
    const { store, surroundings } = await begun();
    expect(await surroundings.replace(next, moveIn)).toBe(true);
    expect([seen(surroundings), await store.region()]).toEqual([after, 'eu-nl']);
    const restarted = make(store);
    await restarted.take();
    expect(seen(restarted)).toEqual(store.durable ? after : before);
  });

  test.each<[string, Partial<typeof next>, (inner: Store) => Promise<boolean>]>([
    ['a rule cannot be', { faults: [rule, impossible] }, moveIn],
    ['the contents cannot be', {}, (inner) => moveIn(inner).then(() => Promise.reject(new Error('full')))],
  ])('nothing where %s', async (_what, difference, replace) => {
    const { store, surroundings } = await begun();
    await expect(surroundings.replace({ ...next, ...difference }, replace)).rejects.toThrow(/kms.sing|full/);
    expect([seen(surroundings), await store.region()]).toEqual([before, 'eu-de']);
    const restarted = make(store);
    await restarted.take();
    expect(seen(restarted)).toEqual(before);
  });

  test('nothing where it is not wanted any more', async () => {
    const { surroundings } = await begun();
    expect(await surroundings.replace(next, () => Promise.resolve(false))).toBe(false);
    expect(seen(surroundings)).toEqual(before);
  });

  test('tokens that last do so until others are named', async () => {
    const { surroundings } = await begun();
    await surroundings.replace(next, moveIn);
    const { region, clock, faults } = next;
    await surroundings.replace({ region, clock, faults }, moveIn);
    expect(surroundings.lasting()).toEqual(['hash']);
  });

  test('a rule that another release has made, and this one does not know, is kept and spoils nothing', async () => {
    const { store, surroundings } = await begun();
    if (!store.durable) return;
    const state = { id: 'x', rule: { ...impossible, seed: 1 }, matched: 0, acted: 0, given: 0, drawn: 0 };
    const content = Buffer.from(JSON.stringify({ serial: 1, value: [state] }));
    await store.documents.put({ kind: 'shared', name: 'faults', createdAt: 0, content });
    await surroundings.take();
    const call = { operation: 'kms.sign', projectId: undefined, keyId: undefined };
    expect([surroundings.faults.list().length, surroundings.faults.spoil(call)]).toEqual([1, undefined]);
  });
});
