/** Tenancies of OCI in SQL, their users and keys, and the deployments of the gateway. */
import type { SqlAccess } from './schema.ts';
import { sqlOciKeys } from './sql-oci-keys.ts';
import { deploymentFrom, deploymentRow, ociUserFrom, ociUserRow } from './sql-oci-rows.ts';
import type { OciStore } from './store.ts';

export function sqlOci(access: SqlAccess): OciStore {
  const { db, sealing, placed } = access;
  const removalFrom = (table: 'ociTenancies' | 'ociUsers' | 'ociDeployments') => async (id: string) => {
    const removing = db.deleteFrom(table).where('id', '=', id);
    return (await removing.executeTakeFirst()).numDeletedRows > 0n;
  };
  return {
    async addTenancy(tenancy) {
      await placed(`tenancy ${tenancy.id}`, db.insertInto('ociTenancies').values(tenancy).execute());
    },
    tenancies: () => db.selectFrom('ociTenancies').selectAll().orderBy('id').execute(),
    tenancy: (id) => db.selectFrom('ociTenancies').selectAll().where('id', '=', id).executeTakeFirst(),
    removeTenancy: removalFrom('ociTenancies'),

    async addUser(user) {
      await placed(`user ${user.name}`, db.insertInto('ociUsers').values(ociUserRow(user)).execute());
    },
    async users(tenancyId) {
      const all = db.selectFrom('ociUsers').selectAll().orderBy('id');
      const chosen = tenancyId === undefined ? all : all.where('tenancyId', '=', tenancyId);
      return (await chosen.execute()).map(ociUserFrom);
    },
    async user(id) {
      const row = await db.selectFrom('ociUsers').selectAll().where('id', '=', id).executeTakeFirst();
      return row && ociUserFrom(row);
    },
    removeUser: removalFrom('ociUsers'),

    ...sqlOciKeys(access),

    async addDeployment(deployment) {
      const adding = db.insertInto('ociDeployments').values(deploymentRow(deployment, sealing));
      await placed(`deployment ${deployment.pathPrefix}`, adding.execute());
    },
    async deployments() {
      const rows = await db.selectFrom('ociDeployments').selectAll().orderBy('pathPrefix').execute();
      return rows.map((row) => deploymentFrom(row, sealing));
    },
    async deployment(id) {
      const row = await db.selectFrom('ociDeployments').selectAll().where('id', '=', id).executeTakeFirst();
      return row && deploymentFrom(row, sealing);
    },
    async deploymentAt(pathPrefixes) {
      const found = db.selectFrom('ociDeployments').selectAll().where('pathPrefix', 'in', pathPrefixes);
      const [row] = (await found.execute()).sort((one, other) => other.pathPrefix.length - one.pathPrefix.length);
      return row && deploymentFrom(row, sealing);
    },
    removeDeployment: removalFrom('ociDeployments'),
  };
}
