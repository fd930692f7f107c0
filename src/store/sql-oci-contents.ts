/** All that is kept of OCI in SQL, at once. */
import type { OciContents } from './contents.ts';
import type { SqlAccess } from './schema.ts';
import { inBatches } from './sql-batches.ts';
import { deploymentFrom, deploymentRow, ociUserFrom, ociUserRow } from './sql-oci-rows.ts';

/** What belongs to tenancies goes with them. */
export const tablesOfOci = ['ociTenancies', 'ociDeployments'] as const;

export async function readOci({ db, sealing }: SqlAccess): Promise<OciContents> {
  const deployments = await db.selectFrom('ociDeployments').selectAll().execute();
  return {
    ociTenancies: await db.selectFrom('ociTenancies').selectAll().execute(),
    ociUsers: (await db.selectFrom('ociUsers').selectAll().execute()).map(ociUserFrom),
    ociApiKeys: await db.selectFrom('ociApiKeys').selectAll().execute(),
    ociRetries: await db.selectFrom('ociRetries').selectAll().execute(),
    ociDeployments: deployments.map((row) => deploymentFrom(row, sealing)),
  };
}

/** Puts them beside what is there. */
export async function addOci({ db, sealing }: SqlAccess, contents: OciContents): Promise<void> {
  await inBatches(contents.ociTenancies, (rows) => db.insertInto('ociTenancies').values(rows));
  await inBatches(contents.ociUsers.map(ociUserRow), (rows) => db.insertInto('ociUsers').values(rows));
  await inBatches(contents.ociApiKeys, (rows) => db.insertInto('ociApiKeys').values(rows));
  await inBatches(contents.ociRetries, (rows) => db.insertInto('ociRetries').values(rows));
  const deployments = contents.ociDeployments.map((deployment) => deploymentRow(deployment, sealing));
  await inBatches(deployments, (rows) => db.insertInto('ociDeployments').values(rows));
}
