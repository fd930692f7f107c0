/** API keys of OCI in SQL, and the retries of their uploads. */
import type { Blank } from './prepared.ts';
import { prepared } from './prepared.ts';
import type { SqlAccess } from './schema.ts';
import { ociUserFrom } from './sql-oci-rows.ts';
import { atOnce } from './sql-transactions.ts';
import type { OciApiKeyDetails, OciStore } from './store.ts';

const details = (db: SqlAccess['db']) =>
  db
    .selectFrom('ociApiKeys')
    .innerJoin('ociUsers', 'ociUsers.id', 'ociApiKeys.userId')
    .innerJoin('ociTenancies', 'ociTenancies.id', 'ociUsers.tenancyId')
    .selectAll('ociApiKeys')
    .select(['ociUsers.tenancyId', 'ociUsers.name', 'ociUsers.isAdministrator', 'ociUsers.createdAt as userSince'])
    .select(['ociTenancies.name as tenancyName', 'ociTenancies.createdAt as tenancySince']);
const keyOf = prepared((db, userId: Blank, fingerprint: Blank) =>
  details(db).where('ociApiKeys.userId', '=', userId).where('ociApiKeys.fingerprint', '=', fingerprint),
);

type DetailsRow = Awaited<ReturnType<typeof keyOf>>[number];

type KeyStore = Pick<
  OciStore,
  'addApiKey' | 'apiKeys' | 'apiKey' | 'anyApiKeys' | 'removeApiKey' | 'setInactive' | 'retry' | 'addRetry'
>;

export function sqlOciKeys(access: SqlAccess): KeyStore {
  const { db } = access;
  return {
    addApiKey: (key, most) =>
      // At once: of two that come for the last place, one gets it.
      atOnce(access, async ({ db, placed }) => {
        const { userId, fingerprint } = key;
        const there = await db.selectFrom('ociApiKeys').select('fingerprint').where('userId', '=', userId).execute();
        if (there.some((other) => other.fingerprint === fingerprint)) return 'taken';
        if (there.length >= most) return 'full';
        await placed(`API key ${fingerprint}`, db.insertInto('ociApiKeys').values(key).execute());
        return 'added';
      }),
    apiKeys: (userId) =>
      db
        .selectFrom('ociApiKeys')
        .selectAll()
        .where('userId', '=', userId)
        .orderBy('createdAt')
        .orderBy('fingerprint')
        .execute(),
    async apiKey(userId, fingerprint) {
      const [row] = await keyOf(db, userId, fingerprint);
      return row && detailsFrom(row);
    },
    async anyApiKeys(most) {
      const newest = details(db)
        .orderBy('ociApiKeys.createdAt', 'desc')
        .orderBy('ociApiKeys.userId', 'desc')
        .orderBy('ociApiKeys.fingerprint', 'desc');
      return (await newest.limit(most).execute()).map(detailsFrom);
    },
    removeApiKey: (userId, fingerprint, etag) =>
      atOnce(access, async ({ db }) => {
        const it = { userId, fingerprint };
        const removing = db.deleteFrom('ociApiKeys').where((row) => row.and(etag === undefined ? it : { ...it, etag }));
        if ((await removing.executeTakeFirst()).numDeletedRows > 0n) return 'removed';
        const [other] = await keyOf(db, userId, fingerprint);
        return other ? 'stale' : 'missing';
      }),
    async setInactive(userId, fingerprint, inactiveStatus) {
      const changing = db
        .updateTable('ociApiKeys')
        .set({ inactiveStatus })
        .where((row) => row.and({ userId, fingerprint }));
      return (await changing.executeTakeFirst()).numUpdatedRows > 0n;
    },
    retry: (userId, token, at) =>
      db
        .selectFrom('ociRetries')
        .selectAll()
        .where((row) => row.and({ userId, token }))
        .where('expiresAt', '>', at)
        .executeTakeFirst(),
    addRetry: (retry, at) =>
      atOnce(access, async ({ db, placed }) => {
        await db.deleteFrom('ociRetries').where('expiresAt', '<=', at).execute();
        await placed(`retry token ${retry.token}`, db.insertInto('ociRetries').values(retry).execute());
      }),
  };
}

function detailsFrom(row: DetailsRow): OciApiKeyDetails {
  const { tenancyId, name, isAdministrator, userSince, tenancyName, tenancySince, ...key } = row;
  return {
    ...key,
    user: ociUserFrom({ id: key.userId, tenancyId, name, isAdministrator, createdAt: userSince }),
    tenancy: { id: tenancyId, name: tenancyName, createdAt: tenancySince },
  };
}
