/** What API gateways know, over every engine. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, test } from 'vitest';
import { DuplicateName, OwnerGone, release } from '../../src/store/store.ts';
import type { ApiFilter, BindingFilter, NamedFilter, Page, Store } from '../../src/store/store.ts';
import { databases, opened, temporaryFolder } from './databases.ts';
import {
  elsewhere,
  furnish,
  newApi,
  newBinding,
  newDefinition,
  newEnvironment,
  newGroup,
  newPublication,
  newSignatureKey,
} from './gateway-things.ts';
import { otherProject, project, settle } from './people.ts';

type Write = (store: Store) => Promise<unknown>;

const ids = (things: readonly { readonly id: string }[]): string => things.map(({ id }) => id).join(' ');
const idsOf = <Thing extends { readonly id: string }>({ items, total }: Page<Thing>) => [ids(items), total];
const route = (method: 'GET' | 'POST', path: string) => newDefinition('new', { req_method: method, req_uri: path });

/** Of what `furnish` has made already. */
const duplicates: Readonly<Record<string, Write>> = {
  'a key of that name': ({ gateways }) => gateways.addKey(newSignatureKey('new', { name: 'name_of_k1' })),
  'a key that gets that name': ({ gateways }) => gateways.updateKey(newSignatureKey('k2', { name: 'name_of_k1' })),
  'a group of that name': ({ gateways }) => gateways.addGroup(newGroup('new', { name: 'name of group' })),
  'a group that gets that name': ({ gateways }) => gateways.updateGroup(newGroup('other', { name: 'name of group' })),
  'an environment of that name': ({ gateways }) => gateways.addEnvironment(newEnvironment('new', { name: 'TEST' })),
  'an API of that name': ({ gateways }) =>
    gateways.addApi(newApi('new', { definition: newDefinition('name-of-a', { req_uri: '/new' }) })),
  'an API of that route': ({ gateways }) => gateways.addApi(newApi('new', { definition: route('GET', '/name-of-a') })),
  'an API whose path differs only in the names of its parameters': async ({ gateways }) => {
    await gateways.addApi(newApi('first', { definition: newDefinition('first', { req_uri: '/x/{id}/{part}' }) }));
    await gateways.addApi(newApi('new', { definition: route('GET', '/x/{name}/{other}') }));
  },
  'an API that moves to where there is one of that name': ({ gateways }) =>
    gateways.updateApi(newApi('b', { groupId: 'group', definition: newDefinition('name-of-a', { req_uri: '/new' }) })),
};

const neighbours: Readonly<Record<string, Write>> = {
  'a key of another gateway': ({ gateways }) =>
    gateways.addKey(newSignatureKey('new', { name: 'name_of_k1', gatewayId: 'g2' })),
  'a group of another project': ({ gateways }) =>
    gateways.addGroup(newGroup('new', { ...elsewhere, name: 'name of group' })),
  'an environment in other letters': ({ gateways }) => gateways.addEnvironment(newEnvironment('new', { name: 'Test' })),
  'an API of another group': ({ gateways }) =>
    gateways.addApi(newApi('new', { groupId: 'other', definition: newDefinition('name-of-a') })),
  'an API of another method': ({ gateways }) =>
    gateways.addApi(newApi('new', { definition: route('POST', '/name-of-a') })),
};

const orphans: Readonly<Record<string, Write>> = {
  'a key': ({ gateways }) => gateways.addKey(newSignatureKey('new', { projectId: 'gone' })),
  'a group': ({ gateways }) => gateways.addGroup(newGroup('new', { projectId: 'gone' })),
  'an environment': ({ gateways }) => gateways.addEnvironment(newEnvironment('new', { projectId: 'gone' })),
  'an API': ({ gateways }) => gateways.addApi(newApi('new', { projectId: 'gone' })),
  'an API of no group': ({ gateways }) => gateways.addApi(newApi('new', { groupId: 'gone' })),
  'a publication of no API': ({ gateways }) => gateways.publish(newPublication('new', 'gone')),
  'a binding of no API': ({ gateways }) => gateways.bind([newBinding('gone', 'k1')]),
  'a binding of no key': ({ gateways }) => gateways.bind([newBinding('a', 'gone')]),
};

describe.each(databases)('%s', (_, newUrl) => {
  let store: Store;
  let gateways: Store['gateways'];
  beforeEach(async () => {
    store = await opened(newUrl());
    ({ gateways } = store);
    await settle(store);
    await furnish(store);
  });

  test.each(Object.entries(duplicates))('no two in one place: %s is a DuplicateName', async (_what, write) => {
    await expect(write(store)).rejects.toThrow(DuplicateName);
  });

  test.each(Object.entries(neighbours))('%s may have the same', async (_what, write) => {
    await write(store);
  });

  test.each(Object.entries(orphans))('%s whose owner is gone: OwnerGone', async (_what, write) => {
    await expect(write(store)).rejects.toThrow(OwnerGone);
  });

  describe('are found, changed and removed in their gateway:', () => {
    const later = { createdAt: 9, updatedAt: 9 };

    test('keys', async () => {
      const key = newSignatureKey('k1', {
        type: 'aes',
        algorithm: 'aes-128-cfb',
        key: 'Schlüssel',
        secret: 'ö',
        ...later,
      });
      expect(await gateways.findKey('g', 'k1')).toEqual(newSignatureKey('k1'));
      expect(await gateways.findKey('h', 'k1')).toBeUndefined();
      expect(await gateways.updateKey(key)).toBe(true);
      const { createdAt } = newSignatureKey('k1');
      expect(await gateways.findKey('g', 'k1')).toEqual({ ...key, createdAt });
      expect(await gateways.updateKey({ ...key, gatewayId: 'h' })).toBe(false);
      expect(await gateways.removeKey('h', 'k1')).toBe(false);
      expect(await gateways.removeKey('g', 'k1')).toBe(true);
      expect(await gateways.removeKey('g', 'k1')).toBe(false);
    });

    test('groups', async () => {
      const group = newGroup('group', { name: 'new', remark: 'changed', ...later });
      expect(await gateways.updateGroup(group)).toBe(true);
      const { createdAt } = newGroup('group');
      expect(await gateways.findGroup('g', 'group')).toEqual({ ...group, createdAt });
      expect(await gateways.findGroup('h', 'group')).toBeUndefined();
      expect(await gateways.updateGroup({ ...group, id: 'none' })).toBe(false);
      expect(await gateways.removeGroup('g', 'none')).toBe(false);
    });

    test('APIs, in whatever group', async () => {
      const api = newApi('a', { ...later, groupId: 'other', definition: newDefinition('new', { remark: 'Grüße' }) });
      expect(await gateways.findApi('g', 'a')).toEqual(newApi('a'));
      expect(await gateways.findApi('h', 'a')).toBeUndefined();
      expect(await gateways.updateApi(api)).toBe(true);
      const { createdAt } = newApi('a');
      expect(await gateways.findApi('g', 'a')).toEqual({ ...api, createdAt });
      expect(await gateways.updateApi({ ...api, gatewayId: 'h' })).toBe(false);
      expect(await gateways.removeApi('h', 'a')).toBe(false);
      expect(await gateways.removeApi('g', 'a')).toBe(true);
      expect(await gateways.findApi('g', 'a')).toBeUndefined();
    });

    test('environments, newest first', async () => {
      await gateways.addEnvironment(newEnvironment('newer', { createdAt: 1_800_000_000_000 }));
      await gateways.addEnvironment(newEnvironment('foreign', elsewhere));
      expect(
        await gateways.updateEnvironment(newEnvironment('test', { name: 'new', remark: 'changed', createdAt: 9 })),
      ).toBe(true);
      const found = await gateways.listEnvironments('g');
      expect(ids(found)).toBe('newer test');
      expect(found[1]).toEqual(newEnvironment('test', { name: 'new', remark: 'changed' }));
      expect(await gateways.removeEnvironment('h', 'test')).toBe(false);
    });
  });

  test('gateways are those that are stored, oldest first', async () => {
    const contents = await store.contents.read();
    const made = [
      { id: 'b', projectId: project.id, name: 'b', createdAt: 2 },
      { id: 'a', projectId: project.id, name: 'a', createdAt: 2 },
      { id: 'c', projectId: project.id, name: 'c', createdAt: 1 },
      { id: 'd', projectId: otherProject.id, name: 'a', createdAt: 1 },
    ];
    expect(await gateways.gateways(project.id)).toEqual([]);
    await store.contents.replace({ ...contents, gateways: made });
    expect(ids(await gateways.gateways(project.id))).toBe('c a b');
    expect(await gateways.gateways(otherProject.id)).toEqual(made.slice(3));
  });

  test('keys are found by their sign_key, in one project or in all', async () => {
    const same = { key: 'key of k1' };
    await gateways.addKey(newSignatureKey('second', { ...same, gatewayId: 'g2' }));
    await gateways.addKey(newSignatureKey('strange', { ...same, ...elsewhere }));
    const found = async (...of: Parameters<typeof gateways.keysFor>) =>
      (await gateways.keysFor(...of)).map(({ id, secret }) => `${id}: ${secret}`).toSorted();
    const mine = ['k1: secret of k1', 'second: secret of second'];
    expect(await found('key of k1', project.id)).toEqual(mine);
    expect(await found('key of k1')).toEqual([...mine, 'strange: secret of strange']);
    expect(await found('KEY OF K1')).toEqual([]);
  });

  describe('lists, newest first,', () => {
    beforeEach(async () => {
      for (const id of ['x1', 'x2', 'x3']) await gateways.addKey(newSignatureKey(id, { createdAt: 1_800_000_000_000 }));
      await gateways.addKey(newSignatureKey('strange', elsewhere));
    });

    test.each<[filter: NamedFilter, offset: number, limit: number, found: string, total: number]>([
      [{}, 0, 10, 'x3 x2 x1 k2 k1', 5],
      [{}, 1, 2, 'x2 x1', 5],
      [{}, 5, 2, '', 5],
      [{ id: 'x2' }, 0, 10, 'x2', 1],
      [{ id: 'strange' }, 0, 10, '', 0],
      [{ name: { text: 'of_x', isExact: false } }, 0, 2, 'x3 x2', 3],
      [{ name: { text: 'OF_X', isExact: false } }, 0, 10, '', 0],
      [{ name: { text: '%', isExact: false } }, 0, 10, '', 0],
      [{ name: { text: '', isExact: false } }, 0, 1, 'x3', 5],
      [{ name: { text: 'of_x', isExact: true } }, 0, 10, '', 0],
      [{ name: { text: 'name_of_x1', isExact: true } }, 0, 10, 'x1', 1],
      [{ id: 'x2', name: { text: 'x1', isExact: false } }, 0, 10, '', 0],
    ])('of keys: %j from %i, at most %i: "%s" of %i', async (filter, offset, limit, found, total) => {
      expect(idsOf(await gateways.listKeys('g', filter, offset, limit))).toEqual([found, total]);
    });

    test('of groups', async () => {
      const filter = { name: { text: 'of', isExact: false } };
      expect(idsOf(await gateways.listGroups('g', filter, 0, 10))).toEqual(['other group', 2]);
      expect(idsOf(await gateways.listGroups('g', { id: 'group' }, 0, 10))).toEqual(['group', 1]);
      expect(idsOf(await gateways.listGroups('h', {}, 0, 10))).toEqual(['', 0]);
    });

    test.each<[filter: ApiFilter, found: string]>([
      [{}, 'b c a'],
      [{ id: 'a' }, 'a'],
      [{ name: { text: 'name-of', isExact: false } }, 'b c a'],
      [{ name: { text: 'name-of-a', isExact: true } }, 'a'],
      [{ groupId: 'group' }, 'c a'],
      [{ groupId: 'none' }, ''],
      [{ method: 'POST' }, 'c'],
      [{ method: 'ANY' }, ''],
      [{ type: 2 }, 'c'],
      [{ type: 1 }, 'b a'],
      [{ protocol: 'HTTPS' }, 'c'],
      [{ authType: 'APP' }, 'c'],
      [{ authType: 'IAM' }, ''],
      [{ path: { text: '/orders/', isExact: false } }, 'c'],
      [{ path: { text: '{id}', isExact: false } }, 'c'],
      [{ path: { text: 'orders/{}', isExact: false } }, ''],
      [{ path: { text: '/orders/{id}', isExact: true } }, 'c'],
      [{ path: { text: '/orders/', isExact: true } }, ''],
      [{ environmentId: release.id }, 'b a'],
      [{ environmentId: 'test' }, 'c'],
      [{ environmentId: 'none' }, ''],
      [{ environmentId: release.id, groupId: 'group', method: 'GET', path: { text: 'name', isExact: false } }, 'a'],
    ])('of APIs: %j gives "%s"', async (filter, found) => {
      const definition = newDefinition('name-of-c', {
        ...{ type: 2, req_protocol: 'HTTPS', auth_type: 'APP', req_method: 'POST', req_uri: '/orders/{id}' },
      });
      await gateways.addApi(newApi('c', { definition }));
      await gateways.publish(newPublication('c1', 'c', { environmentId: 'test' }));
      await gateways.publish(newPublication('c2', 'c'));
      await gateways.takeOffline('c', release.id);
      const all = found === '' ? [] : found.split(' ');
      expect(idsOf(await gateways.listApis('g', filter, 0, 10))).toEqual([found, all.length]);
      expect(idsOf(await gateways.listApis('g', filter, 1, 1))).toEqual([all[1] ?? '', all.length]);
    });
  });

  describe('publications', () => {
    beforeEach(async () => {
      await gateways.publish(newPublication('v2', 'a', { publishId: 'record of v1', publishedAt: 1_800_000_000_000 }));
      await gateways.publish(newPublication('t1', 'a', { environmentId: 'test', publishedAt: 1_750_000_000_000 }));
    });

    test('take the place of the one in force', async () => {
      const { items, total } = await gateways.history('a', undefined, 0, 10);
      expect(items.map(({ id, inForce }) => `${id}:${inForce}`)).toEqual(['v2:1', 't1:1', 'v1:0']);
      expect(total).toBe(3);
      expect(items[2]).toEqual(newPublication('v1', 'a', { publishedAt: 1_700_000_000_001, inForce: 0 }));
    });

    test.each<[environmentId: string | undefined, offset: number, limit: number, found: string, total: number]>([
      [undefined, 1, 1, 't1', 3],
      [release.id, 0, 10, 'v2 v1', 2],
      [release.id, 1, 10, 'v1', 2],
      ['test', 0, 10, 't1', 1],
      ['none', 0, 10, '', 0],
    ])('of %s from %i, at most %i: "%s" of %i', async (environmentId, offset, limit, found, total) => {
      expect(idsOf(await gateways.history('a', environmentId, offset, limit))).toEqual([found, total]);
    });

    test.each<[of: Parameters<Store['gateways']['inForce']>[1], found: string]>([
      [{}, 'v2 t1 w1'],
      [{ apiIds: ['a', 'a', 'none'] }, 'v2 t1'],
      [{ apiIds: [] }, ''],
      [{ publishIds: ['record of v1', 'record of w1'] }, 'v2 w1'],
      [{ publishIds: ['v2'] }, ''],
      [{ apiIds: ['a', 'b'], environmentId: release.id }, 'v2 w1'],
      [{ environmentId: 'test' }, 't1'],
      [{ apiIds: Array.from({ length: 40_000 }, (_each, index) => `none ${index}`).concat('b') }, 'w1'],
    ])('in force: some of them (%#)', async (of, found) => {
      expect(ids(await gateways.inForce('g', of))).toBe(found);
      expect(ids(await gateways.inForce('h', of))).toBe('');
    });

    test('are in force until they are taken offline', async () => {
      expect(await gateways.takeOffline('a', release.id)).toBe(true);
      expect(await gateways.takeOffline('a', release.id)).toBe(false);
      expect(ids(await gateways.inForce('g', { apiIds: ['a'] }))).toBe('t1');
      expect((await gateways.history('a', release.id, 0, 10)).items.map(({ inForce }) => inForce)).toEqual([0, 0]);
    });

    test('of one name at once: one of them is in force', async () => {
      const many = Array.from({ length: 10 }, (_each, index) => newPublication(`many ${index}`, 'b'));
      await Promise.all(many.map((publication) => gateways.publish(publication)));
      expect(await gateways.inForce('g', { apiIds: ['b'] })).toHaveLength(1);
      expect((await gateways.history('b', undefined, 0, 100)).total).toBe(10);
    });

    test('are kept in each environment: the ten latest, and the one in force where the clock was set back', async () => {
      const at = (index: number): number => 1_900_000_000_000 + index;
      for (let index = 0; index < 12; index++) {
        await gateways.publish(newPublication(`v${String(index).padStart(2, '0')}`, 'b', { publishedAt: at(index) }));
      }
      await gateways.publish(newPublication('back', 'b', { publishedAt: at(-5) }));
      const { items, total } = await gateways.history('b', undefined, 0, 100);
      expect(total).toBe(11);
      expect(items.map(({ id }) => id).join(' ')).toBe('v11 v10 v09 v08 v07 v06 v05 v04 v03 v02 back');
      expect(ids(await gateways.inForce('g', { apiIds: ['b'] }))).toBe('back');
    });

    test('that fail leave the one in force', async () => {
      await expect(gateways.publish(newPublication('v1', 'a'))).rejects.toThrow(DuplicateName);
      expect(ids(await gateways.inForce('g', { apiIds: ['a'], environmentId: release.id }))).toBe('v2');
    });
  });

  describe('bindings', () => {
    const of = async (apiId: string) => {
      const { items } = await gateways.listBound('g', { apiId }, 0, 10);
      return items.map(({ binding, key }) => `${binding.id}: ${key.id}`);
    };

    test('take the place of one another, for each API and environment', async () => {
      await gateways.publish(newPublication('t1', 'a', { environmentId: 'test' }));
      await gateways.bind([newBinding('a', 'k1'), newBinding('b', 'k1')]);
      await gateways.bind([newBinding('a', 'k1', { id: 'in the test', environmentId: 'test', boundAt: 0 })]);
      expect(await of('a')).toEqual(['k1 of a: k1', 'in the test: k1']);
      await gateways.bind([newBinding('a', 'k2', { id: 'new', boundAt: 1_800_000_000_000 })]);
      expect(await of('a')).toEqual(['new: k2', 'in the test: k1']);
      expect(await of('b')).toEqual(['k1 of b: k1']);
      expect(await gateways.countBindings(['k1', 'k2', 'none'])).toEqual(
        new Map([
          ['k1', 2],
          ['k2', 1],
        ]),
      );
    });

    test('of none change nothing; of several for one API the last counts', async () => {
      await gateways.bind([]);
      expect(await gateways.countBindings([])).toEqual(new Map());
      await gateways.bind([newBinding('a', 'k1'), newBinding('a', 'k2')]);
      expect(await of('a')).toEqual(['k2 of a: k2']);
    });

    test('are all made, or none', async () => {
      await expect(gateways.bind([newBinding('a', 'k1'), newBinding('b', 'gone')])).rejects.toThrow(OwnerGone);
      expect(await of('a')).toEqual([]);
    });

    test('are released by their gateway, once', async () => {
      await gateways.bind([newBinding('a', 'k1')]);
      expect(await gateways.unbind('h', 'k1 of a')).toBe(false);
      expect(await gateways.unbind('g', 'k1 of a')).toBe(true);
      expect(await gateways.unbind('g', 'k1 of a')).toBe(false);
    });

    test('outlast the publication, and show the latest one', async () => {
      await gateways.bind([newBinding('a', 'k1')]);
      await gateways.takeOffline('a', release.id);
      const offline = await gateways.listBound('g', { keyId: 'k1' }, 0, 10);
      expect(offline.items.map(({ publication: { id, inForce } }) => `${id}:${inForce}`)).toEqual(['v1:0']);
      // What is in force counts, even if the clock was set back.
      await gateways.publish(newPublication('v0', 'a', { publishedAt: 1 }));
      const again = await gateways.listBound('g', { keyId: 'k1' }, 0, 10);
      expect(again.items.map(({ publication: { id, inForce } }) => `${id}:${inForce}`)).toEqual(['v0:1']);
    });

    test('of what was never published are not shown', async () => {
      await gateways.bind([newBinding('a', 'k1', { environmentId: 'test' })]);
      expect(await gateways.listBound('g', {}, 0, 10)).toEqual({ items: [], total: 0 });
    });

    test('are found by their ids, in their gateway alone', async () => {
      const bindings = [newBinding('a', 'k1'), newBinding('b', 'k1')];
      await gateways.bind(bindings);
      const { items } = await gateways.listBound('g', { keyId: 'k1' }, 0, 10);
      const ids = bindings.map(({ id }) => id);
      expect(new Set(await gateways.bound('g', [...ids, 'none']))).toEqual(new Set(items));
      expect((await gateways.bound('g', ids.slice(1))).map(({ binding }) => binding.id)).toEqual(['k1 of b']);
      expect(await gateways.bound('h', ids)).toEqual([]);
      expect(await gateways.bound('g', [])).toEqual([]);
    });

    test('show everything', async () => {
      const binding = newBinding('b', 'k1');
      await gateways.bind([binding]);
      const { items } = await gateways.listBound('g', {}, 0, 10);
      const publication = newPublication('w1', 'b', { publishedAt: 1_700_000_000_002 });
      expect(items).toEqual([
        {
          ...{ binding, key: newSignatureKey('k1'), publication, groupId: 'other' },
          ...{ groupName: 'name of other', environmentName: 'RELEASE' },
        },
      ]);
    });

    describe('and what is not bound:', () => {
      beforeEach(async () => {
        await gateways.publish(newPublication('t1', 'a', { environmentId: 'test', publishedAt: 1_800_000_000_000 }));
        await gateways.addApi(newApi('c'));
        await gateways.publish(newPublication('c1', 'c'));
        await gateways.takeOffline('c', release.id);
        await gateways.bind([
          newBinding('a', 'k1', { boundAt: 3 }),
          newBinding('a', 'k2', { boundAt: 2, environmentId: 'test' }),
          newBinding('b', 'k1', { boundAt: 1 }),
        ]);
      });

      test.each<[filter: BindingFilter, bound: string]>([
        [{}, 'v1 t1 w1'],
        [{ keyId: 'k1' }, 'v1 w1'],
        [{ keyName: 'name_of_k2' }, 't1'],
        [{ keyName: 'of_k2' }, ''],
        [{ apiId: 'a' }, 'v1 t1'],
        [{ apiName: 'of-b' }, 'w1'],
        [{ groupId: 'group' }, 'v1 t1'],
        [{ environmentId: 'test' }, 't1'],
        [{ environmentId: release.id, keyId: 'k2' }, ''],
      ])('%j are bound: "%s"', async (filter, found) => {
        const all = found === '' ? [] : found.split(' ');
        const page = await gateways.listBound('g', filter, 0, 10);
        expect([ids(page.items.map(({ publication }) => publication)), page.total]).toEqual([found, all.length]);
        const part = await gateways.listBound('g', filter, 1, 1);
        expect([part.items.map(({ publication }) => publication.id), part.total]).toEqual([
          all.slice(1, 2),
          all.length,
        ]);
        expect(await gateways.listBound('h', filter, 0, 10)).toEqual({ items: [], total: 0 });
      });

      test.each<[keyId: string, filter: Omit<BindingFilter, 'keyId' | 'keyName'>, unbound: string]>([
        ['k1', {}, 't1:name_of_k2'],
        ['k2', {}, 'w1:name_of_k1 v1:name_of_k1'],
        ['none', {}, 't1:name_of_k2 w1:name_of_k1 v1:name_of_k1'],
        ['k2', { apiId: 'b' }, 'w1:name_of_k1'],
        ['k2', { apiName: 'name-of' }, 'w1:name_of_k1 v1:name_of_k1'],
        ['k2', { groupId: 'group' }, 'v1:name_of_k1'],
        ['k2', { environmentId: 'test' }, ''],
      ])('to %s of %j are not bound: "%s"', async (keyId, filter, found) => {
        const all = found === '' ? [] : found.split(' ');
        const shown = (page: Awaited<ReturnType<typeof gateways.listUnbound>>) => [
          page.items.map(({ publication, keyName }) => `${publication.id}:${keyName}`),
          page.total,
        ];
        expect(shown(await gateways.listUnbound('g', keyId, filter, 0, 10))).toEqual([all, all.length]);
        expect(shown(await gateways.listUnbound('g', keyId, filter, 1, 1))).toEqual([all.slice(1, 2), all.length]);
        expect(await gateways.listUnbound('h', keyId, filter, 0, 10)).toEqual({ items: [], total: 0 });
      });

      test('to nothing has no name of a key beside it', async () => {
        await gateways.unbind('g', 'k2 of a');
        const { items } = await gateways.listUnbound('g', 'k1', {}, 0, 10);
        const publication = newPublication('t1', 'a', { environmentId: 'test', publishedAt: 1_800_000_000_000 });
        expect(items).toEqual([
          { publication, groupId: 'group', groupName: 'name of group', environmentName: 'TEST', keyName: '' },
        ]);
      });
    });
  });

  describe('go with what they belong to:', () => {
    const census = async () => {
      const contents = await store.contents.read();
      const parts = [
        'signatureKeys',
        'environments',
        'apiGroups',
        'apis',
        'publications',
        'signatureBindings',
      ] as const;
      return Object.fromEntries(
        parts.map((part) => [part, ids([...contents[part]].sort((a, b) => (a.id < b.id ? -1 : 1)))]),
      );
    };
    const everything = {
      ...{ signatureKeys: 'k1 k2', environments: 'test', apiGroups: 'group other', apis: 'a b' },
      ...{ publications: 't1 v1 w1', signatureBindings: 'in the test k1 of a k1 of b' },
    };
    beforeEach(async () => {
      await gateways.publish(newPublication('t1', 'a', { environmentId: 'test' }));
      const inTheTest = newBinding('a', 'k2', { id: 'in the test', environmentId: 'test' });
      await gateways.bind([newBinding('a', 'k1'), newBinding('b', 'k1'), inTheTest]);
      expect(await census()).toEqual(everything);
    });

    test.each<[what: string, remove: Write, stays: Partial<typeof everything>]>([
      [
        'with a key its bindings',
        ({ gateways }) => gateways.removeKey('g', 'k1'),
        { signatureKeys: 'k2', signatureBindings: 'in the test' },
      ],
      [
        'with an API all of it',
        ({ gateways }) => gateways.removeApi('g', 'a'),
        { apis: 'b', publications: 'w1', signatureBindings: 'k1 of b' },
      ],
      [
        'with an environment what was published there',
        ({ gateways }) => gateways.removeEnvironment('g', 'test'),
        { environments: '', publications: 'v1 w1', signatureBindings: 'k1 of a k1 of b' },
      ],
      ['with RELEASE nothing', ({ gateways }) => gateways.removeEnvironment('g', release.id), {}],
      [
        'with a project everything',
        ({ identity }) => identity.removeProject(project.id),
        { signatureKeys: '', environments: '', apiGroups: '', apis: '', publications: '', signatureBindings: '' },
      ],
      ['with another project nothing', ({ identity }) => identity.removeProject(otherProject.id), {}],
    ])('%s', async (_what, remove, stays) => {
      await remove(store);
      expect(await census()).toEqual({ ...everything, ...stays });
    });

    test('a group with APIs stays', async () => {
      await expect(gateways.removeGroup('g', 'group')).rejects.toThrow();
      expect(await census()).toEqual(everything);
      await gateways.removeApi('g', 'a');
      expect(await gateways.removeGroup('g', 'group')).toBe(true);
    });
  });

  describe('routes', () => {
    test('of no group: none', async () => {
      expect(await gateways.routes('none')).toBeUndefined();
    });

    test('are what is in force in a group, with the keys that are bound there', async () => {
      await gateways.addApi(newApi('c'));
      await gateways.publish(newPublication('c1', 'c', { publishedAt: 5 }));
      await gateways.takeOffline('c', release.id);
      await gateways.publish(newPublication('t1', 'a', { environmentId: 'test', publishedAt: 4 }));
      await gateways.bind([newBinding('a', 'k1'), newBinding('b', 'k1')]);
      const [v1, t1] = [
        newPublication('v1', 'a', { publishedAt: 1_700_000_000_001 }),
        newPublication('t1', 'a', { environmentId: 'test', publishedAt: 4 }),
      ];
      expect(await gateways.routes('group')).toEqual({
        group: newGroup('group'),
        environments: new Map([
          ['RELEASE', release.id],
          ['TEST', 'test'],
        ]),
        routes: [
          { publication: v1, key: newSignatureKey('k1') },
          { publication: t1, key: undefined },
        ],
      });
      await gateways.updateKey(newSignatureKey('k1', { secret: 'another' }));
      expect((await gateways.routes('group'))?.routes[0]?.key?.secret).toBe('another');
    });
  });
});

test('secrets are sealed in a file, each for its key', async () => {
  const file = join(temporaryFolder(), 'state.sqlite');
  const store = await opened(`sqlite:${file}`);
  await settle(store);
  await furnish(store);
  const database = new DatabaseSync(file);
  const secrets = database.prepare('select secret from "signatureKeys"').all() as { secret: Uint8Array }[];
  for (const { secret } of secrets) expect(Buffer.from(secret).toString('latin1')).not.toContain('secret of');
  database.exec(
    `update "signatureKeys" set secret = (select secret from "signatureKeys" where id = 'k2') where id = 'k1'`,
  );
  database.close();
  await expect(store.gateways.findKey('g', 'k1')).rejects.toThrow('secret of signature key k1');
});
