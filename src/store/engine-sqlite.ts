/** SQLite: a state in memory, or in a file that processes of one machine use together. */
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { lockTimeoutMs, StoreUnusable, type Engine, type EngineOptions } from './engine.ts';
import { sqliteDialect } from './sqlite-driver.ts';
import { openFile } from './sqlite-file.ts';
import { insist, PAUSE, type Patience } from './sqlite-patience.ts';
import { busy, codeOf, isPassing, troubleWith } from './sqlite-troubles.ts';
import { StoreUnreachable } from './store.ts';

const memory = ':memory:';

/** Milliseconds: nobody is served yet. */
const mostWhenOpening = 30_000;

export function openSqlite({ url, isAlone = false, openingMs = mostWhenOpening }: EngineOptions): Engine | undefined {
  const rest = url.slice('sqlite:'.length);
  if (rest === '' || /^\/\/[^/]/.test(rest)) return undefined;
  const file = rest === memory ? undefined : resolve(rest);
  const explain = (error: unknown): string | undefined => {
    if (error instanceof StoreUnreachable) return error.why;
    const trouble = troubleWith(error);
    return trouble && `${file ?? 'The database in memory'} cannot be used: ${trouble}`;
  };
  let database: DatabaseSync | undefined;
  try {
    const options = { timeout: openingMs, enableForeignKeyConstraints: true };
    database = file === undefined ? new DatabaseSync(memory, options) : openFile(file, options, !isAlone);
    setUp(database, isAlone);
  } catch (cause) {
    database?.close();
    if (cause instanceof StoreUnusable) throw cause;
    throw new StoreUnusable(explain(cause) ?? String(cause), { cause });
  }
  const fault = (error: unknown): unknown =>
    isPassing(error) ? new StoreUnreachable(explain(error) ?? String(error)) : error;
  const patience: Patience = { isBusy: (error) => codeOf(error) === busy, most: lockTimeoutMs, fault };
  return {
    dialect: sqliteDialect(database, patience),
    durable: file !== undefined,
    ...(file !== undefined && {
      ...{ keyFile: `${file}.key`, revision: revisionOf(database, patience) },
      enableWal: () => insist(enablingWal(database, file), { ...patience, most: openingMs }),
    }),
    tables: `select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\'`,
    schema: `select name, name || ' ' || sql as text from sqlite_master
      where sql is not null and name not like 'sqlite\\_%' escape '\\' order by name`,
    forget: () => {
      database.exec('pragma wal_checkpoint(truncate)');
    },
    isDuplicate: (error) => error instanceof Error && error.message.startsWith('UNIQUE constraint failed'),
    isOrphan: (error) => error instanceof Error && error.message.startsWith('FOREIGN KEY constraint failed'),
    explain,
  };
}

function setUp(database: DatabaseSync, isAlone: boolean): void {
  // Who must be alone is refused at once where somebody else is at work; the others wait for him.
  if (isAlone) database.exec(`pragma busy_timeout = ${PAUSE}; pragma locking_mode = exclusive`);
  database.exec('pragma synchronous = full');
  // What is removed is overwritten with zeros: sealed material, too, must not stay behind.
  database.exec('pragma secure_delete = on');
  // From now on somebody else may be served meanwhile.
  database.exec(`pragma busy_timeout = ${PAUSE}`);
}

/** Of a file that is older: those that are made now are in this mode from the beginning. */
const enablingWal = (database: DatabaseSync, file: string) => (): void => {
  const mode = String(database.prepare('pragma journal_mode = wal').get()?.['journal_mode']);
  // Without it nobody could tell that somebody else has the file open, and who reads would wait for who writes.
  if (mode !== 'wal') throw new StoreUnusable(`${file} cannot be used: its file system has no memory that is shared`);
};

/** A number that changes with what others commit, not with what this connection does. */
function revisionOf(database: DatabaseSync, patience: Patience): () => Promise<string> | string {
  const asking = database.prepare('pragma data_version');
  const ask = (): string => String(asking.get()?.['data_version']);
  return () => {
    try {
      return ask();
    } catch (error) {
      if (!patience.isBusy(error)) throw patience.fault(error);
      return insist(ask, patience);
    }
  };
}
