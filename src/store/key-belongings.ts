/** What belongs to keys: aliases, tags, grants and import tickets. It goes with the key. */
import type { Key, Page } from './key-store.ts';

/** An alias object: another name for a key, apart from the key's own `name`. */
export interface Alias {
  readonly projectId: string;
  readonly alias: string;
  readonly keyId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface AliasStore {
  /** @throws DuplicateName when the project has this alias. */
  add(alias: Alias): Promise<void>;
  find(projectId: string, alias: string): Promise<Alias | undefined>;
  /** Those of one key, or of all; in the order of their names, from behind the one given. */
  list(projectId: string, of: { keyId?: string; after?: string }, limit: number): Promise<readonly Alias[]>;
  /** How many aliases a key has. */
  count(keyId: string): Promise<number>;
  /** Lets an alias name another key; false when there is no such alias. */
  move(projectId: string, alias: string, keyId: string, updatedAt: number): Promise<boolean>;
  /** Removes those of these aliases that name this key; says how many. */
  remove(projectId: string, keyId: string, aliases: readonly string[]): Promise<number>;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** A tag, and the key that it is on. */
export interface KeyTag extends Tag {
  readonly keyId: string;
}

/** Keys that have, for each of these tags, one of its values (any at all, where none are given), and a name that has this text in it. */
export interface TagFilter {
  readonly tags: readonly { readonly key: string; readonly values: readonly string[] }[];
  readonly name?: string;
}

export interface TagStore {
  /** In the order of their keys. */
  list(keyIds: readonly string[]): Promise<readonly KeyTag[]>;
  /** Every tag of the project's keys once, in order. */
  ofProject(projectId: string): Promise<readonly Tag[]>;
  /** Gives a key these tags; one that it has already gets the new value. */
  set(keyId: string, tags: readonly Tag[]): Promise<void>;
  /** Removes the tags with these keys; says how many there were. */
  remove(keyId: string, keys: readonly string[]): Promise<number>;
  /** Newest first. */
  keys(projectId: string, filter: TagFilter, offset: number, limit: number): Promise<Page<Key>>;
}

export interface Grant {
  readonly id: string;
  readonly keyId: string;
  readonly name: string;
  /** A user or a domain, by id; whether there is one is not asked. */
  readonly grantee: string;
  readonly granteeType: 'user' | 'domain';
  readonly operations: readonly string[];
  /** The user who gave it, by id. */
  readonly issuer: string;
  /** Who may retire it besides the grantee, by id; '' for nobody. */
  readonly retiringPrincipal: string;
  readonly createdAt: number;
}

/** A user and the user's domain, by id: whom a grant may be for. */
export interface Principals {
  readonly user: string;
  readonly domain: string;
}

export interface GrantStore {
  add(grant: Grant): Promise<void>;
  find(id: string): Promise<Grant | undefined>;
  /** True when there was one to remove. */
  remove(id: string): Promise<boolean>;
  /** The grants of a key, newest first. */
  list(keyId: string, offset: number, limit: number): Promise<Page<Grant>>;
  /** The grants that one of these principals may retire as the one named for it, newest first. */
  retirable(by: Principals, offset: number, limit: number): Promise<Page<Grant>>;
  /** The grants of a key that are for one of these principals. */
  held(keyId: string, by: Principals): Promise<readonly Grant[]>;
  /** The most grants that any key of the project has. */
  most(projectId: string): Promise<number>;
}

/** What get-parameters-for-import gave out: the key pair under which material is wrapped. */
export interface ImportTicket {
  /** Lower-case hex SHA-256 of the import token; the token itself is never stored. */
  readonly hash: string;
  readonly keyId: string;
  readonly algorithm: string;
  /** PKCS#8 DER; in clear here, sealed at rest. */
  readonly privateKey: Uint8Array;
  readonly expiresAt: number;
}

export interface ImportStore {
  add(ticket: ImportTicket): Promise<void>;
  find(hash: string): Promise<ImportTicket | undefined>;
  /** Removes the tickets that expired before this instant, and those of this key but the newest so many. */
  tidy(before: number, keyId: string, most: number): Promise<void>;
}
