import type { components } from '../contract/openapi.ts';
import { keyIdOf } from '../crypto/oci/key-id.ts';
import { apiKeyState } from '../store/store.ts';
import type { OwnedKey } from './api-keys.ts';

/** @param at the instant of the state, in milliseconds since 1970 */
export function apiKeyBody({ user, key }: OwnedKey, at: number): components['schemas']['OciApiKey'] {
  const { userId, fingerprint, publicKey, createdAt, inactiveStatus } = key;
  return {
    keyId: keyIdOf({ tenancyId: user.tenancyId, userId, fingerprint }),
    keyValue: publicKey,
    ...{ fingerprint, userId, timeCreated: new Date(createdAt).toISOString() },
    lifecycleState: apiKeyState(key, at),
    inactiveStatus,
  };
}

/** The etag in if-match, which the SDKs send as they got it and RFC 9110 8.8.3 has in quotes; undefined where any will do. */
export const etagOf = (ifMatch = '*'): string | undefined =>
  ifMatch === '*' ? undefined : ifMatch.replace(/^"(.*)"$/, '$1');
