/** The text of the tables, which no index repeats: a column whose name has changed would go unnoticed. */
import { createHash } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { StoreUnusable, type Engine } from './engine.ts';
import type { Schema } from './schema.ts';

const name = 'schemaCheck';

async function digestOf(db: Transaction<Schema>, schema: string): Promise<string> {
  const { rows } = await sql.raw<{ readonly text: string }>(schema).execute(db);
  return createHash('sha256')
    .update(rows.map(({ text }) => text).join(';'))
    .digest('hex');
}

/** Of tables that were just made. */
export async function noteSchema(db: Transaction<Schema>, { schema }: Engine): Promise<void> {
  if (schema === undefined) return;
  await db.deleteFrom('signet').where('name', '=', name).execute();
  const value = await digestOf(db, schema);
  await db.insertInto('signet').values({ name, value }).execute();
}

/** @throws StoreUnusable for tables that are not what they were; those of an earlier Signet may be anything */
export async function assertSchema(db: Transaction<Schema>, { schema }: Engine): Promise<void> {
  if (schema === undefined) return;
  const noted = await db.selectFrom('signet').select('value').where('name', '=', name).executeTakeFirst();
  if (noted === undefined || noted.value === (await digestOf(db, schema))) return;
  throw new StoreUnusable('The tables of the database are damaged. It was left as it is; put back a copy of it.');
}
