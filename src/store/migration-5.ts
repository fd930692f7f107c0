/** Format 5: what API gateways know. */
import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { createIndexes } from './migration-indexes.ts';
import type { Schema } from './schema.ts';

/** A gateway is no foreign key: a project's first one need not be stored. Nor is an environment: RELEASE never is. */
export async function gateways({ schema }: Transaction<Schema>): Promise<void> {
  const ofProject = (table: string) =>
    schema
      .createTable(table)
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('projectId', 'text', (column) => column.notNull().references('projects.id'));
  const ofGateway = (table: string) => ofProject(table).addColumn('gatewayId', 'text', (column) => column.notNull());

  await ofProject('gateways')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('gateways_by_name', ['projectId', 'name'])
    .execute();
  await ofGateway('signatureKeys')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('secret', 'blob', (column) => column.notNull())
    .addColumn('algorithm', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('signature_keys_by_name', ['gatewayId', 'name'])
    .execute();
  await ofGateway('environments')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('remark', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('environments_by_name', ['gatewayId', 'name'])
    .execute();
  await ofGateway('apiGroups')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('remark', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('api_groups_by_name', ['gatewayId', 'name'])
    .execute();
  // A group with APIs stays: its removal fails.
  await ofGateway('apis')
    .addColumn('groupId', 'text', (column) => column.notNull().references('apiGroups.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('route', 'text', (column) => column.notNull())
    .addColumn('type', 'integer', (column) => column.notNull())
    .addColumn('protocol', 'text', (column) => column.notNull())
    .addColumn('authType', 'text', (column) => column.notNull())
    .addColumn('definition', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('apis_by_name', ['groupId', 'name'])
    .addUniqueConstraint('apis_by_route', ['groupId', 'method', 'route'])
    .execute();
  await ofGateway('publications')
    .addColumn('publishId', 'text', (column) => column.notNull())
    .addColumn('apiId', 'text', (column) => column.notNull().references('apis.id').onDelete('cascade'))
    .addColumn('environmentId', 'text', (column) => column.notNull())
    .addColumn('definition', 'text', (column) => column.notNull())
    .addColumn('remark', 'text', (column) => column.notNull())
    .addColumn('publishedAt', 'bigint', (column) => column.notNull())
    .addColumn('inForce', 'integer', (column) => column.notNull())
    .execute();
  await ofGateway('signatureBindings')
    .addColumn('apiId', 'text', (column) => column.notNull().references('apis.id').onDelete('cascade'))
    .addColumn('environmentId', 'text', (column) => column.notNull())
    .addColumn('keyId', 'text', (column) => column.notNull().references('signatureKeys.id').onDelete('cascade'))
    .addColumn('boundAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('signature_bindings_by_api', ['apiId', 'environmentId'])
    .execute();
  await createIndexes(schema, indexes);
  await schema
    .createIndex('publications_in_force')
    .unique()
    .on('publications')
    .columns(['apiId', 'environmentId'])
    .where(sql.ref('inForce'), '=', 1)
    .execute();
}

/** By gateway: all lists, newest first. */
const indexes = [
  ['gateways_by_age', 'gateways', 'projectId', 'createdAt', 'id'],
  ['signature_keys_by_project', 'signatureKeys', 'projectId'],
  ['signature_keys_by_age', 'signatureKeys', 'gatewayId', 'createdAt', 'id'],
  ['signature_keys_by_key', 'signatureKeys', 'key'],
  ['environments_by_project', 'environments', 'projectId'],
  ['environments_by_age', 'environments', 'gatewayId', 'createdAt', 'id'],
  ['api_groups_by_project', 'apiGroups', 'projectId'],
  ['api_groups_by_age', 'apiGroups', 'gatewayId', 'createdAt', 'id'],
  ['apis_by_project', 'apis', 'projectId'],
  ['apis_by_age', 'apis', 'gatewayId', 'createdAt', 'id'],
  ['publications_by_project', 'publications', 'projectId'],
  ['publications_by_api', 'publications', 'apiId', 'publishedAt', 'id'],
  ['publications_by_place', 'publications', 'apiId', 'environmentId', 'inForce', 'publishedAt', 'id'],
  ['publications_by_age', 'publications', 'gatewayId', 'inForce', 'publishedAt', 'id'],
  ['publications_by_environment', 'publications', 'gatewayId', 'environmentId'],
  ['signature_bindings_by_project', 'signatureBindings', 'projectId'],
  ['signature_bindings_by_age', 'signatureBindings', 'gatewayId', 'boundAt', 'id'],
  ['signature_bindings_by_environment', 'signatureBindings', 'gatewayId', 'environmentId'],
  ['signature_bindings_by_key', 'signatureBindings', 'keyId'],
] as const;
