/** The tenancy of seeds/default.yaml with its user and API key, as the README promises it. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const text = readFileSync(new URL('../../seeds/default.yaml', import.meta.url), 'utf8');
const { oci } = parse(text) as {
  oci: { tenancies: { users: { api_keys: { private_key_pem: string }[] }[] }[] };
};

export const ociIdentity = {
  tenancyId: 'ocid1.tenancy.oc1..aaaaaaaasignetpublictesttenancyaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  userId: 'ocid1.user.oc1..aaaaaaaasignetpublictestuseraaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  fingerprint: 'd0:93:98:e3:2f:34:f9:56:df:2a:03:3b:0d:e1:38:8d',
  /** PKCS#8. */
  privateKeyPem: oci.tenancies[0]!.users[0]!.api_keys[0]!.private_key_pem,
} as const;
