/** Publications of APIs in SQL. */
import type { SqlAccess } from './schema.ts';
import { inBatches } from './sql-batches.ts';
import { byAge, publicationFrom, publicationRow } from './sql-gateways-rows.ts';
import { countOf } from './sql-pages.ts';
import { atOnce } from './sql-transactions.ts';
import type { GatewayStore } from './store.ts';

type PublicationStore = Pick<GatewayStore, 'publish' | 'takeOffline' | 'history' | 'inForce'>;

/** Versions of an API that are kept in an environment. Source: https://docs.otc.t-systems.com/api-gateway/umn/service_overview/notes_and_constraints.html */
const MOST = 10;

export function sqlPublications(access: SqlAccess): PublicationStore {
  const { db, placed } = access;
  const publications = db.selectFrom('publications');
  return {
    publish: (publication) =>
      atOnce(access, async (inner) => {
        const { apiId, environmentId } = publication;
        await sqlPublications(inner).takeOffline(apiId, environmentId);
        const adding = inner.db.insertInto('publications').values(publicationRow(publication));
        await placed(`publication ${publication.id}`, adding.execute());
        const { items } = await sqlPublications(inner).history(apiId, environmentId, MOST, Number.MAX_SAFE_INTEGER);
        const old = items.filter(({ inForce }) => inForce === 0).map(({ id }) => id);
        await inBatches(old, (some) => inner.db.deleteFrom('publications').where('id', 'in', some));
      }),
    async takeOffline(apiId, environmentId) {
      const taking = db
        .updateTable('publications')
        .set({ inForce: 0 })
        .where((row) => row.and({ apiId, environmentId, inForce: 1 }));
      return (await taking.executeTakeFirst()).numUpdatedRows > 0n;
    },
    async history(apiId, environmentId, offset, limit) {
      let chosen = publications.where('apiId', '=', apiId);
      if (environmentId !== undefined) chosen = chosen.where('environmentId', '=', environmentId);
      const newestFirst = chosen.selectAll().orderBy('publishedAt', 'desc').orderBy('id', 'desc');
      const rows = await newestFirst.limit(limit).offset(offset).execute();
      return { items: rows.map(publicationFrom), total: await countOf(chosen) };
    },
    async inForce(gatewayId, { apiIds, publishIds, environmentId }) {
      let chosen = publications.selectAll().where((row) => row.and({ gatewayId, inForce: 1 }));
      if (environmentId !== undefined) chosen = chosen.where('environmentId', '=', environmentId);
      const [column, ids] = apiIds ? (['apiId', apiIds] as const) : (['publishId', publishIds] as const);
      const found = ids
        ? (await inBatches([...new Set(ids)], (some) => chosen.where(column, 'in', some))).flat()
        : await chosen.execute();
      return found.map(publicationFrom).toSorted(byAge);
    },
  };
}
