/**
 * The database's format and the way to it, forwards only. A format, once released, is never changed: append another.
 * Types are the portable few, as SQLite names them: text, bigint for instants, integer, blob. Other engines have their own words for them.
 */
import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Engine } from './engines.ts';
import { StoreUnusable } from './engines.ts';
import { gateways } from './migration-5.ts';
import { oci } from './migration-6.ts';
import { createIndexes } from './migration-indexes.ts';
import { assertSchema, noteSchema } from './schema-check.ts';
import type { Schema } from './schema.ts';

type Migration = (db: Transaction<Schema>) => Promise<void>;

export const migrations: readonly Migration[] = [identityAndKeys, delegation, keyLife, workbench, gateways, oci];

/**
 * Brings the database to the format of this program, inside the caller's transaction. False for one in which there was nothing.
 * @throws StoreUnusable for the database of another program, or of a newer Signet; neither is changed
 */
export async function migrate(db: Transaction<Schema>, engine: Engine): Promise<boolean> {
  const format = await formatOf(db, engine.tables);
  if (format > migrations.length) {
    const known = `this one knows formats up to ${migrations.length}`;
    throw new StoreUnusable(
      `The database has format ${format}, made by a newer Signet; ${known}. It was left as it is.`,
    );
  }
  if (format > 0) await assertSchema(db, engine);
  if (format === migrations.length) return true;
  for (const migration of migrations.slice(format)) await migration(db);
  await db.deleteFrom('signet').where('name', '=', 'format').execute();
  const now = { name: 'format', value: String(migrations.length) };
  await db.insertInto('signet').values(now).execute();
  await noteSchema(db, engine);
  return format > 0;
}

/** 0 for an empty database. */
async function formatOf(db: Transaction<Schema>, tablesThere: string): Promise<number> {
  const { rows: tables } = await sql.raw<{ readonly name: string }>(tablesThere).execute(db);
  if (tables.length === 0) return 0;
  if (!tables.some(({ name }) => name === 'signet')) {
    throw new StoreUnusable('The database holds the tables of another program. It was left as it is.');
  }
  const row = await db.selectFrom('signet').select('value').where('name', '=', 'format').executeTakeFirst();
  return Number(row?.value ?? 0);
}

async function identityAndKeys(db: Transaction<Schema>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('signet')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('domains')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .execute();
  await schema
    .createTable('projects')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('domainId', 'text', (column) => column.notNull().references('domains.id'))
    .addUniqueConstraint('projects_by_name', ['name', 'domainId'])
    .execute();
  await schema
    .createTable('users')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('domainId', 'text', (column) => column.notNull().references('domains.id'))
    .addColumn('passwordHash', 'text', (column) => column.notNull())
    .addUniqueConstraint('users_by_name', ['name', 'domainId'])
    .execute();
  await schema
    .createTable('accessKeys')
    .addColumn('access', 'text', (column) => column.primaryKey())
    .addColumn('userId', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('secret', 'blob', (column) => column.notNull())
    .execute();
  await schema
    .createTable('tokens')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('userId', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('projectId', 'text', (column) => column.references('projects.id'))
    .addColumn('domainId', 'text', (column) => column.references('domains.id'))
    .addColumn('methods', 'text', (column) => column.notNull())
    .addColumn('issuedAt', 'bigint', (column) => column.notNull())
    .addColumn('expiresAt', 'bigint')
    .execute();
  await schema.createIndex('tokens_by_expiry').on('tokens').column('expiresAt').execute();
  await schema
    .createTable('keys')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('projectId', 'text', (column) => column.notNull().references('projects.id'))
    .addColumn('domainId', 'text', (column) => column.notNull().references('domains.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('spec', 'text', (column) => column.notNull())
    .addColumn('usage', 'text', (column) => column.notNull())
    .addColumn('state', 'integer', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('enterpriseProjectId', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('deletionAt', 'bigint')
    .addColumn('expiresAt', 'bigint')
    .addColumn('publicKey', 'blob')
    .addColumn('material', 'blob')
    .addUniqueConstraint('keys_by_name', ['projectId', 'name'])
    .execute();
  await schema.createIndex('keys_by_deletion').on('keys').columns(['state', 'deletionAt']).execute();
  // Holds all that a list filters by, so that a page reads only its own rows and a count none.
  await schema
    .createIndex('keys_by_age')
    .on('keys')
    .columns(['projectId', 'createdAt', 'id', 'state', 'spec', 'enterpriseProjectId'])
    .execute();
  await schema
    .createTable('aliases')
    .addColumn('projectId', 'text', (column) => column.notNull().references('projects.id'))
    .addColumn('alias', 'text', (column) => column.notNull())
    .addColumn('keyId', 'text', (column) => column.notNull().references('keys.id').onDelete('cascade'))
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('aliases_by_name', ['projectId', 'alias'])
    .execute();
  await schema.createIndex('aliases_by_key').on('aliases').column('keyId').execute();
}

/** Permissions, MFA devices and agencies; access keys that expire, and that lock after failures; indexes to remove a domain by. */
async function delegation({ schema }: Transaction<Schema>): Promise<void> {
  // One column a statement: SQLite adds no more.
  const users = schema.alterTable('users');
  await users.addColumn('permissions', 'text').execute();
  await users.addColumn('totpSecret', 'blob').execute();
  await users.addColumn('trustedDomainId', 'text', (column) => column.references('domains.id')).execute();
  const tokens = schema.alterTable('tokens');
  await tokens.addColumn('assumedBy', 'text', (column) => column.references('users.id')).execute();
  const accessKeys = schema.alterTable('accessKeys');
  await accessKeys.addColumn('securityTokenHash', 'text').execute();
  await accessKeys.addColumn('expiresAt', 'bigint').execute();
  await accessKeys.addColumn('failures', 'integer', (column) => column.notNull().defaultTo(0)).execute();
  await accessKeys.addColumn('lockedUntil', 'bigint').execute();
  await createIndexes(schema, delegationIndexes);
}

/** Among them every column that points at a row which may be removed: to check that nothing points there reads no whole table. */
const delegationIndexes = [
  ['projects_by_domain', 'projects', 'domainId', 'name'],
  ['users_by_domain', 'users', 'domainId'],
  ['users_by_trust', 'users', 'trustedDomainId'],
  ['access_keys_by_user', 'accessKeys', 'userId'],
  ['access_keys_by_expiry', 'accessKeys', 'expiresAt'],
  ['tokens_by_user', 'tokens', 'userId'],
  ['tokens_by_assumer', 'tokens', 'assumedBy'],
  ['tokens_by_project', 'tokens', 'projectId'],
  ['tokens_by_domain', 'tokens', 'domainId'],
  ['keys_by_domain', 'keys', 'domainId'],
] as const;

/** Materials by version, rotation and imports; tags and grants. */
async function keyLife(db: Transaction<Schema>): Promise<void> {
  const { schema } = db;
  const ofKey = (table: string) =>
    schema
      .createTable(table)
      .addColumn('keyId', 'text', (column) => column.notNull().references('keys.id').onDelete('cascade'));
  await ofKey('materials')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('secret', 'blob', (column) => column.notNull())
    .addPrimaryKeyConstraint('materials_by_version', ['keyId', 'version'])
    .execute();
  await ofKey('tags')
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('tags_by_key', ['keyId', 'key'])
    .execute();
  await ofKey('grants')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('grantee', 'text', (column) => column.notNull())
    .addColumn('granteeType', 'text', (column) => column.notNull())
    .addColumn('operations', 'text', (column) => column.notNull())
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('retiringPrincipal', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  await ofKey('importTickets')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('algorithm', 'text', (column) => column.notNull())
    .addColumn('privateKey', 'blob', (column) => column.notNull())
    .addColumn('expiresAt', 'bigint', (column) => column.notNull())
    .execute();
  const keys = schema.alterTable('keys');
  await keys.addColumn('materialVersion', 'integer', (column) => column.notNull().defaultTo(0)).execute();
  await keys.addColumn('importedHash', 'text').execute();
  await keys.addColumn('rotationDays', 'integer', (column) => column.notNull().defaultTo(365)).execute();
  await keys.addColumn('nextRotationAt', 'bigint').execute();
  await keys.addColumn('lastRotationAt', 'bigint').execute();
  await sql`insert into "materials" select "id", 1, "material" from "keys" where "material" is not null`.execute(db);
  await sql`update "keys" set "materialVersion" = 1 where "material" is not null`.execute(db);
  await keys.dropColumn('material').execute();
  await schema
    .alterTable('aliases')
    .addColumn('updatedAt', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`update "aliases" set "updatedAt" = "createdAt"`.execute(db);
  await createIndexes(schema, keyLifeIndexes);
}

const keyLifeIndexes = [
  ['keys_by_expiry', 'keys', 'expiresAt'],
  ['tags_by_value', 'tags', 'key', 'value'],
  ['grants_by_key', 'grants', 'keyId', 'createdAt', 'id'],
  ['grants_by_retiring_principal', 'grants', 'retiringPrincipal', 'createdAt', 'id'],
  ['import_tickets_by_key', 'importTickets', 'keyId', 'expiresAt'],
  ['grants_by_grantee', 'grants', 'grantee'],
  ['import_tickets_by_expiry', 'importTickets', 'expiresAt'],
] as const;

/** Documents under names, and an index by which what rotates next is found without a look at every key. */
async function workbench({ schema }: Transaction<Schema>): Promise<void> {
  await schema
    .createTable('documents')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('size', 'integer', (column) => column.notNull())
    .addColumn('content', 'blob', (column) => column.notNull())
    .addPrimaryKeyConstraint('documents_by_name', ['kind', 'name'])
    .execute();
  await createIndexes(schema, [['keys_by_rotation', 'keys', 'state', 'nextRotationAt']]);
}
