/** Who signed: the keyId of an Authorization header. Source: https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm */

/** The three parts of an API key's id. */
export interface ApiKeyId {
  /** OCID. */
  readonly tenancyId: string;
  /** OCID. */
  readonly userId: string;
  /** 16 bytes in lower-case hex between colons. */
  readonly fingerprint: string;
}

export type KeyId =
  | ({ readonly form: 'api key' } & ApiKeyId)
  /** Why it is none of an API key: a sentence. */
  | { readonly form: 'session token' | 'federation' | 'broken'; readonly why: string };

export const FINGERPRINT = /^(?:[0-9a-f]{2}:){15}[0-9a-f]{2}$/;

/** As it is written in a keyId. */
export const keyIdOf = ({ tenancyId, userId, fingerprint }: ApiKeyId): string =>
  `${tenancyId}/${userId}/${fingerprint}`;

export function readKeyId(text: string): KeyId {
  if (text === '') return broken('keyId is missing or empty.');
  if (text.startsWith('ST$'))
    return {
      form: 'session token',
      why: 'keyId is a session token (ST$…), as `oci session authenticate` and instance principals have it; only API keys are known here.',
    };
  const parts = text.split('/', 4);
  const [tenancyId = '', userId = '', fingerprint = ''] = parts;
  if (/^fed-x509(?:-sha256)?$/.test(userId))
    return {
      form: 'federation',
      why: `keyId names a certificate of an instance (${userId}); only API keys are known here.`,
    };
  if (parts.length !== 3)
    return broken(`keyId has to be <tenancy OCID>/<user OCID>/<fingerprint>; it has ${countOf(text)}.`);
  const why = mistakeIn({ tenancyId, userId, fingerprint });
  return why === undefined ? { form: 'api key', tenancyId, userId, fingerprint } : broken(why);
}

/** The parts alone; undefined where it is none of an API key. */
export function apiKeyIn(id: KeyId): ApiKeyId | undefined {
  if (id.form !== 'api key') return undefined;
  const { tenancyId, userId, fingerprint } = id;
  return { tenancyId, userId, fingerprint };
}

const broken = (why: string): KeyId => ({ form: 'broken', why });

function countOf(text: string): string {
  const count = text.split('/').length;
  return `${count} ${count === 1 ? 'part' : 'parts'} between slashes`;
}

function mistakeIn({ tenancyId, userId, fingerprint }: ApiKeyId): string | undefined {
  if (tenancyId === '') return 'The tenancy in keyId is empty.';
  if (userId === '')
    return 'The user in keyId is empty, as the TypeScript SDK has it when the config file names a security_token_file and the provider is one for API keys.';
  if (tenancyId.startsWith('ocid1.user.') && userId.startsWith('ocid1.tenancy.'))
    return 'keyId has user and tenancy in the wrong order: the tenancy comes first.';
  if (FINGERPRINT.test(fingerprint)) return undefined;
  if (FINGERPRINT.test(fingerprint.toLowerCase()))
    return 'The fingerprint in keyId has capitals; its hex is in lower case.';
  if (fingerprint.includes('%')) return 'The fingerprint in keyId is percent-encoded; it stands there as it is.';
  return 'The fingerprint in keyId is not 16 bytes in hex with colons between them.';
}
