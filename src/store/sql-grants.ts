/** Grants in SQL. */
import type { Schema, SqlAccess } from './schema.ts';
import { countOf } from './sql-pages.ts';
import type { Grant, GrantStore, Principals } from './store.ts';

export function sqlGrants({ db, placed }: SqlAccess): GrantStore {
  const grants = db.selectFrom('grants');
  const page = async (chosen: typeof grants, offset: number, limit: number) => {
    const newestFirst = chosen.orderBy('createdAt', 'desc').orderBy('id', 'desc');
    const rows = await newestFirst.selectAll().limit(limit).offset(offset).execute();
    return { items: rows.map(grantFrom), total: await countOf(chosen) };
  };
  return {
    async add(grant) {
      await placed('grant', db.insertInto('grants').values(grantRow(grant)).execute());
    },
    async find(id) {
      const row = await grants.selectAll().where('id', '=', id).executeTakeFirst();
      return row && grantFrom(row);
    },
    async remove(id) {
      const { numDeletedRows } = await db.deleteFrom('grants').where('id', '=', id).executeTakeFirst();
      return numDeletedRows > 0n;
    },
    list: (keyId, offset, limit) => page(grants.where('keyId', '=', keyId), offset, limit),
    retirable: ({ user, domain }, offset, limit) =>
      page(grants.where('retiringPrincipal', 'in', [user, domain]), offset, limit),
    async held(keyId, by) {
      const rows = await grants
        .selectAll()
        .where('keyId', '=', keyId)
        .where((row) => row.or(granteesOf(by).map((grantee) => row.and(grantee))))
        .execute();
      return rows.map(grantFrom);
    },
    async most(projectId) {
      const row = await grants
        .innerJoin('keys', 'keys.id', 'grants.keyId')
        .select(({ fn }) => fn.countAll().as('count'))
        .where('keys.projectId', '=', projectId)
        .groupBy('grants.keyId')
        .orderBy('count', 'desc')
        .limit(1)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
  };
}

const granteesOf = ({ user, domain }: Principals) =>
  [
    { granteeType: 'user', grantee: user },
    { granteeType: 'domain', grantee: domain },
  ] as const;

export const grantRow = (grant: Grant) => ({ ...grant, operations: JSON.stringify(grant.operations) });

export const grantFrom = (row: Schema['grants']): Grant => ({
  ...row,
  operations: JSON.parse(row.operations) as string[],
});
