import { expect, test } from 'vitest';
import { remembering } from '../../src/store/remembering.ts';
import type { Store } from '../../src/store/store.ts';
import { opened } from './databases.ts';
import { newKey, project, settle } from './people.ts';

/** A store with one key that counts how often it is asked for it, and answers when `turn` says so. */
async function counted(turn: () => Promise<void>): Promise<{ store: Store; asked: () => number }> {
  const inner = await opened('sqlite::memory:');
  await settle(inner);
  await inner.keys.add(newKey('k'));
  let count = 0;
  const find: Store['keys']['find'] = async (projectId, id) => {
    count++;
    const found = await inner.keys.find(projectId, id);
    await turn();
    return found;
  };
  return { store: remembering({ ...inner, keys: { ...inner.keys, find } }), asked: () => count };
}

test('asks once, until anything is written', async () => {
  const { store, asked } = await counted(() => Promise.resolve());
  const state = async () => (await store.keys.find(project.id, 'k'))?.state;
  expect([await state(), await state(), asked()]).toEqual([2, 2, 1]);
  await store.keys.update(project.id, 'k', [2], { state: 3 });
  expect([await state(), await state(), asked()]).toEqual([3, 3, 2]);
  await store.transaction((inner) => inner.keys.update(project.id, 'k', [3], { state: 2 }));
  expect([await state(), asked()]).toEqual([2, 3]);
});

test('does not remember what it does not find', async () => {
  const { store } = await counted(() => Promise.resolve());
  expect(await store.keys.find(project.id, 'later')).toBeUndefined();
  await store.keys.add(newKey('later', { name: 'later' }));
  expect((await store.keys.find(project.id, 'later'))?.id).toBe('later');
});

test('does not remember an answer that a write has overtaken', async () => {
  const { promise: written, resolve: writeIsDone } = Promise.withResolvers<undefined>();
  const { store } = await counted(() => written);
  const early = store.keys.find(project.id, 'k');
  await store.keys.update(project.id, 'k', [2], { state: 3 });
  writeIsDone(undefined);
  expect((await early)?.state).toBe(2);
  expect((await store.keys.find(project.id, 'k'))?.state).toBe(3);
});
