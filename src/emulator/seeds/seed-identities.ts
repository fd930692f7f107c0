/** What the users, agencies and tokens of a seed file mean. */
import type { Token, User } from '../../store/store.ts';
import type { Proofreader } from './seed-mistakes.ts';
import { readInstant } from './seed-places.ts';
import type { PlacedAgency, PlacedDomain, PlacedProject, PlacedToken, PlacedUser } from './seed-places.ts';

export interface SeedUser extends Omit<User, 'passwordHash'> {
  /** null for an agency. */
  readonly password: string | null;
}

export interface SeedToken extends Pick<Token, 'userId' | 'projectId' | 'domainId' | 'expiresAt'> {
  /** What goes into X-Auth-Token. */
  readonly token: string;
}

export function readUser({ entry, id, parent: domain }: PlacedUser): SeedUser {
  const { name, password, permissions = null, totp_secret: totpSecret = null } = entry;
  return { id, name, domainId: domain.id, password, permissions, totpSecret, trustedDomainId: null };
}

/** An agency is stored as a user of a name that no person has. */
export function readAgency(
  { entry, path, id, parent: domain }: PlacedAgency,
  domains: readonly PlacedDomain[],
  users: readonly PlacedUser[],
  proofreader: Proofreader,
): SeedUser {
  const { trusted_domain: wanted, permissions = null } = entry;
  const name = `${domain.entry.name}/${entry.name}`;
  if (users.some(({ entry: person, parent }) => parent === domain && person.name === name)) {
    proofreader.complain([...path, 'name'], `the agency is the user ${name}, and there is a user of that name`);
  }
  const trusted = domains.find((other) => [other.id, other.entry.name].includes(wanted));
  if (!trusted) proofreader.complain([...path, 'trusted_domain'], `there is no domain ${wanted}`);
  const nobody = { password: null, totpSecret: null };
  return { ...nobody, id, name, domainId: domain.id, permissions, trustedDomainId: trusted?.id ?? null };
}

export function readToken(
  { entry, path, parent: user }: PlacedToken,
  projects: readonly PlacedProject[],
  proofreader: Proofreader,
): SeedToken {
  const { project: projectName, domain: domainName } = entry.scope ?? {};
  const domain = user.parent;
  const project = projects.find(
    ({ id, entry: { name }, parent }) => parent === domain && [id, name].includes(projectName ?? ''),
  );
  if (projectName !== undefined && !project) {
    proofreader.complain(
      [...path, 'scope', 'project'],
      `the domain ${domain.entry.name} has no project ${projectName}`,
    );
  }
  if (domainName !== undefined && ![domain.id, domain.entry.name].includes(domainName)) {
    proofreader.complain([...path, 'scope', 'domain'], `the user belongs to the domain ${domain.entry.name}`);
  }
  return {
    token: entry.token,
    userId: user.id,
    projectId: project?.id ?? null,
    domainId: domainName === undefined ? null : domain.id,
    expiresAt: readInstant(entry.expires_at, [...path, 'expires_at'], proofreader),
  };
}
