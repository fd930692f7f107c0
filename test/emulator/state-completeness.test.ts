/**
 * Nothing is left out of a snapshot: what SQLite itself holds is the same, table by table and column by column, after an export and an
 * import elsewhere. Whoever adds a table or a column has to put a value into full-state.ts, and to write and read it.
 */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSealing } from '../../src/crypto/sealing.ts';
import { openStore } from '../../src/store/sql.ts';
import { useFolder, useSignet } from '../support/signet.ts';
import { fullContents } from './full-state.ts';
import { parsed, stateClient } from './state-client.ts';

const masterKey = Buffer.alloc(32, 7);
/** What is not state: what the database knows about itself, but for the region, and documents, which no import touches. */
const apart = ['documents'];
const aboutItself = ['format', 'masterKeyCheck'];

/** By column, what it is sealed as, in the words of the store. */
const contexts: Readonly<Record<string, (row: Row) => string>> = {
  'users.totpSecret': ({ id }) => `TOTP secret of user ${String(id)}`,
  'accessKeys.secret': ({ access }) => `secret of access key ${String(access)}`,
  'materials.secret': ({ keyId, version }) =>
    version === 1 ? `material of key ${String(keyId)}` : `material ${String(version)} of key ${String(keyId)}`,
  'signatureKeys.secret': ({ id }) => `secret of signature key ${String(id)}`,
  'ociDeployments.specification': ({ id }) => `specification of OCI deployment ${String(id)}`,
  'importTickets.privateKey': ({ hash }) => `wrapping key of import ticket ${String(hash)}`,
};

type Row = Readonly<Record<string, unknown>>;

/** Every row of every table, in clear, in an order of its own. */
function tablesOf(file: string): Record<string, readonly string[]> {
  const database = new DatabaseSync(file);
  const sealing = createSealing(masterKey);
  const names = database.prepare("select name from sqlite_master where type = 'table' order by name").all();
  const rowsOf = (table: string) =>
    (database.prepare(`select * from "${table}"`).all() as Row[])
      .filter(({ name }) => table !== 'signet' || !aboutItself.includes(String(name)))
      .map((row) =>
        JSON.stringify(Object.entries(row).map(([column, value]) => [column, inClear(table, column, row, value)])),
      )
      .toSorted();
  const inClear = (table: string, column: string, row: Row, value: unknown): unknown => {
    if (!(value instanceof Uint8Array)) return value;
    const context = contexts[`${table}.${column}`];
    return Buffer.from(context ? sealing.open(value, context(row)) : value).toString('hex');
  };
  const tables = names.map(({ name }) => String(name)).filter((name) => !apart.includes(name));
  const contents = Object.fromEntries(tables.map((table) => [table, rowsOf(table)]));
  database.close();
  return contents;
}

/** Columns in which no row has anything but null, or what the column has by default. */
function emptyColumns(file: string): string[] {
  const database = new DatabaseSync(file);
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all() as { name: string }[];
  const empty = tables
    .filter(({ name }) => !apart.includes(name))
    .flatMap(({ name: table }) =>
      (database.prepare(`pragma table_info("${table}")`).all() as { name: string; dflt_value: string | null }[])
        .filter(({ name, dflt_value: byDefault }) => {
          const filled = `"${name}" is not null and "${name}" is not ${byDefault ?? 'null'}`;
          return database.prepare(`select 1 from "${table}" where ${filled} limit 1`).get() === undefined;
        })
        .map(({ name }) => `${table}.${name}`),
    );
  database.close();
  return empty;
}

test('every table and every column is in an export', async () => {
  const [from, to] = [join(useFolder(), 'from.sqlite'), join(useFolder(), 'to.sqlite')];
  const store = await openStore({ url: `sqlite:${from}`, masterKey });
  await store.contents.replace(await fullContents());
  await store.close();
  expect(emptyColumns(from), 'columns without a value in full-state.ts').toEqual([]);

  const settings = { masterKey: masterKey.toString('hex') };
  const [source, target] = [
    await useSignet({ ...settings, databaseUrl: `sqlite:${from}` }),
    await useSignet({ ...settings, databaseUrl: `sqlite:${to}` }),
  ];
  const text = await stateClient(source.url).text();
  expect((await stateClient(target.url).import(parsed(text))).text).toBe('');
  expect(tablesOf(to)).toEqual(tablesOf(from));
  expect(await stateClient(target.url).text()).toBe(text);
});
