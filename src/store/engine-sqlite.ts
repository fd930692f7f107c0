/** SQLite: a state in memory, or in a file that processes of one machine use together. */
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnusable, type Engine, type EngineOptions } from './engine.ts';
import { sqliteDialect } from './sqlite-driver.ts';
import { openFile } from './sqlite-file.ts';
import { PAUSE } from './sqlite-patience.ts';
import { busy, codeOf, isPassing, troubleWith } from './sqlite-troubles.ts';
import { StoreUnreachable } from './store.ts';

const memory = ':memory:';

/** Milliseconds that a statement waits for another process. */
const most = 5000;

export function openSqlite({ url, isAlone = false }: EngineOptions): Engine | undefined {
  const rest = url.slice('sqlite:'.length);
  if (rest === '' || /^\/\/[^/]/.test(rest)) return undefined;
  const file = rest === memory ? undefined : resolve(rest);
  const explain = (error: unknown): string | undefined => {
    if (error instanceof StoreUnreachable) return error.why;
    const trouble = troubleWith(error);
    return trouble && `${file ?? 'The database in memory'} cannot be used: ${trouble}`;
  };
  let database: DatabaseSync;
  try {
    const options = { timeout: PAUSE, enableForeignKeyConstraints: true };
    database = file === undefined ? new DatabaseSync(memory, options) : openFile(file, options, !isAlone);
    if (isAlone) database.exec('pragma locking_mode = exclusive');
    database.exec('pragma synchronous = full');
    // What is removed is overwritten with zeros: sealed material, too, must not stay behind.
    database.exec('pragma secure_delete = on');
  } catch (cause) {
    if (cause instanceof StoreUnusable) throw cause;
    throw new StoreUnusable(explain(cause) ?? String(cause), { cause });
  }
  const fault = (error: unknown): unknown =>
    isPassing(error) ? new StoreUnreachable(explain(error) ?? String(error)) : error;
  return {
    dialect: sqliteDialect(database, { isBusy: (error) => codeOf(error) === busy, most, fault }),
    durable: file !== undefined,
    ...(file !== undefined && { keyFile: `${file}.key`, revision: revisionOf(database, fault) }),
    tables: `select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\'`,
    schema: `select name || ' ' || sql as text from sqlite_master where sql is not null order by name`,
    settle: () => {
      try {
        if (file !== undefined) database.exec('pragma journal_mode = wal');
      } catch (error) {
        // Another process is using the file right now, and settles it, too. Until then writes are as durable, only slower.
        if (codeOf(error) !== busy) throw error;
      }
    },
    forget: () => {
      database.exec('pragma wal_checkpoint(truncate)');
    },
    isDuplicate: (error) => error instanceof Error && error.message.startsWith('UNIQUE constraint failed'),
    isOrphan: (error) => error instanceof Error && error.message.startsWith('FOREIGN KEY constraint failed'),
    explain,
  };
}

/** A number that changes with what others commit, not with what this connection does. */
function revisionOf(database: DatabaseSync, fault: (error: unknown) => unknown): () => string {
  const asking = database.prepare('pragma data_version');
  return () => {
    try {
      return String(asking.get()?.['data_version']);
    } catch (error) {
      throw fault(error);
    }
  };
}
