/** What the services may rely on, over every engine: domains, projects, users and access keys. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { AccessKeyDetails, Store, UserDetails } from '../../src/store/store.ts';
import { databases, opened } from './databases.ts';
import { accessKey, agency, domain, otherDomain, otherProject, otherUser } from './people.ts';
import { project, settle, temporaryKey, user } from './people.ts';

describe.each(databases)('%s', (_, newUrl) => {
  let store: Store;
  beforeEach(async () => {
    store = await opened(newUrl());
    await settle(store);
  });

  test.each([
    [{ id: domain.id }, domain],
    [{ name: otherDomain.name }, otherDomain],
    [{ name: 'nobody' }, undefined],
  ])('domain by %j', async (by, found) => {
    expect(await store.identity.domain(by)).toEqual(found);
  });

  describe('projects', () => {
    test.each([
      [{ id: project.id }, [project]],
      [{ name: 'eu-de' }, [project, otherProject]],
      [{ name: 'eu-de', domainId: otherDomain.id }, [otherProject]],
      [{ id: project.id, domainId: otherDomain.id }, []],
      [{}, [project, otherProject]],
    ])('by %j', async (by, found) => {
      expect(await store.identity.projects(by)).toEqual(found);
    });

    test('stand in the order of their names', async () => {
      for (const name of ['c', 'a', 'x', 'b']) {
        await store.identity.addProject({ id: `id of ${name}`, name, domainId: domain.id });
      }
      const names = (projects: readonly { name: string }[]) => projects.map(({ name }) => name).join(' ');
      expect(names(await store.identity.projects({ domainId: domain.id }))).toBe('a b c eu-de x');
      expect(names(await store.identity.projects({}))).toBe('a b c eu-de eu-de x');
    });

    test.each([
      [project.id, { id: project.id, name: 'eu-de', domain }],
      [otherProject.id, { id: otherProject.id, name: 'eu-de', domain: otherDomain }],
      ['nowhere', undefined],
    ])('one by its id, with its domain: %s', async (id, found) => {
      expect(await store.identity.project(id)).toEqual(found);
    });
  });

  test.each([
    [{ id: user.id }, [user]],
    [{ id: otherUser.id }, [otherUser]],
    [{ name: 'ann' }, [user, otherUser]],
    [{ name: 'ann', domainId: domain.id }, [user]],
    [{ name: agency.name }, [agency]],
    [{ id: "' or 1=1 --" }, []],
  ])('users by %j', async (by, found) => {
    const users = await store.identity.users(by);
    expect(users.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(found);
  });

  describe('access keys', () => {
    const known = async (access: string): Promise<AccessKeyDetails | undefined> => store.identity.accessKey(access);
    const failuresOf = async (access: string) => {
      const { failures, lockedUntil } = (await known(access))!;
      return { failures, lockedUntil };
    };

    const ann: UserDetails = { id: user.id, name: 'ann', domain, permissions: null };
    const readers: UserDetails = { id: agency.id, name: agency.name, domain, permissions: [] };
    test.each([
      ['a permanent one', accessKey, ann],
      ['a temporary one', temporaryKey, readers],
    ])('%s, with its secret in clear and its user', async (_kind, key, owner) => {
      expect(await known(key.access)).toEqual({ ...key, user: owner, failures: 0, lockedUntil: null });
    });

    test('one whose user may not do everything', async () => {
      await store.identity.addAccessKey({ ...accessKey, access: 'AK3', userId: otherUser.id });
      expect((await known('AK3'))?.user).toEqual({ ...ann, id: 'u2', domain: otherDomain, permissions: otherUser.permissions }); // prettier-ignore
    });

    test('all of them, or those of a domain, in the order of their names and not more than asked for', async () => {
      await store.identity.addAccessKey({ ...accessKey, access: 'AK0', userId: otherUser.id });
      const names = async (by: { domainId?: string }, most: number) =>
        (await store.identity.accessKeys(by, most)).map(({ access }) => access);
      expect(await names({}, 10)).toEqual(['AK0', 'AK1', 'AK2']);
      expect(await names({}, 2)).toEqual(['AK0', 'AK1']);
      expect(await names({ domainId: domain.id }, 10)).toEqual(['AK1', 'AK2']);
      expect(await names({ domainId: 'nobody' }, 10)).toEqual([]);
      const [first] = await store.identity.accessKeys({ domainId: domain.id }, 1);
      expect(first).toEqual(await known('AK1'));
    });

    test('one that nobody has', async () => {
      expect(await known('AK')).toBeUndefined();
      await store.identity.countFailure('AK', 1, 5000);
      await store.identity.clearFailures('AK');
      expect(await known('AK')).toBeUndefined();
    });

    test('lock when too many failures came in a row, and count from 0 again', async () => {
      const seen = [];
      for (const until of [5000, 5001, 5002, 5003, 5004, 5005, 5006]) {
        await store.identity.countFailure('AK1', 3, until);
        seen.push(await failuresOf('AK1'));
      }
      expect(seen).toEqual([
        { failures: 1, lockedUntil: null },
        { failures: 2, lockedUntil: null },
        { failures: 0, lockedUntil: 5002 },
        { failures: 1, lockedUntil: 5002 },
        { failures: 2, lockedUntil: 5002 },
        { failures: 0, lockedUntil: 5005 },
        { failures: 1, lockedUntil: 5005 },
      ]);
      expect(await failuresOf('AK2')).toEqual({ failures: 0, lockedUntil: null });
    });

    test('lock also when fewer failures are too many than were counted already', async () => {
      for (const most of [5, 5, 5, 2]) await store.identity.countFailure('AK1', most, 5000);
      expect(await failuresOf('AK1')).toEqual({ failures: 0, lockedUntil: 5000 });
    });

    test.each([
      [20, 100, { failures: 20, lockedUntil: null }],
      [20, 7, { failures: 6, lockedUntil: 5000 }],
      [21, 7, { failures: 0, lockedUntil: 5000 }],
    ])('%i failures at once all count, %i are too many', async (count, most, outcome) => {
      await Promise.all(Array.from({ length: count }, () => store.identity.countFailure('AK1', most, 5000)));
      expect(await failuresOf('AK1')).toEqual(outcome);
    });

    test('forget their failures and open again', async () => {
      for (const access of ['AK1', 'AK1', 'AK1', 'AK2']) await store.identity.countFailure(access, 2, 5000);
      expect(await failuresOf('AK1')).toEqual({ failures: 1, lockedUntil: 5000 });
      await store.identity.clearFailures('AK1');
      expect(await failuresOf('AK1')).toEqual({ failures: 0, lockedUntil: null });
      expect(await failuresOf('AK2')).toEqual({ failures: 1, lockedUntil: null });
    });

    test('that expired are removed, the others stay', async () => {
      for (const [access, expiresAt] of [
        ['past', 999],
        ['now', 1000],
        ['ever', null],
      ] as const) {
        await store.identity.addAccessKey({ ...temporaryKey, access, expiresAt });
      }
      await store.identity.removeExpiredAccessKeys(1000);
      const left = await Promise.all(['past', 'now', 'ever', 'AK1', 'AK2'].map(known));
      expect(left.map((key) => key?.access)).toEqual([undefined, 'now', 'ever', 'AK1', 'AK2']);
    });
  });
});
