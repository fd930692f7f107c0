/**
 * The state that Signet keeps, and the questions the services ask of it. One implementation (sql.ts) serves every engine.
 * Instants are integers: milliseconds since 1970-01-01T00:00:00Z.
 */
import { gatewayRefusals, ServiceError } from '../errors.ts';
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
  /** Whether the state outlives this process; others may then change it at the same time. */
  readonly durable: boolean;
  /**
   * Afterwards all that this store answers is at least as new as what was committed before the call, by whichever process; undefined where
   * that is so already. Once for each request, before anything is answered to it.
   */
  readonly catchUp: () => Promise<void> | undefined;
  /** What `catchUp` waits for when others may have changed the state: for those who keep something of it in memory. */
  onChange(load: () => Promise<void>): void;
  close(): Promise<void>;
}

/**
 * The state could not be asked, or did not answer: what was to be written may have been written, or not. To a client it is what a gateway says
 * whose backend is gone.
 */
export class StoreUnreachable extends ServiceError {
  override name = 'StoreUnreachable';

  /** @param trouble a sentence for the one who runs Signet */
  constructor(trouble: string) {
    super(gatewayRefusals.badGateway, undefined, { why: trouble });
  }
}

/** A unique name was taken already. */
export class DuplicateName extends Error {
  override name = 'DuplicateName';
}

/** What a new row was to belong to was removed meanwhile: a project, a user, a domain. */
export class OwnerGone extends Error {
  override name = 'OwnerGone';
}
