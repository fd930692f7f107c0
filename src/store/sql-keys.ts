/** Keys and their aliases in SQL. A key that is found never carries its material. */
import { sql } from 'kysely';
import type { ExpressionBuilder } from 'kysely';
import type { Sealing } from '../crypto/sealing.ts';
import type { Blank } from './prepared.ts';
import { prepared } from './prepared.ts';
import type { Schema, SqlAccess } from './schema.ts';
import { sealedAs } from './sealed-as.ts';
import { countOf } from './sql-pages.ts';
import type { DueKey, Key, KeyState, KeyStore, Material } from './store.ts';

const keyColumns = [
  ...(['id', 'projectId', 'domainId', 'name', 'description', 'spec', 'usage', 'state', 'origin'] as const),
  ...(['enterpriseProjectId', 'createdAt', 'deletionAt', 'expiresAt', 'publicKey'] as const),
  ...(['materialVersion', 'importedHash', 'rotationDays', 'nextRotationAt', 'lastRotationAt'] as const),
] satisfies (keyof Key)[];

/** For queries that join. */
export const columnsOfKeys = keyColumns.map((column) => `keys.${column}` as const);

const keyById = prepared((db, projectId: Blank, id: Blank) =>
  db.selectFrom('keys').select(keyColumns).where('id', '=', id).where('projectId', '=', projectId),
);
const keyAnywhere = prepared((db, id: Blank) => db.selectFrom('keys').select(keyColumns).where('id', '=', id));
const keyByName = prepared((db, projectId: Blank, name: Blank) =>
  db.selectFrom('keys').select(keyColumns).where('projectId', '=', projectId).where('name', '=', name),
);
const keyByAlias = prepared((db, projectId: Blank, alias: Blank) =>
  db
    .selectFrom('aliases')
    .innerJoin('keys', 'keys.id', 'aliases.keyId')
    .select(columnsOfKeys)
    .where('aliases.projectId', '=', projectId)
    .where('aliases.alias', '=', alias),
);
const keysOf = prepared((db, projectId: Blank) =>
  db
    .selectFrom('keys')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('projectId', '=', projectId)
    // The last eight characters; `like` would take capitals for small letters.
    .where(sql`substr("name", length("name") - 7)`, '<>', '/default'),
);
const dueKey = prepared((db, now: Blank<number>) =>
  db
    .selectFrom('keys')
    .select('id')
    .where((row) =>
      row.or([row.and([row('state', '=', 4), row('deletionAt', '<=', now)]), row('expiresAt', '<=', now)]),
    )
    .limit(1),
);
const dueDeletions = prepared((db, until: Blank<number>, most: Blank<number>) =>
  db
    .selectFrom('keys')
    .select(['id as keyId', 'projectId', 'deletionAt as at'])
    .where('state', '=', 4)
    .where('deletionAt', '<=', until)
    .orderBy('deletionAt')
    .limit(most),
);
const dueExpiries = prepared((db, until: Blank<number>, most: Blank<number>) =>
  db
    .selectFrom('keys')
    .select(['id as keyId', 'projectId', 'expiresAt as at'])
    .where('expiresAt', '<=', until)
    .orderBy('expiresAt')
    .limit(most),
);
const dueRotations = prepared((db, until: Blank<number>, most: Blank<number>) =>
  db
    .selectFrom('keys')
    .select(['id as keyId', 'projectId', 'nextRotationAt as at'])
    .where('state', '=', 2)
    .where('nextRotationAt', '<=', until)
    .orderBy('nextRotationAt')
    .limit(most),
);
/** In the order in which they happen at one instant. */
const dueOf = { deletion: dueDeletions, expiry: dueExpiries, rotation: dueRotations } as const;

const materialOf = prepared((db, id: Blank, version: Blank<number>) =>
  db.selectFrom('materials').select('secret').where('keyId', '=', id).where('version', '=', version),
);

export function sqlKeys({ db, sealing, placed }: SqlAccess): KeyStore {
  const addMaterial: KeyStore['addMaterial'] = async (id, version, secret) => {
    const row = materialRow({ keyId: id, version, secret }, sealing);
    await placed(`material of key ${id}`, db.insertInto('materials').values(row).execute());
  };
  return {
    async add({ material, ...key }) {
      await placed(`key ${key.name}`, db.insertInto('keys').values(key).execute());
      if (material !== null) await addMaterial(key.id, key.materialVersion, material);
    },
    find: async (projectId, id) => (await keyById(db, projectId, id))[0],
    findAnywhere: async (id) => (await keyAnywhere(db, id))[0],
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
      const items = await newestFirst.select(keyColumns).limit(limit).offset(offset).execute();
      return { items, total: await countOf(chosen) };
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
    async hasDue(now) {
      const [row] = await dueKey(db, now);
      return row !== undefined;
    },
    async due(until, most) {
      const asked = (Object.keys(dueOf) as DueKey['what'][]).map(async (what) =>
        (await dueOf[what](db, until, most)).map(({ at, ...key }) => ({ ...key, what, at: at ?? 0 })),
      );
      const found = (await Promise.all(asked)).flat();
      return found.toSorted((one, other) => one.at - other.at).slice(0, most);
    },
    async removeDue(now) {
      await db.deleteFrom('keys').where('state', '=', 4).where('deletionAt', '<=', now).execute();
    },
    async expireDue(now) {
      const expired = db.selectFrom('keys').select('id').where('expiresAt', '<=', now);
      await db.deleteFrom('materials').where('keyId', 'in', expired).execute();
      const emptied = { publicKey: null, materialVersion: 0, expiresAt: null } as const;
      const pendingImport = (row: ExpressionBuilder<Schema, 'keys'>) =>
        row.case().when('state', '=', 4).then<KeyState>(4).else<KeyState>(5).end();
      await db
        .updateTable('keys')
        .set((row) => ({ ...emptied, state: pendingImport(row) }))
        .where('expiresAt', '<=', now)
        .execute();
    },
    async material(id, version) {
      const [row] = await materialOf(db, id, version);
      return row && materialFrom({ keyId: id, version, ...row }, sealing).secret;
    },
    addMaterial,
    async removeMaterial(id) {
      await db.deleteFrom('materials').where('keyId', '=', id).execute();
    },
  };
}

export const materialRow = (material: Material, sealing: Sealing): Material => ({
  ...material,
  secret: sealing.seal(material.secret, sealedAs.material(material.keyId, material.version)),
});

export const materialFrom = (row: Material, sealing: Sealing): Material => ({
  ...row,
  secret: sealing.open(row.secret, sealedAs.material(row.keyId, row.version)),
});
