/** Tags in SQL. */
import type { SqlAccess } from './schema.ts';
import { columnsOfKeys } from './sql-keys.ts';
import { countOf } from './sql-pages.ts';
import { contains } from './sql-text.ts';
import type { TagFilter, TagStore } from './store.ts';

export function sqlTags({ db, placed }: SqlAccess): TagStore {
  const keysBy = (projectId: string, { tags, name }: TagFilter) => {
    let chosen = db.selectFrom('keys').where('keys.projectId', '=', projectId);
    if (name !== undefined) chosen = chosen.where(contains('keys.name', name));
    for (const { key, values } of tags) {
      chosen = chosen.where((row) => {
        const tag = row
          .selectFrom('tags')
          .select('tags.key')
          .whereRef('tags.keyId', '=', 'keys.id')
          .where('tags.key', '=', key);
        return row.exists(values.length === 0 ? tag : tag.where('tags.value', 'in', values));
      });
    }
    return chosen;
  };
  return {
    async list(keyIds) {
      if (keyIds.length === 0) return [];
      return db.selectFrom('tags').selectAll().where('keyId', 'in', keyIds).orderBy('keyId').orderBy('key').execute();
    },
    ofProject: (projectId) =>
      db
        .selectFrom('tags')
        .innerJoin('keys', 'keys.id', 'tags.keyId')
        .select(['tags.key', 'tags.value'])
        .distinct()
        .where('keys.projectId', '=', projectId)
        .orderBy('tags.key')
        .orderBy('tags.value')
        .execute(),
    async set(keyId, tags) {
      const rows = tags.map(({ key, value }) => ({ keyId, key, value }));
      const setting = db
        .insertInto('tags')
        .values(rows)
        .onConflict((conflict) =>
          conflict.columns(['keyId', 'key']).doUpdateSet((row) => ({ value: row.ref('excluded.value') })),
        );
      await placed(`tag of key ${keyId}`, setting.execute());
    },
    async remove(keyId, keys) {
      const removing = db.deleteFrom('tags').where('keyId', '=', keyId).where('key', 'in', keys);
      return Number((await removing.executeTakeFirst()).numDeletedRows);
    },
    async keys(projectId, filter, offset, limit) {
      const chosen = keysBy(projectId, filter);
      const newestFirst = chosen.orderBy('keys.createdAt', 'desc').orderBy('keys.id', 'desc');
      const items = await newestFirst.select(columnsOfKeys).limit(limit).offset(offset).execute();
      return { items, total: await countOf(chosen) };
    },
  };
}
