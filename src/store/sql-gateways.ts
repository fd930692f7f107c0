/** What API gateways know, in SQL. */
import type { SqlAccess } from './schema.ts';
import { sqlApis } from './sql-gateways-apis.ts';
import { sqlBindings } from './sql-gateways-bindings.ts';
import { rowsOfGateways } from './sql-gateways-named.ts';
import { sqlPublications } from './sql-gateways-publications.ts';
import { signatureKeyFrom, signatureKeyRow } from './sql-gateways-rows.ts';
import { sqlRoutes } from './sql-gateways-routes.ts';
import { atOnce } from './sql-transactions.ts';
import type { GatewayStore } from './store.ts';

export function sqlGateways(access: SqlAccess): GatewayStore {
  const { db, sealing } = access;
  const keys = rowsOfGateways(access, 'signatureKeys', 'signature key');
  const groups = rowsOfGateways(access, 'apiGroups', 'group');
  const environments = rowsOfGateways(access, 'environments', 'environment');
  return {
    gateways: (projectId) =>
      db
        .selectFrom('gateways')
        .selectAll()
        .where('projectId', '=', projectId)
        .orderBy('createdAt')
        .orderBy('id')
        .execute(),

    addKey: (key) => keys.add(signatureKeyRow(key, sealing)),
    updateKey: (key) => keys.update(signatureKeyRow(key, sealing)),
    removeKey: keys.remove,
    async findKey(gatewayId, id) {
      const row = await keys.find(gatewayId, id);
      return row && signatureKeyFrom(row, sealing);
    },
    async listKeys(gatewayId, filter, offset, limit) {
      const { items, total } = await keys.page(keys.named(gatewayId, filter), offset, limit);
      return { items: items.map((row) => signatureKeyFrom(row, sealing)), total };
    },
    async keysFor(key, projectId) {
      const named = db.selectFrom('signatureKeys').selectAll().where('key', '=', key);
      const rows = await (projectId === undefined ? named : named.where('projectId', '=', projectId)).execute();
      return rows.map((row) => signatureKeyFrom(row, sealing));
    },

    addGroup: groups.add,
    updateGroup: groups.update,
    removeGroup: groups.remove,
    findGroup: groups.find,
    listGroups: (gatewayId, filter, offset, limit) => groups.page(groups.named(gatewayId, filter), offset, limit),

    addEnvironment: environments.add,
    updateEnvironment: environments.update,
    removeEnvironment: (gatewayId, id) =>
      atOnce(access, async (inner) => {
        const { remove } = rowsOfGateways(inner, 'environments', 'environment');
        if (!(await remove(gatewayId, id))) return false;
        for (const table of ['publications', 'signatureBindings'] as const) {
          await inner.db
            .deleteFrom(table)
            .where((row) => row.and({ gatewayId, environmentId: id }))
            .execute();
        }
        return true;
      }),
    listEnvironments: (gatewayId) => environments.newestFirst(environments.named(gatewayId, {})),

    ...sqlApis(access),
    ...sqlPublications(access),
    ...sqlBindings(access),
    routes: sqlRoutes(access),
  };
}
