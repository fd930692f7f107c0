/** What processes over one state agree on: one change after the other, and the newest wins wherever it is heard of. */
import { describe, expect, test } from 'vitest';
import { Agreed, takeAgreed } from '../../src/emulator/agreed.ts';
import type { Store } from '../../src/store/store.ts';
import { databases, opened } from '../store/databases.ts';

const increase = (value: number): readonly [number, number] => [value + 1, value];
const keeping = (store: Store) => ({ store, name: 'count', now: () => 7 });

describe.each(databases.filter(([name]) => !name.endsWith('memory')))('over one database: %s', (_name, newUrl) => {
  async function both() {
    const url = await newUrl();
    const stores = [await opened(url), await opened(url)] as const;
    const [one, other] = stores.map((store) => new Agreed(0, keeping(store))) as [Agreed<number>, Agreed<number>];
    return { stores, one, other };
  }

  test('each change is made on top of all others, whoever knew of them', async () => {
    const { stores, one, other } = await both();
    const before = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => [one, other][index % 2]!.change(increase)),
    );
    expect(before.toSorted((some, more) => some - more)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    await takeAgreed(stores[0], [one]);
    await takeAgreed(stores[1], [other]);
    expect([one.value, other.value]).toEqual([20, 20]);
  });

  test('a process that begins later finds it', async () => {
    const { stores, one } = await both();
    await one.change(() => [5, undefined]);
    const late = new Agreed(0, keeping(stores[1]));
    expect(late.value).toBe(0);
    await takeAgreed(stores[1], [late]);
    expect(late.value).toBe(5);
  });

  test('a look that was overtaken by a change does not take it back', async () => {
    const { stores, one, other } = await both();
    await one.change(() => [1, undefined]);
    const early = await stores[1].documents.all('shared');
    await other.change(increase);
    other.take(early);
    expect(other.value).toBe(2);
    one.take(await stores[0].documents.all('shared'));
    expect(one.value).toBe(2);
  });

  test('what throws changes nothing, and what stays as it is is not written', async () => {
    const { stores, one } = await both();
    const refusing = one.change(() => {
      throw new RangeError('no');
    });
    await expect(refusing).rejects.toThrow('no');
    expect(await one.change((value) => [value, 'as it was'])).toBe('as it was');
    expect([one.value, await stores[0].documents.all('shared')]).toEqual([0, []]);
  });

  test('in a transaction with other work: both or nothing', async () => {
    const { stores, one, other } = await both();
    const failing = stores[0].transaction(async (inner) => {
      await one.put(inner, 9);
      throw new Error('too bad');
    });
    await expect(failing).rejects.toThrow('too bad');
    await takeAgreed(stores[1], [other]);
    expect([one.value, other.value]).toEqual([0, 0]);
    const settle = await stores[0].transaction(async (inner) => {
      await inner.setRegion('eu-nl');
      return one.put(inner, 9);
    });
    settle();
    await takeAgreed(stores[1], [other]);
    expect([one.value, other.value, await stores[1].region()]).toEqual([9, 9, 'eu-nl']);
  });
});

describe('in memory', () => {
  test('a change is made at once, and nothing is written', async () => {
    const store = await opened('sqlite::memory:');
    const alone = new Agreed(0, keeping(store));
    expect([alone.change(increase), alone.change(increase), alone.value]).toEqual([0, 1, 2]);
    const settle = await store.transaction((inner) => alone.put(inner, 9));
    expect(alone.value).toBe(2);
    settle();
    expect([alone.value, await store.documents.all('shared')]).toEqual([9, []]);
  });
});
