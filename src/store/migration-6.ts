/** Format 6: tenancies of OCI, and what they have. */
import type { Transaction } from 'kysely';
import { createIndexes } from './migration-indexes.ts';
import type { Schema } from './schema.ts';

export async function oci({ schema }: Transaction<Schema>): Promise<void> {
  const ofUser = (table: string) =>
    schema
      .createTable(table)
      .addColumn('userId', 'text', (column) => column.notNull().references('ociUsers.id').onDelete('cascade'));

  await schema
    .createTable('ociTenancies')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('ociUsers')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('tenancyId', 'text', (column) => column.notNull().references('ociTenancies.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('isAdministrator', 'integer', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('oci_users_by_name', ['tenancyId', 'name'])
    .execute();
  await ofUser('ociApiKeys')
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('publicKey', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('activeAt', 'bigint', (column) => column.notNull())
    .addColumn('inactiveStatus', 'bigint')
    .addColumn('etag', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('oci_api_keys_by_fingerprint', ['userId', 'fingerprint'])
    .execute();
  await ofUser('ociRetries')
    .addColumn('token', 'text', (column) => column.notNull())
    .addColumn('requestHash', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('etag', 'text', (column) => column.notNull())
    .addColumn('expiresAt', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('oci_retries_by_token', ['userId', 'token'])
    .execute();
  await schema
    .createTable('ociDeployments')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('pathPrefix', 'text', (column) => column.notNull().unique())
    .addColumn('specification', 'blob', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  await createIndexes(schema, indexes);
}

const indexes = [
  ['oci_users_by_tenancy', 'ociUsers', 'tenancyId', 'id'],
  ['oci_api_keys_by_age', 'ociApiKeys', 'userId', 'createdAt', 'fingerprint'],
  ['oci_api_keys_by_anybody', 'ociApiKeys', 'createdAt', 'userId', 'fingerprint'],
  ['oci_retries_by_expiry', 'ociRetries', 'expiresAt'],
] as const;
