/** What a gateway needs for a call, in SQL: three questions, each by index. */
import type { Blank } from './prepared.ts';
import { prepared } from './prepared.ts';
import type { SqlAccess } from './schema.ts';
import {
  byAge,
  boundKeyFrom,
  columnsOfBoundKeys,
  columnsOfPublications,
  hasKey,
  publicationIn,
} from './sql-gateways-rows.ts';
import { release } from './store.ts';
import type { GatewayStore } from './store.ts';

const groupById = prepared((db, id: Blank) => db.selectFrom('apiGroups').selectAll().where('id', '=', id));

const environmentsOf = prepared((db, gatewayId: Blank) =>
  db.selectFrom('environments').select(['name', 'id']).where('gatewayId', '=', gatewayId),
);

const publishedIn = prepared((db, groupId: Blank) =>
  db
    .selectFrom('apis')
    .innerJoin('publications', 'publications.apiId', 'apis.id')
    .leftJoin('signatureBindings', (join) =>
      join
        .onRef('signatureBindings.apiId', '=', 'publications.apiId')
        .onRef('signatureBindings.environmentId', '=', 'publications.environmentId'),
    )
    .leftJoin('signatureKeys', 'signatureKeys.id', 'signatureBindings.keyId')
    .where('apis.groupId', '=', groupId)
    .where('publications.inForce', '=', 1)
    .select(columnsOfPublications)
    .select(columnsOfBoundKeys),
);

export function sqlRoutes({ db, sealing }: SqlAccess): GatewayStore['routes'] {
  return async (groupId) => {
    const [group] = await groupById(db, groupId);
    if (!group) return undefined;
    const environments = await environmentsOf(db, group.gatewayId);
    const routes = (await publishedIn(db, groupId)).map((row) => ({
      publication: publicationIn(row),
      key: hasKey(row) ? boundKeyFrom(row, sealing) : undefined,
    }));
    return {
      group,
      environments: new Map([release, ...environments].map(({ name, id }) => [name, id])),
      routes: routes.toSorted((one, other) => byAge(one.publication, other.publication)),
    };
  };
}
