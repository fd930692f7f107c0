/**
 * The state that Signet keeps, and the questions the services ask of it. One implementation (sql.ts) serves every engine.
 * Instants are integers: milliseconds since 1970-01-01T00:00:00Z.
 */
import type { ContentsStore } from './contents.ts';
import type { DocumentStore } from './documents-store.ts';
import type { GatewayStore } from './gateway-store.ts';
import type { IdentityStore, TokenStore } from './identity-store.ts';
import type { AliasStore, GrantStore, ImportStore, TagStore } from './key-belongings.ts';
import type { KeyStore } from './key-store.ts';
import type { OciStore } from './oci-store.ts';

export type * from './api-definition.ts';
export type * from './contents.ts';
export type * from './documents-store.ts';
export type * from './gateway-store.ts';
export type * from './identity-store.ts';
export type * from './key-belongings.ts';
export type * from './key-store.ts';
export type * from './oci-store.ts';
export { completeDefinition, reservedParameter } from './api-definition.ts';
export { contentsOf, noKeys } from './contents.ts';
export { release, routeOf } from './gateway-store.ts';
export { isDefaultKey, untouched } from './key-store.ts';
export { apiKeyState, mostApiKeys } from './oci-store.ts';

export interface Store {
  readonly identity: IdentityStore;
  readonly tokens: TokenStore;
  readonly keys: KeyStore;
  readonly aliases: AliasStore;
  readonly tags: TagStore;
  readonly grants: GrantStore;
  readonly imports: ImportStore;
  readonly documents: DocumentStore;
  readonly gateways: GatewayStore;
  readonly oci: OciStore;
  readonly contents: ContentsStore;
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
