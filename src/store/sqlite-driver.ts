/** Kysely's driver over node:sqlite. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { CompiledQuery, SqliteAdapter, SqliteDriver, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { DatabaseConnection, Dialect, SqliteDatabase, SqliteStatement } from 'kysely';
import { LRUCache } from 'lru-cache';
import { patient, type Patience } from './sqlite-patience.ts';

export const sqliteDialect = (database: DatabaseSync, patience: Patience): Dialect => ({
  createDriver: () => new ImmediateSqliteDriver(database, patience),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createAdapter: () => new SqliteAdapter(),
  createIntrospector: (db) => new SqliteIntrospector(db),
});

/** Questions that are kept; a client's lists make many different ones. */
const mostStatements = 500;

/** node:sqlite in the form that Kysely expects. Statements are kept: preparing one costs more than running it. */
function adapted(database: DatabaseSync): SqliteDatabase {
  const kept = new LRUCache<string, SqliteStatement>({ max: mostStatements });
  return {
    prepare(text) {
      const known = kept.get(text);
      if (known) return known;
      const statement = database.prepare(text);
      const made: SqliteStatement = {
        reader: statement.columns().length > 0,
        all: (values) => statement.all(...(values as SQLInputValue[])),
        run: (values) => statement.run(...(values as SQLInputValue[])),
        iterate: (values) => statement.iterate(...(values as SQLInputValue[])),
      };
      kept.set(text, made);
      return made;
    },
    close: () => {
      database.close();
    },
  };
}

/** Transactions take the write lock when they begin: one that read first could not wait for it later (SQLITE_BUSY_SNAPSHOT). */
class ImmediateSqliteDriver extends SqliteDriver {
  readonly #database: DatabaseSync;
  readonly #patience: Patience;
  #patient: DatabaseConnection | undefined;

  constructor(database: DatabaseSync, patience: Patience) {
    super({ database: adapted(database) });
    this.#database = database;
    this.#patience = patience;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    return (this.#patient ??= patient(connection, this.#patience));
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // After some faults, such as a full disk, SQLite has done it already.
    if (this.#database.isTransaction) await super.rollbackTransaction(connection);
  }
}
