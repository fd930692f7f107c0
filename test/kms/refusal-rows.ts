/** Requests that are refused, operation by operation, and the code of the refusal. */
import { gatewayTexts, type GatewayRefusal } from '../support/refusals.ts';
import { states } from '../support/many-states.ts';
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
};

export const actions = Object.keys(wellFormed) as KmsAction[];
export const takingKeyId = actions.filter((action) => 'key_id' in wellFormed[action]);
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
