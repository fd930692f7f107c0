/**
 * Queries that are built and compiled once. Kysely otherwise does that for every call, which takes longer than SQLite needs to
 * answer; what runs is the same compiled query with other values in it.
 */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Compilable, CompiledQuery, Kysely, RawBuilder } from 'kysely';
import type { Schema } from './schema.ts';

/** A query that is asked often: under this name a server may keep its plan. */
export interface NamedQuery<Row = unknown> extends CompiledQuery<Row> {
  readonly name?: string;
}

/** A place for a value that is given at each call. */
export type Blank<Value extends string | number = string> = RawBuilder<Value>;

class Position {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

type ValueOf<Of> = Of extends Blank<infer Value> ? Value : never;

/** Makes a function of a query with blanks: `prepared((db, id: Blank) => …)` is called as `(db, id)`. */
export function prepared<Blanks extends readonly RawBuilder<string | number>[], Row>(
  build: (db: Kysely<Schema>, ...blanks: Blanks) => Compilable<Row>,
): (db: Kysely<Schema>, ...values: { [Index in keyof Blanks]: ValueOf<Blanks[Index]> }) => Promise<readonly Row[]> {
  const blanks = Array.from({ length: build.length - 1 }, (_, index) => sql<string>`${new Position(index)}`);
  // A store and its transactions share their adapter, and with it the compiled text.
  const compiled = new WeakMap<object, NamedQuery<Row>>();

  return async (db, ...values) => {
    const { adapter } = db.getExecutor();
    let query = compiled.get(adapter);
    if (!query) {
      const built = build(db, ...(blanks as readonly RawBuilder<string>[] as unknown as Blanks)).compile();
      query = { ...built, name: `signet_${createHash('sha256').update(built.sql).digest('hex').slice(0, 32)}` };
      compiled.set(adapter, query);
    }
    const parameters = query.parameters.map((value) => (value instanceof Position ? values[value.index] : value));
    const { rows } = await db.executeQuery<Row>({ ...query, parameters });
    return rows;
  };
}
