/** The form of what a state has of OCI, as JSON Schema (draft 7). */
import { entry, instant, listOf, name, sha256, type Schema } from './snapshot-schema-parts.ts';

const fingerprint: Schema = {
  ...{ type: 'string', pattern: '^([0-9a-f]{2}:){15}[0-9a-f]{2}$' },
  description: '16 bytes in lower-case hex between colons',
};
/** As it was uploaded, with all the blanks around it: as long as a request may be. */
const publicKey: Schema = { type: 'string', maxLength: 2 ** 20 };
/** 64 bits with the vendor, and what JSON can hold of them here. */
const status: Schema = { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };

const apiKey = entry(
  { fingerprint, public_key_pem: publicKey, created_at: instant, active_at: instant, etag: name },
  { inactive_status: status },
);

const user = entry(
  { id: name, name, created_at: instant },
  {
    ...{ administrator: { type: 'boolean' }, api_keys: listOf(apiKey) },
    retries: listOf(entry({ token: name, sha256, fingerprint, etag: name, expires_at: instant })),
  },
);

const deployment = entry({ id: name, name, path_prefix: name, created_at: instant, specification: { type: 'object' } });

export const oci = entry(
  {},
  {
    tenancies: listOf(entry({ id: name, name, created_at: instant }, { users: listOf(user) })),
    deployments: listOf(deployment),
  },
);
