/** Bindings of signature keys to APIs in SQL. */
import { expressionBuilder, sql } from 'kysely';
import type { Expression, SqlBool } from 'kysely';
import type { Schema, SqlAccess } from './schema.ts';
import { inBatches } from './sql-batches.ts';
import { boundKeyFrom, columnsOfBoundKeys, columnsOfPublications, publicationIn } from './sql-gateways-rows.ts';
import { countOf } from './sql-pages.ts';
import { contains } from './sql-text.ts';
import { atOnce } from './sql-transactions.ts';
import { release } from './store.ts';
import type { BindingFilter, BoundApi, GatewayStore } from './store.ts';

type BindingStore = Pick<GatewayStore, 'countBindings' | 'bind' | 'unbind' | 'bound' | 'listBound' | 'listUnbound'>;

export function sqlBindings(access: SqlAccess): BindingStore {
  const { db, sealing, placed } = access;
  const boundTo = (gatewayId: string, { keyId, keyName, ...filter }: BindingFilter) => {
    let chosen = db
      .selectFrom('signatureBindings')
      .innerJoin('signatureKeys', 'signatureKeys.id', 'signatureBindings.keyId')
      .innerJoin('publications', (join) =>
        join.on('publications.id', '=', (row) =>
          row
            .selectFrom('publications as latest')
            .select('latest.id')
            .whereRef('latest.apiId', '=', 'signatureBindings.apiId')
            .whereRef('latest.environmentId', '=', 'signatureBindings.environmentId')
            .orderBy('latest.inForce', 'desc')
            .orderBy('latest.publishedAt', 'desc')
            .orderBy('latest.id', 'desc')
            .limit(1),
        ),
      )
      .innerJoin('apis', 'apis.id', 'signatureBindings.apiId')
      .innerJoin('apiGroups', 'apiGroups.id', 'apis.groupId')
      .leftJoin('environments', 'environments.id', 'signatureBindings.environmentId')
      .where('signatureBindings.gatewayId', '=', gatewayId)
      .where(ofApis(filter));
    if (keyId !== undefined) chosen = chosen.where('signatureBindings.keyId', '=', keyId);
    if (keyName !== undefined) chosen = chosen.where('signatureKeys.name', '=', keyName);
    return chosen;
  };
  const shown = (chosen: ReturnType<typeof boundTo>) =>
    chosen
      .select(columnsOfPublications)
      .select(columnsOfBoundKeys)
      .select(['signatureBindings.id as bindingId', 'signatureBindings.boundAt'])
      .select(['apis.groupId', 'apiGroups.name as groupName', environmentName]);
  type BoundRow = Awaited<ReturnType<ReturnType<typeof shown>['execute']>>[number];
  const boundFrom = (row: BoundRow): BoundApi => {
    const { bindingId: id, projectId, gatewayId, apiId, environmentId, keyId, boundAt } = row;
    return {
      binding: { id, projectId, gatewayId, apiId, environmentId, keyId, boundAt },
      key: boundKeyFrom(row, sealing),
      publication: publicationIn(row),
      ...{ groupId: row.groupId, groupName: row.groupName, environmentName: row.environmentName },
    };
  };
  const unbound = (gatewayId: string, keyId: string, filter: BindingFilter) =>
    db
      .selectFrom('publications')
      .innerJoin('apis', 'apis.id', 'publications.apiId')
      .innerJoin('apiGroups', 'apiGroups.id', 'apis.groupId')
      .leftJoin('environments', 'environments.id', 'publications.environmentId')
      .leftJoin('signatureBindings', (join) =>
        join
          .onRef('signatureBindings.apiId', '=', 'publications.apiId')
          .onRef('signatureBindings.environmentId', '=', 'publications.environmentId'),
      )
      .leftJoin('signatureKeys', 'signatureKeys.id', 'signatureBindings.keyId')
      .where('publications.gatewayId', '=', gatewayId)
      .where('publications.inForce', '=', 1)
      .where((row) => row.or([row('signatureBindings.keyId', 'is', null), row('signatureBindings.keyId', '<>', keyId)]))
      .where(ofApis(filter));
  return {
    async countBindings(keyIds) {
      const counts = await inBatches(keyIds, (some) =>
        db
          .selectFrom('signatureBindings')
          .select(['keyId', ({ fn }) => fn.countAll().as('count')])
          .where('keyId', 'in', some)
          .groupBy('keyId'),
      );
      return new Map(counts.flat().map(({ keyId, count }) => [keyId, Number(count)]));
    },
    async bind(bindings) {
      // A statement may change a row only once; the last of several for one API counts.
      const rows = new Map(bindings.map((binding) => [`${binding.apiId} ${binding.environmentId}`, binding]));
      const binding = atOnce(access, (inner) =>
        inBatches([...rows.values()], (some) =>
          inner.db
            .insertInto('signatureBindings')
            .values(some)
            .onConflict((conflict) =>
              conflict.columns(['apiId', 'environmentId']).doUpdateSet((row) => ({
                id: row.ref('excluded.id'),
                keyId: row.ref('excluded.keyId'),
                boundAt: row.ref('excluded.boundAt'),
              })),
            ),
        ),
      );
      await placed('binding', binding);
    },
    async unbind(gatewayId, id) {
      const removing = db.deleteFrom('signatureBindings').where((row) => row.and({ gatewayId, id }));
      return (await removing.executeTakeFirst()).numDeletedRows > 0n;
    },
    async bound(gatewayId, ids) {
      const chosen = shown(boundTo(gatewayId, {}));
      const rows = await inBatches(ids, (some) => chosen.where('signatureBindings.id', 'in', some));
      return rows.flat().map(boundFrom);
    },
    async listBound(gatewayId, filter, offset, limit) {
      const chosen = boundTo(gatewayId, filter);
      const rows = await shown(chosen)
        .orderBy('signatureBindings.boundAt', 'desc')
        .orderBy('signatureBindings.id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      return { items: rows.map(boundFrom), total: await countOf(chosen) };
    },
    async listUnbound(gatewayId, keyId, filter, offset, limit) {
      const chosen = unbound(gatewayId, keyId, filter);
      const rows = await chosen
        .select(columnsOfPublications)
        .select(['apis.groupId', 'apiGroups.name as groupName', environmentName])
        .select(sql<string>`coalesce(${sql.ref('signatureKeys.name')}, '')`.as('keyName'))
        .orderBy('publications.publishedAt', 'desc')
        .orderBy('publications.id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      const items = rows.map((row) => {
        const { groupId, groupName, environmentName, keyName } = row;
        return { publication: publicationIn(row), groupId, groupName, environmentName, keyName };
      });
      return { items, total: await countOf(chosen) };
    },
  };
}

const environmentName = sql<string>`coalesce(${sql.ref('environments.name')}, ${release.name})`.as('environmentName');

function ofApis({ apiId, apiName, groupId, environmentId }: BindingFilter): Expression<SqlBool> {
  const row = expressionBuilder<Schema, 'apis' | 'publications'>();
  return row.and([
    ...(apiId === undefined ? [] : [row('apis.id', '=', apiId)]),
    ...(apiName === undefined ? [] : [contains('apis.name', apiName)]),
    ...(groupId === undefined ? [] : [row('apis.groupId', '=', groupId)]),
    ...(environmentId === undefined ? [] : [row('publications.environmentId', '=', environmentId)]),
  ]);
}
