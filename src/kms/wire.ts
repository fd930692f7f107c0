import type { components } from '../contract/openapi.ts';
import { isDefaultKey, type Key } from '../store/store.ts';

type Schemas = components['schemas'];

/** The vendor's JSON for a key: strings throughout, milliseconds, "" for what is not set. */
export function keyDetails(key: Key, region: string): Schemas['KeyDetails'] {
  return {
    key_id: key.id,
    domain_id: key.domainId,
    key_alias: key.name,
    realm: region,
    key_spec: key.spec as Schemas['KeySpec'],
    key_usage: key.usage as Schemas['KeyUsage'],
    key_description: key.description,
    creation_date: String(key.createdAt),
    scheduled_deletion_date: instant(key.deletionAt),
    key_state: stateText(key),
    default_key_flag: isDefaultKey(key) ? '1' : '0',
    key_type: '1',
    expiration_time: instant(key.expiresAt),
    origin: key.origin,
    key_rotation_enabled: truth(key.nextRotationAt !== null),
    sys_enterprise_project_id: key.enterpriseProjectId,
    keystore_id: '0',
  };
}

export const keyState = (key: Key): Schemas['KeyState'] => ({ key_id: key.id, key_state: stateText(key) });

/** Base64 as clients send it: padding may be missing and spare bits set; the contract has refused other characters. */
export const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

export const base64Of = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('base64');

/** Hex as the vendor writes data keys. */
export const upperHexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();

export const truth = (value: boolean): Schemas['TruthText'] => (value ? 'true' : 'false');

/** Things in one answer. */
const PAGE = 1000;

/** Which part of a list a request asks for. */
export const partOf = ({ marker, limit }: Pick<Schemas['ListKeysRequest'], 'marker' | 'limit'>) => ({
  offset: Number(marker ?? 0),
  limit: Math.min(Number(limit ?? PAGE), PAGE),
});

/** How an answer with a part of a list ends: real clients page until next_marker is empty. */
export function pageEnd(offset: number, shown: number, total: number) {
  const end = offset + shown;
  const more = shown > 0 && end < total;
  return { next_marker: more ? String(end) : '', truncated: truth(more), total };
}

/** SubjectPublicKeyInfo in PEM, 64 characters a line. */
export function publicKeyPem(publicKey: Uint8Array, lineEnd: string): string {
  const lines =
    Buffer.from(publicKey)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join(lineEnd);
}

const stateText = (key: Key): Schemas['KeyStateText'] => String(key.state) as Schemas['KeyStateText'];

/** Milliseconds since 1970 as text; "" for none. */
export const instant = (value: number | null): string => (value === null ? '' : String(value));
