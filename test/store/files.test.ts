/** State in a file: durable, sealed, and refused with a reason when it cannot be used. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { StoreUnusable } from '../../src/store/engines.ts';
import type { Store } from '../../src/store/store.ts';
import { opened, temporaryFolder } from './databases.ts';
import { accessKey, newKey, newToken, otherUser, project, settle, shown } from './people.ts';

type Ask = (store: Store) => Promise<unknown>;

const key = newKey('k');
const masterKey = Buffer.alloc(32, 7);

/** A database with a key in it, closed. */
async function filled(given?: Uint8Array): Promise<{ folder: string; file: string; url: string }> {
  const folder = temporaryFolder();
  const file = join(folder, 'state.sqlite');
  const url = `sqlite:${file}`;
  const store = await opened(url, given);
  await settle(store);
  await store.keys.add(key);
  await store.tokens.add(newToken('hash'));
  await store.close();
  return { folder, file, url };
}

const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));

function change(file: string, statement: string): void {
  const database = new DatabaseSync(file);
  database.exec(statement);
  database.close();
}

describe('what was written is there again', () => {
  test.each([
    ['with a key file', undefined],
    ['with a given master key', masterKey],
  ])('after closing, %s', async (_how, given) => {
    const { url } = await filled(given);
    const store = await opened(url, given);
    expect(await store.isEmpty()).toBe(false);
    expect(shown(await store.keys.find(project.id, 'k'))).toEqual(shown(key));
    expect(Buffer.from((await store.keys.material('k', 1)) ?? []).toString()).toBe('private half of k');
    expect(await store.identity.accessKey(accessKey.access)).toMatchObject(accessKey);
    expect(await store.identity.users({ id: otherUser.id })).toEqual([otherUser]);
    expect((await store.tokens.find('hash'))?.project?.name).toBe(project.name);
  });

  test('after kill -9, as soon as it was acknowledged', async () => {
    const { url } = await filled();
    const writer = fileURLToPath(new URL('writer.ts', import.meta.url));
    const child = spawn(process.execPath, [writer, url], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [acknowledged] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(acknowledged.toString()).toBe('written\n');
    const store = await opened(url);
    expect((await store.keys.find(project.id, 'written'))?.name).toBe('name of written');
  });

  test('to another process that has the file open', async () => {
    const { url } = await filled();
    const [one, other] = [await opened(url), await opened(url)];
    expect(await one.keys.update(project.id, 'k', [2], { state: 3 })).toBe(true);
    expect((await other.keys.find(project.id, 'k'))?.state).toBe(3);
    expect(await other.keys.update(project.id, 'k', [2], { state: 4 })).toBe(false);
    await Promise.all([one, other, one, other].map(({ identity }) => identity.countFailure('AK1', 9, 5000)));
    expect((await one.identity.accessKey('AK1'))?.failures).toBe(4);
  });
});

test('what an administrator adds is no damage', async () => {
  const { file, url } = await filled();
  change(file, 'analyze; create index own on keys (description); create view names as select name from keys');
  expect(await (await opened(url)).isEmpty()).toBe(false);
});

test.each([
  ['gone', 'drop index keys_by_age'],
  ['another', 'drop index keys_by_age; create index keys_by_age on keys (id)'],
])('an index that is %s is damage', async (_how, statement) => {
  const { file, url } = await filled();
  change(file, statement);
  await expect(opened(url)).rejects.toThrow(/tables of the database are damaged/);
});

describe('what lies on the disk', () => {
  test('has no private material in it', async () => {
    const folder = temporaryFolder();
    const store = await opened(`sqlite:${join(folder, 'state.sqlite')}`);
    await settle(store);
    await store.keys.add(key);
    const sealed = Object.values(contents(folder))
      .map((text) => Buffer.from(text, 'base64').toString('latin1'))
      .join('');
    expect(sealed).toContain('public half of k');
    expect(sealed).not.toContain('private half of k');
    expect(sealed).not.toContain(accessKey.secret);
    expect(sealed).toContain(otherUser.passwordHash);
    expect(sealed).not.toContain(otherUser.totpSecret);
  });

  test('has nothing of a material left in it that was removed', async () => {
    const { file, folder, url } = await filled();
    const store = await opened(url);
    await store.keys.addMaterial('k', 2, Buffer.alloc(3000, 'later'));
    const database = new DatabaseSync(file, { readOnly: true });
    const sealed = database.prepare('select secret from materials').all() as { secret: Uint8Array }[];
    database.close();
    await store.keys.update(project.id, 'k', [2], { state: 4, deletionAt: 0 });
    await store.keys.removeDue(0);
    await store.close();
    const left = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
    expect(sealed.map(({ secret }) => secret.length > 40)).toEqual([true, true]);
    // In pieces: SQLite may have spread a long value over pages, and written over its first bytes.
    const pieces = sealed.flatMap(({ secret }) => [secret.subarray(8, 40), secret.subarray(-32)]);
    expect(left.flatMap((bytes) => pieces.filter((piece) => bytes.includes(Buffer.from(piece))))).toEqual([]);
  });

  test('is for its owner alone', async () => {
    const { folder } = await filled();
    const modes = readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]);
    expect(Object.fromEntries(modes)).toEqual({ 'state.sqlite': '600', 'state.sqlite.key': '600' });
  });

  test('has no key file beside it when the master key is given', async () => {
    const { folder } = await filled(masterKey);
    expect(readdirSync(folder)).toEqual(['state.sqlite']);
  });

  const moved: readonly (readonly [string, string, string, Ask, Ask])[] = [
    ['material', `update materials set secret = (select secret from materials where keyId = 'k') where keyId = 'k2'`, 'material of key k2', ({ keys }) => keys.material('k2', 1), ({ keys }) => keys.material('k', 1)], // prettier-ignore
    ['the secret of an access key', `update accessKeys set secret = (select secret from accessKeys where access = 'AK1') where access = 'AK2'`, 'secret of access key AK2', ({ identity }) => identity.accessKey('AK2'), ({ identity }) => identity.accessKey('AK1')], // prettier-ignore
    ['the secret of an MFA device', `update users set totpSecret = (select totpSecret from users where id = 'u2') where id = 'u1'`, 'TOTP secret of user u1', ({ identity }) => identity.users({ id: 'u1' }), ({ identity }) => identity.users({ id: 'u2' })], // prettier-ignore
  ];
  test.each(moved)(
    '%s that was moved to another row does not open',
    async (_what, statement, name, ask, askRightly) => {
      const { file, url } = await filled();
      const before = await opened(url);
      await before.keys.add(newKey('k2'));
      await before.close();
      change(file, statement);
      const store = await opened(url);
      await expect(ask(store)).rejects.toThrow(`The sealed ${name} does not open`);
      expect(await askRightly(store)).toBeDefined();
    },
  );
});

describe('a database that cannot be used is refused and left as it is', () => {
  const tables: readonly (readonly [string, (place: { folder: string; file: string }) => void, RegExp])[] = [
    ['another key file', ({ file }) => { writeFileSync(`${file}.key`, masterKey.toString('hex')); }, /not the one that sealed/], // prettier-ignore
    ['a lost key file', ({ file }) => { rmSync(`${file}.key`); }, /master key is missing: neither given \(SIGNET_MASTER_KEY\), nor in .*state\.sqlite\.key/], // prettier-ignore
    ['a spoilt key file', ({ file }) => { writeFileSync(`${file}.key`, 'short'); }, /\.key does not give a master key: .*32 bytes/], // prettier-ignore
    ['a key file for everybody', ({ file }) => { chmodSync(`${file}.key`, 0o644); }, /Others may read .*chmod 600/], // prettier-ignore
    ['a newer format', ({ file }) => { change(file, "update signet set value = '999' where name = 'format'"); }, /format 999, made by a newer Signet/], // prettier-ignore
    ['the tables of others', ({ file }) => { rmSync(file); change(file, 'create table orders (id text)'); }, /tables of another program/], // prettier-ignore
    ['no database', ({ file }) => { writeFileSync(file, 'Dear diary, '.repeat(100)); }, /state\.sqlite cannot be used: it is not a SQLite database/], // prettier-ignore
    ['a folder', ({ file }) => { rmSync(file); mkdirSync(file); }, /state\.sqlite cannot be used: it is a folder/], // prettier-ignore
  ];
  test.each(tables)('%s', async (_what, spoil, reason) => {
    const place = await filled();
    spoil(place);
    const before = statSync(place.file).isFile() ? contents(place.folder) : undefined;
    await expect(opened(place.url)).rejects.toThrow(reason);
    await expect(opened(place.url)).rejects.toThrow(StoreUnusable);
    if (before) expect(contents(place.folder)).toEqual(before);
  });

  test('another given master key', async () => {
    const { folder, url } = await filled(masterKey);
    const before = contents(folder);
    await expect(opened(url, Buffer.alloc(32, 8))).rejects.toThrow(/not the one that sealed/);
    expect(contents(folder)).toEqual(before);
  });
});

describe('a URL that leads nowhere', () => {
  const forms = 'is none of: sqlite::memory:, sqlite:<file>, postgres://<user>:<password>@<host>/<database>';
  test.each([
    ['', `The database URL ${forms}`],
    ['state.sqlite', `The database URL ${forms}`],
    ['sqlite:', `The database URL (sqlite:…) ${forms}`],
    ['sqlite://state.sqlite', `The database URL (sqlite:…) ${forms}`],
    ['mysql://me:hunter2@there/db', `The database URL (mysql:…) ${forms}`],
    ['constructor:x', `The database URL (constructor:…) ${forms}`],
    ['sqlite:/no/such/folder/state.sqlite', '/no/such/folder/state.sqlite cannot be used: its folder does not exist'],
  ])('%s', async (url, message) => {
    await expect(opened(url)).rejects.toThrow(new StoreUnusable(message));
  });
});
