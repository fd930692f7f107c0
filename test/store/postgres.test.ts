/** What is particular about Postgres: who may write, what texts it takes, and what is refused with which words. */
import { Kysely, sql } from 'kysely';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openEngine, StoreUnusable } from '../../src/store/engines.ts';
import { openStore } from '../../src/store/sql.ts';
import { DuplicateName, StoreUnreachable, type Store } from '../../src/store/store.ts';
import { freshPostgres, postgresDatabase, postgresUrl } from '../support/postgres-database.ts';
import { guarded, runSql } from '../support/postgres.ts';
import { opened } from './databases.ts';
import { fill, shown as shownContents } from './full-store.ts';
import { newAlias, newKey, newToken, project, settle, shown } from './people.ts';

const masterKey = Buffer.alloc(32, 7);
const withUser = (url: string, name: string, password?: string): string => {
  const changed = new URL(url);
  [changed.username, changed.password] = [name, password ?? ''];
  return changed.href;
};

test('many that begin with the same empty database make it once', async () => {
  const url = await freshPostgres();
  const stores = await Promise.all(Array.from({ length: 5 }, () => opened(url)));
  await settle(stores[0]!);
  for (const store of stores) expect(await store.region()).toBe('eu-de');
});

describe('of those that write at the same time', () => {
  test('one gets the name, the others hear of it', async () => {
    const url = await postgresDatabase();
    const stores = await Promise.all([opened(url), opened(url), opened(url)]);
    await settle(stores[0]);
    await stores[0].keys.add(newKey('k'));
    for (let round = 0; round < 20; round++) {
      const adding = stores.flatMap((store) => [1, 2].map(() => store.aliases.add(newAlias(`alias/${round}`, 'k'))));
      const ends = await Promise.allSettled(adding);
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
      expect(reasons.every((reason) => reason instanceof DuplicateName)).toBe(true);
    }
  });

  test('each sees what those before it have done, also in a transaction that began earlier', async () => {
    const url = await postgresDatabase();
    const stores = await Promise.all([opened(url), opened(url)]);
    await settle(stores[0]);
    const count = (store: Store) =>
      store.transaction(async (inner) => {
        const next = Number((await inner.documents.get('count', 'n'))?.content ?? 0) + 1;
        await inner.documents.put({ kind: 'count', name: 'n', content: Buffer.from(String(next)), createdAt: 0 });
      });
    await Promise.all(Array.from({ length: 40 }, (_, index) => count(stores[index % 2]!)));
    expect(Buffer.from((await stores[1].documents.get('count', 'n'))!.content).toString()).toBe('40');
  });

  test('nobody waits for ever: a writer that holds the lock too long is given up, not waited for', async () => {
    const url = await postgresDatabase();
    const told: string[] = [];
    const store = await openStore({ url, masterKey, log: (message) => told.push(message) });
    onTestFinished(() => store.close());
    const other = await opened(url);
    await settle(store);
    const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>();
    const holding = store.transaction(async () => {
      begin(undefined);
      await released;
    });
    await begun;
    // In another process, and in the same.
    const waiting = await Promise.allSettled([other, store].map((each) => each.setRegion('nowhere')));
    for (const end of waiting) expect(end.status === 'rejected' && end.reason).toBeInstanceOf(StoreUnreachable);
    // That its own process is slow is no outage of the database.
    expect(waiting[1]).toMatchObject({ reason: { why: 'Other writes of this process take too long' } });
    expect(told).toEqual([]);
    expect(await other.region()).toBe('eu-de');
    release(undefined);
    await holding;
    await other.setRegion('eu-nl');
    expect(await store.region()).toBe('eu-nl');
  });
});

test('who reads waits for nobody who writes', async () => {
  const store = await opened(postgresDatabase());
  await settle(store);
  await store.transaction(async (inner) => {
    await inner.keys.add(newKey('k'));
    expect(await store.keys.findByName(project.id, 'name of k')).toBeUndefined();
    expect(await inner.keys.findByName(project.id, 'name of k')).toBeDefined();
  });
  expect(await store.keys.findByName(project.id, 'name of k')).toBeDefined();
});

test('what is read at once is of one moment, however much is written meanwhile', async () => {
  const url = await postgresDatabase();
  const [store, other] = [await opened(url), await opened(url)];
  await fill(store);
  const pairs = async (): Promise<void> => {
    for (let round = 0; round < 15; round++) {
      await other.transaction(async (inner) => {
        await inner.keys.add(newKey(`pair ${round}`));
        await inner.aliases.add(newAlias(`alias/pair-${round}`, `pair ${round}`));
      });
    }
  };
  const reads: (readonly [number, number])[] = [];
  const read = async (): Promise<void> => {
    for (let round = 0; round < 15; round++) {
      const { keys, aliases } = await store.contents.read();
      reads.push([keys.length, aliases.length]);
    }
  };
  await Promise.all([pairs(), read()]);
  expect(reads.filter(([keys, aliases]) => keys !== aliases)).toEqual([]);
});

describe('texts', () => {
  const texts = [
    '',
    '\u0000',
    'a\u0000b',
    '\u0001',
    '\u0001\u0001',
    '\u0001\u0002',
    '\u0002',
    'Ä',
    'ä',
    'a',
    'B',
    '\u{1f511}',
    '\uffff',
  ];

  test('of all characters come back, are found, and are in the order of their bytes', async () => {
    const store = await opened(postgresDatabase());
    await settle(store);
    const keys = texts.map((text, index) => newKey(`k${index}`, { name: `name ${text}`, description: text }));
    for (const key of keys) await store.keys.add(key);
    for (const { id, name, description } of keys) {
      const found = await store.keys.findByName(project.id, name);
      expect([found?.id, found?.description]).toEqual([id, description]);
      await store.aliases.add(newAlias(`alias/${name}`, id));
    }
    const inOrder = (await store.aliases.list(project.id, {}, 100)).map(({ alias }) => alias);
    expect(inOrder).toEqual([...inOrder].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))));
    expect(inOrder).toHaveLength(texts.length);
  });

  test.each([
    ['sqlite', () => 'sqlite::memory:'],
    ['postgres', postgresDatabase],
  ])('with half a pair of characters have U+FFFD in its place, in %s', async (_engine, newUrl) => {
    const store = await opened(newUrl());
    await settle(store);
    await store.keys.add(newKey('k', { name: 'half \ud800' }));
    expect((await store.keys.findByName(project.id, 'half \udfff'))?.name).toBe('half \ufffd');
  });
});

test('a commit is on the disk when it is acknowledged, also where the server would not wait', async () => {
  const url = await freshPostgres();
  const name = new URL(url).pathname.slice(1);
  await runSql(url, `alter database ${name} set synchronous_commit = off`);
  // A session as the store has them.
  const { dialect } = await openEngine({ url });
  const database = new Kysely({ dialect });
  onTestFinished(() => database.destroy());
  const { rows } = await sql`select current_setting('synchronous_commit') as "commit"`.execute(database);
  expect(rows).toEqual([{ commit: 'on' }]);
});

test('what extensions bring along is nobody’s', async () => {
  const url = await freshPostgres();
  const available = await runSql(url, `select name from pg_available_extensions where name = 'pg_stat_statements'`);
  if (available.length > 0) await runSql(url, 'create extension pg_stat_statements');
  expect(await (await opened(url)).isEmpty()).toBe(true);
});

test('a schema that the URL chooses keeps two states in one database apart', async () => {
  const url = await freshPostgres();
  await runSql(url, 'create schema one; create schema two');
  const inSchema = (name: string) => opened(`${url}?options=-c%20search_path%3D${name}`);
  const [one, two] = [await inSchema('one'), await inSchema('two')];
  await fill(one);
  expect(await two.isEmpty()).toBe(true);
  expect(shownContents(await (await inSchema('one')).contents.read())).toEqual(
    shownContents(await one.contents.read()),
  );
});

describe('is refused and left as it is', () => {
  let url: string;
  beforeAll(async () => {
    url = await freshPostgres();
    await (await openStore({ url, masterKey })).close();
  });

  const place = /^The database signet_\w+ at 127\.0\.0\.1:\d+ cannot be used: /;
  test.each([
    ['a wrong password', () => withUser(url, guarded.name, 'hunter2'), 'the user or the password is wrong'],
    ['no password', () => withUser(url, guarded.name), 'it asks for a password, and the URL has none'],
    [
      'a user without rights',
      () => withUser(url, guarded.name, guarded.password),
      'this user may not do what Signet needs',
    ],
    ['TLS that it does not speak', () => `${url}?sslmode=verify-full`, 'it speaks no TLS, and the URL asks for it'],
  ])('%s', async (_what, urlOf, trouble) => {
    const failure = await opened(urlOf()).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(StoreUnusable);
    const { message, stack, cause } = failure as Error;
    expect(message).toMatch(place);
    expect(message).toContain(trouble);
    for (const text of [message, stack, String(cause)]) expect(text).not.toMatch(/hunter2|p@ss|p%40ss/);
  });

  test.each([
    ['no such database', (text: string) => `${text}x`, /there is no such database$/],
    ['no such host', (text: string) => text.replace('127.0.0.1', 'no-such-host.invalid'), /there is no such host$/],
    ['no such port', (text: string) => text.replace(/:\d+/, ':1'), /nobody listens there$/],
    ['no URL', () => 'postgres://me:hunter2@host:99999999/x', /^The database URL \(postgres:…\) is none of: /],
  ])('%s', async (_what, change, message) => {
    await expect(opened(change(url))).rejects.toThrow(message);
  });

  test('no master key', async () => {
    await expect(openStore({ url })).rejects.toThrow(
      /needs a master key, .*openssl rand -base64 32.*SIGNET_MASTER_KEY/,
    );
  });

  test('another master key', async () => {
    await expect(opened(url, Buffer.alloc(32, 8))).rejects.toThrow(/not the one that sealed this database/);
  });

  test.each([
    ['the tables of another program', 'create table orders (id text)', /tables of another program/],
    ['the views of another program', 'create view orders as select 1 as id', /tables of another program/],
  ])('%s', async (_what, statement, reason) => {
    const foreign = await freshPostgres();
    await runSql(foreign, statement);
    await expect(opened(foreign)).rejects.toThrow(reason);
    const there = await runSql(foreign, `select relname from pg_class where relnamespace = 'public'::regnamespace`);
    expect(there).toEqual([{ relname: 'orders' }]);
  });

  test('a newer format', async () => {
    const newer = await freshPostgres();
    await (await opened(newer)).close();
    await runSql(newer, `update signet set value = '999' where name = 'format'`);
    await expect(opened(newer)).rejects.toThrow(/format 999, made by a newer Signet/);
  });

  test('a database in another encoding', async () => {
    const name = `latin_${process.pid}`;
    const server = await postgresUrl();
    await runSql(server, `create database ${name} template template0 encoding 'LATIN1' locale 'C'`);
    await expect(opened(server.replace(/postgres$/, name))).rejects.toThrow(/its encoding is not UTF8$/);
  });
});

test('the state changes its revision for others, and for nobody where nothing was written', async () => {
  const url = await freshPostgres();
  const [store, other] = [await opened(url), await opened(url)];
  await settle(store);
  await store.keys.add(newKey('k'));
  await store.tokens.add(newToken('hash'));
  await other.catchUp();
  expect(shown(await other.keys.find(project.id, 'k'))).toEqual(shown(newKey('k')));
  await store.keys.update(project.id, 'k', [2], { state: 3 });
  await other.catchUp();
  expect((await other.keys.find(project.id, 'k'))?.state).toBe(3);
});
