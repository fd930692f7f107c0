/** What a seed file means: its entries as the nouns of the store, once all that they say fits together. */
import { randomHex } from '../../crypto/random-hex.ts';
import type { AccessKey, Domain, Project } from '../../store/store.ts';
import type { FaultRule } from '../faults/rules.ts';
import { readFaults, type CheckFault } from './seed-faults.ts';
import type { ParsedSeed } from './seed-format.ts';
import { readGateways, type SeedGateways } from './seed-gateways.ts';
import { readAgency, readToken, readUser } from './seed-identities.ts';
import type { SeedToken, SeedUser } from './seed-identities.ts';
import { readKey } from './seed-keys.ts';
import type { SeedKey } from './seed-keys.ts';
import { Proofreader, SeedError } from './seed-mistakes.ts';
import { readOci, type CheckDeployment, type SeedOci } from './seed-oci.ts';
import { place } from './seed-places.ts';

/** A checked seed: every id is set, every reference leads somewhere. */
export interface Seed extends SeedGateways, SeedOci {
  readonly region: string;
  readonly domains: readonly Domain[];
  readonly projects: readonly Project[];
  /** Agencies, too. */
  readonly users: readonly SeedUser[];
  readonly accessKeys: readonly AccessKey[];
  readonly tokens: readonly SeedToken[];
  readonly keys: readonly SeedKey[];
  readonly faults: readonly FaultRule[];
}

/** What the services have to say of a seed; nobody is asked where it is left out. */
export interface SeedChecks {
  /** Whether a fault rule can be. */
  readonly fault?: CheckFault;
  readonly deployment?: CheckDeployment;
}

/** An access key without a security token. */
const permanent = { securityTokenHash: null, expiresAt: null };

/**
 * @param newId makes a UUID, for entries without an id
 * @throws SeedError that names every mistake
 */
export function understand(
  { fileName, file, lineOf }: ParsedSeed,
  newId: () => string,
  { fault = () => undefined, deployment = () => ({ mistakes: [], ignored: [] }) }: SeedChecks = {},
): Seed {
  const idOf = ({ id }: { readonly id?: string }): string => id ?? randomHex(newId, 32);
  const domains = place(file.domains, 'domains', { path: [] }, idOf);
  const projects = domains.flatMap((domain) => place(domain.entry.projects, 'projects', domain, idOf));
  const users = domains.flatMap((domain) => place(domain.entry.users, 'users', domain, idOf));
  const agencies = domains.flatMap((domain) => place(domain.entry.agencies, 'agencies', domain, idOf));
  const accessKeys = users.flatMap((user) =>
    place(user.entry.access_keys, 'access_keys', user, ({ access }) => access),
  );
  const tokens = users.flatMap((user) => place(user.entry.tokens, 'tokens', user, ({ token }) => token));
  const keys = projects.flatMap((project) => place(project.entry.keys, 'keys', project, ({ id }) => id ?? newId()));
  const grants = keys.flatMap((key) => place(key.entry.grants, 'grants', key, ({ id }) => id ?? ''));
  const aliases = keys.flatMap((key) => place(key.entry.aliases, 'aliases', key, (alias) => alias));

  const proofreader = new Proofreader(lineOf);
  for (const { id, path } of domains) proofreader.once('domain id', id, [...path, 'id']);
  for (const { id, path } of projects) proofreader.once('project id', id, [...path, 'id']);
  for (const { id, path } of [...users, ...agencies]) proofreader.once('user id', id, [...path, 'id']);
  for (const { id, path } of keys) proofreader.once('key id', id, [...path, 'id']);
  for (const { id, path } of accessKeys) proofreader.once('access key', id, [...path, 'access']);
  for (const { id, path } of tokens) proofreader.once('token', id, [...path, 'token']);
  for (const { entry, path } of domains) proofreader.once('domain name', entry.name, [...path, 'name']);
  for (const { entry, path, parent } of projects)
    proofreader.once('project name', entry.name, [...path, 'name'], parent.id);
  for (const { entry, path, parent } of users) proofreader.once('user name', entry.name, [...path, 'name'], parent.id);
  for (const { entry, path, parent } of agencies)
    proofreader.once('agency name', entry.name, [...path, 'name'], parent.id);
  for (const { entry, path, parent } of keys) proofreader.once('key name', entry.name, [...path, 'name'], parent.id);
  for (const { entry, path } of grants) if (entry.id) proofreader.once('grant id', entry.id, [...path, 'id']);
  for (const { entry, path, parent } of aliases) proofreader.once('alias', entry, path, parent.parent.id);

  const seed: Seed = {
    region: file.region,
    domains: domains.map(({ id, entry: { name } }) => ({ id, name })),
    projects: projects.map(({ id, entry: { name }, parent }) => ({ id, name, domainId: parent.id })),
    users: [...users.map(readUser), ...agencies.map((agency) => readAgency(agency, domains, users, proofreader))],
    accessKeys: accessKeys.map(({ entry, parent }) => ({ ...entry, userId: parent.id, ...permanent })),
    tokens: tokens.map((token) => readToken(token, projects, proofreader)),
    keys: keys.map((key) => readKey(key, proofreader, newId)),
    ...readGateways(projects, proofreader, newId),
    ...readOci(file.oci ?? {}, proofreader, deployment),
    faults: readFaults(file.faults ?? [], ['faults'], fault, proofreader),
  };
  if (proofreader.mistakes.length > 0) throw new SeedError(fileName, proofreader.mistakes);
  return seed;
}
