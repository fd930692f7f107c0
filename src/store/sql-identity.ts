/** Domains, projects, users and their access keys in SQL. */
import type { Blank } from './prepared.ts';
import { prepared } from './prepared.ts';
import type { SqlAccess } from './schema.ts';
import type { IdentityStore } from './store.ts';

const projectColumns = ['id', 'name', 'domainId'] as const;
const userColumns = ['id', 'name', 'domainId', 'passwordHash'] as const;

const accessKeyOf = prepared((db, access: Blank) =>
  db.selectFrom('accessKeys').select(['access', 'secret', 'userId']).where('access', '=', access),
);

export function sqlIdentity({ db, sealing, unique }: SqlAccess): IdentityStore {
  return {
    async addDomain(domain) {
      await unique(`domain ${domain.name}`, db.insertInto('domains').values(domain).execute());
    },
    async addProject(project) {
      await unique(`project ${project.name}`, db.insertInto('projects').values(project).execute());
    },
    async addUser(user) {
      await unique(`user ${user.name}`, db.insertInto('users').values(user).execute());
    },
    async addAccessKey(key) {
      const secret = sealing.seal(Buffer.from(key.secret), sealedAs(key.access));
      const adding = db.insertInto('accessKeys').values({ ...key, secret });
      await unique(`access key ${key.access}`, adding.execute());
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
        .execute(),
    users: (by) =>
      db
        .selectFrom('users')
        .select(userColumns)
        .where((row) => row.and(by))
        .execute(),
    async accessKey(access) {
      const [row] = await accessKeyOf(db, access);
      return row && { ...row, secret: Buffer.from(sealing.open(row.secret, sealedAs(access))).toString() };
    },
  };
}

const sealedAs = (access: string): string => `secret of access key ${access}`;
