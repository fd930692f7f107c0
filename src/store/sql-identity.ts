/** Domains, projects, users and their access keys in SQL. */
import type { Blank } from './prepared.ts';
import { prepared } from './prepared.ts';
import type { SqlAccess } from './schema.ts';
import { removeProject } from './sql-removal.ts';
import { permissionsOf, userRow, userFrom } from './sql-users.ts';
import type { IdentityStore } from './store.ts';

const projectColumns = ['id', 'name', 'domainId'] as const;

const projectById = prepared((db, id: Blank) =>
  db
    .selectFrom('projects')
    .innerJoin('domains', 'domains.id', 'projects.domainId')
    .where('projects.id', '=', id)
    .select(['projects.id', 'projects.name', 'domains.id as domainId', 'domains.name as domainName']),
);
const accessKeyOf = prepared((db, access: Blank) =>
  db
    .selectFrom('accessKeys')
    .innerJoin('users', 'users.id', 'accessKeys.userId')
    .innerJoin('domains', 'domains.id', 'users.domainId')
    .where('accessKeys.access', '=', access)
    .select(['accessKeys.access', 'accessKeys.secret', 'accessKeys.userId', 'accessKeys.securityTokenHash'])
    .select(['accessKeys.expiresAt', 'accessKeys.failures', 'accessKeys.lockedUntil'])
    .select(['users.name', 'users.permissions', 'domains.id as domainId', 'domains.name as domainName']),
);

export function sqlIdentity({ db, sealing, placed }: SqlAccess): IdentityStore {
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
      const secret = sealing.seal(Buffer.from(key.secret), sealedAs(key.access));
      const adding = db.insertInto('accessKeys').values({ ...key, secret });
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
      const rows = await found.where((row) => row.and(by)).execute();
      return rows.map((row) => userFrom(row, sealing));
    },
    async project(id) {
      const [row] = await projectById(db, id);
      return row && { id: row.id, name: row.name, domain: { id: row.domainId, name: row.domainName } };
    },
    async accessKey(access) {
      const [row] = await accessKeyOf(db, access);
      if (!row) return undefined;
      const { name, permissions, domainId, domainName, ...key } = row;
      const domain = { id: domainId, name: domainName };
      return {
        ...key,
        secret: Buffer.from(sealing.open(key.secret, sealedAs(access))).toString(),
        user: { id: key.userId, name, domain, permissions: permissionsOf(permissions) },
      };
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
    removeProject: (id) =>
      db.isTransaction ? removeProject(db, id) : db.transaction().execute((inner) => removeProject(inner, id)),
  };
}

const sealedAs = (access: string): string => `secret of access key ${access}`;
