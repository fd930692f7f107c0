/** Two domains with a project each, two users, and keys as tests need them. */
import type { Key, NewKey, Store, Token } from '../../src/store/store.ts';

export const domain = { id: 'd1', name: 'Domain One' };
export const otherDomain = { id: 'd2', name: 'Domain Two' };
export const project = { id: 'p1', name: 'eu-de', domainId: domain.id };
export const otherProject = { id: 'p2', name: 'eu-de', domainId: otherDomain.id };
export const user = { id: 'u1', name: 'ann', domainId: domain.id, passwordHash: '$scrypt$1' };
export const otherUser = { id: 'u2', name: 'ann', domainId: otherDomain.id, passwordHash: '$scrypt$2' };
export const accessKey = { access: 'AK1', secret: 'the secret of access key one', userId: user.id };

export async function settle({ identity }: Store): Promise<void> {
  for (const each of [domain, otherDomain]) await identity.addDomain(each);
  for (const each of [project, otherProject]) await identity.addProject(each);
  for (const each of [user, otherUser]) await identity.addUser(each);
  await identity.addAccessKey(accessKey);
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
    ...differences,
  };
}

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
    ...differences,
  };
}
