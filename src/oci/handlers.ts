import type { OciCaller } from '../contract/caller.ts';
import type { Handlers } from '../contract/operations.ts';
import type { ApiKeys } from './api-keys.ts';
import { apiKeyBody, etagOf } from './wire.ts';

/** @param now milliseconds since 1970 */
export function ociHandlers(keys: ApiKeys, now: () => number): Handlers<'oci', OciCaller> {
  return {
    async uploadApiKey({ caller, path, body, header }) {
      const made = await keys.upload(caller, path.userId, body.key, header('opc-retry-token'));
      return { body: apiKeyBody(made, now()), headers: { etag: made.key.etag } };
    },

    async listApiKeys({ caller, path }) {
      const all = await keys.list(caller, path.userId);
      return { body: all.map((one) => apiKeyBody(one, now())) };
    },

    async deleteApiKey({ caller, path, header }) {
      await keys.delete(caller, path.userId, path.fingerprint, etagOf(header('if-match')));
      return { body: undefined };
    },
  };
}
