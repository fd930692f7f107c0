/** A new master key: all that was sealed opens with it, and nothing of it with the old one. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test, vi } from 'vitest';
import { rekey, sealedValues } from '../../src/store/rekey.ts';
import { StoreUnreachable, type Store } from '../../src/store/store.ts';
import { freshPostgres } from '../support/postgres-database.ts';
import { runSql } from '../support/postgres.ts';
import { runSignet } from '../support/process.ts';
import { beforeStatement, opened, temporaryFolder } from './databases.ts';
import { fill, shown } from './full-store.ts';
import { newKey as keyNamed } from './people.ts';

const oldKey = Buffer.alloc(32, 7);
const newKey = Buffer.alloc(32, 8);
const newFile = (): string => join(temporaryFolder(), 'state.sqlite');

async function filled(url: string, masterKey?: Uint8Array): Promise<unknown> {
  const store = await opened(url, masterKey);
  await fill(store);
  await store.documents.put({ kind: 'snapshot', name: 'one', content: Buffer.alloc(9000, 'text'), createdAt: 1 });
  const all = await everything(store);
  await store.close();
  return all;
}

const everything = async (store: Store): Promise<unknown> => ({
  contents: shown(await store.contents.read()),
  documents: (await store.documents.all('snapshot')).map(({ content }) => Buffer.from(content).toString()),
});

/** Every sealed value as it lies in the file. */
function sealedIn(file: string): readonly Uint8Array[] {
  // Without a trace: a log beside it would be one.
  const database = new DatabaseSync(new URL(`file://${file}?immutable=1`), { readOnly: true });
  const values = sealedValues.flatMap(({ table, column }) =>
    database.prepare(`select ${column} as value from ${table} where ${column} is not null`).all(),
  );
  database.close();
  return values.map(({ value }) => value as Uint8Array);
}

describe('with a given key', () => {
  test.each([
    ['a file', () => `sqlite:${newFile()}`],
    ['Postgres', freshPostgres],
  ])('in %s', async (_where, newUrl) => {
    const url = await newUrl();
    const before = await filled(url, oldKey);
    expect(await rekey({ url, masterKey: oldKey, newMasterKey: newKey })).toBeGreaterThan(10);
    await expect(opened(url, oldKey)).rejects.toThrow(/not the one that sealed/);
    expect(await everything(await opened(url, newKey))).toEqual(before);
  });

  test('nothing that the old one sealed is left in the file, nor a log', async () => {
    const file = newFile();
    await filled(`sqlite:${file}`, oldKey);
    const sealed = sealedIn(file);
    await rekey({ url: `sqlite:${file}`, masterKey: oldKey, newMasterKey: newKey });
    expect(readdirSync(join(file, '..'))).toEqual(['state.sqlite']);
    const left = readFileSync(file);
    const pieces = sealed.flatMap((value) => [value.subarray(1, 29), value.subarray(-32)]);
    expect(pieces.length).toBeGreaterThan(20);
    expect(pieces.filter((piece) => left.includes(Buffer.from(piece)))).toEqual([]);
    expect(sealedIn(file)).toHaveLength(sealed.length);
  });

  test.each([
    ['the wrong old one', newKey, oldKey, /not the one that sealed/],
    ['the same one', oldKey, oldKey, /is the old one/],
    ['no new one', oldKey, undefined, /new master key is missing: SIGNET_NEW_MASTER_KEY/],
  ])('%s is refused, and nothing changes', async (_what, masterKey, newMasterKey, reason) => {
    const file = newFile();
    await filled(`sqlite:${file}`, oldKey);
    const before = readFileSync(file);
    await expect(rekey({ url: `sqlite:${file}`, masterKey, newMasterKey })).rejects.toThrow(reason);
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

test('a value that does not open stops it, and nothing changes', async () => {
  const file = newFile();
  await filled(`sqlite:${file}`, oldKey);
  const database = new DatabaseSync(file);
  database.exec(`update documents set content = zeroblob(100)`);
  database.close();
  const before = readFileSync(file);
  const changing = rekey({ url: `sqlite:${file}`, masterKey: oldKey, newMasterKey: newKey });
  await expect(changing).rejects.toThrow(/snapshot one .*Nothing was changed\.$/);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test.each([
  ['sqlite::memory:', /in memory has no master key/],
  ['sqlite:/no/such/file', /\/no\/such\/file is not there/],
])('%s has none', async (url, reason) => {
  await expect(rekey({ url, masterKey: oldKey, newMasterKey: newKey })).rejects.toThrow(reason);
});

describe('while a Signet is at work, it is refused', () => {
  test.each([
    ['on a file', () => `sqlite:${newFile()}`, /is at work on it and keeps it locked/],
    ['on Postgres', freshPostgres, /a Signet is at work on it; stop it first/],
  ])('%s', async (_where, newUrl, reason) => {
    const url = await newUrl();
    const store = await opened(url, oldKey);
    await fill(store);
    await expect(rekey({ url, masterKey: oldKey, newMasterKey: newKey })).rejects.toThrow(reason);
    expect(await store.contents.read()).toBeDefined();
  });

  test('on a file that one process has opened twice, to another one as well', async () => {
    const url = `sqlite:${newFile()}`;
    await fill(await opened(url, oldKey));
    await opened(url, oldKey);
    const { ended, stderr } = runSignet(['rekey', '--database-url', url], {
      SIGNET_MASTER_KEY: oldKey.toString('hex'),
      SIGNET_NEW_MASTER_KEY: newKey.toString('hex'),
    });
    expect(await ended).toMatchObject({ code: 1 });
    expect(stderr()).toMatch(/is at work on it and keeps it locked/);
  });
});

test('a Signet that had no connection meanwhile writes nothing under the old one', async () => {
  const url = await freshPostgres();
  const store = await opened(url, oldKey);
  await fill(store);
  const others = `from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
  await runSql(url, `select pg_terminate_backend(pid) ${others}`);
  await expect.poll(() => runSql(url, `select pid ${others}`)).toEqual([]);
  await rekey({ url, masterKey: oldKey, newMasterKey: newKey });
  const refused = {
    name: StoreUnreachable.name,
    why: expect.stringMatching(/: its master key was changed; start Signet again/) as string,
  };
  const asks = [
    () => store.keys.addMaterial('k', 9, Buffer.from('late')),
    () => store.keys.add(keyNamed('late')),
    () => store.contents.read(),
    async () => store.catchUp(),
  ];
  for (const ask of asks) await expect(ask()).rejects.toMatchObject(refused);
  const { keys, materials } = await (await opened(url, newKey)).contents.read();
  expect([keys.some(({ id }) => id === 'late'), materials.some(({ version }) => version === 9)]).toEqual([
    false,
    false,
  ]);
});

describe('with a key file', () => {
  const keyOf = (file: string): string => readFileSync(`${file}.key`, 'utf8');

  test('the file gets the new one', async () => {
    const file = newFile();
    const before = await filled(`sqlite:${file}`);
    const old = keyOf(file);
    await rekey({ url: `sqlite:${file}` });
    expect(keyOf(file)).not.toBe(old);
    expect(readdirSync(join(file, '..')).toSorted()).toEqual(['state.sqlite', 'state.sqlite.key']);
    expect(await everything(await opened(`sqlite:${file}`))).toEqual(before);
  });

  test('which is there before it is needed: cut off after the commit, the state opens, and the file is put right', async () => {
    const file = newFile();
    const before = await filled(`sqlite:${file}`);
    const old = keyOf(file);
    await rekey({ url: `sqlite:${file}` });
    renameSync(`${file}.key`, `${file}.key.new`);
    const coming = readFileSync(`${file}.key.new`, 'utf8');
    writeFileSync(`${file}.key`, old, { mode: 0o600 });
    expect(await everything(await opened(`sqlite:${file}`))).toEqual(before);
    expect(keyOf(file)).toBe(coming);
    expect(existsSync(`${file}.key.new`)).toBe(false);
  });

  test('a second one that comes to nothing after that leaves a state that opens', async () => {
    const file = newFile();
    const before = await filled(`sqlite:${file}`);
    const old = keyOf(file);
    await rekey({ url: `sqlite:${file}` });
    renameSync(`${file}.key`, `${file}.key.new`);
    writeFileSync(`${file}.key`, old, { mode: 0o600 });
    beforeStatement('commit', () => {
      throw new Error('cut off');
    });
    await expect(rekey({ url: `sqlite:${file}` })).rejects.toThrow('cut off');
    vi.restoreAllMocks();
    expect(await everything(await opened(`sqlite:${file}`))).toEqual(before);
  });

  test('one that cannot take its place is not lost, and the message says where it is', async () => {
    const file = newFile();
    const before = await filled(`sqlite:${file}`);
    beforeStatement('commit', () => {
      rmSync(`${file}.key`);
      mkdirSync(`${file}.key/full`, { recursive: true });
    });
    await expect(rekey({ url: `sqlite:${file}` })).rejects.toThrow(
      /under the new master key already; it is in .*state\.sqlite\.key\.new, which could not be renamed/,
    );
    vi.restoreAllMocks();
    rmSync(`${file}.key`, { recursive: true });
    expect(await everything(await opened(`sqlite:${file}`))).toEqual(before);
  });

  test('and is forgotten where it came to nothing: cut off before the commit', async () => {
    const file = newFile();
    const before = await filled(`sqlite:${file}`);
    const old = keyOf(file);
    writeFileSync(`${file}.key.new`, newKey.toString('base64'), { mode: 0o600 });
    expect(await everything(await opened(`sqlite:${file}`))).toEqual(before);
    expect(keyOf(file)).toBe(old);
    expect(existsSync(`${file}.key.new`)).toBe(false);
  });
});

describe('the command', () => {
  test('reads both keys from variables, and says what it did', async () => {
    const url = `sqlite:${newFile()}`;
    const before = await filled(url, oldKey);
    const { ended, stdout, stderr } = runSignet(['rekey', '--database-url', url], {
      SIGNET_MASTER_KEY: oldKey.toString('hex'),
      SIGNET_NEW_MASTER_KEY: newKey.toString('base64'),
    });
    expect(await ended).toMatchObject({ code: 0 });
    expect(stdout()).toMatch(/^\d+ sealed values under the new master key\n$/);
    expect(stderr()).toBe('');
    expect(await everything(await opened(url, newKey))).toEqual(before);
  });

  test('does not repeat a key that is none', async () => {
    const { ended, stderr } = runSignet(['rekey', '--new-master-key', 'hunter2']);
    expect(await ended).toMatchObject({ code: 1 });
    expect(stderr()).toBe('--new-master-key: A master key is 32 bytes, written as Base64 or as hex\n');
  });
});

test('no column with bytes was forgotten: a public key alone is not sealed', async () => {
  const url = await freshPostgres();
  await (await opened(url, oldKey)).close();
  const columns = await runSql(
    url,
    `select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public' and data_type = 'bytea'`,
  );
  const sealed = sealedValues.map(({ table, column }) => `${table}.${column}`);
  expect(columns.map(({ name }) => name).toSorted()).toEqual([...sealed, 'keys.publicKey'].toSorted());
});
