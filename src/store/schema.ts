/** The tables, as Kysely sees them. Columns carry the names of store.ts, so that a row is a noun. */
import type { Kysely } from 'kysely';
import type { Sealing } from '../crypto/sealing.ts';
import type { AccessKey, Alias, Domain, NewKey, Project, Token, User } from './store.ts';

export interface Schema {
  /** What Signet knows about the database itself: its format, its region, and the master key's check value. */
  signet: { readonly name: string; readonly value: string };
  domains: Domain;
  projects: Project;
  users: User;
  /** The secret is sealed. */
  accessKeys: Omit<AccessKey, 'secret'> & { readonly secret: Uint8Array };
  /** The methods are a JSON array. */
  tokens: Omit<Token, 'methods'> & { readonly methods: string };
  /** The material is sealed. */
  keys: NewKey;
  aliases: Alias;
}

/** What the parts of the store work with. */
export interface SqlAccess {
  readonly db: Kysely<Schema>;
  readonly sealing: Sealing;
  /** Turns the engine's complaint about a taken name into DuplicateName. */
  readonly unique: <T>(what: string, work: Promise<T>) => Promise<T>;
}
