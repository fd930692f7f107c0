/** The contents of a store from a snapshot that has the form of one: everything in it fits together. */
import type { Contents, CountedAccessKey, Token, User } from '../../store/store.ts';
import type { Path } from '../seeds/seed-mistakes.ts';
import type { AccessKeyEntry, DomainEntry, StateFile, TokenEntry } from './snapshot-format.ts';
import { readGateways } from './snapshot-gateways.ts';
import { readOptional, readInstant } from './snapshot-instants.ts';
import { readKeys, type KeyContents, type PlacedProject } from './snapshot-keys.ts';
import { Materials, type ImportMaterial } from './snapshot-materials.ts';
import { Register, SnapshotMistake } from './snapshot-mistakes.ts';
import { readOci } from './snapshot-oci.ts';

/**
 * Takes its time with many keys, and lets others go between them.
 * @param signal aborted when nobody wants it any more
 * @throws SnapshotMistake at the first thing that cannot be
 */
export async function readContents(
  { region, domains: entries, project_id, oci }: StateFile,
  importMaterial: ImportMaterial,
  signal: AbortSignal,
): Promise<Contents> {
  const register = new Register();
  const identities = new Identities(register);
  entries.forEach((entry, index) => {
    identities.add(entry, ['domains', index]);
  });
  identities.assertReferences();
  const { domains, projects, users, accessKeys, tokens } = identities;
  const isThere = projects.some(({ id }) => id === project_id);
  if (project_id !== undefined && !(isThere && projects.length === 1)) {
    throw new SnapshotMistake(['project_id'], 'must be the one project that is there');
  }
  if (project_id !== undefined && oci !== undefined) {
    throw new SnapshotMistake(['oci'], 'belongs to no project');
  }
  const placed = placedProjects(entries);
  const gateways = readGateways(placed, register);
  const keys: KeyContents = await readKeys(placed, { register, materials: new Materials(importMaterial), signal });
  const ofOci = await readOci(oci ?? {}, register, signal);
  return { region, domains, projects, users, accessKeys, tokens, ...keys, ...gateways, ...ofOci };
}

const placedProjects = (domains: readonly DomainEntry[]): readonly PlacedProject[] =>
  domains.flatMap(({ id: domainId, projects = [] }, index) =>
    projects.map((entry, at) => ({ entry, domainId, path: ['domains', index, 'projects', at] })),
  );

/** What somebody's entry has, whether of a person or of an agency. */
type Credentials = Pick<NonNullable<DomainEntry['users']>[number], 'id' | 'name' | 'access_keys' | 'tokens'>;

class Identities {
  readonly domains: { id: string; name: string }[] = [];
  readonly projects: { id: string; name: string; domainId: string }[] = [];
  readonly users: User[] = [];
  readonly accessKeys: CountedAccessKey[] = [];
  readonly tokens: Token[] = [];
  readonly #register: Register;
  /** What has to be there when all have been added. */
  readonly #references: { readonly kind: 'domain' | 'project' | 'user'; readonly id: string; readonly path: Path }[] =
    [];

  constructor(register: Register) {
    this.#register = register;
  }

  add({ id, name, users = [], agencies = [], projects = [] }: DomainEntry, path: Path): void {
    this.#register.once('domain id', id, [...path, 'id']);
    this.#register.once('domain name', name, [...path, 'name']);
    this.domains.push({ id, name });
    projects.forEach((project, index) => {
      const place = [...path, 'projects', index];
      this.#register.once('project id', project.id, [...place, 'id']);
      this.#register.once('project name', project.name, [...place, 'name'], id);
      this.projects.push({ id: project.id, name: project.name, domainId: id });
    });
    users.forEach((user, index) => {
      this.#addCredentials(user, id, [...path, 'users', index]);
      const { password_hash: passwordHash, totp_secret: totpSecret = null, permissions = null } = user;
      const person = { id: user.id, name: user.name, domainId: id, trustedDomainId: null };
      this.users.push({ ...person, passwordHash, totpSecret, permissions });
    });
    agencies.forEach((agency, index) => {
      const place = [...path, 'agencies', index];
      this.#addCredentials(agency, id, place);
      const { trusted_domain_id: trustedDomainId, permissions = null } = agency;
      this.#references.push({ kind: 'domain', id: trustedDomainId, path: [...place, 'trusted_domain_id'] });
      const nobody = { id: agency.id, name: agency.name, domainId: id, passwordHash: '', totpSecret: null };
      this.users.push({ ...nobody, permissions, trustedDomainId });
    });
  }

  /** @throws SnapshotMistake for the first one that leads nowhere */
  assertReferences(): void {
    const known = {
      domain: new Set(this.domains.map(({ id }) => id)),
      project: new Set(this.projects.map(({ id }) => id)),
      user: new Set(this.users.map(({ id }) => id)),
    };
    const lost = this.#references.find(({ kind, id }) => !known[kind].has(id));
    if (lost) throw new SnapshotMistake(lost.path, `there is no ${lost.kind} ${lost.id}`);
  }

  #addCredentials(entry: Credentials, domainId: string, path: Path): void {
    const { id, name, access_keys: accessKeys = [], tokens = [] } = entry;
    this.#register.once('user id', id, [...path, 'id']);
    this.#register.once('user name', name, [...path, 'name'], domainId);
    accessKeys.forEach((key, index) => {
      this.#addAccessKey(key, id, [...path, 'access_keys', index]);
    });
    tokens.forEach((token, index) => {
      this.#addToken(token, id, [...path, 'tokens', index]);
    });
  }

  #addAccessKey(entry: AccessKeyEntry, userId: string, path: Path): void {
    const { access, secret, security_token_sha256: securityTokenHash = null, failures = 0 } = entry;
    this.#register.once('access key', access, [...path, 'access']);
    this.accessKeys.push({
      ...{ access, secret, userId, securityTokenHash, failures },
      expiresAt: readOptional(entry.expires_at, [...path, 'expires_at']),
      lockedUntil: readOptional(entry.locked_until, [...path, 'locked_until']),
    });
  }

  #addToken(entry: TokenEntry, userId: string, path: Path): void {
    const { sha256, project_id: projectId = null, domain_id: domainId = null, assumed_by: assumedBy = null } = entry;
    this.#register.once('token', sha256, [...path, 'sha256']);
    const references = [
      ['project', projectId, 'project_id'],
      ['domain', domainId, 'domain_id'],
      ['user', assumedBy, 'assumed_by'],
    ] as const;
    for (const [kind, id, field] of references) {
      if (id !== null) this.#references.push({ kind, id, path: [...path, field] });
    }
    this.tokens.push({
      ...{ hash: sha256, userId, projectId, domainId, methods: entry.methods, assumedBy },
      issuedAt: readInstant(entry.issued_at, [...path, 'issued_at']),
      expiresAt: readOptional(entry.expires_at, [...path, 'expires_at']),
    });
  }
}
