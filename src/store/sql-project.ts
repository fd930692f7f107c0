/** A project from a file, and whoever has to do with it, among those that are there already. */
import type { Kysely } from 'kysely';
import type { Contents } from './contents.ts';
import type { Schema, SqlAccess } from './schema.ts';
import { sealedAccessKey } from './sql-access-keys.ts';
import { inBatches } from './sql-batches.ts';
import { tokenRow } from './sql-tokens.ts';
import { userRow } from './sql-users.ts';
import { DuplicateName } from './store.ts';

/**
 * Adds the project, the tokens for it and the identities that are missing.
 * @param access in a transaction, in which the project has been emptied
 * @throws DuplicateName for what others here have already, keys and what belongs to them included
 */
export async function settleProject(access: SqlAccess, contents: Contents, projectId: string): Promise<void> {
  const { db, sealing, placed } = access;
  const { domains, users, accessKeys, projects, tokens } = contents;
  for (const domain of await missing(db, 'domains', domains)) {
    await placed(`domain ${domain.name}`, db.insertInto('domains').values(domain).execute());
  }
  for (const user of await missing(db, 'users', users)) {
    await placed(`user ${user.name}`, db.insertInto('users').values(userRow(user, sealing)).execute());
  }
  const known = await knownAccessKeys(db, contents);
  for (const key of accessKeys) {
    if (known.has(key.access)) continue;
    await db.insertInto('accessKeys').values(sealedAccessKey(key, sealing)).execute();
  }
  for (const project of projects.filter(({ id }) => id === projectId)) {
    const isMissing = (await missing(db, 'projects', [project])).length > 0;
    const adding = db.insertInto('projects').values(project);
    const renaming = db.updateTable('projects').set({ name: project.name }).where('id', '=', projectId);
    await placed<unknown>(`project ${project.name}`, (isMissing ? adding : renaming).execute());
  }
  await assertFree(db, contents);
  await assertGatewaysFree(db, contents);
  await inBatches(tokens.map(tokenRow), (rows) => db.insertInto('tokens').values(rows));
}

/** Those that are not here yet. @throws DuplicateName for one that is here as something else */
async function missing<Row extends { readonly id: string; readonly domainId?: string }>(
  db: Kysely<Schema>,
  table: 'domains' | 'users' | 'projects',
  rows: readonly Row[],
): Promise<readonly Row[]> {
  const ids = rows.map(({ id }) => id);
  const found = (
    await inBatches(ids, (some) =>
      db
        .selectFrom(table as 'users')
        .selectAll()
        .where('id', 'in', some),
    )
  ).flat();
  const known = new Map(found.map((row) => [row.id, row.domainId as string | undefined]));
  const moved = rows.find(({ id, domainId }) => known.has(id) && known.get(id) !== domainId);
  if (moved) throw new DuplicateName(`The id ${moved.id} is taken here in another domain`);
  return rows.filter(({ id }) => !known.has(id));
}

async function knownAccessKeys(db: Kysely<Schema>, { accessKeys }: Contents): Promise<ReadonlySet<string>> {
  const owners = new Map(accessKeys.map(({ access, userId }) => [access, userId]));
  const found = await inBatches([...owners.keys()], (some) =>
    db.selectFrom('accessKeys').select(['access', 'userId']).where('access', 'in', some),
  );
  const stranger = found.flat().find(({ access, userId }) => owners.get(access) !== userId);
  if (stranger) throw new DuplicateName(`The access key ${stranger.access} is another user's here`);
  return new Set(found.flat().map(({ access }) => access));
}

/** By table, the column that tells its rows apart, and what people call them. */
const ids = {
  keys: ['id', 'key'],
  grants: ['id', 'grant'],
  tokens: ['hash', 'token'],
  importTickets: ['hash', 'import ticket'],
  signatureKeys: ['id', 'signature key'],
  environments: ['id', 'environment'],
  apiGroups: ['id', 'API group'],
  apis: ['id', 'API'],
  publications: ['id', 'publication'],
  signatureBindings: ['id', 'binding'],
} as const;

async function assertFree(db: Kysely<Schema>, contents: Contents): Promise<void> {
  for (const [table, [column, noun]] of Object.entries(ids)) {
    const rows = contents[table as keyof typeof ids] as readonly object[] as readonly Readonly<
      Record<string, string>
    >[];
    const wanted = rows.map((row) => row[column] ?? '');
    const taken = await inBatches(wanted, (some) =>
      db
        .selectFrom(table as 'keys')
        .select(column as 'id')
        .where(column as 'id', 'in', some),
    );
    const [first] = taken.flat() as readonly Readonly<Record<string, string>>[];
    if (first) throw new DuplicateName(`The ${noun} ${first[column] ?? ''} is another project's here`);
  }
}

/** By table, the column that names a gateway. */
const gatewayColumns = {
  ...{ gateways: 'id', signatureKeys: 'gatewayId', environments: 'gatewayId', apiGroups: 'gatewayId' },
} as const;

/** A gateway need not be stored: it is another project's, too, when that has something in it. */
async function assertGatewaysFree(db: Kysely<Schema>, contents: Contents): Promise<void> {
  const { gateways, signatureKeys, environments, apiGroups } = contents;
  const things = [...signatureKeys, ...environments, ...apiGroups];
  const wanted = new Set([...gateways.map(({ id }) => id), ...things.map(({ gatewayId }) => gatewayId)]);
  for (const [table, column] of Object.entries(gatewayColumns)) {
    const taken = await inBatches([...wanted], (some) =>
      db
        .selectFrom(table as 'environments')
        .select(column as 'gatewayId')
        .where(column as 'gatewayId', 'in', some),
    );
    const [first] = taken.flat() as readonly Readonly<Record<string, string>>[];
    if (first) throw new DuplicateName(`The gateway ${first[column] ?? ''} is another project's here`);
  }
}
