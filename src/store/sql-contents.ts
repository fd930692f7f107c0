/** All of a store's contents in SQL, at once. */
import type { Kysely } from 'kysely';
import { contentsOf, type Contents, type ContentsStore } from './contents.ts';
import type { Schema, SqlAccess } from './schema.ts';
import { openedAccessKey, sealedAccessKey } from './sql-access-keys.ts';
import { inBatches } from './sql-batches.ts';
import { addGateways, readGateways } from './sql-gateways-contents.ts';
import { grantFrom, grantRow } from './sql-grants.ts';
import { ticketFrom, ticketRow } from './sql-imports.ts';
import { materialFrom, materialRow } from './sql-keys.ts';
import { addOci, readOci, tablesOfOci } from './sql-oci-contents.ts';
import { settleProject } from './sql-project.ts';
import { emptyProject, tablesOfGateways } from './sql-removal.ts';
import { tokenFrom, tokenRow } from './sql-tokens.ts';
import { atOnce } from './sql-transactions.ts';
import { userFrom, userRow } from './sql-users.ts';

export function sqlContents(access: SqlAccess): ContentsStore {
  const placedAtOnce = <T>(work: (inner: SqlAccess) => Promise<T>): Promise<T> =>
    access.placed('row', atOnce(access, work));
  return {
    read: (projectId) =>
      placedAtOnce(async (inner) => {
        const contents = await readContents(inner, projectId);
        return projectId === undefined ? contents : contentsOf(contents, projectId);
      }),
    replace: (contents) =>
      placedAtOnce(async (inner) => {
        for (const table of tables) await inner.db.deleteFrom(table).execute();
        await writeRegion(inner.db, contents.region);
        await addIdentities(inner, contents);
        await addKeys(inner, contents);
        await addGateways(inner, contents);
        await addOci(inner, contents);
      }),
    replaceProject: (contents, projectId) =>
      placedAtOnce(async (inner) => {
        await emptyProject(inner.db, projectId);
        await settleProject(inner, contents, projectId);
        await addKeys(inner, contents);
        await addGateways(inner, contents);
      }),
  };
}

/** Those that point at others first. What belongs to keys goes with them. */
const tables = [
  ...tablesOfOci,
  ...tablesOfGateways,
  'aliases',
  'keys',
  'tokens',
  'accessKeys',
  'users',
  'projects',
  'domains',
] as const;

/** Of one project only its keys and gateways, but all identities and all of OCI. */
async function readContents(access: SqlAccess, projectId: string | undefined): Promise<Contents> {
  const { db, sealing } = access;
  const region = await db.selectFrom('signet').select('value').where('name', '=', 'region').executeTakeFirst();
  const keys = db.selectFrom('keys').selectAll();
  const ids = db
    .selectFrom('keys')
    .select('id')
    .where('projectId', '=', projectId ?? '');
  const ofKeys = <Table extends KeyTable>(table: Table) => {
    const rows = db.selectFrom(table as 'tags').selectAll();
    const chosen = projectId === undefined ? rows : rows.where('keyId', 'in', ids);
    return chosen.execute() as unknown as Promise<readonly Selected<Table>[]>;
  };
  return {
    region: region?.value ?? '',
    domains: await db.selectFrom('domains').selectAll().execute(),
    projects: await db.selectFrom('projects').selectAll().execute(),
    users: (await db.selectFrom('users').selectAll().execute()).map((row) => userFrom(row, sealing)),
    accessKeys: (await db.selectFrom('accessKeys').selectAll().execute()).map((row) => openedAccessKey(row, sealing)),
    tokens: (await db.selectFrom('tokens').selectAll().execute()).map(tokenFrom),
    keys: await (projectId === undefined ? keys : keys.where('projectId', '=', projectId)).execute(),
    materials: (await ofKeys('materials')).map((row) => materialFrom(row, sealing)),
    aliases: await ofKeys('aliases'),
    tags: await ofKeys('tags'),
    grants: (await ofKeys('grants')).map(grantFrom),
    importTickets: (await ofKeys('importTickets')).map((row) => ticketFrom(row, sealing)),
    ...(await readGateways(access, projectId)),
    ...(await readOci(access)),
  };
}

type KeyTable = 'materials' | 'aliases' | 'tags' | 'grants' | 'importTickets';
type Selected<Table extends KeyTable> = Schema[Table];

export async function writeRegion(db: Kysely<Schema>, value: string): Promise<void> {
  await db.deleteFrom('signet').where('name', '=', 'region').execute();
  await db.insertInto('signet').values({ name: 'region', value }).execute();
}

async function addIdentities({ db, sealing }: SqlAccess, contents: Contents): Promise<void> {
  await inBatches(contents.domains, (rows) => db.insertInto('domains').values(rows));
  await inBatches(contents.projects, (rows) => db.insertInto('projects').values(rows));
  const users = contents.users.map((user) => userRow(user, sealing));
  await inBatches(users, (rows) => db.insertInto('users').values(rows));
  const accessKeys = contents.accessKeys.map((key) => sealedAccessKey(key, sealing));
  await inBatches(accessKeys, (rows) => db.insertInto('accessKeys').values(rows));
  await inBatches(contents.tokens.map(tokenRow), (rows) => db.insertInto('tokens').values(rows));
}

async function addKeys({ db, sealing }: SqlAccess, contents: Contents): Promise<void> {
  await inBatches(contents.keys, (rows) => db.insertInto('keys').values(rows));
  await inBatches(contents.materials, (rows) =>
    db.insertInto('materials').values(rows.map((row) => materialRow(row, sealing))),
  );
  await inBatches(contents.aliases, (rows) => db.insertInto('aliases').values(rows));
  await inBatches(contents.tags, (rows) => db.insertInto('tags').values(rows));
  await inBatches(contents.grants.map(grantRow), (rows) => db.insertInto('grants').values(rows));
  const tickets = contents.importTickets.map((ticket) => ticketRow(ticket, sealing));
  await inBatches(tickets, (rows) => db.insertInto('importTickets').values(rows));
}
