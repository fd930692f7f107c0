/** What a snapshot has of OCI: tenancies with their users and keys, and the deployments of the gateway. */
import { isDeeper } from '../../crypto/json-depth.ts';
import { fingerprintOf, readPublicKey, UnusablePublicKey } from '../../crypto/oci/public-keys.ts';
import { mostApiKeys, type OciApiKey, type OciContents } from '../../store/store.ts';
import type { OciDeployment, OciRetry } from '../../store/store.ts';
import { Turn } from '../../turns.ts';
import type { Path } from '../seeds/seed-mistakes.ts';
import { readInstant } from './snapshot-instants.ts';
import { SnapshotMistake, type Register } from './snapshot-mistakes.ts';
import type { ApiKeyEntry, DeploymentEntry, OciEntry } from './snapshot-oci-format.ts';
import type { OciUserEntry, RetryEntry, TenancyEntry } from './snapshot-oci-format.ts';
import { assertWanted } from './wanted.ts';

type Reading = { -readonly [Name in keyof OciContents]: OciContents[Name][number][] };

/**
 * Takes its time with many keys, and lets others go between users.
 * @param signal aborted when nobody wants it any more
 * @throws SnapshotMistake
 */
export async function readOci(
  { tenancies = [], deployments = [] }: OciEntry,
  register: Register,
  signal: AbortSignal,
): Promise<OciContents> {
  const contents: Reading = { ociTenancies: [], ociUsers: [], ociApiKeys: [], ociRetries: [], ociDeployments: [] };
  const turn = new Turn();
  for (const [index, entry] of tenancies.entries()) {
    await readTenancy(entry, ['oci', 'tenancies', index], { contents, register, signal, turn });
  }
  deployments.forEach((entry, index) => {
    const path = ['oci', 'deployments', index];
    register.once('deployment id', entry.id, [...path, 'id']);
    register.once('path prefix', entry.path_prefix, [...path, 'path_prefix']);
    contents.ociDeployments.push(deploymentFrom(entry, path));
  });
  return contents;
}

interface Reader {
  readonly contents: Reading;
  readonly register: Register;
  readonly signal: AbortSignal;
  /** Of all tenancies: there may be many with few users each. */
  readonly turn: Turn;
}

async function readTenancy(entry: TenancyEntry, path: Path, reader: Reader): Promise<void> {
  const { id, name, created_at: createdAt, users = [] } = entry;
  const { contents, register, signal, turn } = reader;
  register.once('tenancy id', id, [...path, 'id']);
  contents.ociTenancies.push({ id, name, createdAt: readInstant(createdAt, [...path, 'created_at']) });
  for (const [index, user] of users.entries()) {
    readUser(user, id, [...path, 'users', index], reader);
    if (!turn.isOver) continue;
    await turn.pass();
    assertWanted(signal);
  }
}

function readUser(entry: OciUserEntry, tenancyId: string, path: Path, { contents, register }: Reader): void {
  const { id, name, administrator: isAdministrator = false, api_keys: keys = [], retries = [] } = entry;
  register.once('OCI user id', id, [...path, 'id']);
  register.once('OCI user name', name, [...path, 'name'], tenancyId);
  if (keys.length > mostApiKeys) {
    throw new SnapshotMistake([...path, 'api_keys'], `a user has at most ${mostApiKeys} API keys`);
  }
  const createdAt = readInstant(entry.created_at, [...path, 'created_at']);
  contents.ociUsers.push({ id, tenancyId, name, isAdministrator, createdAt });
  keys.forEach((key, index) => {
    const place = [...path, 'api_keys', index];
    register.once('API key', key.fingerprint, [...place, 'fingerprint'], id);
    contents.ociApiKeys.push(keyFrom(key, id, place));
  });
  retries.forEach((retry, index) => {
    const place = [...path, 'retries', index];
    register.once('retry token', retry.token, [...place, 'token'], id);
    contents.ociRetries.push(retryFrom(retry, id, place));
  });
}

function keyFrom(entry: ApiKeyEntry, userId: string, path: Path): OciApiKey {
  const { fingerprint, public_key_pem: publicKey, inactive_status: inactiveStatus = null, etag } = entry;
  if (fingerprintIn(publicKey, [...path, 'public_key_pem']) !== fingerprint) {
    throw new SnapshotMistake([...path, 'fingerprint'], 'is that of another public key');
  }
  return {
    ...{ userId, fingerprint, publicKey, inactiveStatus, etag },
    createdAt: readInstant(entry.created_at, [...path, 'created_at']),
    activeAt: readInstant(entry.active_at, [...path, 'active_at']),
  };
}

function fingerprintIn(publicKey: string, path: Path): string {
  try {
    return fingerprintOf(readPublicKey(publicKey));
  } catch (error) {
    throw error instanceof UnusablePublicKey ? new SnapshotMistake(path, error.reason) : error;
  }
}

function deploymentFrom(entry: DeploymentEntry, path: Path): OciDeployment {
  const { id, name, path_prefix: pathPrefix, created_at: createdAt, specification } = entry;
  if (isDeeper(specification, mostLevels)) {
    throw new SnapshotMistake([...path, 'specification'], `has more than ${mostLevels} levels`);
  }
  return {
    ...{ id, name, pathPrefix, createdAt: readInstant(createdAt, [...path, 'created_at']) },
    specification: JSON.stringify(specification),
  };
}

/** Of lists and groups of fields in each other. */
const mostLevels = 100;

const retryFrom = (entry: RetryEntry, userId: string, path: Path): OciRetry => ({
  ...{ userId, token: entry.token, requestHash: entry.sha256, fingerprint: entry.fingerprint, etag: entry.etag },
  expiresAt: readInstant(entry.expires_at, [...path, 'expires_at']),
});
