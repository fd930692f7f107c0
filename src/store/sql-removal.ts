/** Removal of a project from SQL, with all that would point at nothing after it. */
import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/**
 * With the only project of a domain goes the domain. False when there is no such project.
 * @param db in a transaction
 */
export async function removeProject(db: Kysely<Schema>, id: string): Promise<boolean> {
  const project = await db.selectFrom('projects').select('domainId').where('id', '=', id).executeTakeFirst();
  if (!project) return false;
  const { domainId } = project;
  await emptyProject(db, id);
  await db.deleteFrom('projects').where('id', '=', id).execute();
  const sibling = await db.selectFrom('projects').select('id').where('domainId', '=', domainId).executeTakeFirst();
  if (!sibling) await removeDomain(db, domainId);
  return true;
}

/** Those that point at others first. Publications and bindings go with the APIs. */
export const tablesOfGateways = ['apis', 'apiGroups', 'environments', 'signatureKeys', 'gateways'] as const;

/** Removes the project's keys, with what belongs to them, its gateways with all that is in them, and the tokens for it. */
export async function emptyProject(db: Kysely<Schema>, id: string): Promise<void> {
  await db.deleteFrom('tokens').where('projectId', '=', id).execute();
  await db.deleteFrom('aliases').where('projectId', '=', id).execute();
  await db.deleteFrom('keys').where('projectId', '=', id).execute();
  for (const table of tablesOfGateways) await db.deleteFrom(table).where('projectId', '=', id).execute();
}

/** A domain without projects. Its users go, and the agencies elsewhere that trust it: nobody is left who may act as them. */
async function removeDomain(db: Kysely<Schema>, domainId: string): Promise<void> {
  const users = db
    .selectFrom('users')
    .select('id')
    .where((row) => row.or({ domainId, trustedDomainId: domainId }));
  await db.deleteFrom('tokens').where('domainId', '=', domainId).execute();
  await db.deleteFrom('tokens').where('userId', 'in', users).execute();
  await db.deleteFrom('tokens').where('assumedBy', 'in', users).execute();
  await db.deleteFrom('accessKeys').where('userId', 'in', users).execute();
  // One at a time: for either of both, Postgres reads the whole table.
  await db.deleteFrom('grants').where('grantee', 'in', users).execute();
  await db.deleteFrom('grants').where('grantee', '=', domainId).execute();
  await db.deleteFrom('users').where('id', 'in', users).execute();
  await db.deleteFrom('domains').where('id', '=', domainId).execute();
}
