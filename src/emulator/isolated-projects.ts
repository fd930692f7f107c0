import { hashPassword } from '../crypto/passwords.ts';
import type { Domain, Store } from '../store/store.ts';

export interface ProjectsContext {
  readonly store: Store;
  readonly now: () => number;
  readonly newId: () => string;
  /** The form in which the store keeps tokens. */
  readonly hashToken: (token: string) => string;
  readonly region: string;
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

/**
 * Makes a project in a domain of its own, with a user who may do everything there. It has the region's name unless said otherwise: SDKs
 * look for that.
 */
export async function createProject(context: ProjectsContext, name = context.region): Promise<IsolatedProject> {
  const { store, now, hashToken, region } = context;
  const newId = (): string => context.newId().replaceAll('-', '');
  const domain = { id: newId(), name: `OTC-${newId().slice(0, 20)}` };
  const project = { id: newId(), name, domainId: domain.id };
  const user = { id: newId(), name: 'signet', password: newId() };
  const accessKey = { access: newId().slice(0, 20).toUpperCase(), secret: `${newId()}${newId().slice(0, 8)}` };
  const token = `${newId()}${newId()}`;

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
