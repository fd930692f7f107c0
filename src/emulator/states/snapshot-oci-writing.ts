/** What a store has of OCI as a snapshot has it. */
import type { OciApiKey, OciContents, OciDeployment, OciRetry, OciTenancy, OciUser } from '../../store/store.ts';
import type { ApiKeyEntry, DeploymentEntry, OciEntry } from './snapshot-oci-format.ts';
import type { OciUserEntry, RetryEntry, TenancyEntry } from './snapshot-oci-format.ts';
import { groupedBy, inOrder, present, written, type Groups } from './snapshot-values.ts';

interface Things {
  readonly users: Groups<OciUser>;
  readonly keys: Groups<OciApiKey>;
  readonly retries: Groups<OciRetry>;
}

/** Null where there is nothing. */
export function writeOci({
  ociTenancies,
  ociUsers,
  ociApiKeys,
  ociRetries,
  ociDeployments,
}: OciContents): OciEntry | null {
  const things: Things = {
    users: groupedBy(ociUsers, ({ tenancyId }) => tenancyId),
    keys: groupedBy(ociApiKeys, ({ userId }) => userId),
    retries: groupedBy(ociRetries, ({ userId }) => userId),
  };
  const tenancies = inOrder(ociTenancies, idOf, (tenancy) => writeTenancy(tenancy, things));
  const deployments = inOrder(ociDeployments, idOf, writeDeployment);
  return tenancies || deployments ? present<OciEntry>({ tenancies, deployments }) : null;
}

const idOf = ({ id }: { readonly id: string }): string => id;

const writeTenancy = ({ id, name, createdAt }: OciTenancy, things: Things): TenancyEntry =>
  present<TenancyEntry>({
    ...{ id, name, created_at: written(createdAt) },
    users: inOrder(things.users.get(id), idOf, (user) => writeUser(user, things)),
  });

const writeUser = ({ id, name, isAdministrator, createdAt }: OciUser, { keys, retries }: Things): OciUserEntry =>
  present<OciUserEntry>({
    ...{ id, name, administrator: isAdministrator || null, created_at: written(createdAt) },
    api_keys: inOrder(keys.get(id), ({ fingerprint }) => fingerprint, writeKey),
    retries: inOrder(retries.get(id), ({ token }) => token, writeRetry),
  });

const writeKey = (key: OciApiKey): ApiKeyEntry =>
  present<ApiKeyEntry>({
    ...{ fingerprint: key.fingerprint, public_key_pem: key.publicKey },
    ...{ created_at: written(key.createdAt), active_at: written(key.activeAt) },
    ...{ inactive_status: key.inactiveStatus, etag: key.etag },
  });

const writeRetry = ({ token, requestHash, fingerprint, etag, expiresAt }: OciRetry): RetryEntry => ({
  ...{ token, sha256: requestHash, fingerprint, etag, expires_at: written(expiresAt) },
});

const writeDeployment = ({ id, name, pathPrefix, createdAt, specification }: OciDeployment): DeploymentEntry => ({
  ...{ id, name, path_prefix: pathPrefix, created_at: written(createdAt) },
  specification: JSON.parse(specification) as DeploymentEntry['specification'],
});
