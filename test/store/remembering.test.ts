import { describe, expect, test, vi } from 'vitest';
import { remembering } from '../../src/store/remembering.ts';
import { noKeys, release, type Store } from '../../src/store/store.ts';
import { opened } from './databases.ts';
import {
  furnish,
  newApi,
  newBinding,
  newEnvironment,
  newGroup,
  newPublication,
  newSignatureKey,
} from './gateway-things.ts';
import { newApiKey, newDeployment, newOciUser, newRetry, populate, tenancy } from './oci-things.ts';
import { accessKey, domain, newKey, newToken, otherDomain, otherProject, project, settle, user } from './people.ts';

type Ask = (store: Store) => Promise<unknown>;

/** What is remembered. */
const remembered: Readonly<Record<string, Ask>> = {
  'identity.project': ({ identity }) => identity.project(project.id),
  'identity.accessKey': ({ identity }) => identity.accessKey(accessKey.access),
  'tokens.find': ({ tokens }) => tokens.find('hash'),
  'keys.find': ({ keys }) => keys.find(project.id, 'k'),
  'gateways.routes': ({ gateways }) => gateways.routes('group'),
  'oci.apiKey': ({ oci }) => oci.apiKey('ada', 'a1'),
};

/** What is asked for anew each time. */
const otherReads: readonly string[] = [
  ...[
    'identity.domain',
    'identity.projects',
    'identity.users',
    'identity.everyProject',
    'identity.accessKeys',
    'contents.read',
  ],
  ...[
    'keys.findByName',
    'keys.findByAlias',
    'keys.list',
    'keys.count',
    'keys.material',
    'keys.findAnywhere',
    'keys.hasDue',
    'keys.due',
  ],
  ...[
    'gateways.gateways',
    'gateways.findKey',
    'gateways.listKeys',
    'gateways.keysFor',
    'gateways.countBindings',
    'gateways.findGroup',
    'gateways.listGroups',
    'gateways.listEnvironments',
    'gateways.findApi',
    'gateways.listApis',
    'gateways.history',
    'gateways.inForce',
    'gateways.bound',
    'gateways.listBound',
    'gateways.listUnbound',
  ],
  ...['oci.tenancies', 'oci.tenancy', 'oci.users', 'oci.user', 'oci.apiKeys', 'oci.anyApiKeys', 'oci.retry'],
  ...['oci.deployments', 'oci.deployment', 'oci.deploymentAt'],
];

const later = { id: 'later', name: 'later', domainId: domain.id };
const writes: Readonly<Record<string, Ask>> = {
  'identity.addDomain': ({ identity }) => identity.addDomain({ id: 'later', name: 'later' }),
  'identity.addProject': ({ identity }) => identity.addProject(later),
  'identity.addUser': ({ identity }) => identity.addUser({ ...user, ...later }),
  'identity.addAccessKey': ({ identity }) => identity.addAccessKey({ ...accessKey, access: 'later' }),
  'identity.countFailure': ({ identity }) => identity.countFailure(accessKey.access, 3, 5000),
  'identity.clearFailures': ({ identity }) => identity.clearFailures(accessKey.access),
  'identity.removeExpiredAccessKeys': ({ identity }) => identity.removeExpiredAccessKeys(Infinity),
  'identity.removeProject': ({ identity }) => identity.removeProject(project.id),
  'tokens.add': ({ tokens }) => tokens.add(newToken('later')),
  'tokens.remove': ({ tokens }) => tokens.remove('hash'),
  'tokens.removeExpired': ({ tokens }) => tokens.removeExpired(Infinity, []),
  'keys.add': ({ keys }) => keys.add(newKey('later')),
  'keys.expireDue': ({ keys }) => keys.expireDue(Infinity),
  'keys.addMaterial': ({ keys }) => keys.addMaterial('k', 2, Buffer.from('more')),
  'keys.removeMaterial': ({ keys }) => keys.removeMaterial('k'),
  'keys.removeDue': ({ keys }) => keys.removeDue(Infinity),
  'keys.update': ({ keys }) => keys.update(project.id, 'k', [2], { state: 3 }),
  'gateways.addKey': ({ gateways }) => gateways.addKey(newSignatureKey('later')),
  'gateways.updateKey': ({ gateways }) => gateways.updateKey(newSignatureKey('k1', { secret: 'another' })),
  'gateways.removeKey': ({ gateways }) => gateways.removeKey('g', 'k1'),
  'gateways.addGroup': ({ gateways }) => gateways.addGroup(newGroup('later')),
  'gateways.updateGroup': ({ gateways }) => gateways.updateGroup(newGroup('group', { name: 'another' })),
  'gateways.removeGroup': ({ gateways }) => gateways.removeGroup('g', 'group').catch(() => 'as it should'),
  'gateways.addEnvironment': ({ gateways }) => gateways.addEnvironment(newEnvironment('later')),
  'gateways.updateEnvironment': ({ gateways }) => gateways.updateEnvironment(newEnvironment('test')),
  'gateways.removeEnvironment': ({ gateways }) => gateways.removeEnvironment('g', 'test'),
  'gateways.addApi': ({ gateways }) => gateways.addApi(newApi('later')),
  'gateways.updateApi': ({ gateways }) => gateways.updateApi(newApi('a', { groupId: 'other' })),
  'gateways.removeApi': ({ gateways }) => gateways.removeApi('g', 'a'),
  'gateways.publish': ({ gateways }) => gateways.publish(newPublication('v2', 'a')),
  'gateways.takeOffline': ({ gateways }) => gateways.takeOffline('a', release.id),
  'gateways.bind': ({ gateways }) => gateways.bind([newBinding('a', 'k2')]),
  'gateways.unbind': ({ gateways }) => gateways.unbind('g', 'k1 of a'),
  'oci.addTenancy': ({ oci }) => oci.addTenancy({ ...tenancy, id: 'later' }),
  'oci.removeTenancy': ({ oci }) => oci.removeTenancy(tenancy.id),
  'oci.addUser': ({ oci }) => oci.addUser(newOciUser('later')),
  'oci.removeUser': ({ oci }) => oci.removeUser('ada'),
  'oci.addApiKey': ({ oci }) => oci.addApiKey(newApiKey('later'), 3),
  'oci.removeApiKey': ({ oci }) => oci.removeApiKey('ada', 'a1'),
  'oci.setInactive': ({ oci }) => oci.setInactive('ada', 'a1', 1),
  'oci.addRetry': ({ oci }) => oci.addRetry(newRetry('later'), 0),
  'oci.addDeployment': ({ oci }) => oci.addDeployment(newDeployment('later')),
  'oci.removeDeployment': ({ oci }) => oci.removeDeployment('v1'),
  'contents.replace': async ({ contents }) => contents.replace({ ...(await contents.read()), ...noKeys, tokens: [] }),
  'contents.replaceProject': async ({ contents }) =>
    contents.replaceProject({ ...(await contents.read(project.id)), ...noKeys, tokens: [] }, project.id),
  transaction: (store) =>
    store.transaction(({ keys }) => keys.update(project.id, 'k', [2], { state: 4, deletionAt: 0 })),
  'a write that fails': (store) => store.identity.addDomain(otherDomain).catch(() => 'as it should'),
  'a transaction that fails': (store) =>
    store.transaction(() => Promise.reject(new Error())).catch(() => 'as it should'),
};

/** A store that remembers, over one that says how often it was asked for what is remembered. */
async function counted(): Promise<{ store: Store; inner: Store; asked: () => Record<string, number> }> {
  const inner = await opened('sqlite::memory:');
  await settle(inner);
  await inner.keys.add(newKey('k'));
  await inner.tokens.add(newToken('hash'));
  await furnish(inner);
  await inner.gateways.bind([newBinding('a', 'k1')]);
  await populate(inner);
  const spies = {
    'identity.project': vi.spyOn(inner.identity, 'project'),
    'identity.accessKey': vi.spyOn(inner.identity, 'accessKey'),
    'tokens.find': vi.spyOn(inner.tokens, 'find'),
    'keys.find': vi.spyOn(inner.keys, 'find'),
    'gateways.routes': vi.spyOn(inner.gateways, 'routes'),
    'oci.apiKey': vi.spyOn(inner.oci, 'apiKey'),
  };
  const asked = () => Object.fromEntries(Object.entries(spies).map(([name, { mock }]) => [name, mock.calls.length]));
  return { store: remembering(inner), inner, asked };
}

const answers = (store: Store): Promise<unknown> => Promise.all(Object.values(remembered).map((ask) => ask(store)));
const times = (count: number) => Object.fromEntries(Object.keys(remembered).map((name) => [name, count]));

test('asks once', async () => {
  const { store, asked } = await counted();
  const first = await answers(store);
  expect(await answers(store)).toEqual(first);
  expect(asked()).toEqual(times(1));
});

describe('asks again after', () => {
  test.each(Object.entries(writes))('%s', async (_name, write) => {
    const { store, inner, asked } = await counted();
    await answers(store);
    await write(store);
    const found = await answers(store);
    expect(asked()).toEqual(times(2));
    expect(found).toEqual(await answers(inner));
  });
});

test('and so for every method there is', async () => {
  const { store } = await counted();
  const { identity, tokens, keys, gateways, oci, contents } = store;
  const methods = Object.entries({ identity, tokens, keys, gateways, oci, contents }).flatMap(([noun, part]) =>
    Object.keys(part).map((name) => `${noun}.${name}`),
  );
  const known = [...Object.keys(remembered), ...otherReads, ...Object.keys(writes)];
  expect(methods.filter((name) => !known.includes(name))).toEqual([]);
});

test('does not take one for another', async () => {
  const { store } = await counted();
  await answers(store);
  expect((await store.identity.project(otherProject.id))?.domain).toEqual(otherDomain);
  expect((await store.identity.accessKey('AK2'))?.access).toBe('AK2');
  expect(await store.keys.find(otherProject.id, 'k')).toBeUndefined();
  expect((await store.oci.apiKey('bob', 'a1'))?.user.id).toBe('bob');
});

test('does not remember what it does not find', async () => {
  const { store } = await counted();
  expect(await store.keys.find(project.id, 'later')).toBeUndefined();
  await store.keys.add(newKey('later', { name: 'later' }));
  expect((await store.keys.find(project.id, 'later'))?.id).toBe('later');
});

test('does not remember an answer that a write has overtaken', async () => {
  const { promise: written, resolve: writeIsDone } = Promise.withResolvers<undefined>();
  const { inner } = await counted();
  const find: Store['keys']['find'] = async (projectId, id) => {
    const found = await inner.keys.find(projectId, id);
    await written;
    return found;
  };
  const store = remembering({ ...inner, keys: { ...inner.keys, find } });
  const early = store.keys.find(project.id, 'k');
  await store.keys.update(project.id, 'k', [2], { state: 3 });
  writeIsDone(undefined);
  expect((await early)?.state).toBe(2);
  expect((await store.keys.find(project.id, 'k'))?.state).toBe(3);
});
