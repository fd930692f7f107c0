/** Postgres for Kysely, with types that behave as SQLite's do. */
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { DataTypeNode, Dialect, Driver } from 'kysely';

/** The types that migrations name. Integers have 64 bits. Text is compared and sorted by its bytes, whatever the database's language. */
const types: Readonly<Record<string, string>> = { text: 'text collate "C"', blob: 'bytea', integer: 'bigint' };

class Compiler extends PostgresQueryCompiler {
  protected override visitDataType({ dataType }: DataTypeNode): void {
    this.append(types[dataType] ?? dataType);
  }
}

export const postgresDialect = (driver: Driver): Dialect => ({
  createDriver: () => driver,
  createQueryCompiler: () => new Compiler(),
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (db) => new PostgresIntrospector(db),
});
