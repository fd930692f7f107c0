/** All that API gateways know in SQL, at once. */
import type { GatewayContents } from './contents.ts';
import type { Schema, SqlAccess } from './schema.ts';
import { inBatches } from './sql-batches.ts';
import { apiFrom, apiRow, publicationFrom, publicationRow } from './sql-gateways-rows.ts';
import { signatureKeyFrom, signatureKeyRow } from './sql-gateways-rows.ts';

/** Of one project, or of all. */
export async function readGateways(
  { db, sealing }: SqlAccess,
  projectId: string | undefined,
): Promise<GatewayContents> {
  const rows = <Table extends keyof GatewayContents>(table: Table) => {
    const all = db.selectFrom(table as 'gateways').selectAll();
    const chosen = projectId === undefined ? all : all.where('projectId', '=', projectId);
    return chosen.execute() as unknown as Promise<readonly Schema[Table][]>;
  };
  return {
    gateways: await rows('gateways'),
    signatureKeys: (await rows('signatureKeys')).map((row) => signatureKeyFrom(row, sealing)),
    environments: await rows('environments'),
    apiGroups: await rows('apiGroups'),
    apis: (await rows('apis')).map(apiFrom),
    publications: (await rows('publications')).map(publicationFrom),
    signatureBindings: await rows('signatureBindings'),
  };
}

export async function addGateways({ db, sealing }: SqlAccess, contents: GatewayContents): Promise<void> {
  await inBatches(contents.gateways, (rows) => db.insertInto('gateways').values(rows));
  const keys = contents.signatureKeys.map((key) => signatureKeyRow(key, sealing));
  await inBatches(keys, (rows) => db.insertInto('signatureKeys').values(rows));
  await inBatches(contents.environments, (rows) => db.insertInto('environments').values(rows));
  await inBatches(contents.apiGroups, (rows) => db.insertInto('apiGroups').values(rows));
  await inBatches(contents.apis.map(apiRow), (rows) => db.insertInto('apis').values(rows));
  const publications = contents.publications.map(publicationRow);
  await inBatches(publications, (rows) => db.insertInto('publications').values(rows));
  await inBatches(contents.signatureBindings, (rows) => db.insertInto('signatureBindings').values(rows));
}
