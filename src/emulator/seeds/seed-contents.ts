/** A seed as the rows of a store: passwords hashed, and material made for the keys that have none. */
import pLimit from 'p-limit';
import { hashPassword } from '../../crypto/passwords.ts';
import { untouched, type Contents, type GatewayContents, type OciContents } from '../../store/store.ts';
import type { Key, Material, Token } from '../../store/store.ts';
import type { SeedGateways } from './seed-gateways.ts';
import type { SeedToken, SeedUser } from './seed-identities.ts';
import type { SeedKey } from './seed-keys.ts';
import type { Seed } from './seed-meaning.ts';
import type { SeedOci } from './seed-oci.ts';

const dayMs = 86_400_000;
/** Keys and password hashes that are made side by side; of those that clients ask for, not many more would have a place. */
const AT_ONCE = 8;

/**
 * @param now milliseconds since 1970, of what the seed gives no instant
 * @param hashToken the form in which the store keeps tokens
 */
export async function contentsOfSeed(
  seed: Seed,
  now: () => number,
  hashToken: (token: string) => string,
): Promise<Contents> {
  const some = pLimit(AT_ONCE);
  const users = await some.map(seed.users, userOf);
  const start = now();
  // As if made one after the other, the first one last: lists show them in the order of the file.
  const made = await some.map(seed.keys, (key, index) => keyOf(key, start - index));
  const { region, domains, projects } = seed;
  return {
    ...{ region, domains, projects, users },
    accessKeys: seed.accessKeys.map((key) => ({ ...key, failures: 0, lockedUntil: null })),
    tokens: seed.tokens.map((token) => tokenOf(token, start, hashToken)),
    keys: made.map(({ key }) => key),
    materials: made.flatMap(({ materials }) => materials),
    aliases: seed.keys.flatMap(({ projectId, id: keyId, aliases }) =>
      aliases.map((alias) => ({ projectId, alias, keyId, createdAt: start, updatedAt: start })),
    ),
    tags: seed.keys.flatMap(({ id: keyId, tags }) => tags.map((tag) => ({ keyId, ...tag }))),
    grants: seed.keys.flatMap(({ id: keyId, grants }) =>
      grants.map((grant) => ({ ...grant, keyId, createdAt: start })),
    ),
    importTickets: [],
    ...gatewaysOf(seed, start),
    ...ociOf(seed, start),
  };
}

/** As if made one after the other, the first one last; of gateways, lists show the oldest first. */
function gatewaysOf(seed: SeedGateways, start: number): GatewayContents {
  const made = <Row>(row: Row, index: number) => ({ ...row, createdAt: start - index, updatedAt: start - index });
  const { gateways, environments } = seed;
  return {
    gateways: gateways.map((row, index) => ({ ...row, createdAt: start - gateways.length + index })),
    environments: environments.map((row, index) => ({ ...row, createdAt: start - index })),
    signatureKeys: seed.signatureKeys.map(made),
    apiGroups: seed.apiGroups.map(made),
    apis: seed.apis.map(made),
    publications: seed.publications.map((row, index) => ({ ...row, publishedAt: start - index })),
    signatureBindings: seed.signatureBindings.map((row, index) => ({ ...row, boundAt: start - index })),
  };
}

/** Keys as if made one after the other, the last one just now: lists show the oldest first. They are active from the beginning. */
function ociOf({ ociTenancies, ociUsers, ociApiKeys, ociDeployments }: SeedOci, start: number): OciContents {
  const first = start - ociApiKeys.length;
  const made = <Row>(row: Row) => ({ ...row, createdAt: first });
  return {
    ociTenancies: ociTenancies.map(made),
    ociUsers: ociUsers.map(made),
    ociApiKeys: ociApiKeys.map(({ createdAt: told, ...row }, index) => {
      const createdAt = told ?? first + index + 1;
      return { ...row, createdAt, activeAt: createdAt };
    }),
    ociRetries: [],
    ociDeployments: ociDeployments.map(made),
  };
}

const userOf = async ({ password, ...user }: SeedUser) => ({
  ...user,
  passwordHash: password === null ? '' : await hashPassword(password),
});

function tokenOf(
  { token, expiresAt, ...scope }: SeedToken,
  start: number,
  hashToken: (token: string) => string,
): Token {
  const issuedAt = Math.min(start, (expiresAt ?? Infinity) - dayMs);
  return { ...scope, hash: hashToken(token), methods: ['password'], issuedAt, expiresAt, assumedBy: null };
}

async function keyOf(
  { aliases: _aliases, tags: _tags, grants: _grants, material, spec, rotationDays, ...told }: SeedKey,
  start: number,
): Promise<{ readonly key: Key; readonly materials: readonly Material[] }> {
  const made = told.state === 5 ? null : (material ?? (await spec.generate()));
  const createdAt = told.createdAt ?? start;
  const key: Key = {
    ...untouched,
    ...told,
    createdAt,
    spec: spec.name,
    enterpriseProjectId: '0',
    publicKey: made?.publicKey ?? null,
    materialVersion: made === null ? 0 : 1,
    ...(rotationDays !== null && { rotationDays, nextRotationAt: createdAt + rotationDays * dayMs }),
  };
  return { key, materials: made === null ? [] : [{ keyId: key.id, version: 1, secret: made.secret }] };
}
