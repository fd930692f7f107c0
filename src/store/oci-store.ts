/** OCI tenancies with their users and API signing keys, and the deployments of the OCI-style gateway. They belong to no project. */

/** API keys of one user. Source: https://docs.oracle.com/en-us/iaas/Content/API/Concepts/apisigningkey.htm */
export const mostApiKeys = 3;

export interface OciTenancy {
  /** OCID. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

export interface OciUser {
  /** OCID. */
  readonly id: string;
  readonly tenancyId: string;
  /** Unique in the tenancy. */
  readonly name: string;
  /** May work with the API keys of every user of the tenancy. */
  readonly isAdministrator: boolean;
  readonly createdAt: number;
}

export interface OciApiKey {
  readonly userId: string;
  /** Unique among the keys of a user: another user may have the same key. */
  readonly fingerprint: string;
  /** SPKI in PEM, as it was uploaded. */
  readonly publicKey: string;
  readonly createdAt: number;
  /** From this instant on it is ACTIVE; from its creation to then, CREATING. */
  readonly activeAt: number;
  /** Why it is INACTIVE, a number of the vendor's; null: it is not. */
  readonly inactiveStatus: number | null;
  readonly etag: string;
}

export type OciApiKeyState = 'CREATING' | 'ACTIVE' | 'INACTIVE';

/** What a key is at this instant; only an ACTIVE one opens anything. A clock that is set back behind its creation undoes nothing. */
export function apiKeyState({ createdAt, activeAt, inactiveStatus }: OciApiKey, at: number): OciApiKeyState {
  if (inactiveStatus !== null) return 'INACTIVE';
  return createdAt <= at && at < activeAt ? 'CREATING' : 'ACTIVE';
}

/** A key with its user and tenancy, read in one query. */
export interface OciApiKeyDetails extends OciApiKey {
  readonly user: OciUser;
  readonly tenancy: OciTenancy;
}

/** An upload that named an opc-retry-token: what came of it, until it expires. */
export interface OciRetry {
  readonly userId: string;
  readonly token: string;
  /** Lower-case hex SHA-256 of what was asked for. */
  readonly requestHash: string;
  /** Of the key that was uploaded. */
  readonly fingerprint: string;
  /** Of the same upload; a key that was deleted and uploaded again has another one. */
  readonly etag: string;
  readonly expiresAt: number;
}

export interface OciDeployment {
  readonly id: string;
  readonly name: string;
  /** Unique: `/v1`. */
  readonly pathPrefix: string;
  /** The deployment specification, as JSON; it may hold the private key of a signer, so that it is sealed at rest. */
  readonly specification: string;
  readonly createdAt: number;
}

export interface OciStore {
  /** @throws DuplicateName when the id is taken */
  addTenancy(tenancy: OciTenancy): Promise<void>;
  /** In the order of their ids. */
  tenancies(): Promise<readonly OciTenancy[]>;
  tenancy(id: string): Promise<OciTenancy | undefined>;
  /** With its users and their keys; false when there is no such tenancy. */
  removeTenancy(id: string): Promise<boolean>;
  /** @throws DuplicateName when the id is taken, or the name in the tenancy; OwnerGone when there is no such tenancy */
  addUser(user: OciUser): Promise<void>;
  /** Of a tenancy or of all, in the order of their ids. */
  users(tenancyId?: string): Promise<readonly OciUser[]>;
  user(id: string): Promise<OciUser | undefined>;
  /** With its keys; false when there is no such user. */
  removeUser(id: string): Promise<boolean>;
  /**
   * `full`: the user has `most` keys already; `taken`: this one is among them. Nothing is written then.
   * @throws OwnerGone when there is no such user
   */
  addApiKey(key: OciApiKey, most: number): Promise<'added' | 'full' | 'taken'>;
  /** Of a user, the oldest first; of the same age in the order of their fingerprints. */
  apiKeys(userId: string): Promise<readonly OciApiKey[]>;
  apiKey(userId: string, fingerprint: string): Promise<OciApiKeyDetails | undefined>;
  /** At most so many keys of anybody, the newest first. */
  anyApiKeys(most: number): Promise<readonly OciApiKeyDetails[]>;
  /** `stale`: the etag, where one is given, is not the key's. */
  removeApiKey(userId: string, fingerprint: string, etag?: string): Promise<'removed' | 'missing' | 'stale'>;
  /** False when there is no such key. */
  setInactive(userId: string, fingerprint: string, inactiveStatus: number | null): Promise<boolean>;
  /** Undefined also for one that has expired by this instant. */
  retry(userId: string, token: string, at: number): Promise<OciRetry | undefined>;
  /**
   * Puts it in the place of one that has expired by this instant, and removes all that have.
   * @throws DuplicateName for one that has not; OwnerGone when there is no such user
   */
  addRetry(retry: OciRetry, at: number): Promise<void>;
  /** @throws DuplicateName when the id or the path prefix is taken */
  addDeployment(deployment: OciDeployment): Promise<void>;
  /** In the order of their path prefixes. */
  deployments(): Promise<readonly OciDeployment[]>;
  deployment(id: string): Promise<OciDeployment | undefined>;
  /** The one with the longest of these path prefixes. */
  deploymentAt(pathPrefixes: readonly string[]): Promise<OciDeployment | undefined>;
  /** False when there is no such deployment. */
  removeDeployment(id: string): Promise<boolean>;
}
