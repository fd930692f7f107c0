/** The text of the tables, which no index repeats: a column whose name has changed would go unnoticed. */
import { createHash } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { StoreUnusable, type Engine } from './engine.ts';
import type { Schema } from './schema.ts';

const name = 'schemaCheck';

interface Part {
  readonly name: string;
  readonly text: string;
}

const partsOf = async (db: Transaction<Schema>, schema: string): Promise<readonly Part[]> =>
  (await sql.raw<Part>(schema).execute(db)).rows;

const digestOf = (parts: readonly Part[]): string =>
  createHash('sha256')
    .update(parts.map(({ text }) => text).join(';'))
    .digest('hex');

/** Of tables that were just made: their digest, and which they are, since others may be added to them. */
export async function noteSchema(db: Transaction<Schema>, { schema }: Engine): Promise<void> {
  if (schema === undefined) return;
  await db.deleteFrom('signet').where('name', '=', name).execute();
  const parts = await partsOf(db, schema);
  const value = [digestOf(parts), ...parts.map((part) => part.name)].join(' ');
  await db.insertInto('signet').values({ name, value }).execute();
}

/** @throws StoreUnusable for tables that are not what they were; those of an earlier Signet may be anything */
export async function assertSchema(db: Transaction<Schema>, { schema }: Engine): Promise<void> {
  if (schema === undefined) return;
  const noted = await db.selectFrom('signet').select('value').where('name', '=', name).executeTakeFirst();
  if (noted === undefined) return;
  const [before, ...names] = noted.value.split(' ');
  const parts = await partsOf(db, schema);
  // Earlier, the names were not noted.
  const own = names.length === 0 ? parts : parts.filter((part) => names.includes(part.name));
  if (digestOf(own) === before) return;
  throw new StoreUnusable('The tables of the database are damaged. It was left as it is; put back a copy of it.');
}
