/** What the clock does to keys when it is moved, asked of the KMS directly. */
import { expect, test } from 'vitest';
import { DueKeys } from '../../src/kms/due-keys.ts';
import type { Store } from '../../src/store/store.ts';
import { opened } from '../store/databases.ts';
import { newKey, project, settle } from '../store/people.ts';

const day = 24 * 60 * 60 * 1000;
const aes = { spec: 'AES_256', usage: 'ENCRYPT_DECRYPT', publicKey: null };

async function prepared(): Promise<{ store: Store; due: DueKeys }> {
  const store = await opened('sqlite::memory:');
  await settle(store);
  return { store, due: new DueKeys(store) };
}

test('nothing falls due where nothing is scheduled', async () => {
  const { store, due } = await prepared();
  await store.keys.add(newKey('k'));
  expect(await due.next()).toBeUndefined();
  expect(await due.run(8.64e15, 10)).toEqual([]);
});

test('each instant does its part: a key that is deleted has no material that expires', async () => {
  const { store, due } = await prepared();
  await store.keys.add(newKey('leaves', { state: 4, deletionAt: 100, expiresAt: 100 }));
  await store.keys.add(newKey('rotates', { ...aes, rotationDays: 30, nextRotationAt: 100 }));
  expect(await due.next()).toBe(100);
  const told = { projectId: project.id, at: 100 };
  expect(await due.run(100, 10)).toEqual([
    { ...told, event: 'key_deleted', keyId: 'leaves' },
    { ...told, event: 'key_rotated', keyId: 'rotates' },
  ]);
  expect(await store.keys.find(project.id, 'leaves')).toBeUndefined();
  const rotated = { materialVersion: 2, lastRotationAt: 100, nextRotationAt: 100 + 30 * day };
  expect(await store.keys.find(project.id, 'rotates')).toMatchObject(rotated);
  expect(await due.next()).toBe(100 + 30 * day);
});

test('what there is too much of waits for the next time', async () => {
  const { store, due } = await prepared();
  for (const id of ['a', 'b', 'c']) await store.keys.add(newKey(id, { ...aes, nextRotationAt: 100 }));
  const ids: string[] = [];
  for (const count of [2, 1, 0]) {
    const told = await due.run(100, 2);
    expect(told).toHaveLength(count);
    ids.push(...told.map(({ keyId }) => keyId));
  }
  expect(ids.sort()).toEqual(['a', 'b', 'c']);
});

test('a key that goes away meanwhile holds nothing up', async () => {
  const { store } = await prepared();
  await store.keys.add(newKey('k', { ...aes, nextRotationAt: 100 }));
  await store.keys.add(newKey('l', { ...aes, nextRotationAt: 100 }));
  const find: Store['keys']['find'] = async (projectId, id) => {
    const found = await store.keys.find(projectId, id);
    if (id === 'k') await store.keys.update(projectId, id, [2], { state: 4, deletionAt: 0 });
    if (id === 'k') await store.keys.removeDue(0);
    return found;
  };
  const due = new DueKeys({ ...store, keys: { ...store.keys, find } });
  expect(await due.run(100, 10)).toHaveLength(2);
  expect(await store.keys.find(project.id, 'l')).toMatchObject({ materialVersion: 2 });
  expect(await due.next()).toBe(100 + 365 * day);
});
