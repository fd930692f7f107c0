/** No question of the store reads a whole table. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { noKeys, type Store } from '../../src/store/store.ts';
import { freshPostgres } from '../support/postgres-database.ts';
import { opened, temporaryFolder } from './databases.ts';
import { furnish, newPublication, newSignatureKey } from './gateway-things.ts';
import { newApiKey, newRetry, populate, tenancy } from './oci-things.ts';
import { domain, project, settle } from './people.ts';

const questions: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
  ['tokens.find', ({ tokens }) => tokens.find('hash')],
  ['tokens.remove', ({ tokens }) => tokens.remove('hash')],
  ['tokens.removeExpired', ({ tokens }) => tokens.removeExpired(0, ['hash'])],
  ['keys.find', ({ keys }) => keys.find(project.id, 'k')],
  ['keys.findByName', ({ keys }) => keys.findByName(project.id, 'name')],
  ['keys.findByAlias', ({ keys }) => keys.findByAlias(project.id, ['alias/name'])],
  ['keys.list', ({ keys }) => keys.list(project.id, {}, 0, 10)],
  ['keys.list with a filter', ({ keys }) => keys.list(project.id, { state: 2, spec: 'SM2' }, 0, 10)],
  ['keys.count', ({ keys }) => keys.count(project.id)],
  ['keys.update', ({ keys }) => keys.update(project.id, 'k', [2], { state: 3 })],
  ['keys.removeDue', ({ keys }) => keys.removeDue(0)],
  ['keys.material', ({ keys }) => keys.material('k', 1)],
  ['keys.findAnywhere', ({ keys }) => keys.findAnywhere('k')],
  ['keys.hasDue', ({ keys }) => keys.hasDue(0)],
  ['keys.due', ({ keys }) => keys.due(0, 10)],
  ['keys.expireDue', ({ keys }) => keys.expireDue(0)],
  ['keys.removeMaterial', ({ keys }) => keys.removeMaterial('k')],
  ['aliases.find', ({ aliases }) => aliases.find(project.id, 'a')],
  ['aliases.list', ({ aliases }) => aliases.list(project.id, { after: 'a' }, 10)],
  ['aliases.list of a key', ({ aliases }) => aliases.list(project.id, { keyId: 'k' }, 10)],
  ['aliases.count', ({ aliases }) => aliases.count('k')],
  ['aliases.move', ({ aliases }) => aliases.move(project.id, 'a', 'k', 0)],
  ['aliases.remove', ({ aliases }) => aliases.remove(project.id, 'k', ['a'])],
  ['tags.list', ({ tags }) => tags.list(['k'])],
  ['tags.remove', ({ tags }) => tags.remove('k', ['a'])],
  ['grants.find', ({ grants }) => grants.find('g')],
  ['grants.remove', ({ grants }) => grants.remove('g')],
  ['grants.list', ({ grants }) => grants.list('k', 0, 10)],
  ['grants.held', ({ grants }) => grants.held('k', { user: 'u', domain: 'd' })],
  ['imports.find', ({ imports }) => imports.find('hash')],
  ['imports.tidy', ({ imports }) => imports.tidy(0, 'k', 10)],
  ['gateways.gateways', ({ gateways }) => gateways.gateways(project.id)],
  ['gateways.findKey', ({ gateways }) => gateways.findKey('g', 'k')],
  ['gateways.updateKey', ({ gateways }) => gateways.updateKey(newSignatureKey('k'))],
  ['gateways.removeKey', ({ gateways }) => gateways.removeKey('g', 'k')],
  ['gateways.listKeys', ({ gateways }) => gateways.listKeys('g', {}, 0, 10)],
  [
    'gateways.listKeys by name',
    ({ gateways }) => gateways.listKeys('g', { name: { text: 'k', isExact: true } }, 0, 10),
  ],
  ['gateways.keysFor', ({ gateways }) => gateways.keysFor('key')],
  ['gateways.keysFor in a project', ({ gateways }) => gateways.keysFor('key', project.id)],
  ['gateways.countBindings', ({ gateways }) => gateways.countBindings(['k'])],
  ['gateways.listGroups', ({ gateways }) => gateways.listGroups('g', {}, 0, 10)],
  ['gateways.removeGroup', ({ gateways }) => gateways.removeGroup('g', 'none')],
  ['gateways.removeEnvironment', ({ gateways }) => gateways.removeEnvironment('g', 'test')],
  ['gateways.listEnvironments', ({ gateways }) => gateways.listEnvironments('g')],
  ['gateways.removeApi', ({ gateways }) => gateways.removeApi('g', 'a')],
  ['gateways.listApis', ({ gateways }) => gateways.listApis('g', { path: { text: '/', isExact: false } }, 0, 10)],
  ['gateways.listApis of a group', ({ gateways }) => gateways.listApis('g', { groupId: 'group' }, 0, 10)],
  ['gateways.listApis of an environment', ({ gateways }) => gateways.listApis('g', { environmentId: 'test' }, 0, 10)],
  ['gateways.publish', ({ gateways }) => gateways.publish(newPublication('v2', 'a'))],
  ['gateways.history', ({ gateways }) => gateways.history('a', undefined, 0, 10)],
  ['gateways.inForce', ({ gateways }) => gateways.inForce('g', {})],
  ['gateways.inForce of APIs', ({ gateways }) => gateways.inForce('g', { apiIds: ['a'] })],
  ['gateways.inForce by publish_id', ({ gateways }) => gateways.inForce('g', { publishIds: ['v'] })],
  ['gateways.unbind', ({ gateways }) => gateways.unbind('g', 'k1 of a')],
  ['gateways.bound', ({ gateways }) => gateways.bound('g', ['k1 of a'])],
  ['gateways.listBound', ({ gateways }) => gateways.listBound('g', {}, 0, 10)],
  ['gateways.listBound to a key', ({ gateways }) => gateways.listBound('g', { keyId: 'k1' }, 0, 10)],
  ['gateways.listBound of an API', ({ gateways }) => gateways.listBound('g', { apiId: 'a' }, 0, 10)],
  ['gateways.listUnbound', ({ gateways }) => gateways.listUnbound('g', 'k1', {}, 0, 10)],
  ['gateways.routes', ({ gateways }) => gateways.routes('group')],
  ['oci.tenancy', ({ oci }) => oci.tenancy(tenancy.id)],
  ['oci.removeTenancy', ({ oci }) => oci.removeTenancy(tenancy.id)],
  ['oci.users of a tenancy', ({ oci }) => oci.users(tenancy.id)],
  ['oci.user', ({ oci }) => oci.user('ada')],
  ['oci.removeUser', ({ oci }) => oci.removeUser('ada')],
  ['oci.addApiKey', ({ oci }) => oci.addApiKey(newApiKey('a3'), 3)],
  ['oci.apiKeys', ({ oci }) => oci.apiKeys('ada')],
  ['oci.apiKey', ({ oci }) => oci.apiKey('ada', 'a1')],
  ['oci.removeApiKey', ({ oci }) => oci.removeApiKey('ada', 'a1', 'another')],
  ['oci.setInactive', ({ oci }) => oci.setInactive('ada', 'a1', 1)],
  ['oci.retry', ({ oci }) => oci.retry('ada', 'upload', 0)],
  ['oci.addRetry', ({ oci }) => oci.addRetry(newRetry('new'), 0)],
  ['oci.deployment', ({ oci }) => oci.deployment('v1')],
  ['oci.deploymentAt', ({ oci }) => oci.deploymentAt(['/', '/v1', '/v1/x'])],
  ['oci.removeDeployment', ({ oci }) => oci.removeDeployment('v1')],
  ['identity.domain by id', ({ identity }) => identity.domain({ id: domain.id })],
  ['identity.domain by name', ({ identity }) => identity.domain({ name: domain.name })],
  ['identity.projects by id', ({ identity }) => identity.projects({ id: project.id })],
  ['identity.projects by name', ({ identity }) => identity.projects({ name: project.name, domainId: domain.id })],
  ['identity.projects of a domain', ({ identity }) => identity.projects({ domainId: domain.id })],
  ['identity.project', ({ identity }) => identity.project(project.id)],
  ['identity.users by id', ({ identity }) => identity.users({ id: 'u' })],
  ['identity.users by name', ({ identity }) => identity.users({ name: 'u' })],
  ['identity.accessKey', ({ identity }) => identity.accessKey('AK')],
  ['identity.countFailure', ({ identity }) => identity.countFailure('AK', 3, 0)],
  ['identity.clearFailures', ({ identity }) => identity.clearFailures('AK')],
  ['identity.removeExpiredAccessKeys', ({ identity }) => identity.removeExpiredAccessKeys(0)],
  ['identity.removeProject, and with it the domain', ({ identity }) => identity.removeProject(project.id)],
];

/** What asks for all there is: read in the order of an index, with nothing to sort. */
const lists: typeof questions = [
  ['oci.tenancies', ({ oci }) => oci.tenancies()],
  ['oci.users', ({ oci }) => oci.users()],
  ['oci.anyApiKeys', ({ oci }) => oci.anyApiKeys(20)],
  ['oci.deployments', ({ oci }) => oci.deployments()],
];

/** Some questions remove what they are asked of. */
const nothing = {
  ...noKeys,
  ...{
    domains: [],
    projects: [],
    users: [],
    accessKeys: [],
    tokens: [],
    gateways: [],
    ociTenancies: [],
    ociUsers: [],
    ociApiKeys: [],
  },
};

afterEach(() => vi.restoreAllMocks());

/** How SQLite goes about the question: its steps. */
async function stepsOf(ask: (store: Store) => Promise<unknown>): Promise<readonly string[]> {
  const file = join(temporaryFolder(), 'state.sqlite');
  const before = await opened(`sqlite:${file}`);
  await settle(before);
  await furnish(before);
  await populate(before);
  await before.close();
  const store = await opened(`sqlite:${file}`);
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  await ask(store);
  const asked = prepare.mock.calls.map(([text]) => text).filter((text) => !/^(begin|commit)/.test(text));
  prepare.mockRestore();

  const database = new DatabaseSync(file);
  const plans = asked.flatMap((text) => {
    const blanks = Array.from(text.matchAll(/\?/g), () => null);
    return database
      .prepare(`explain query plan ${text}`)
      .all(...blanks)
      .map(({ detail }) => String(detail));
  });
  database.close();
  expect(plans).not.toHaveLength(0);
  return plans;
}

const good = /^(SEARCH .* USING (COVERING )?INDEX|LIST SUBQUERY|CORRELATED SCALAR SUBQUERY|MULTI-INDEX OR|INDEX \d)/;
const inOrder = /^SCAN .* USING (COVERING )?INDEX/;

test.each(questions)('%s', async (_name, ask) => {
  expect((await stepsOf(ask)).filter((step) => !good.test(step))).toEqual([]);
});

test.each(lists)('%s, which is all there is', async (_name, ask) => {
  const [first = '', ...rest] = await stepsOf(ask);
  expect(first).toMatch(inOrder);
  expect(rest.filter((step) => !good.test(step))).toEqual([]);
});

/** How Postgres goes about it, where it must not read whole tables if it can do otherwise: what it reads as a whole nevertheless. */
test('on Postgres, no question reads a whole table', { timeout: 120_000 }, async () => {
  const url = await freshPostgres();
  const store = await opened(url);
  const asked = new Map<string, Set<string>>();
  const query = vi.spyOn(pg.Client.prototype, 'query');
  for (const [name, ask] of questions) {
    await store.contents.replace({ ...(await store.contents.read()), ...nothing });
    await settle(store);
    await furnish(store);
    await populate(store);
    query.mockClear();
    await ask(store);
    const texts = query.mock.calls.map(([config]) => (config as unknown as { text?: string }).text ?? '');
    asked.set(name, new Set(texts.filter((text) => /^(?:select|update|delete|insert)/.test(text))));
  }
  query.mockRestore();
  expect([...asked].filter(([, texts]) => texts.size === 0)).toEqual([]);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('set enable_seqscan = off; set plan_cache_mode = force_generic_plan');
  const whole: string[] = [];
  for (const [name, texts] of asked) {
    for (const text of texts) {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (generic_plan) ${text}`);
      if (rows.some((row) => row['QUERY PLAN'].includes('Seq Scan'))) whole.push(`${name}: ${text}`);
    }
  }
  await client.end();
  expect(whole).toEqual([]);
});

test('a row is removed without a search of whole tables for what points at it', async () => {
  const file = join(temporaryFolder(), 'state.sqlite');
  await opened(`sqlite:${file}`);
  const database = new DatabaseSync(file);
  const unindexed = database
    .prepare(
      `select t.name || '.' || f."from" as pointer
       from sqlite_master t, pragma_foreign_key_list(t.name) f
       where t.type = 'table' and not exists
         (select 1 from pragma_index_list(t.name) l, pragma_index_info(l.name) i where i.seqno = 0 and i.name = f."from")`,
    )
    .all();
  const pointers = database.prepare(`select 1 from sqlite_master t, pragma_foreign_key_list(t.name)`).all();
  database.close();
  expect(pointers).not.toHaveLength(0);
  expect(unindexed).toEqual([]);
});
