/**
 * The state that Signet keeps, and the questions the services ask of it. One implementation (sql.ts) serves every engine.
 * Instants are integers: milliseconds since 1970-01-01T00:00:00Z.
 */

export interface Domain {
  readonly id: string;
  readonly name: string;
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly domainId: string;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly domainId: string;
  /** As made by crypto/passwords.ts; never the password. '' for an agency: no password opens it. */
  readonly passwordHash: string;
  /** Actions that the user may do, such as `kms:cmk:sign` or `kms:*:*`; null: all. */
  readonly permissions: readonly string[] | null;
  /** Secret of the user's virtual MFA device, in Base32 (RFC 6238): such a user gives a passcode with the password. In clear here, sealed at rest. */
  readonly totpSecret: string | null;
  /** An agency is a user `<domain name>/<agency name>` as which the users of this domain may act; null for a person. */
  readonly trustedDomainId: string | null;
}

/** A user with what a check of a credential needs, read in one query. */
export interface UserDetails {
  readonly id: string;
  readonly name: string;
  readonly domain: Domain;
  readonly permissions: readonly string[] | null;
}

export interface ProjectDetails {
  readonly id: string;
  readonly name: string;
  readonly domain: Domain;
}

export interface AccessKey {
  readonly access: string;
  /** In clear here, sealed at rest. */
  readonly secret: string;
  readonly userId: string;
  /** Of a temporary key: lower-case hex SHA-256 of the security token that must come with it; null for a permanent one. */
  readonly securityTokenHash: string | null;
  /** null: does not expire. */
  readonly expiresAt: number | null;
}

/** An access key with its user, and how often in a row it failed. */
export interface AccessKeyDetails extends AccessKey {
  readonly user: UserDetails;
  readonly failures: number;
  readonly lockedUntil: number | null;
}

export interface Token {
  /** Lower-case hex SHA-256 of the token; the token itself is never stored. */
  readonly hash: string;
  readonly userId: string;
  /** The scope: a project, a domain, or neither. */
  readonly projectId: string | null;
  readonly domainId: string | null;
  readonly methods: readonly string[];
  readonly issuedAt: number;
  /** null: does not expire. */
  readonly expiresAt: number | null;
  /** The id of the user who acts as this agency; null otherwise. */
  readonly assumedBy: string | null;
}

/** A token with the names of everything that it points at, read in one query. */
export interface TokenDetails extends Token {
  readonly user: UserDetails;
  readonly project: ProjectDetails | null;
  readonly domain: Domain | null;
  /** The user who acts as this agency. */
  readonly assumer: Pick<UserDetails, 'id' | 'name' | 'domain'> | null;
}

/** The vendor's numbers: 2 enabled, 3 disabled, 4 pending deletion, 5 pending import. */
export type KeyState = 2 | 3 | 4 | 5;

export interface Key {
  readonly id: string;
  readonly projectId: string;
  readonly domainId: string;
  /** key_alias: the key's name, unique in its project. */
  readonly name: string;
  readonly description: string;
  readonly spec: string;
  readonly usage: string;
  readonly state: KeyState;
  readonly origin: 'kms' | 'external';
  readonly enterpriseProjectId: string;
  readonly createdAt: number;
  /** When a key that is pending deletion goes away. */
  readonly deletionAt: number | null;
  /** When imported material expires. */
  readonly expiresAt: number | null;
  /** SubjectPublicKeyInfo DER, or null for a symmetric key and a key without material. */
  readonly publicKey: Uint8Array | null;
}

export interface NewKey extends Key {
  /** PKCS#8 DER of a private key, or the bytes of a secret key; in clear here, sealed at rest; null while pending import. */
  readonly material: Uint8Array | null;
}

/** An alias object: another name for a key, apart from the key's own `name`. */
export interface Alias {
  readonly projectId: string;
  readonly alias: string;
  readonly keyId: string;
  readonly createdAt: number;
}

export interface KeyFilter {
  readonly state?: KeyState;
  readonly spec?: string;
  readonly enterpriseProjectId?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** How many there are in all. */
  readonly total: number;
}

/** What `update` may change. */
export type KeyChange = Partial<Pick<Key, 'name' | 'description' | 'state' | 'deletionAt' | 'expiresAt'>>;

export interface IdentityStore {
  addDomain(domain: Domain): Promise<void>;
  addProject(project: Project): Promise<void>;
  addUser(user: User): Promise<void>;
  addAccessKey(key: AccessKey): Promise<void>;
  domain(by: { id: string } | { name: string }): Promise<Domain | undefined>;
  /** Projects with this id or name, in the order of their names; a name may stand in several domains. */
  projects(by: { id?: string; name?: string; domainId?: string }): Promise<readonly Project[]>;
  /** Users with this id or name; a name may stand in several domains. */
  users(by: { id: string } | { name: string; domainId?: string }): Promise<readonly User[]>;
  project(id: string): Promise<ProjectDetails | undefined>;
  accessKey(access: string): Promise<AccessKeyDetails | undefined>;
  /** One more failure of this access key; at `most` of them in a row it is locked until this instant, and the count begins again. */
  countFailure(access: string, most: number, lockedUntil: number): Promise<void>;
  /** Forgets the failures of this access key, and unlocks it. */
  clearFailures(access: string): Promise<void>;
  /** Removes the temporary access keys that expired before this instant. */
  removeExpiredAccessKeys(before: number): Promise<void>;
  /**
   * Removes the project with its keys, their aliases and the tokens for it, all or nothing; false when there is no such project. With the
   * only project of a domain goes the domain: its users, its agencies and those that trust it, their access keys and tokens.
   */
  removeProject(id: string): Promise<boolean>;
}

export interface TokenStore {
  add(token: Token): Promise<void>;
  find(hash: string): Promise<TokenDetails | undefined>;
  /** True when there was one to remove. */
  remove(hash: string): Promise<boolean>;
  /** Removes the tokens that expired before this instant, except those with these hashes. */
  removeExpired(before: number, except: readonly string[]): Promise<void>;
}

export interface KeyStore {
  /** @throws DuplicateName when the project has a key of that name, in any state. */
  add(key: NewKey): Promise<void>;
  find(projectId: string, id: string): Promise<Key | undefined>;
  findByName(projectId: string, name: string): Promise<Key | undefined>;
  /** The key that one of these alias objects points at; the first alias that exists decides. */
  findByAlias(projectId: string, aliases: readonly string[]): Promise<Key | undefined>;
  /** Newest first. */
  list(projectId: string, filter: KeyFilter, offset: number, limit: number): Promise<Page<Key>>;
  /** How many keys of the project count towards its quota: all of them, whatever their state. */
  count(projectId: string): Promise<number>;
  /**
   * Changes a key if it is (still) in one of these states; false when it was not, or is gone.
   * @throws DuplicateName when the new name is another key's.
   */
  update(projectId: string, id: string, states: readonly KeyState[], change: KeyChange): Promise<boolean>;
  /** Removes the keys, with their aliases, whose deletion is due at this instant. */
  removeDue(now: number): Promise<void>;
  /** The key's material in clear; undefined when it has none. */
  material(id: string): Promise<Uint8Array | undefined>;
  addAlias(alias: Alias): Promise<void>;
}

export interface Store {
  readonly identity: IdentityStore;
  readonly tokens: TokenStore;
  readonly keys: KeyStore;
  /** True for a store that has never been seeded. */
  isEmpty(): Promise<boolean>;
  /** The region that the state is of; undefined in an empty store. */
  region(): Promise<string | undefined>;
  setRegion(region: string): Promise<void>;
  /** Runs the work in one transaction: all of it, or nothing. Transactions do not nest. */
  transaction<T>(work: (store: Store) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A unique name was taken already. */
export class DuplicateName extends Error {
  override name = 'DuplicateName';
}

/** What a new row was to belong to was removed meanwhile: a project, a user, a domain. */
export class OwnerGone extends Error {
  override name = 'OwnerGone';
}
