/** What a gateway has under names, in SQL: all of it is written, found and listed in the same way. */
import type { Schema, SqlAccess } from './schema.ts';
import { countOf } from './sql-pages.ts';
import { matches } from './sql-text.ts';
import type { NamedFilter, Page } from './store.ts';

type NamedTable = 'signatureKeys' | 'environments' | 'apiGroups' | 'apis';

/** @param noun what people call one of them */
export function rowsOfGateways<Table extends NamedTable>({ db, placed }: SqlAccess, table: Table, noun: string) {
  type Row = Schema[Table];
  // For Kysely each is this one: it knows no table that is a parameter, and all of them have its columns.
  const shared = table as 'environments';
  const all = db.selectFrom(shared);
  type Rows = typeof all;
  const one = (gatewayId: string, id: string) => ({ gatewayId, id });
  const newestFirst = (chosen: Rows, offset?: number, limit?: number): Promise<readonly Row[]> => {
    let rows = chosen.selectAll().orderBy('createdAt', 'desc').orderBy('id', 'desc');
    if (limit !== undefined) rows = rows.limit(limit);
    if (offset !== undefined) rows = rows.offset(offset);
    return rows.execute() as Promise<readonly unknown[]> as Promise<readonly Row[]>;
  };
  return {
    add: async (row: Row): Promise<void> => {
      await placed(
        `${noun} ${row.name}`,
        db
          .insertInto(shared)
          .values(row as Schema['environments'])
          .execute(),
      );
    },
    update: async ({ id, gatewayId, projectId: _project, createdAt: _created, ...change }: Row): Promise<boolean> => {
      const updating = db
        .updateTable(shared)
        .set(change)
        .where((row) => row.and(one(gatewayId, id)));
      const { numUpdatedRows } = await placed(`${noun} ${change.name}`, updating.executeTakeFirst());
      return numUpdatedRows > 0n;
    },
    remove: async (gatewayId: string, id: string): Promise<boolean> => {
      const removing = db.deleteFrom(shared).where((row) => row.and(one(gatewayId, id)));
      return (await removing.executeTakeFirst()).numDeletedRows > 0n;
    },
    find: async (gatewayId: string, id: string): Promise<Row | undefined> => {
      const found = await newestFirst(all.where((row) => row.and(one(gatewayId, id))));
      return found[0];
    },
    /** Those of a gateway that a filter lets through, without columns. */
    named(gatewayId: string, { id, name }: NamedFilter): Rows {
      let chosen = all.where('gatewayId', '=', gatewayId);
      if (id !== undefined) chosen = chosen.where('id', '=', id);
      if (name) chosen = chosen.where(matches('name', name));
      return chosen;
    },
    newestFirst,
    page: async (chosen: Rows, offset: number, limit: number): Promise<Page<Row>> => ({
      items: await newestFirst(chosen, offset, limit),
      total: await countOf(chosen),
    }),
  };
}
