/** The databases that can hold Signet's state, by URL. Only this file knows which one is in use. */
import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue } from 'node:sqlite';
import { CompiledQuery, SqliteDialect, SqliteDriver } from 'kysely';
import type { DatabaseConnection, Dialect, SqliteDatabase, SqliteStatement } from 'kysely';
import { LRUCache } from 'lru-cache';

export interface Engine {
  readonly dialect: Dialect;
  /** Whether the state outlives the process; private material is then sealed. */
  readonly durable: boolean;
  /** Where the master key may lie when none is given; undefined for an engine that has no place of its own. */
  readonly keyFile?: string;
  /** The name of the column type that holds bytes. */
  readonly bytes: 'blob' | 'bytea';
  /** Settings that change the database itself: called once it is known to be Signet's. */
  settle(): void;
  /** Whether this error says that a unique value was taken already. */
  isDuplicate(error: unknown): boolean;
  /** Whether this error says that a row was to belong to one that is not there. */
  isOrphan(error: unknown): boolean;
  /** What a person can do about this error; undefined for one that only a programmer can do something about. */
  explain(error: unknown): string | undefined;
}

/** The database cannot be used; the message is for the person who starts the program. */
export class StoreUnusable extends Error {
  override name = 'StoreUnusable';
}

interface EngineKind {
  /** How its URLs look, for people. */
  readonly form: string;
  /** Takes what follows the scheme's colon; undefined when that makes no sense. */
  open(rest: string): Engine | undefined;
}

/** By URL scheme. */
const engines: ReadonlyMap<string, EngineKind> = new Map([
  ['sqlite', { form: 'sqlite::memory:, sqlite:<file>', open: openSqlite }],
]);

/** @throws StoreUnusable when the URL names no engine, or its file cannot be opened */
export function openEngine(url: string): Engine {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(url) ?? [];
  const engine = engines.get(scheme)?.open(rest);
  if (engine) return engine;
  // The URL itself may hold a password.
  const forms = [...engines.values()].map(({ form }) => form).join(', ');
  throw new StoreUnusable(`The database URL${scheme && ` (${scheme}:…)`} is none of: ${forms}`);
}

const memory = ':memory:';
const busyTimeoutMs = 5000;
const busy = '5';

/** SQLite's result codes (sqlite.org/rescode.html) and the system's error codes that have a cause outside the program. */
const troubles: Readonly<Record<string, string>> = {
  [busy]: 'another program keeps it locked',
  8: 'it cannot be written to',
  10: 'the disk reports an error',
  11: 'its contents are damaged',
  13: 'the disk is full',
  14: 'it cannot be opened',
  26: 'it is not a SQLite database',
  EACCES: 'permission is denied',
  EISDIR: 'it is a folder',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is a file',
  EPERM: 'permission is denied',
  EROFS: 'its file system cannot be written to',
};

function openSqlite(rest: string): Engine | undefined {
  if (rest === '' || /^\/\/[^/]/.test(rest)) return undefined;
  const file = rest === memory ? undefined : resolve(rest);
  const explain = (error: unknown): string | undefined => {
    const trouble = troubles[codeOf(error)];
    return trouble && `${file ?? 'The database in memory'} cannot be used: ${trouble}`;
  };
  let database: DatabaseSync;
  try {
    // Created here, for SQLite would let everybody read it.
    if (file !== undefined) closeSync(openSync(file, 'a', 0o600));
    database = new DatabaseSync(file ?? memory, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
    database.exec('pragma synchronous = full');
    // What is removed is overwritten with zeros: sealed material, too, must not stay behind.
    database.exec('pragma secure_delete = on');
  } catch (cause) {
    throw new StoreUnusable(explain(cause) ?? String(cause), { cause });
  }
  return {
    dialect: new ImmediateSqliteDialect({ database: adapted(database) }),
    durable: file !== undefined,
    ...(file !== undefined && { keyFile: `${file}.key` }),
    bytes: 'blob',
    settle: () => {
      try {
        if (file !== undefined) database.exec('pragma journal_mode = wal');
      } catch (error) {
        // Another process is using the file right now, and settles it, too. Until then writes are as durable, only slower.
        if (codeOf(error) !== busy) throw error;
      }
    },
    isDuplicate: (error) => error instanceof Error && error.message.startsWith('UNIQUE constraint failed'),
    isOrphan: (error) => error instanceof Error && error.message.startsWith('FOREIGN KEY constraint failed'),
    explain,
  };
}

/** A SQLite error's primary code, or a system error's name. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('errcode' in error && typeof error.errcode === 'number') return String(error.errcode & 0xff);
  return 'code' in error ? String(error.code) : '';
}

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
class ImmediateSqliteDialect extends SqliteDialect {
  readonly #config: ConstructorParameters<typeof SqliteDialect>[0];

  constructor(config: ConstructorParameters<typeof SqliteDialect>[0]) {
    super(config);
    this.#config = config;
  }

  override createDriver(): SqliteDriver {
    return new ImmediateSqliteDriver(this.#config);
  }
}

class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}
