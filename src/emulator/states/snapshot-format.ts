/**
 * A state as it is written, in words like those of the vendor and of the seed. What is null or off is left out. Lists are in the order of
 * ids, names or versions, so that the same state gives the same text.
 */
import type { KeySpecName, KeyUsage } from '../../crypto/key-specs.ts';
import type { WrittenRule } from '../faults/wire.ts';
import type { GatewayEntry } from './snapshot-gateway-format.ts';
import type { OciEntry } from './snapshot-oci-format.ts';

/** The version of this format; the store's format has versions of its own. */
export const snapshotVersion = 1;

export interface SnapshotFile {
  readonly signet_snapshot: number;
  /** A StateFile, once its form has been checked. */
  readonly state?: Record<string, unknown>;
  readonly sealed?: SealedState;
}

/** A StateFile as JSON, under a passphrase. */
export interface SealedState {
  /** `scrypt$ln=15,r=8,p=1`: RFC 7914, with the logarithm of N. */
  readonly kdf: string;
  /** Base64. */
  readonly salt: string;
  readonly cipher: string;
  /** Base64 of what crypto/sealing.ts makes. */
  readonly data: string;
}

export interface StateFile {
  /** Where it is one project alone. */
  readonly project_id?: string;
  readonly region: string;
  readonly clock?: ClockEntry;
  readonly faults?: readonly WrittenRule[];
  readonly domains: readonly DomainEntry[];
  /** Only where it is everything. */
  readonly oci?: OciEntry;
}

/** Where it stands, or milliseconds that it is ahead of the real time. */
export type ClockEntry = { readonly frozen_at: string } | { readonly offset_milliseconds: number };

export interface DomainEntry {
  readonly id: string;
  readonly name: string;
  readonly users?: readonly UserEntry[];
  readonly agencies?: readonly AgencyEntry[];
  readonly projects?: readonly ProjectEntry[];
}

interface PersonEntry {
  readonly id: string;
  readonly name: string;
  /** Left out: everything. */
  readonly permissions?: readonly string[];
  readonly access_keys?: readonly AccessKeyEntry[];
  readonly tokens?: readonly TokenEntry[];
}

export interface UserEntry extends PersonEntry {
  readonly password_hash: string;
  readonly totp_secret?: string;
}

export interface AgencyEntry extends PersonEntry {
  readonly trusted_domain_id: string;
}

export interface AccessKeyEntry {
  readonly access: string;
  readonly secret: string;
  readonly security_token_sha256?: string;
  readonly expires_at?: string;
  readonly failures?: number;
  readonly locked_until?: string;
}

export interface TokenEntry {
  readonly sha256: string;
  readonly project_id?: string;
  readonly domain_id?: string;
  readonly methods: readonly string[];
  readonly issued_at: string;
  readonly expires_at?: string;
  readonly assumed_by?: string;
}

export interface ProjectEntry {
  readonly id: string;
  readonly name: string;
  readonly keys?: readonly KeyEntry[];
  readonly gateways?: readonly GatewayEntry[];
}

export interface KeyEntry {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly spec: KeySpecName;
  readonly usage: KeyUsage;
  readonly state: StateName;
  readonly origin: 'kms' | 'external';
  readonly enterprise_project_id: string;
  readonly created_at: string;
  readonly deletion_at?: string;
  readonly expires_at?: string;
  readonly rotation_interval: number;
  readonly next_rotation_at?: string;
  readonly last_rotation_at?: string;
  readonly imported_sha256?: string;
  readonly material_version?: number;
  readonly public_key_pem?: string;
  readonly materials?: readonly MaterialEntry[];
  readonly aliases?: readonly AliasEntry[];
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  readonly grants?: readonly GrantEntry[];
  readonly import_tickets?: readonly TicketEntry[];
}

export type StateName = 'enabled' | 'disabled' | 'pending-deletion' | 'pending-import';

/** The one of a key pair, or the other. */
export interface MaterialEntry {
  readonly version: number;
  readonly private_key_pem?: string;
  readonly secret_hex?: string;
}

export interface AliasEntry {
  readonly alias: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface GrantEntry {
  readonly id: string;
  readonly name?: string;
  readonly grantee: string;
  readonly grantee_type: 'user' | 'domain';
  readonly operations: readonly string[];
  readonly issuer?: string;
  readonly retiring_principal?: string;
  readonly created_at: string;
}

export interface TicketEntry {
  /** Of the import token. */
  readonly sha256: string;
  readonly algorithm: string;
  readonly private_key_pem: string;
  readonly expires_at: string;
}
