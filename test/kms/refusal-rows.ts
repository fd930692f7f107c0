/** Requests that are refused, operation by operation, and the code of the refusal. */
import { gatewayTexts, type GatewayRefusal } from '../support/refusals.ts';
import { kinds, states } from '../support/many-states.ts';
import type { KmsAction, KmsCaller } from '../support/kms.ts';

export interface RefusalRow extends KmsCaller {
  readonly action: KmsAction;
  readonly why: string;
  /** The code of the KMS, or the name of a refusal of the gateway. */
  readonly refusal: string;
  readonly body: unknown;
}

export type Body = Readonly<Record<string, unknown>>;

const key = { key_id: states.enabled };
const aes = { key_id: kinds.AES_256 };
const mac = { key_id: kinds.HMAC_256, mac_algorithm: 'HMAC_SHA_256', message: 'AAAA' };
const grant = { ...aes, grant_id: '0'.repeat(64) };
const sign = { ...key, message: 'AAAA', signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' };

/** A request for each operation that is well-formed; the first fields, up to null, are the required ones. */
export const wellFormed: Readonly<Record<KmsAction, Body>> = {
  sign,
  verify: { ...sign, signature: 'AAAA' },
  'get-publickey': key,
  'describe-key': key,
  'list-keys': { limit: '1', marker: '0' },
  'create-key': { key_alias: 'never-created' },
  'enable-key': key,
  'disable-key': key,
  'schedule-key-deletion': { ...key, pending_days: '7' },
  'cancel-key-deletion': key,
  'update-key-alias': { ...key, key_alias: 'never-renamed' },
  'update-key-description': { ...key, key_description: 'never described' },
  'encrypt-data': { ...aes, plain_text: 'never encrypted' },
  'decrypt-data': { cipher_text: 'A'.repeat(188) },
  're-encrypt': { cipher_text: 'A'.repeat(188), destination_key_id: kinds.AES_256 },
  'create-datakey': aes,
  'create-datakey-without-plaintext': aes,
  'encrypt-datakey': { ...aes, plain_text: '00'.repeat(96), datakey_plain_length: '64' },
  'decrypt-datakey': { ...aes, cipher_text: '00'.repeat(188), datakey_cipher_length: '64' },
  'gen-random': { random_data_length: '512' },
  'create-rsa-datakey-pair': { ...aes, key_spec: 'RSA_2048' },
  'create-ec-datakey-pair': { ...aes, key_spec: 'ECC_NIST_P256' },
  'derive-shared-secret': { ...key, key_agreement_algorithm: 'ECDH', public_key: 'AAAA' },
  'generate-mac': mac,
  'verify-mac': { ...mac, mac: '00' },
  'get-parameters-for-import': { key_id: states['pending-import'], wrapping_algorithm: 'RSAES_OAEP_SHA_256' },
  'import-key-material': {
    key_id: states['pending-import'],
    import_token: 'A'.repeat(2236),
    encrypted_key_material: 'A'.repeat(344),
  },
  'delete-imported-key-material': { key_id: states['pending-import'] },
  'enable-key-rotation': aes,
  'disable-key-rotation': aes,
  'update-key-rotation-interval': { ...aes, rotation_interval: 30 },
  'get-key-rotation-status': aes,
  'rotate-on-demand': aes,
  'create-grant': { ...aes, grantee_principal: 'a'.repeat(32), operations: ['describe-key'] },
  'revoke-grant': grant,
  'retire-grant': grant,
  'list-grants': aes,
  'list-retirable-grants': { limit: '1', marker: '0' },
  aliases: { ...aes, alias: 'alias/never-created' },
  'GET aliases': {},
  'DELETE aliases': { ...aes, aliases: ['alias/none'] },
  'alias/associate': { target_key_id: kinds.AES_256, alias: 'alias/none' },
  'GET tags': {},
  'resource_instances/action': { action: 'count' },
  '{key_id}/tags': { ...aes, tag: { key: 'never', value: 'tagged' } },
  'GET {key_id}/tags': aes,
  '{key_id}/tags/action': { ...aes, action: 'create', tags: [{ key: 'never', value: 'tagged' }] },
  'DELETE {key_id}/tags/{key}': { ...aes, key: 'never' },
  'GET user-instances': {},
  'GET user-quotas': {},
  '/keystores': { keystore_alias: 'never-created' },
  'GET /keystores': {},
};

export const actions = Object.keys(wellFormed) as KmsAction[];
/** Those with a key_id, in the body or in the path. */
export const takingKeyId = actions.filter((action) => 'key_id' in wellFormed[action]);
/** Those with a body. */
export const takingBody = actions.filter((action) => !/^GET |^DELETE \{/.test(action));
/** Those that are about keys, which are said in the body, in the path or within a ciphertext. */
export const aboutKeys: readonly KmsAction[] = [...takingKeyId, 'decrypt-data', 're-encrypt', 'alias/associate'];
/** Those that take an alias or the URN of one for a key_id. */
export const takingReference = takingKeyId.filter((action) =>
  /^(sign|verify|get-publickey|describe-key)$|(de|en)crypt|datakey|mac|secret/.test(action),
);
export const signing = ['sign', 'verify'] as const;
export const lifecycle = [
  'enable-key',
  'disable-key',
  'schedule-key-deletion',
  'cancel-key-deletion',
  'update-key-alias',
  'update-key-description',
] as const;

export const required: Readonly<Record<KmsAction, readonly string[]>> = {
  sign: ['key_id', 'message', 'signing_algorithm'],
  verify: ['key_id', 'message', 'signature', 'signing_algorithm'],
  'get-publickey': ['key_id'],
  'describe-key': ['key_id'],
  'list-keys': [],
  'create-key': ['key_alias'],
  'enable-key': ['key_id'],
  'disable-key': ['key_id'],
  'schedule-key-deletion': ['key_id', 'pending_days'],
  'cancel-key-deletion': ['key_id'],
  'update-key-alias': ['key_id', 'key_alias'],
  'update-key-description': ['key_id', 'key_description'],
  'encrypt-data': ['key_id', 'plain_text'],
  'decrypt-data': ['cipher_text'],
  're-encrypt': ['cipher_text', 'destination_key_id'],
  'create-datakey': ['key_id'],
  'create-datakey-without-plaintext': ['key_id'],
  'encrypt-datakey': ['key_id', 'plain_text', 'datakey_plain_length'],
  'decrypt-datakey': ['key_id', 'cipher_text', 'datakey_cipher_length'],
  'gen-random': ['random_data_length'],
  'create-rsa-datakey-pair': ['key_id', 'key_spec'],
  'create-ec-datakey-pair': ['key_id', 'key_spec'],
  'derive-shared-secret': ['key_id', 'key_agreement_algorithm', 'public_key'],
  'generate-mac': ['key_id', 'mac_algorithm', 'message'],
  'verify-mac': ['key_id', 'mac_algorithm', 'message', 'mac'],
  'get-parameters-for-import': ['key_id', 'wrapping_algorithm'],
  'import-key-material': ['key_id', 'import_token', 'encrypted_key_material'],
  'delete-imported-key-material': ['key_id'],
  'enable-key-rotation': ['key_id'],
  'disable-key-rotation': ['key_id'],
  'update-key-rotation-interval': ['key_id', 'rotation_interval'],
  'get-key-rotation-status': ['key_id'],
  'rotate-on-demand': ['key_id'],
  'create-grant': ['key_id', 'grantee_principal', 'operations'],
  'revoke-grant': ['key_id', 'grant_id'],
  'retire-grant': ['key_id', 'grant_id'],
  'list-grants': ['key_id'],
  'list-retirable-grants': [],
  aliases: ['key_id', 'alias'],
  'GET aliases': [],
  'DELETE aliases': ['key_id', 'aliases'],
  'alias/associate': ['target_key_id', 'alias'],
  'GET tags': [],
  'resource_instances/action': ['action'],
  '{key_id}/tags': ['tag'],
  'GET {key_id}/tags': [],
  '{key_id}/tags/action': ['action', 'tags'],
  'DELETE {key_id}/tags/{key}': [],
  'GET user-instances': [],
  'GET user-quotas': [],
  '/keystores': ['keystore_alias'],
  'GET /keystores': [],
};

/** Rows for one refusal: the same changes to the well-formed requests of several operations. */
export const rows = (
  refusal: string,
  of: readonly KmsAction[],
  changes: Readonly<Record<string, Body>>,
  caller: KmsCaller = {},
): RefusalRow[] =>
  of.flatMap((action) =>
    Object.entries(changes).map(([why, change]) => ({
      action,
      why,
      refusal,
      body: { ...wellFormed[action], ...change },
      ...caller,
    })),
  );

export const isGateway = (refusal: string): refusal is GatewayRefusal => refusal in gatewayTexts;
