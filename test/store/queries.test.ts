/** No question of the store reads a whole table. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test, vi } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { opened, temporaryFolder } from './databases.ts';
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

afterEach(() => vi.restoreAllMocks());

test.each(questions)('%s', async (_name, ask) => {
  const file = join(temporaryFolder(), 'state.sqlite');
  const store = await opened(`sqlite:${file}`);
  await settle(store);
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
  const good = /^(SEARCH .* USING (COVERING )?INDEX|LIST SUBQUERY|MULTI-INDEX OR|INDEX \d)/;
  expect(plans.filter((step) => !good.test(step))).toEqual([]);
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
