/** Aliases in SQL. */
import type { SqlAccess } from './schema.ts';
import { countOf } from './sql-pages.ts';
import type { AliasStore } from './store.ts';

export function sqlAliases({ db, placed }: SqlAccess): AliasStore {
  return {
    async add(alias) {
      await placed(`alias ${alias.alias}`, db.insertInto('aliases').values(alias).execute());
    },
    find: (projectId, alias) =>
      db
        .selectFrom('aliases')
        .selectAll()
        .where((row) => row.and({ projectId, alias }))
        .executeTakeFirst(),
    list(projectId, { keyId, after }, limit) {
      let chosen = db.selectFrom('aliases').selectAll().where('projectId', '=', projectId);
      if (keyId !== undefined) chosen = chosen.where('keyId', '=', keyId);
      if (after !== undefined) chosen = chosen.where('alias', '>', after);
      return chosen.orderBy('alias').limit(limit).execute();
    },
    count: (keyId) => countOf(db.selectFrom('aliases').where('keyId', '=', keyId)),
    async move(projectId, alias, keyId, updatedAt) {
      const moving = db
        .updateTable('aliases')
        .set({ keyId, updatedAt })
        .where((row) => row.and({ projectId, alias }));
      const { numUpdatedRows } = await placed(`alias ${alias}`, moving.executeTakeFirst());
      return numUpdatedRows > 0n;
    },
    async remove(projectId, keyId, aliases) {
      const removing = db
        .deleteFrom('aliases')
        .where((row) => row.and({ projectId, keyId }))
        .where('alias', 'in', aliases);
      return Number((await removing.executeTakeFirst()).numDeletedRows);
    },
  };
}
