/** APIs of gateways in SQL. */
import { expressionBuilder } from 'kysely';
import type { Expression, SqlBool } from 'kysely';
import type { Schema, SqlAccess } from './schema.ts';
import { rowsOfGateways } from './sql-gateways-named.ts';
import { apiFrom, apiRow } from './sql-gateways-rows.ts';
import { matches } from './sql-text.ts';
import type { ApiFilter, GatewayStore } from './store.ts';

type ApiStore = Pick<GatewayStore, 'addApi' | 'updateApi' | 'removeApi' | 'findApi' | 'listApis'>;

export function sqlApis(access: SqlAccess): ApiStore {
  const apis = rowsOfGateways(access, 'apis', 'API');
  return {
    addApi: (api) => apis.add(apiRow(api)),
    updateApi: (api) => apis.update(apiRow(api)),
    removeApi: apis.remove,
    async findApi(gatewayId, id) {
      const row = await apis.find(gatewayId, id);
      return row && apiFrom(row);
    },
    async listApis(gatewayId, filter, offset, limit) {
      const chosen = apis.named(gatewayId, filter).where(ofApis(filter));
      const { items, total } = await apis.page(chosen, offset, limit);
      return { items: items.map(apiFrom), total };
    },
  };
}

/** Without what is not asked for: what is left are columns. */
const wanted = ({ groupId, method, type, protocol, authType }: ApiFilter) =>
  Object.fromEntries(
    Object.entries({ groupId, method, type, protocol, authType }).filter(([, value]) => value !== undefined),
  );

function ofApis({ environmentId, path, ...filter }: ApiFilter): Expression<SqlBool> {
  const row = expressionBuilder<Schema, 'apis'>();
  const published = row
    .selectFrom('publications')
    .select('publications.id')
    .whereRef('publications.apiId', '=', 'apis.id')
    .where('publications.inForce', '=', 1);
  return row.and([
    row.and(wanted(filter)),
    ...(path === undefined ? [] : [matches('path', path)]),
    ...(environmentId === undefined
      ? []
      : [row.exists(published.where('publications.environmentId', '=', environmentId))]),
  ]);
}
