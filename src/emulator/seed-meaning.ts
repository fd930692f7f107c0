/** What a seed file means: its entries as the nouns of the store, once all that they say fits together. */
import { importPrivateKey, privateKeyFromHex, privateKeyFromJwk, privateKeyFromPem } from '../crypto/key-import.ts';
import { keySpecs } from '../crypto/key-specs.ts';
import type { KeyMaterial, KeySpec } from '../crypto/key-specs.ts';
import type { AccessKey, Domain, Key, KeyState, Project, Token, User } from '../store/store.ts';
import type { DomainEntry, KeyEntry, ParsedSeed, ProjectEntry, TokenEntry, UserEntry } from './seed-format.ts';
import { Proofreader, SeedError } from './seed-mistakes.ts';
import type { Path } from './seed-mistakes.ts';

/** A checked seed: every id is set, every reference leads somewhere. */
export interface Seed {
  readonly region: string;
  readonly domains: readonly Domain[];
  readonly projects: readonly Project[];
  readonly users: readonly SeedUser[];
  readonly accessKeys: readonly AccessKey[];
  readonly tokens: readonly SeedToken[];
  readonly keys: readonly SeedKey[];
}

export interface SeedUser extends Omit<User, 'passwordHash'> {
  readonly password: string;
}

export interface SeedToken extends Pick<Token, 'userId' | 'projectId' | 'domainId' | 'expiresAt'> {
  /** What goes into X-Auth-Token. */
  readonly token: string;
}

export interface SeedKey extends Omit<Key, 'spec' | 'createdAt' | 'publicKey' | 'expiresAt' | 'enterpriseProjectId'> {
  readonly spec: KeySpec;
  /** null: the moment at which the seed is applied. */
  readonly createdAt: number | null;
  /** null: to be generated, unless the key is pending import. */
  readonly material: KeyMaterial | null;
  readonly aliases: readonly string[];
}

const states: Readonly<Record<NonNullable<KeyEntry['state']>, KeyState>> = {
  enabled: 2,
  disabled: 3,
  'pending-deletion': 4,
  'pending-import': 5,
};

interface MaterialForm {
  readonly kinds: readonly KeySpec['kind'][];
  /** The private key as it is stored. Throws an Error that says what is wrong with it. */
  readonly read: (entry: KeyEntry, spec: KeySpec) => Uint8Array;
}

/** The forms of key material, by field. */
const materialForms: Readonly<Record<Extract<keyof KeyEntry, `private_${string}` | `secret_${string}`>, MaterialForm>> =
  {
    private_key_pem: { kinds: ['asymmetric'], read: ({ private_key_pem: pem = '' }) => privateKeyFromPem(pem) },
    private_key_jwk: { kinds: ['asymmetric'], read: ({ private_key_jwk: jwk = {} }) => privateKeyFromJwk(jwk) },
    private_key_hex: {
      kinds: ['asymmetric'],
      read: ({ private_key_hex: hex = '' }, spec) => privateKeyFromHex(spec, hex),
    },
    secret_hex: {
      kinds: ['symmetric', 'hmac'],
      read: ({ secret_hex: hex = '' }, spec) => privateKeyFromHex(spec, hex),
    },
  };

/** An entry, where it stands, and what it stands in. */
interface Placed<Entry, Parent = unknown> {
  readonly entry: Entry;
  readonly path: Path;
  readonly parent: Parent;
  /** What tells it from others of its kind. */
  readonly id: string;
}

type PlacedDomain = Placed<DomainEntry>;
type PlacedProject = Placed<ProjectEntry, PlacedDomain>;
type PlacedUser = Placed<UserEntry, PlacedDomain>;
type PlacedToken = Placed<TokenEntry, PlacedUser>;
type PlacedKey = Placed<KeyEntry, PlacedProject>;

/**
 * @param newId makes a UUID, for entries without an id
 * @throws SeedError that names every mistake
 */
export function understand({ fileName, file, lineOf }: ParsedSeed, newId: () => string): Seed {
  const idOf = ({ id }: { readonly id?: string }): string => id ?? newId().replaceAll('-', '');
  const domains = place(file.domains, 'domains', { path: [] }, idOf);
  const projects = domains.flatMap((domain) => place(domain.entry.projects, 'projects', domain, idOf));
  const users = domains.flatMap((domain) => place(domain.entry.users, 'users', domain, idOf));
  const accessKeys = users.flatMap((user) =>
    place(user.entry.access_keys, 'access_keys', user, ({ access }) => access),
  );
  const tokens = users.flatMap((user) => place(user.entry.tokens, 'tokens', user, ({ token }) => token));
  const keys = projects.flatMap((project) => place(project.entry.keys, 'keys', project, ({ id }) => id ?? newId()));
  const aliases = keys.flatMap((key) => place(key.entry.aliases, 'aliases', key, (alias) => alias));

  const proofreader = new Proofreader(lineOf);
  for (const { id, path } of domains) proofreader.once('domain id', id, [...path, 'id']);
  for (const { id, path } of projects) proofreader.once('project id', id, [...path, 'id']);
  for (const { id, path } of users) proofreader.once('user id', id, [...path, 'id']);
  for (const { id, path } of keys) proofreader.once('key id', id, [...path, 'id']);
  for (const { id, path } of accessKeys) proofreader.once('access key', id, [...path, 'access']);
  for (const { id, path } of tokens) proofreader.once('token', id, [...path, 'token']);
  for (const { entry, path } of domains) proofreader.once('domain name', entry.name, [...path, 'name']);
  for (const { entry, path, parent } of projects)
    proofreader.once('project name', entry.name, [...path, 'name'], parent.id);
  for (const { entry, path, parent } of users) proofreader.once('user name', entry.name, [...path, 'name'], parent.id);
  for (const { entry, path, parent } of keys) proofreader.once('key name', entry.name, [...path, 'name'], parent.id);
  for (const { entry, path, parent } of aliases) proofreader.once('alias', entry, path, parent.parent.id);

  const seed: Seed = {
    region: file.region,
    domains: domains.map(({ id, entry: { name } }) => ({ id, name })),
    projects: projects.map(({ id, entry: { name }, parent }) => ({ id, name, domainId: parent.id })),
    users: users.map(({ id, entry: { name, password }, parent }) => ({ id, name, password, domainId: parent.id })),
    accessKeys: accessKeys.map(({ entry: { access, secret }, parent }) => ({ access, secret, userId: parent.id })),
    tokens: tokens.map((token) => readToken(token, projects, proofreader)),
    keys: keys.map((key) => readKey(key, proofreader)),
  };
  if (proofreader.mistakes.length > 0) throw new SeedError(fileName, proofreader.mistakes);
  return seed;
}

function place<Entry, Parent extends { readonly path: Path }>(
  entries: readonly Entry[] | undefined,
  field: string,
  parent: Parent,
  idOf: (entry: Entry) => string,
): Placed<Entry, Parent>[] {
  return (entries ?? []).map((entry, index) => ({
    entry,
    path: [...parent.path, field, index],
    parent,
    id: idOf(entry),
  }));
}

function readToken(
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

function readKey({ entry, path, id, parent: project }: PlacedKey, proofreader: Proofreader): SeedKey {
  const spec = keySpecs[entry.spec];
  const { usage = spec.usages[0], state = 'enabled' } = entry;
  if (!spec.usages.some((known) => known === usage)) {
    proofreader.complain([...path, 'usage'], `${spec.name} is for ${spec.usages.join(' or ')}`);
  }
  if ((entry.deletion_at === undefined) === (state === 'pending-deletion')) {
    proofreader.complain([...path, 'state'], 'deletion_at belongs to the state pending-deletion, and that state to it');
  }
  return {
    id,
    projectId: project.id,
    domainId: project.parent.id,
    name: entry.name,
    description: entry.description ?? '',
    spec,
    usage,
    state: states[state],
    origin: state === 'pending-import' ? 'external' : 'kms',
    createdAt: readInstant(entry.created_at, [...path, 'created_at'], proofreader),
    deletionAt: readInstant(entry.deletion_at, [...path, 'deletion_at'], proofreader),
    material: readMaterial(entry, path, proofreader),
    aliases: entry.aliases ?? [],
  };
}

function readMaterial(entry: KeyEntry, path: Path, proofreader: Proofreader): KeyMaterial | null {
  const [field, ...more] = Object.keys(entry).filter((name) => name in materialForms) as (keyof typeof materialForms)[];
  if (field === undefined) return null;
  const place = [...path, field];
  const spec = keySpecs[entry.spec];
  const { kinds, read } = materialForms[field];
  for (const other of more) proofreader.complain([...path, other], `the material is given by ${field} already`);
  if (entry.state === 'pending-import') proofreader.complain(place, 'a key that is pending import has no material');
  if (!kinds.includes(spec.kind)) {
    const fitting = Object.entries(materialForms).filter(([, form]) => form.kinds.includes(spec.kind));
    const names = fitting.map(([name]) => name).join(', ');
    proofreader.complain(place, `the material of ${spec.name} is given by ${names}`);
    return null;
  }
  return proofreader.attempt(place, () => importPrivateKey(spec, read(entry, spec))) ?? null;
}

function readInstant(text: string | undefined, path: Path, proofreader: Proofreader): number | null {
  if (text === undefined) return null;
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) proofreader.complain(path, 'there is no such instant');
  return instant;
}
