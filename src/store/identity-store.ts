/** Domains, projects, users, agencies, access keys and tokens, and what is asked of them. */

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

/** A project with how many keys it has. */
export interface ProjectSummary extends ProjectDetails {
  readonly keys: number;
}

export interface IdentityStore {
  addDomain(domain: Domain): Promise<void>;
  addProject(project: Project): Promise<void>;
  addUser(user: User): Promise<void>;
  addAccessKey(key: AccessKey): Promise<void>;
  domain(by: { id: string } | { name: string }): Promise<Domain | undefined>;
  /** Projects with this id or name, in the order of their names; a name may stand in several domains. */
  projects(by: { id?: string; name?: string; domainId?: string }): Promise<readonly Project[]>;
  /** Users with this id or name, or of this domain, in the order of their names; a name may stand in several domains. */
  users(by: { id: string } | { name: string; domainId?: string } | { domainId: string }): Promise<readonly User[]>;
  /** Every project, in the order of the names of domains and projects. */
  everyProject(): Promise<readonly ProjectSummary[]>;
  project(id: string): Promise<ProjectDetails | undefined>;
  accessKey(access: string): Promise<AccessKeyDetails | undefined>;
  /** At most so many access keys, of everybody or of the users of a domain, in the order of their names. */
  accessKeys(by: { domainId?: string }, most: number): Promise<readonly AccessKeyDetails[]>;
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
