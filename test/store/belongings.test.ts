/** What belongs to keys, over every engine: aliases, tags and grants; it goes with the key. */
import { beforeEach, describe, expect, test } from 'vitest';
import { DuplicateName, OwnerGone } from '../../src/store/store.ts';
import type { Grant, Store, TagFilter } from '../../src/store/store.ts';
import { databases, opened } from './databases.ts';
import { newAlias, newKey, otherDomain, otherProject, project, settle } from './people.ts';

const newGrant = (id: string, differences: Partial<Grant> = {}): Grant => ({
  ...{ id, keyId: 'k', name: `grant ${id}`, grantee: 'bob', granteeType: 'user', operations: ['describe-key'] },
  ...{ issuer: 'ann', retiringPrincipal: '', createdAt: 1 },
  ...differences,
});

const ids = (grants: readonly Grant[]): string => grants.map(({ id }) => id).join(' ');

describe.each(databases)('%s', (_, newUrl) => {
  let store: Store;
  beforeEach(async () => {
    store = await opened(newUrl());
    await settle(store);
    await store.keys.add(newKey('k'));
    await store.keys.add(newKey('l'));
    await store.keys.add(newKey('strange', { projectId: otherProject.id, domainId: otherDomain.id }));
  });

  describe('aliases', () => {
    test('are found by their very names, in their project', async () => {
      const alias = { ...newAlias('alias/a', 'k'), updatedAt: 7 };
      await store.aliases.add(alias);
      expect(await store.aliases.find(project.id, 'alias/a')).toEqual(alias);
      expect(await store.aliases.find(project.id, 'a')).toBeUndefined();
      expect(await store.aliases.find(project.id, 'alias/A')).toBeUndefined();
      expect(await store.aliases.find(otherProject.id, 'alias/a')).toBeUndefined();
    });

    test('are unique in a project, and name a key that there is', async () => {
      await store.aliases.add(newAlias('a', 'k'));
      await expect(store.aliases.add(newAlias('a', 'l'))).rejects.toThrow(DuplicateName);
      await expect(store.aliases.add(newAlias('b', 'none'))).rejects.toThrow(OwnerGone);
      await store.aliases.add(newAlias('a', 'strange', otherProject.id));
    });

    test.each([
      [{}, 10, 'a b c d'],
      [{}, 2, 'a b'],
      [{ after: 'b' }, 10, 'c d'],
      [{ after: 'bb' }, 1, 'c'],
      [{ after: 'd' }, 10, ''],
      [{ keyId: 'k' }, 10, 'a c'],
      [{ keyId: 'k', after: 'a' }, 10, 'c'],
      [{ keyId: 'strange' }, 10, ''],
    ])('a list of %j, at most %i: "%s"', async (of, limit, names) => {
      for (const [alias, keyId] of ['ck', 'dl', 'ak', 'bl'].map((pair) => Array.from(pair))) {
        await store.aliases.add(newAlias(alias!, keyId!));
      }
      await store.aliases.add(newAlias('e', 'strange', otherProject.id));
      const found = await store.aliases.list(project.id, of, limit);
      expect(found.map(({ alias }) => alias).join(' ')).toBe(names);
      expect(await store.aliases.count('k')).toBe(2);
    });

    test('move to another key, which changes nothing else', async () => {
      await store.aliases.add(newAlias('a', 'k'));
      expect(await store.aliases.move(project.id, 'a', 'l', 99)).toBe(true);
      expect(await store.aliases.find(project.id, 'a')).toEqual({ ...newAlias('a', 'l'), updatedAt: 99 });
      expect(await store.aliases.move(project.id, 'b', 'l', 99)).toBe(false);
      expect(await store.aliases.move(otherProject.id, 'a', 'strange', 99)).toBe(false);
      await expect(store.aliases.move(project.id, 'a', 'none', 99)).rejects.toThrow(OwnerGone);
    });

    test('are removed only from the key that they name', async () => {
      for (const alias of ['a', 'b']) await store.aliases.add(newAlias(alias, 'k'));
      await store.aliases.add(newAlias('c', 'l'));
      expect(await store.aliases.remove(project.id, 'k', ['a', 'c', 'none'])).toBe(1);
      expect(await store.aliases.remove(otherProject.id, 'k', ['b'])).toBe(0);
      expect((await store.aliases.list(project.id, {}, 10)).map(({ alias }) => alias)).toEqual(['b', 'c']);
    });
  });

  describe('tags', () => {
    test('are listed in the order of their keys, for several keys at once', async () => {
      await store.tags.set('k', [
        { key: 'b', value: '1' },
        { key: 'a', value: '' },
      ]);
      await store.tags.set('l', [{ key: 'a', value: 'ü' }]);
      expect(await store.tags.list(['k', 'l', 'none'])).toEqual([
        { keyId: 'k', key: 'a', value: '' },
        { keyId: 'k', key: 'b', value: '1' },
        { keyId: 'l', key: 'a', value: 'ü' },
      ]);
      expect(await store.tags.list([])).toEqual([]);
    });

    test('that are set again have the new value', async () => {
      await store.tags.set('k', [{ key: 'a', value: '1' }]);
      await store.tags.set('k', [
        { key: 'a', value: '2' },
        { key: 'A', value: '3' },
      ]);
      const tags = await store.tags.list(['k']);
      expect(tags.map(({ key, value }) => `${key}=${value}`)).toEqual(['A=3', 'a=2']);
      await expect(store.tags.set('none', [{ key: 'a', value: '' }])).rejects.toThrow(OwnerGone);
    });

    test('are removed by key', async () => {
      await store.tags.set('k', [
        { key: 'a', value: '1' },
        { key: 'b', value: '1' },
      ]);
      await store.tags.set('l', [{ key: 'a', value: '1' }]);
      expect(await store.tags.remove('k', ['a', 'none'])).toBe(1);
      expect(await store.tags.list(['k', 'l'])).toEqual([
        { keyId: 'k', key: 'b', value: '1' },
        { keyId: 'l', key: 'a', value: '1' },
      ]);
    });

    test('of a project are given once each, in order', async () => {
      await store.tags.set('k', [
        { key: 'b', value: '2' },
        { key: 'a', value: '1' },
      ]);
      await store.tags.set('l', [
        { key: 'a', value: '1' },
        { key: 'b', value: '1' },
      ]);
      await store.tags.set('strange', [{ key: 'c', value: '1' }]);
      const tags = await store.tags.ofProject(project.id);
      expect(tags.map(({ key, value }) => `${key}=${value}`)).toEqual(['a=1', 'b=1', 'b=2']);
    });

    const questions: readonly [filter: TagFilter, keys: string][] = [
      [{ tags: [] }, 'n m l k'],
      [{ tags: [{ key: 'env', values: [] }] }, 'n l k'],
      [{ tags: [{ key: 'env', values: ['dev'] }] }, 'k'],
      [{ tags: [{ key: 'env', values: ['dev', 'test'] }] }, 'l k'],
      [{ tags: [{ key: 'env', values: ['none'] }] }, ''],
      [{ tags: [{ key: 'ENV', values: [] }] }, ''],
      [
        {
          tags: [
            { key: 'env', values: ['dev', 'prod'] },
            { key: 'team', values: ['a'] },
          ],
        },
        'n',
      ],
      [{ tags: [], name: 'name of' }, 'n l k'],
      [{ tags: [], name: 'Name' }, 'm'],
      [{ tags: [], name: '%' }, ''],
      [{ tags: [], name: '_' }, 'm'],
      [{ tags: [], name: '\\' }, ''],
      [{ tags: [{ key: 'team', values: ['a'] }], name: 'name of n' }, 'n'],
    ];
    test.each(questions)('find keys: %j finds "%s", newest first', async (filter, found) => {
      await store.keys.add(newKey('m', { name: 'Name_of_m', createdAt: 1_700_000_000_001 }));
      await store.keys.add(newKey('n', { createdAt: 1_700_000_000_002 }));
      await store.tags.set('k', [{ key: 'env', value: 'dev' }]);
      await store.tags.set('l', [{ key: 'env', value: 'test' }]);
      await store.tags.set('n', [
        { key: 'env', value: 'prod' },
        { key: 'team', value: 'a' },
      ]);
      await store.tags.set('strange', [{ key: 'env', value: 'dev' }]);
      const all = found === '' ? [] : found.split(' ');
      const page = await store.tags.keys(project.id, filter, 0, 10);
      expect([page.items.map(({ id }) => id), page.total]).toEqual([all, all.length]);
      for (const key of page.items) expect(key).toEqual(await store.keys.find(project.id, key.id));
      const part = await store.tags.keys(project.id, filter, 1, 1);
      expect([part.items.map(({ id }) => id), part.total]).toEqual([all.slice(1, 2), all.length]);
    });
  });

  describe('grants', () => {
    test('are found as they were added', async () => {
      const grant = newGrant('g', { operations: ['encrypt-data', 'decrypt-data'], granteeType: 'domain' });
      await store.grants.add(grant);
      expect(await store.grants.find('g')).toEqual(grant);
      expect(await store.grants.find('none')).toBeUndefined();
      await expect(store.grants.add(newGrant('h', { keyId: 'none' }))).rejects.toThrow(OwnerGone);
    });

    test('are removed once', async () => {
      await store.grants.add(newGrant('g'));
      const answers = await Promise.all([store.grants.remove('g'), store.grants.remove('g')]);
      expect(answers.sort()).toEqual([false, true]);
      expect(await store.grants.find('g')).toBeUndefined();
    });

    test.each([
      [0, 10, 'c b a'],
      [1, 1, 'b'],
      [2, 5, 'a'],
      [3, 5, ''],
      [0, 0, ''],
    ])('of a key, from %i, at most %i: "%s", newest first', async (offset, limit, found) => {
      for (const [id, createdAt] of [['b', 2] as const, ['a', 1] as const, ['c', 2] as const]) {
        await store.grants.add(newGrant(id, { createdAt }));
      }
      await store.grants.add(newGrant('other', { keyId: 'l' }));
      const page = await store.grants.list('k', offset, limit);
      expect([ids(page.items), page.total]).toEqual([found, 3]);
    });

    test('may be retired by those named for it, whosever the key is', async () => {
      await store.grants.add(newGrant('user', { retiringPrincipal: 'bob', createdAt: 1 }));
      await store.grants.add(newGrant('domain', { retiringPrincipal: 'bobs', createdAt: 2, keyId: 'strange' }));
      await store.grants.add(newGrant('another', { retiringPrincipal: 'ann' }));
      await store.grants.add(newGrant('nobody'));
      const page = await store.grants.retirable({ user: 'bob', domain: 'bobs' }, 0, 10);
      expect([ids(page.items), page.total]).toEqual(['domain user', 2]);
      const part = await store.grants.retirable({ user: 'bob', domain: 'bobs' }, 1, 1);
      expect([ids(part.items), part.total]).toEqual(['user', 2]);
    });

    test('are held by a user and by a domain, each as its own kind', async () => {
      await store.grants.add(newGrant('user'));
      await store.grants.add(newGrant('domain', { grantee: 'bobs', granteeType: 'domain' }));
      await store.grants.add(newGrant('a user with the id of the domain', { grantee: 'bobs' }));
      await store.grants.add(newGrant('a domain with the id of the user', { granteeType: 'domain' }));
      await store.grants.add(newGrant('another key', { keyId: 'l' }));
      const held = await store.grants.held('k', { user: 'bob', domain: 'bobs' });
      expect(held.map(({ id }) => id).sort()).toEqual(['domain', 'user']);
    });

    test('are counted by the key that has most', async () => {
      expect(await store.grants.most(project.id)).toBe(0);
      for (const id of ['a', 'b']) await store.grants.add(newGrant(id));
      await store.grants.add(newGrant('c', { keyId: 'l' }));
      for (const id of ['d', 'e', 'f']) await store.grants.add(newGrant(id, { keyId: 'strange' }));
      expect(await store.grants.most(project.id)).toBe(2);
    });
  });

  test('all of it goes with the key, and nothing else', async () => {
    for (const key of ['k', 'l']) {
      await store.aliases.add(newAlias(`of-${key}`, key));
      await store.tags.set(key, [{ key: 'of', value: key }]);
      await store.grants.add(newGrant(`of-${key}`, { keyId: key, retiringPrincipal: 'bob' }));
    }
    await store.keys.update(project.id, 'k', [2], { state: 4, deletionAt: 5 });
    await store.keys.removeDue(5);
    expect((await store.aliases.list(project.id, {}, 10)).map(({ alias }) => alias)).toEqual(['of-l']);
    expect(await store.tags.ofProject(project.id)).toEqual([{ key: 'of', value: 'l' }]);
    expect(ids((await store.grants.retirable({ user: 'bob', domain: 'bobs' }, 0, 10)).items)).toBe('of-l');
  });

  test("the vendor's own keys do not count towards the quota: those whose names end in /default, to the letter", async () => {
    for (const name of ['obs/default', '/default', 'obs/DEFAULT', 'default', 'obs/default2', 'x']) {
      await store.keys.add(newKey(name, { name }));
    }
    // Two were there before.
    expect(await store.keys.count(project.id)).toBe(6);
  });
});
