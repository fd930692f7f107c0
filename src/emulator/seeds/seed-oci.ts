/** What OCI's part of a seed file means. */
import { hash } from 'node:crypto';
import type { OciDeploymentRules } from '../../contract/oci-forwarded.ts';
import { fingerprintOf, readPublicKey } from '../../crypto/oci/public-keys.ts';
import { mostApiKeys } from '../../store/store.ts';
import type { OciApiKey, OciDeployment, OciTenancy, OciUser } from '../../store/store.ts';
import { ocidOf } from '../oci/ocids.ts';
import { publicHalf } from '../oci/private-keys.ts';
import type { Path, Proofreader } from './seed-mistakes.ts';
import type { ApiKeyEntry, DeploymentEntry, OciEntry } from './seed-oci-format.ts';
import type { OciUserEntry, TenancyEntry } from './seed-oci-format.ts';
import { place, readInstant, type Placed } from './seed-places.ts';

/** As if there were no time: when the seed is applied is not known yet. */
export interface SeedOci {
  readonly ociTenancies: readonly Omit<OciTenancy, 'createdAt'>[];
  readonly ociUsers: readonly Omit<OciUser, 'createdAt'>[];
  readonly ociApiKeys: readonly SeedApiKey[];
  readonly ociDeployments: readonly Omit<OciDeployment, 'createdAt'>[];
}

export interface SeedApiKey extends Omit<OciApiKey, 'createdAt' | 'activeAt'> {
  /** null: the moment at which the seed is applied. */
  readonly createdAt: number | null;
}

/** What is wrong with a deployment. */
export type CheckDeployment = OciDeploymentRules['check'];

type PlacedUser = Placed<OciUserEntry, Placed<TenancyEntry>>;
type PlacedApiKey = Placed<ApiKeyEntry, PlacedUser>;

/** What has no id in a seed has the same one from start to start: it stands in the configuration of clients. */
export function readOci(
  { tenancies: entries, deployments: rest }: OciEntry,
  proofreader: Proofreader,
  check: CheckDeployment,
): SeedOci {
  const root = { path: ['oci'] };
  const tenancies = place(entries, 'tenancies', root, ({ id, name }) => id ?? ocidOf('tenancy', name));
  const users = tenancies.flatMap((tenancy) =>
    place(tenancy.entry.users, 'users', tenancy, ({ id, name }) => id ?? ocidOf('user', `${tenancy.id} ${name}`)),
  );
  const apiKeys = users.flatMap((user) => place(user.entry.api_keys, 'api_keys', user, () => ''));
  const deployments = place(
    rest,
    'deployments',
    root,
    ({ id, path_prefix }) => id ?? ocidOf('apideployment', path_prefix),
  );

  for (const { id, path } of tenancies) proofreader.once('tenancy id', id, [...path, 'id']);
  for (const { entry, path } of tenancies) proofreader.once('tenancy name', entry.name, [...path, 'name']);
  for (const { id, path } of users) proofreader.once('OCI user id', id, [...path, 'id']);
  for (const { entry, path, parent } of users)
    proofreader.once('OCI user name', entry.name, [...path, 'name'], parent.id);
  for (const { id, path } of deployments) proofreader.once('deployment id', id, [...path, 'id']);
  for (const { entry, path } of deployments)
    proofreader.once('path prefix', entry.path_prefix, [...path, 'path_prefix']);
  for (const { entry, path } of users) {
    const surplus = entry.api_keys?.[mostApiKeys];
    if (surplus) proofreader.complain([...path, 'api_keys', mostApiKeys], `a user has at most ${mostApiKeys} API keys`);
  }
  for (const { entry, path } of deployments) readMistakes(entry, path, proofreader, check);
  return {
    ociTenancies: tenancies.map(({ id, entry: { name } }) => ({ id, name })),
    ociUsers: users.map(({ id, entry: { name, administrator = false }, parent }) => ({
      ...{ id, tenancyId: parent.id, name, isAdministrator: administrator },
    })),
    ociApiKeys: apiKeys.flatMap((key) => readApiKey(key, proofreader) ?? []),
    ociDeployments: deployments.map(({ id, entry: { name, path_prefix: pathPrefix, specification } }) => ({
      ...{ id, name: name ?? pathPrefix, pathPrefix, specification: JSON.stringify(specification) },
    })),
  };
}

function readApiKey({ entry, path, parent: user }: PlacedApiKey, proofreader: Proofreader): SeedApiKey | undefined {
  const { public_key_pem: given, private_key_pem: secret, inactive_status: inactiveStatus = null } = entry;
  if ((given === undefined) === (secret === undefined)) {
    proofreader.complain(path, 'an API key is given by one of public_key_pem and private_key_pem');
    return undefined;
  }
  const createdAt = readInstant(entry.created_at, [...path, 'created_at'], proofreader);
  const field = secret === undefined ? 'public_key_pem' : 'private_key_pem';
  return proofreader.attempt([...path, field], () => {
    const key = readPublicKey(given ?? publicHalf(secret ?? '', undefined));
    const publicKey = key.export({ type: 'spki', format: 'pem' }).toString();
    const fingerprint = fingerprintOf(key);
    proofreader.once('API key', fingerprint, [...path, field], user.id);
    const etag = hash('sha256', `${user.id} ${fingerprint}`).slice(0, 32);
    return { userId: user.id, fingerprint, publicKey, createdAt, inactiveStatus, etag };
  });
}

/** A place in a specification, and what is wrong there. */
const placed = /^((?:[\w-]+|\[\d+\])(?:\.[\w-]+|\[\d+\])*): (.*)$/s;

function readMistakes(
  { path_prefix: prefix, specification }: DeploymentEntry,
  path: Path,
  proofreader: Proofreader,
  check: CheckDeployment,
): void {
  for (const mistake of check(prefix, specification).mistakes) {
    const [, place = '', words = mistake] = placed.exec(mistake) ?? [];
    const steps = Array.from(place.matchAll(/[\w-]+/g), ([step]) => (/^\d+$/.test(step) ? Number(step) : step));
    proofreader.complain([...path, 'specification', ...steps], words);
  }
}
