/** OCI's users and deployments as rows of SQL. */
import type { Sealing } from '../crypto/sealing.ts';
import type { OciUserRow, Schema } from './schema.ts';
import { sealedAs } from './sealed-as.ts';
import type { OciDeployment, OciUser } from './store.ts';

export const ociUserRow = (user: OciUser): OciUserRow => ({ ...user, isAdministrator: user.isAdministrator ? 1 : 0 });

export const ociUserFrom = (row: OciUserRow): OciUser => ({ ...row, isAdministrator: row.isAdministrator === 1 });

type DeploymentRow = Schema['ociDeployments'];

export const deploymentRow = (deployment: OciDeployment, sealing: Sealing): DeploymentRow => ({
  ...deployment,
  specification: sealing.seal(Buffer.from(deployment.specification), sealedAs.ociDeployment(deployment.id)),
});

export const deploymentFrom = (row: DeploymentRow, sealing: Sealing): OciDeployment => ({
  ...row,
  specification: Buffer.from(sealing.open(row.specification, sealedAs.ociDeployment(row.id))).toString(),
});
