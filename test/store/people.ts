/** Two domains with a project each, two users, an agency, two access keys, and keys and tokens as tests need them. */
import type { AccessKey, Alias, Grant, Key, NewKey, Store, Token, User } from '../../src/store/store.ts';

export const domain = { id: 'd1', name: 'Domain One' };
export const otherDomain = { id: 'd2', name: 'Domain Two' };
export const project = { id: 'p1', name: 'eu-de', domainId: domain.id };
export const otherProject = { id: 'p2', name: 'eu-de', domainId: otherDomain.id };
export const user: User = {
  ...{ id: 'u1', name: 'ann', domainId: domain.id, passwordHash: '$scrypt$1' },
  ...{ permissions: null, totpSecret: null, trustedDomainId: null },
};
export const otherUser: User = {
  ...{ id: 'u2', name: 'ann', domainId: otherDomain.id, passwordHash: '$scrypt$2' },
  ...{ permissions: ['kms:cmk:sign', 'kms:*:get*'], totpSecret: 'THESECRETOFTWO22', trustedDomainId: null },
};
/** In the first domain, for the users of the other. */
export const agency: User = {
  ...{ id: 'a1', name: 'Domain One/readers', domainId: domain.id, passwordHash: '' },
  ...{ permissions: [], totpSecret: null, trustedDomainId: otherDomain.id },
};
export const accessKey: AccessKey = {
  ...{ access: 'AK1', secret: 'the secret of access key one', userId: user.id },
  ...{ securityTokenHash: null, expiresAt: null },
};
export const temporaryKey: AccessKey = {
  ...{ access: 'AK2', secret: 'the secret of access key two', userId: agency.id },
  ...{ securityTokenHash: 'hash of a security token', expiresAt: 1_700_086_400_000 },
};

export async function settle(store: Store): Promise<void> {
  await store.setRegion('eu-de');
  const { identity } = store;
  for (const each of [domain, otherDomain]) await identity.addDomain(each);
  for (const each of [project, otherProject]) await identity.addProject(each);
  for (const each of [user, otherUser, agency]) await identity.addUser(each);
  for (const each of [accessKey, temporaryKey]) await identity.addAccessKey(each);
}

export function newKey(id: string, differences: Partial<NewKey> = {}): NewKey {
  return {
    id,
    projectId: project.id,
    domainId: domain.id,
    name: `name of ${id}`,
    description: '',
    spec: 'RSA_2048',
    usage: 'SIGN_VERIFY',
    state: 2,
    origin: 'kms',
    enterpriseProjectId: '0',
    createdAt: 1_700_000_000_000,
    deletionAt: null,
    expiresAt: null,
    publicKey: Buffer.from(`public half of ${id}`),
    material: Buffer.from(`private half of ${id}`),
    ...{ materialVersion: 1, importedHash: null, rotationDays: 365, nextRotationAt: null, lastRotationAt: null },
    ...differences,
  };
}

export const newGrant = (id: string, keyId: string, differences: Partial<Grant> = {}): Grant => ({
  ...{ id, keyId, name: '', grantee: user.id, granteeType: 'user', operations: ['describe-key'], issuer: '' },
  ...{ retiringPrincipal: '', createdAt: 1_700_000_000_000, ...differences },
});

export const newAlias = (alias: string, keyId: string, projectId = project.id): Alias => ({
  ...{ alias, keyId, projectId, createdAt: 1_700_000_000_000, updatedAt: 1_700_000_000_000 },
});

/** What the store shows of a key: all but its material, bytes as hex. */
export function shown(key: Key | undefined): unknown {
  if (!key) return undefined;
  const rest = Object.entries(key).filter(([field]) => field !== 'material');
  return { ...Object.fromEntries(rest), publicKey: key.publicKey && Buffer.from(key.publicKey).toString('hex') };
}

export function newToken(hash: string, differences: Partial<Token> = {}): Token {
  return {
    hash,
    userId: user.id,
    projectId: project.id,
    domainId: null,
    methods: ['password'],
    issuedAt: 1_700_000_000_000,
    expiresAt: 1_700_086_400_000,
    assumedBy: null,
    ...differences,
  };
}
