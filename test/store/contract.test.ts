/** What the services may rely on, over every engine: tokens, keys, names and transactions. */
import { beforeEach, describe, expect, test } from 'vitest';
import { DuplicateName, OwnerGone } from '../../src/store/store.ts';
import type { KeyFilter, KeyState, Store } from '../../src/store/store.ts';
import { databases, opened } from './databases.ts';
import { accessKey, agency, domain, newAlias, newKey, newToken, otherDomain, otherProject } from './people.ts';
import { otherUser, project, settle, shown, user } from './people.ts';

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();

describe.each(databases)('%s', (_, newUrl) => {
  let store: Store;
  beforeEach(async () => {
    store = await opened(newUrl());
    await settle(store);
  });

  test('is empty until it is of a region', async () => {
    expect(await (await opened(newUrl())).isEmpty()).toBe(true);
    expect(await store.isEmpty()).toBe(false);
  });

  describe('tokens', () => {
    const ann = { id: user.id, name: 'ann', domain, permissions: null };
    test.each([
      ['a project', {}, { project: { id: project.id, name: project.name, domain }, domain: null }],
      ['a domain', { projectId: null, domainId: domain.id }, { project: null, domain }],
      ['nothing', { projectId: null, methods: ['token', 'password'] }, { project: null, domain: null }],
      [
        'a project, for ever',
        { expiresAt: null },
        { project: { id: project.id, name: project.name, domain }, domain: null },
      ],
      [
        'a project of another domain',
        { projectId: otherProject.id },
        { project: { id: otherProject.id, name: otherProject.name, domain: otherDomain }, domain: null },
      ],
    ])('one for %s is found with all names', async (_scope, differences, found) => {
      const token = newToken('hash', differences);
      await store.tokens.add(token);
      expect(await store.tokens.find('hash')).toEqual({ ...token, user: ann, ...found, assumer: null });
      expect(await store.tokens.find('another')).toBeUndefined();
    });

    test('one of an agency is found with what it may do, and with who acts as it', async () => {
      const token = newToken('hash', { userId: agency.id, assumedBy: otherUser.id });
      await store.tokens.add(token);
      expect(await store.tokens.find('hash')).toEqual({
        ...token,
        user: { id: agency.id, name: agency.name, domain, permissions: [] },
        project: { id: project.id, name: project.name, domain },
        domain: null,
        assumer: { id: otherUser.id, name: 'ann', domain: otherDomain },
      });
    });

    test('is removed once', async () => {
      await store.tokens.add(newToken('hash'));
      expect(await store.tokens.remove('hash')).toBe(true);
      expect(await store.tokens.remove('hash')).toBe(false);
      expect(await store.tokens.find('hash')).toBeUndefined();
    });

    test('those that expired are removed, the others stay', async () => {
      for (const [hash, expiresAt] of [
        ['past', 999],
        ['now', 1000],
        ['ever', null],
        ['kept', 999],
      ] as const) {
        await store.tokens.add(newToken(hash, { expiresAt }));
      }
      await store.tokens.removeExpired(1000, ['kept']);
      const left = await Promise.all(['past', 'now', 'ever', 'kept'].map((hash) => store.tokens.find(hash)));
      expect(left.map((token) => token?.hash)).toEqual([undefined, 'now', 'ever', 'kept']);
    });
  });

  describe('keys', () => {
    test.each([
      ['a key pair', newKey('k', { description: 'Grüße 🔑', deletionAt: 5, expiresAt: 6, state: 4 })],
      ['a secret key', newKey('k', { publicKey: null })],
      ['a key without material', newKey('k', { publicKey: null, material: null, state: 5, origin: 'external' })],
    ])('%s is found as it was added, without its material', async (_kind, key) => {
      await store.keys.add(key);
      const found = await store.keys.find(project.id, 'k');
      expect(found).not.toHaveProperty('material');
      expect(shown(found)).toEqual(shown(key));
      const material = await store.keys.material('k', 1);
      expect(material && Buffer.from(material).toString()).toBe(key.material ? 'private half of k' : undefined);
    });

    test('is not found from another project, by no name', async () => {
      await store.keys.add(newKey('k'));
      await store.aliases.add(newAlias('alias/k', 'k'));
      expect(await store.keys.find(otherProject.id, 'k')).toBeUndefined();
      expect(await store.keys.findByName(otherProject.id, 'name of k')).toBeUndefined();
      expect(await store.keys.findByAlias(otherProject.id, ['alias/k'])).toBeUndefined();
      expect(await store.keys.update(otherProject.id, 'k', [2], { state: 3 })).toBe(false);
      expect(await store.keys.count(otherProject.id)).toBe(0);
      expect(await store.keys.list(otherProject.id, {}, 0, 10)).toEqual({ items: [], total: 0 });
      expect(await store.keys.material('another', 1)).toBeUndefined();
    });

    test('is found by name; names are compared to the letter', async () => {
      await store.keys.add(newKey('k', { name: 'Name' }));
      expect((await store.keys.findByName(project.id, 'Name'))?.id).toBe('k');
      expect(await store.keys.findByName(project.id, 'name')).toBeUndefined();
    });

    test.each([
      [['alias/a'], 'k1'],
      [['a'], 'k2'],
      [['alias/a', 'a'], 'k1'],
      [['a', 'alias/a'], 'k2'],
      [['none', 'a'], 'k2'],
      [['none'], undefined],
      [[], undefined],
    ])('by the aliases %j', async (aliases, id) => {
      for (const key of ['k1', 'k2']) await store.keys.add(newKey(key));
      await store.aliases.add(newAlias('alias/a', 'k1'));
      await store.aliases.add(newAlias('a', 'k2'));
      expect((await store.keys.findByAlias(project.id, aliases))?.id).toBe(id);
    });

    test('is found by its id alone, whoever has it', async () => {
      await store.keys.add(newKey('k', { projectId: otherProject.id, domainId: otherDomain.id }));
      expect((await store.keys.findAnywhere('k'))?.projectId).toBe(otherProject.id);
      expect(await store.keys.findAnywhere('none')).toBeUndefined();
    });

    const listed: readonly [KeyFilter, offset: number, limit: number, ids: string, total: number][] = [
      [{}, 0, 10, 'e d c b a', 5],
      [{}, 1, 2, 'd c', 5],
      [{}, 4, 2, 'a', 5],
      [{}, 5, 2, '', 5],
      [{ state: 3 }, 0, 10, 'd b', 2],
      [{ spec: 'AES_256' }, 0, 10, 'c b', 2],
      [{ spec: 'AES_256', state: 3 }, 0, 10, 'b', 1],
      [{ enterpriseProjectId: 'x' }, 0, 10, 'e', 1],
      [{ enterpriseProjectId: 'y' }, 0, 10, '', 0],
    ];
    test.each(listed)('a list of %j from %i, at most %i: "%s" of %i', async (filter, offset, limit, ids, total) => {
      await store.keys.add(newKey('c', { createdAt: 3, spec: 'AES_256' }));
      await store.keys.add(newKey('a', { createdAt: 1 }));
      await store.keys.add(newKey('b', { createdAt: 2, spec: 'AES_256', state: 3 }));
      await store.keys.add(newKey('e', { createdAt: 4, enterpriseProjectId: 'x' }));
      await store.keys.add(newKey('d', { createdAt: 4, state: 3 }));
      await store.keys.add(newKey('z', { projectId: otherProject.id, domainId: otherDomain.id }));
      const page = await store.keys.list(project.id, filter, offset, limit);
      expect({ ids: page.items.map(({ id }) => id).join(' '), total: page.total }).toEqual({ ids, total });
      for (const key of page.items) expect(key).not.toHaveProperty('material');
    });

    test('keep every material that they ever had, by version, until all are removed', async () => {
      const materials = async (id: string) =>
        Promise.all([1, 2, 3].map(async (version) => text(await store.keys.material(id, version))));
      await store.keys.add(newKey('k', { material: Buffer.from('one') }));
      await store.keys.add(newKey('bystander', { material: Buffer.from('other') }));
      await store.keys.addMaterial('k', 3, Buffer.from('three'));
      expect(await materials('k')).toEqual(['one', undefined, 'three']);
      await expect(store.keys.addMaterial('k', 3, Buffer.from('again'))).rejects.toThrow(DuplicateName);
      await expect(store.keys.addMaterial('none', 1, Buffer.from('lost'))).rejects.toThrow(OwnerGone);
      await store.keys.removeMaterial('k');
      expect(await materials('k')).toEqual([undefined, undefined, undefined]);
      expect(await materials('bystander')).toEqual(['other', undefined, undefined]);
    });

    test.each<[KeyState, number, KeyState]>([
      [2, 100, 5],
      [3, 100, 5],
      [4, 100, 4],
      [2, 101, 2],
    ])('of which the imported material expires: state %i, at %i, becomes %i', async (state, expiresAt, after) => {
      const imported = { origin: 'external', state, expiresAt, importedHash: 'hash' } as const;
      await store.keys.add(newKey('k', imported));
      await store.keys.expireDue(100);
      const isGone = expiresAt === 100;
      const emptied = isGone && { publicKey: null, materialVersion: 0, expiresAt: null };
      expect(shown(await store.keys.find(project.id, 'k'))).toEqual(
        shown({ ...newKey('k', imported), state: after, ...emptied }),
      );
      expect((await store.keys.material('k', 1)) === undefined).toBe(isGone);
    });

    test('fall due in the order of time; at one instant deletion is first, then expiry, then rotation', async () => {
      const at = (instant: number) => ({ nextRotationAt: instant });
      await store.keys.add(newKey('rotates', at(50)));
      await store.keys.add(newKey('rotates later', at(101)));
      await store.keys.add(newKey('disabled', { state: 3, ...at(50) }));
      await store.keys.add(newKey('leaves', { state: 4, deletionAt: 50 }));
      await store.keys.add(newKey('stays', { state: 2, deletionAt: 50 }));
      await store.keys.add(newKey('expires', { expiresAt: 50 }));
      await store.keys.add(newKey('first', { expiresAt: 49 }));
      await store.keys.add(
        newKey('elsewhere', { projectId: otherProject.id, domainId: otherDomain.id, expiresAt: 100 }),
      );
      const due = await store.keys.due(100, 10);
      expect(due.map(({ at: instant, what, keyId }) => `${instant} ${what} ${keyId}`)).toEqual([
        '49 expiry first',
        '50 deletion leaves',
        '50 expiry expires',
        '50 rotation rotates',
        '100 expiry elsewhere',
      ]);
      expect(due.map(({ projectId }) => projectId).lastIndexOf(otherProject.id)).toBe(4);
      expect(await store.keys.due(100, 2)).toEqual(due.slice(0, 2));
      expect(await store.keys.due(48, 10)).toEqual([]);
    });

    test('count towards the quota in every state', async () => {
      for (const state of [2, 3, 4, 5] as const) await store.keys.add(newKey(`k${state}`, { state }));
      expect(await store.keys.count(project.id)).toBe(4);
    });

    test('change only what the change names', async () => {
      const key = newKey('k');
      await store.keys.add(key);
      await store.keys.add(newKey('bystander'));
      expect(await store.keys.update(project.id, 'k', [2, 3], { state: 4, deletionAt: 77 })).toBe(true);
      expect(shown(await store.keys.find(project.id, 'k'))).toEqual(shown({ ...key, state: 4, deletionAt: 77 }));
      expect(shown(await store.keys.find(project.id, 'bystander'))).toEqual(shown(newKey('bystander')));
      expect(await store.keys.material('k', 1)).toBeDefined();
    });

    test.each<[string, readonly KeyState[], boolean]>([
      ['k', [2], true],
      ['k', [3, 2], true],
      ['k', [3, 4, 5], false],
      ['gone', [2], false],
    ])('%s in one of the states %j: an empty change answers %s', async (id, states, answer) => {
      await store.keys.add(newKey('k'));
      expect(await store.keys.update(project.id, id, states, {})).toBe(answer);
    });

    test('of many that change a state at once, one succeeds', async () => {
      await store.keys.add(newKey('k'));
      const changes = Array.from({ length: 20 }, (_each, index) =>
        store.keys.update(project.id, 'k', [2], { state: 3, description: `by ${index}` }),
      );
      const answers = await Promise.all(changes);
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect((await store.keys.find(project.id, 'k'))?.description).toBe(`by ${answers.indexOf(true)}`);
    });
  });

  describe('a name that is taken', () => {
    const taken: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
      ['domain', ({ identity }) => identity.addDomain({ id: 'd3', name: domain.name })],
      ['project', ({ identity }) => identity.addProject({ ...project, id: 'p3' })],
      ['user', ({ identity }) => identity.addUser({ ...user, id: 'u3' })],
      ['access key', ({ identity }) => identity.addAccessKey(accessKey)],
      ['token', ({ tokens }) => tokens.add(newToken('hash'))],
      ['key name', ({ keys }) => keys.add(newKey('k2', { name: 'name of k' }))],
      ['key id', ({ keys }) => keys.add(newKey('k', { name: 'other' }))],
      ['new key name', ({ keys }) => keys.update(project.id, 'free', [2], { name: 'name of k' })],
      ['alias', ({ aliases }) => aliases.add(newAlias('alias/k', 'free'))],
    ];
    test.each(taken)('%s: DuplicateName', async (_what, attempt) => {
      await store.tokens.add(newToken('hash'));
      await store.keys.add(newKey('k', { state: 4 }));
      await store.keys.add(newKey('free'));
      await store.aliases.add(newAlias('alias/k', 'k'));
      await expect(attempt(store)).rejects.toThrow(DuplicateName);
    });

    test('is free in another project, and for the key that has it', async () => {
      await store.keys.add(newKey('k'));
      await store.keys.add(newKey('k2', { name: 'name of k', projectId: otherProject.id, domainId: otherDomain.id }));
      expect(await store.keys.update(project.id, 'k', [2], { name: 'name of k' })).toBe(true);
    });

    test('of many who want it at once, one gets it', async () => {
      const attempts = Array.from({ length: 20 }, (_each, index) =>
        store.keys.add(newKey(`k${index}`, { name: 'wanted' })),
      );
      const outcomes = await Promise.allSettled(attempts);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await store.keys.count(project.id)).toBe(1);
    });
  });

  describe('a transaction', () => {
    test('keeps all of its work and gives its result', async () => {
      const result = await store.transaction(async (inner) => {
        await inner.keys.add(newKey('k'));
        return (await inner.keys.find(project.id, 'k'))?.id;
      });
      expect(result).toBe('k');
      expect(await store.keys.count(project.id)).toBe(1);
    });

    test('that fails leaves nothing', async () => {
      const work = store.transaction(async (inner) => {
        await inner.keys.add(newKey('k'));
        await inner.identity.addProject({ ...project, id: 'p3', name: 'new' });
        throw new Error('enough');
      });
      await expect(work).rejects.toThrow('enough');
      expect(await store.keys.count(project.id)).toBe(0);
      expect(await store.identity.projects({ id: 'p3' })).toEqual([]);
    });

    test('does not nest', async () => {
      await expect(store.transaction((inner) => inner.transaction(() => Promise.resolve()))).rejects.toThrow();
    });
  });

  test('a key of a project that does not exist is refused', async () => {
    await expect(store.keys.add(newKey('k', { projectId: 'nowhere' }))).rejects.toThrow(OwnerGone);
  });
});
