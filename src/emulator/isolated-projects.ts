import { hashPassword } from '../crypto/passwords.ts';
import { randomHex } from '../crypto/random-hex.ts';
import { ServiceError } from '../errors.ts';
import { OwnerGone, type Domain, type Store } from '../store/store.ts';
import { emulatorRefusals as refusals } from './errors.ts';

export interface ProjectsContext {
  readonly store: Store;
  readonly now: () => number;
  readonly newId: () => string;
  /** The form in which the store keeps tokens. */
  readonly hashToken: (token: string) => string;
  readonly region: () => string;
}

/** A project that shares nothing with any other, and all that opens it. */
export interface IsolatedProject {
  readonly region: string;
  readonly domain: Domain;
  readonly project: { readonly id: string; readonly name: string };
  readonly user: { readonly id: string; readonly name: string; readonly password: string };
  /** Does not expire. */
  readonly token: string;
  readonly accessKey: { readonly access: string; readonly secret: string };
}

/** Characters, as in openapi.yaml. */
const LONGEST_NAME = 64;

/**
 * Makes a project in a domain of its own, with a user who may do everything there. It has the region's name unless said otherwise: SDKs
 * look for that.
 * @throws RangeError for a name of more than 64 characters
 */
export async function createProject(context: ProjectsContext, wanted?: string): Promise<IsolatedProject> {
  const { store, now, newId, hashToken } = context;
  const region = context.region();
  const name = wanted === undefined || wanted === '' ? region : wanted;
  if (name.length > LONGEST_NAME) throw new RangeError(`The name of a project has at most ${LONGEST_NAME} characters.`);
  const random = (length: number): string => randomHex(newId, length);
  const domain = { id: random(32), name: `OTC-${random(20)}` };
  const project = { id: random(32), name, domainId: domain.id };
  // A name of its own: who logs in without naming a domain must not meet somebody else.
  const user = { id: random(32), name: `signet-${random(12)}`, password: random(32) };
  const accessKey = { access: random(20).toUpperCase(), secret: random(40) };
  const token = random(64);

  const passwordHash = await hashPassword(user.password);
  await store.transaction(async ({ identity, tokens }) => {
    await identity.addDomain(domain);
    await identity.addProject(project);
    const person = { permissions: null, totpSecret: null, trustedDomainId: null };
    await identity.addUser({ ...person, id: user.id, name: user.name, domainId: domain.id, passwordHash });
    await identity.addAccessKey({ ...accessKey, userId: user.id, securityTokenHash: null, expiresAt: null });
    await tokens.add({
      ...{ hash: hashToken(token), userId: user.id, projectId: project.id, domainId: null },
      ...{ methods: ['password'], issuedAt: now(), expiresAt: null, assumedBy: null },
    });
  });
  return { region, domain, project: { id: project.id, name }, user, token, accessKey };
}

/** A token that nobody has given a password for. */
export interface FreeToken {
  readonly token: string;
  readonly userId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * A token for the project, of this user of its domain, or of the first one there who may do everything; `lifetime` in seconds.
 * @throws ServiceError noSuchProject or noSuchUser
 */
export async function issueToken(
  { store, now, newId, hashToken }: ProjectsContext,
  projectId: string,
  userId: string | undefined,
  lifetime: number,
): Promise<FreeToken> {
  const project = await store.identity.project(projectId);
  if (project === undefined) throw new ServiceError(refusals.noSuchProject);
  const users = await store.identity.users({ domainId: project.domain.id });
  const people = users.filter(({ trustedDomainId }) => trustedDomainId === null);
  const user = people.find(({ id, permissions }) => (userId === undefined ? permissions === null : id === userId));
  if (user === undefined) throw new ServiceError(refusals.noSuchUser);
  const token = randomHex(newId, 64);
  const issuedAt = now();
  const expiresAt = issuedAt + lifetime * 1000;
  try {
    await store.tokens.add({
      ...{ hash: hashToken(token), userId: user.id, projectId, domainId: null },
      ...{ methods: ['password'], issuedAt, expiresAt, assumedBy: null },
    });
  } catch (error) {
    throw error instanceof OwnerGone ? new ServiceError(refusals.noSuchProject) : error;
  }
  return { token, userId: user.id, expiresAt };
}
