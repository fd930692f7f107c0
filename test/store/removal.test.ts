/** A project goes with all that is in it, its domain with the last project; nothing that stays points at what is gone. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Store, Token } from '../../src/store/store.ts';
import { databases, opened, temporaryFolder } from './databases.ts';
import { furnish, newBinding, newGateway } from './gateway-things.ts';
import { populate } from './oci-things.ts';
import { accessKey, agency, domain, newAlias, newGrant, newKey, newToken, otherDomain } from './people.ts';
import { otherProject, otherUser, project, settle, user } from './people.ts';

const second = { id: 'p3', name: 'second', domainId: domain.id };
/** Elsewhere, for the users of the first domain. */
const trusting = { ...agency, id: 'a2', name: 'Domain Two/writers', domainId: otherDomain.id, trustedDomainId: 'd1' };

/** By hash. */
const tokens: Readonly<Record<string, Partial<Token>>> = {
  'ann for the project': {},
  'ann for the second project': { projectId: second.id },
  'ann for the domain': { projectId: null, domainId: domain.id },
  'ann for nothing': { projectId: null },
  'the agency for the project': { userId: agency.id, assumedBy: otherUser.id },
  'the agency for nothing': { userId: agency.id, projectId: null, assumedBy: otherUser.id },
  'the agency that trusts us': { userId: trusting.id, projectId: otherProject.id, assumedBy: user.id },
  'the other ann for the project': { userId: otherUser.id },
  'the other ann for our domain': { userId: otherUser.id, projectId: null, domainId: domain.id },
  'the other ann assumed by ann': { userId: otherUser.id, projectId: null, assumedBy: user.id },
  'the other ann': { userId: otherUser.id, projectId: otherProject.id },
};

/** Of the key that stays, by whom they are for. */
const grantees = {
  'for ann': { grantee: user.id },
  'for her domain': { grantee: domain.id, granteeType: 'domain' },
  'for the other ann': { grantee: otherUser.id },
} as const;

const accessKeys = { AK1: user.id, AK2: agency.id, AK3: trusting.id, AK4: otherUser.id };

/** Two projects in the first domain, one in the other; a key with an alias in each. */
async function inhabit(store: Store): Promise<void> {
  await settle(store);
  const { identity, keys } = store;
  await identity.addProject(second);
  await identity.addUser(trusting);
  for (const access of ['AK3', 'AK4'] as const)
    await identity.addAccessKey({ ...accessKey, access, userId: accessKeys[access] });
  for (const [hash, differences] of Object.entries(tokens)) await store.tokens.add(newToken(hash, differences));
  for (const { id, domainId } of [project, second, otherProject]) {
    await keys.add(newKey(`key of ${id}`, { projectId: id, domainId }));
    await store.aliases.add(newAlias('alias/a', `key of ${id}`, id));
  }
  for (const [id, grantee] of Object.entries(grantees)) await store.grants.add(newGrant(id, 'key of p2', grantee));
}

/** The names of all that is still there. */
async function census({
  identity,
  keys,
  grants,
  tokens: tokenStore,
}: Store): Promise<Record<string, readonly string[]>> {
  const those = async (names: readonly string[], find: (name: string) => Promise<unknown>) => {
    const found = await Promise.all(names.map(find));
    return names.filter((_, index) => found[index] !== undefined);
  };
  const projectIds = [project.id, second.id, otherProject.id];
  return {
    domains: await those([domain.id, otherDomain.id], (id) => identity.domain({ id })),
    projects: (await identity.projects({})).map(({ id }) => id),
    users: await those(['u1', 'u2', 'a1', 'a2'], async (id) => (await identity.users({ id }))[0]),
    accessKeys: await those(Object.keys(accessKeys), (access) => identity.accessKey(access)),
    tokens: await those(Object.keys(tokens), (hash) => tokenStore.find(hash)),
    keys: await those(projectIds, (id) => keys.find(id, `key of ${id}`)),
    aliases: await those(projectIds, (id) => keys.findByAlias(id, ['alias/a'])),
    grants: await those(Object.keys(grantees), (id) => grants.find(id)),
  };
}

const everything = {
  domains: ['d1', 'd2'],
  projects: ['p1', 'p2', 'p3'],
  users: ['u1', 'u2', 'a1', 'a2'],
  accessKeys: ['AK1', 'AK2', 'AK3', 'AK4'],
  tokens: Object.keys(tokens),
  keys: ['p1', 'p3', 'p2'],
  aliases: ['p1', 'p3', 'p2'],
  grants: Object.keys(grantees),
};
const withoutSecond = {
  ...everything,
  projects: ['p1', 'p2'],
  tokens: everything.tokens.filter((hash) => !hash.includes('second')),
  keys: ['p1', 'p2'],
  aliases: ['p1', 'p2'],
};
const withoutDomain = {
  domains: ['d2'],
  projects: ['p2'],
  users: ['u2'],
  accessKeys: ['AK4'],
  tokens: ['the other ann'],
  keys: ['p2'],
  aliases: ['p2'],
  grants: ['for the other ann'],
};

describe.each(databases)('%s', (_, newUrl) => {
  let store: Store;
  beforeEach(async () => {
    store = await opened(newUrl());
    await inhabit(store);
  });

  test('one of several projects goes alone, the last with its domain', async () => {
    expect(await census(store)).toEqual(everything);
    expect(await store.identity.removeProject(second.id)).toBe(true);
    expect(await census(store)).toEqual(withoutSecond);
    expect(await store.identity.removeProject(project.id)).toBe(true);
    expect(await census(store)).toEqual(withoutDomain);
    expect(await store.identity.removeProject(project.id)).toBe(false);
    expect(await store.identity.removeProject(otherProject.id)).toBe(true);
    // No seed is planted a second time.
    expect(await store.isEmpty()).toBe(false);
  });

  test('a project that does not exist takes nothing with it', async () => {
    expect(await store.identity.removeProject('nowhere')).toBe(false);
    expect(await census(store)).toEqual(everything);
  });

  test('in a transaction, with all else that is done there', async () => {
    const answers = await store.transaction(async ({ identity }) => [
      await identity.removeProject(second.id),
      await identity.removeProject(project.id),
      await identity.removeProject(project.id),
    ]);
    expect(answers).toEqual([true, true, false]);
    expect(await census(store)).toEqual(withoutDomain);
  });

  test('not when the transaction fails', async () => {
    const work = store.transaction(async ({ identity }) => {
      await identity.removeProject(project.id);
      throw new Error('enough');
    });
    await expect(work).rejects.toThrow('enough');
    expect(await census(store)).toEqual(everything);
  });

  test('of many who remove it at once, one does', async () => {
    const ids = Array.from({ length: 20 }, (_each, index) => (index % 2 ? project.id : second.id));
    const answers = await Promise.all(ids.map((id) => store.identity.removeProject(id)));
    expect(answers.filter(Boolean)).toHaveLength(2);
    expect(await census(store)).toEqual(withoutDomain);
  });

  test('what is gone may come again', async () => {
    for (const { id } of [project, second]) await store.identity.removeProject(id);
    await store.identity.addDomain(domain);
    await store.identity.addProject(project);
    await store.identity.addUser(user);
    await store.keys.add(newKey('key of p1'));
    expect(await store.keys.list(project.id, {}, 0, 10)).toMatchObject({ total: 1 });
    expect(await store.tokens.find('ann for the project')).toBeUndefined();
  });
});

describe('in the tables', () => {
  const file = (): string => join(temporaryFolder(), 'state.sqlite');

  test('are the rows that stay, and no others', async () => {
    const path = file();
    const store = await opened(`sqlite:${path}`);
    await inhabit(store);
    await furnish(store);
    await store.gateways.bind([newBinding('a', 'k1')]);
    const gateways = [newGateway('g'), newGateway('h', { projectId: otherProject.id })];
    await store.contents.replace({ ...(await store.contents.read()), gateways });
    await populate(store);
    for (const { id } of [second, project]) await store.identity.removeProject(id);
    const database = new DatabaseSync(path);
    const tables = [
      'domains',
      'projects',
      'users',
      'accessKeys',
      'tokens',
      'keys',
      'materials',
      'aliases',
      'grants',
      'gateways',
    ];
    const counts = tables.map((table) => [table, database.prepare(`select count(*) as n from ${table}`).get()?.['n']]);
    expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(tables.map((table) => [table, 1])));
    for (const table of ['signatureKeys', 'environments', 'apiGroups', 'apis', 'publications', 'signatureBindings']) {
      expect(database.prepare(`select * from "${table}"`).all()).toEqual([]);
    }
    // OCI belongs to no project.
    expect([(await store.oci.anyApiKeys(10)).length, (await store.oci.deployments()).length]).toEqual([4, 2]);
    expect(database.prepare('pragma foreign_key_check').all()).toEqual([]);
    database.close();
  });

  test('is everything as it was, when the removal fails on its way', async () => {
    const path = file();
    const store = await opened(`sqlite:${path}`);
    await inhabit(store);
    await store.identity.removeProject(second.id);
    const database = new DatabaseSync(path);
    database.exec(`create trigger stop before delete on domains begin select raise(abort, 'stopped'); end`);
    database.close();
    await expect(store.identity.removeProject(project.id)).rejects.toThrow('stopped');
    expect(await census(store)).toEqual(withoutSecond);
  });
});
