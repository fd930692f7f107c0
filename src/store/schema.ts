/** The tables, as Kysely sees them. Columns carry the names of store.ts, so that a row is a noun. */
import type { Generated, Kysely } from 'kysely';
import type { Sealing } from '../crypto/sealing.ts';
import type { Material } from './contents.ts';
import type { DocumentInfo } from './documents-store.ts';
import type { AccessKey, Alias, Domain, Grant, ImportTicket, Key, KeyTag, Project, Token, User } from './store.ts';
import type { Api, ApiGroup, Environment, Gateway, Publication, SignatureBinding, SignatureKey } from './store.ts';
import type { OciApiKey, OciDeployment, OciRetry, OciTenancy, OciUser } from './store.ts';

export interface Schema {
  /** What Signet knows about the database itself: its format, its region, and the master key's check value. */
  signet: { readonly name: string; readonly value: string };
  domains: Domain;
  projects: Project;
  users: UserRow;
  /** The secret is sealed. */
  accessKeys: Omit<AccessKey, 'secret'> & {
    readonly secret: Uint8Array;
    readonly failures: Generated<number>;
    readonly lockedUntil: number | null;
  };
  /** The methods are a JSON array. */
  tokens: Omit<Token, 'methods'> & { readonly methods: string };
  keys: Key;
  /** Every material of every key, by version; sealed. */
  materials: Material;
  aliases: Alias;
  tags: KeyTag;
  /** The operations are a JSON array. */
  grants: Omit<Grant, 'operations'> & { readonly operations: string };
  /** The private key is sealed. */
  importTickets: ImportTicket;
  /** The content is sealed. */
  documents: DocumentInfo & { readonly content: Uint8Array };
  gateways: Gateway;
  /** The secret is sealed. */
  signatureKeys: Omit<SignatureKey, 'secret'> & { readonly secret: Uint8Array };
  environments: Environment;
  apiGroups: ApiGroup;
  apis: ApiRow;
  /** The definition is JSON. */
  publications: Omit<Publication, 'definition'> & { readonly definition: string };
  signatureBindings: SignatureBinding;
  ociTenancies: OciTenancy;
  ociUsers: OciUserRow;
  ociApiKeys: OciApiKey;
  ociRetries: OciRetry;
  /** The specification is sealed. */
  ociDeployments: Omit<OciDeployment, 'specification'> & { readonly specification: Uint8Array };
}

/** The permissions are a JSON array; the secret of the MFA device is sealed. */
export interface UserRow extends Omit<User, 'permissions' | 'totpSecret'> {
  readonly permissions: string | null;
  readonly totpSecret: Uint8Array | null;
}

/** SQLite has no truth values. */
export interface OciUserRow extends Omit<OciUser, 'isAdministrator'> {
  readonly isAdministrator: 0 | 1;
}

/** The definition is JSON; beside it stands what of it is asked for. */
export interface ApiRow extends Omit<Api, 'definition'> {
  readonly definition: string;
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly type: 1 | 2;
  readonly protocol: string;
  readonly authType: string;
  /** The path with all its names in braces alike: `/orders/{}`. */
  readonly route: string;
}

/** What the parts of the store work with. */
export interface SqlAccess {
  readonly db: Kysely<Schema>;
  readonly sealing: Sealing;
  /** Turns the engine's complaints into DuplicateName, for a name that is taken, and OwnerGone, for a row whose owner is not there. */
  readonly placed: <T>(what: string, work: Promise<T>) => Promise<T>;
}
