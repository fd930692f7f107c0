/** OCI's part of a seed file as it is written; fields carry the names of the file. */

export interface OciEntry {
  readonly tenancies?: readonly TenancyEntry[];
  readonly deployments?: readonly DeploymentEntry[];
}

export interface TenancyEntry {
  readonly id?: string;
  readonly name: string;
  readonly users?: readonly OciUserEntry[];
}

export interface OciUserEntry {
  readonly id?: string;
  readonly name: string;
  readonly administrator?: boolean;
  readonly api_keys?: readonly ApiKeyEntry[];
}

/** One half of a pair: the private one stays in the file. */
export interface ApiKeyEntry {
  readonly public_key_pem?: string;
  readonly private_key_pem?: string;
  readonly created_at?: string;
  readonly inactive_status?: number;
}

export interface DeploymentEntry {
  readonly id?: string;
  readonly name?: string;
  readonly path_prefix: string;
  readonly specification: Readonly<Record<string, unknown>>;
}
