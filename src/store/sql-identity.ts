/** Domains, projects, users and their access keys in SQL. */
import type { Sealing } from '../crypto/sealing.ts';
import type { Blank } from './prepared.ts';
import { prepared } from './prepared.ts';
import type { SqlAccess } from './schema.ts';
import { openedAccessKey, sealedAccessKey } from './sql-access-keys.ts';
import { removeProject } from './sql-removal.ts';
import { atOnce } from './sql-transactions.ts';
import { permissionsOf, userRow, userFrom } from './sql-users.ts';
import type { AccessKeyDetails, IdentityStore } from './store.ts';

const projectColumns = ['id', 'name', 'domainId'] as const;

const projectById = prepared((db, id: Blank) =>
  db
    .selectFrom('projects')
    .innerJoin('domains', 'domains.id', 'projects.domainId')
    .where('projects.id', '=', id)
    .select(['projects.id', 'projects.name', 'domains.id as domainId', 'domains.name as domainName']),
);
const ownedKeys = (db: SqlAccess['db']) =>
  db
    .selectFrom('accessKeys')
    .innerJoin('users', 'users.id', 'accessKeys.userId')
    .innerJoin('domains', 'domains.id', 'users.domainId')
    .select(['accessKeys.access', 'accessKeys.secret', 'accessKeys.userId', 'accessKeys.securityTokenHash'])
    .select(['accessKeys.expiresAt', 'accessKeys.failures', 'accessKeys.lockedUntil'])
    .select(['users.name', 'users.permissions', 'domains.id as domainId', 'domains.name as domainName']);
const accessKeyOf = prepared((db, access: Blank) => ownedKeys(db).where('accessKeys.access', '=', access));

type AccessKeyRow = Awaited<ReturnType<typeof accessKeyOf>>[number];

export function sqlIdentity(access: SqlAccess): IdentityStore {
  const { db, sealing, placed } = access;
  return {
    async addDomain(domain) {
      await placed(`domain ${domain.name}`, db.insertInto('domains').values(domain).execute());
    },
    async addProject(project) {
      await placed(`project ${project.name}`, db.insertInto('projects').values(project).execute());
    },
    async addUser(user) {
      await placed(`user ${user.name}`, db.insertInto('users').values(userRow(user, sealing)).execute());
    },
    async addAccessKey(key) {
      const adding = db.insertInto('accessKeys').values(sealedAccessKey(key, sealing));
      await placed(`access key ${key.access}`, adding.execute());
    },
    domain: (by) =>
      db
        .selectFrom('domains')
        .selectAll()
        .where((row) => row.and(by))
        .executeTakeFirst(),
    projects: (by) =>
      db
        .selectFrom('projects')
        .select(projectColumns)
        .where((row) => row.and(by))
        .orderBy('name')
        .orderBy('domainId')
        .execute(),
    async users(by) {
      const found = db.selectFrom('users').selectAll();
      const rows = await found
        .where((row) => row.and(by))
        .orderBy('name')
        .orderBy('domainId')
        .execute();
      return rows.map((row) => userFrom(row, sealing));
    },
    async project(id) {
      const [row] = await projectById(db, id);
      return row && { id: row.id, name: row.name, domain: { id: row.domainId, name: row.domainName } };
    },
    async everyProject() {
      const rows = await db
        .selectFrom('projects')
        .innerJoin('domains', 'domains.id', 'projects.domainId')
        .leftJoin('keys', 'keys.projectId', 'projects.id')
        .select(['projects.id', 'projects.name', 'domains.id as domainId', 'domains.name as domainName'])
        .select(({ fn }) => fn.count('keys.id').as('keys'))
        .groupBy(['projects.id', 'projects.name', 'domains.id', 'domains.name'])
        .orderBy('domains.name')
        .orderBy('projects.name')
        .orderBy('projects.id')
        .execute();
      return rows.map(({ id, name, domainId, domainName, keys }) => {
        return { id, name, domain: { id: domainId, name: domainName }, keys: Number(keys) };
      });
    },
    async accessKey(access) {
      const [row] = await accessKeyOf(db, access);
      return row && accessKeyFrom(row, sealing);
    },
    async accessKeys({ domainId }, most) {
      const all = ownedKeys(db).orderBy('accessKeys.access').limit(most);
      const rows = await (domainId === undefined ? all : all.where('domains.id', '=', domainId)).execute();
      return rows.map((row) => accessKeyFrom(row, sealing));
    },
    async countFailure(access, most, lockedUntil) {
      // One statement: failures at the same time all count.
      await db
        .updateTable('accessKeys')
        .set((row) => {
          const count = row('failures', '+', 1);
          const isTooMany = row(count, '>=', most);
          return {
            failures: row.case().when(isTooMany).then(0).else(count).end(),
            lockedUntil: row.case().when(isTooMany).then(lockedUntil).else(row.ref('lockedUntil')).end(),
          };
        })
        .where('access', '=', access)
        .execute();
    },
    async clearFailures(access) {
      const cleared = { failures: 0, lockedUntil: null };
      await db.updateTable('accessKeys').set(cleared).where('access', '=', access).execute();
    },
    async removeExpiredAccessKeys(before) {
      await db.deleteFrom('accessKeys').where('expiresAt', '<', before).execute();
    },
    removeProject: (id) => atOnce(access, (inner) => removeProject(inner.db, id)),
  };
}

function accessKeyFrom(row: AccessKeyRow, sealing: Sealing): AccessKeyDetails {
  const { name, permissions, domainId, domainName, ...key } = row;
  const domain = { id: domainId, name: domainName };
  return {
    ...openedAccessKey(key, sealing),
    user: { id: key.userId, name, domain, permissions: permissionsOf(permissions) },
  };
}
