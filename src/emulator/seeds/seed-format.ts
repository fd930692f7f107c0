/**
 * A seed file as it is written: YAML 1.2 (and so JSON), described by seeds/seed.schema.json. seed-form.ts checks it against that,
 * seed-meaning.ts says what it means.
 */
import type { JsonWebKey } from 'node:crypto';
import type { KeySpecName, KeyUsage } from '../../crypto/key-specs.ts';
import type { WrittenRule } from '../faults/wire.ts';
import type { GatewayEntry } from './seed-gateway-format.ts';
import type { OciEntry } from './seed-oci-format.ts';
import type { ParsedFile } from './yaml-file.ts';

/** A seed as it is written; fields carry the names of the file. */
export interface SeedFile {
  readonly version: 1;
  readonly region: string;
  readonly domains: readonly DomainEntry[];
  readonly oci?: OciEntry;
  readonly faults?: readonly WrittenRule[];
}

export interface DomainEntry {
  readonly id?: string;
  readonly name: string;
  readonly users?: readonly UserEntry[];
  readonly agencies?: readonly AgencyEntry[];
  readonly projects?: readonly ProjectEntry[];
}

export interface UserEntry {
  readonly id?: string;
  readonly name: string;
  readonly password: string;
  readonly permissions?: readonly string[];
  readonly totp_secret?: string;
  readonly access_keys?: readonly { readonly access: string; readonly secret: string }[];
  readonly tokens?: readonly TokenEntry[];
}

export interface AgencyEntry {
  readonly id?: string;
  readonly name: string;
  readonly trusted_domain: string;
  readonly permissions?: readonly string[];
}

export interface TokenEntry {
  readonly token: string;
  readonly scope?: { readonly project?: string; readonly domain?: string };
  readonly expires_at?: string;
}

export interface ProjectEntry {
  readonly id?: string;
  readonly name: string;
  readonly keys?: readonly KeyEntry[];
  readonly gateways?: readonly GatewayEntry[];
}

export interface KeyEntry {
  readonly id?: string;
  readonly name: string;
  readonly spec: KeySpecName;
  readonly usage?: KeyUsage;
  readonly description?: string;
  readonly state?: 'enabled' | 'disabled' | 'pending-deletion' | 'pending-import';
  readonly created_at?: string;
  readonly deletion_at?: string;
  readonly private_key_pem?: string;
  readonly private_key_jwk?: JsonWebKey;
  readonly private_key_hex?: string;
  readonly secret_hex?: string;
  readonly aliases?: readonly string[];
  readonly rotation_interval?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly grants?: readonly GrantEntry[];
}

export interface GrantEntry {
  readonly id?: string;
  readonly name?: string;
  readonly grantee: string;
  readonly grantee_type?: 'user' | 'domain';
  readonly operations: readonly string[];
  readonly issuer?: string;
  readonly retiring_principal?: string;
}

export type ParsedSeed = ParsedFile<SeedFile>;
