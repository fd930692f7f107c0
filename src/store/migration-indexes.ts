/** Indexes by name, for the migrations. */
import type { Transaction } from 'kysely';
import type { Schema } from './schema.ts';

type Index = readonly [name: string, table: string, ...columns: string[]];

export async function createIndexes(schema: Transaction<Schema>['schema'], indexes: readonly Index[]): Promise<void> {
  for (const [name, table, ...columns] of indexes) await schema.createIndex(name).on(table).columns(columns).execute();
}
