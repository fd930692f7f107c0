/** Keys and their aliases in SQL. A key that is found never carries its material. */
import type { Blank } from './prepared.ts';
import { prepared } from './prepared.ts';
import type { SqlAccess } from './schema.ts';
import type { Key, KeyStore } from './store.ts';

const columns = [
  ...(['id', 'projectId', 'domainId', 'name', 'description', 'spec', 'usage', 'state', 'origin'] as const),
  ...(['enterpriseProjectId', 'createdAt', 'deletionAt', 'expiresAt', 'publicKey'] as const),
] satisfies (keyof Key)[];

const keyById = prepared((db, projectId: Blank, id: Blank) =>
  db.selectFrom('keys').select(columns).where('id', '=', id).where('projectId', '=', projectId),
);
const keyByName = prepared((db, projectId: Blank, name: Blank) =>
  db.selectFrom('keys').select(columns).where('projectId', '=', projectId).where('name', '=', name),
);
const keyByAlias = prepared((db, projectId: Blank, alias: Blank) =>
  db
    .selectFrom('aliases')
    .innerJoin('keys', 'keys.id', 'aliases.keyId')
    .select(columns.map((column) => `keys.${column}` as const))
    .where('aliases.projectId', '=', projectId)
    .where('aliases.alias', '=', alias),
);
const keysOf = prepared((db, projectId: Blank) =>
  db
    .selectFrom('keys')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('projectId', '=', projectId),
);
const materialOf = prepared((db, id: Blank) => db.selectFrom('keys').select('material').where('id', '=', id));

export function sqlKeys({ db, sealing, placed }: SqlAccess): KeyStore {
  return {
    async add(key) {
      const material = key.material && sealing.seal(key.material, sealedAs(key.id));
      const adding = db.insertInto('keys').values({ ...key, material });
      await placed(`key ${key.name}`, adding.execute());
    },
    find: async (projectId, id) => (await keyById(db, projectId, id))[0],
    findByName: async (projectId, name) => (await keyByName(db, projectId, name))[0],
    async findByAlias(projectId, aliases) {
      for (const alias of aliases) {
        const [key] = await keyByAlias(db, projectId, alias);
        if (key) return key;
      }
      return undefined;
    },
    async list(projectId, filter, offset, limit) {
      const chosen = db.selectFrom('keys').where((row) => row.and({ projectId, ...filter }));
      const newestFirst = chosen.orderBy('createdAt', 'desc').orderBy('id', 'desc');
      const items = await newestFirst.select(columns).limit(limit).offset(offset).execute();
      const { total } = await chosen.select(({ fn }) => fn.countAll().as('total')).executeTakeFirstOrThrow();
      return { items, total: Number(total) };
    },
    count: async (projectId) => Number((await keysOf(db, projectId))[0]?.count),
    async update(projectId, id, states, change) {
      const updating = db
        .updateTable('keys')
        .set((row) => ({ state: row.ref('state'), ...change })) // an empty change asks only for the states
        .where('id', '=', id)
        .where('projectId', '=', projectId)
        .where('state', 'in', states);
      const { numUpdatedRows } = await placed(`key ${change.name ?? id}`, updating.executeTakeFirst());
      return numUpdatedRows > 0n;
    },
    async removeDue(now) {
      await db.deleteFrom('keys').where('state', '=', 4).where('deletionAt', '<=', now).execute();
    },
    async material(id) {
      const [row] = await materialOf(db, id);
      return row?.material ? sealing.open(row.material, sealedAs(id)) : undefined;
    },
    async addAlias(alias) {
      await placed(`alias ${alias.alias}`, db.insertInto('aliases').values(alias).execute());
    },
  };
}

const sealedAs = (id: string): string => `material of key ${id}`;
