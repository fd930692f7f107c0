/** What a state has of OCI as it is written: words as those of the vendor and of the seed. */

export interface OciEntry {
  readonly tenancies?: readonly TenancyEntry[];
  readonly deployments?: readonly DeploymentEntry[];
}

export interface TenancyEntry {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
  readonly users?: readonly OciUserEntry[];
}

export interface OciUserEntry {
  readonly id: string;
  readonly name: string;
  readonly administrator?: boolean;
  readonly created_at: string;
  readonly api_keys?: readonly ApiKeyEntry[];
  readonly retries?: readonly RetryEntry[];
}

export interface ApiKeyEntry {
  readonly fingerprint: string;
  readonly public_key_pem: string;
  readonly created_at: string;
  readonly active_at: string;
  readonly inactive_status?: number;
  readonly etag: string;
}

/** An upload that named an opc-retry-token. */
export interface RetryEntry {
  readonly token: string;
  /** Of what was asked for. */
  readonly sha256: string;
  readonly fingerprint: string;
  readonly etag: string;
  readonly expires_at: string;
}

export interface DeploymentEntry {
  readonly id: string;
  readonly name: string;
  readonly path_prefix: string;
  readonly created_at: string;
  readonly specification: Readonly<Record<string, unknown>>;
}
