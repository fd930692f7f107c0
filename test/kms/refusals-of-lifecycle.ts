/** What creating, listing and changing keys refuse. */
import { states } from '../support/many-states.ts';
import { rows, type RefusalRow } from './refusal-rows.ts';

const badAliases = {
  'a blank in the alias': { key_alias: 'a b' },
  'an empty alias': { key_alias: '' },
  'an alias of 256 characters': { key_alias: 'a'.repeat(256) },
  "the name of the vendor's own keys": { key_alias: 'evs/default' },
  'an alias with an umlaut': { key_alias: 'schlüssel' },
};
const longDescription = { 'a description of 256 characters': { key_description: 'd'.repeat(256) } };
const taken = {
  "an enabled key's alias": { key_alias: 'rsa' },
  "a disabled key's alias": { key_alias: 'disabled' },
  'the alias of a key that is going': { key_alias: 'leaving' },
  'the alias of a key without material': { key_alias: 'waiting' },
};

export const ofLifecycle: readonly RefusalRow[] = [
  ...rows('KMS.0308', ['create-key'], {
    'an unknown spec': { key_spec: 'RSA_1024' },
    'a spec in lower case': { key_spec: 'rsa_2048' },
    'an unknown usage': { key_usage: 'SIGN' },
    'a usage that is not for the spec': { key_spec: 'EC_P256', key_usage: 'ENCRYPT_DECRYPT' },
    'signing with AES': { key_usage: 'SIGN_VERIFY' },
    'an unknown origin': { origin: 'hsm' },
  }),
  ...rows('KMS.0308', ['list-keys'], {
    'a state beyond 5': { key_state: '6' },
    'a state by name': { key_state: 'enabled' },
    'an unknown spec': { key_spec: 'RSA_1024' },
  }),
  ...rows('KMS.1101', ['create-key', 'update-key-alias'], badAliases),
  ...rows('KMS.1103', ['create-key', 'update-key-description'], longDescription),
  ...rows('KMS.1104', ['create-key', 'update-key-alias'], taken),
  ...rows('KMS.1201', ['enable-key'], { 'an enabled key': {} }),
  ...rows('KMS.1301', ['disable-key'], { 'a disabled key': { key_id: states.disabled } }),
  ...rows('KMS.1401', ['schedule-key-deletion'], {
    '6 days': { pending_days: '6' },
    '1097 days': { pending_days: '1097' },
    'no number': { pending_days: 'seven' },
    'a fraction': { pending_days: '7.5' },
    'a negative number': { pending_days: -7 },
    'no days': { pending_days: '' },
    'zeros in front': { pending_days: '007' },
  }),
  ...rows('KMS.1402', ['schedule-key-deletion'], { 'a key that is going': { key_id: states['pending-deletion'] } }),
  ...rows('KMS.1501', ['cancel-key-deletion'], { 'a key that stays': {} }),
  ...rows('KMS.1601', ['list-keys'], {
    'limit 0': { limit: '0' },
    'limit -1': { limit: -1 },
    'no number': { limit: 'all' },
    'a fraction': { limit: 1.5 },
  }),
  ...rows('KMS.1602', ['list-keys'], {
    'marker -1': { marker: '-1' },
    'no number': { marker: 'next' },
    'a fraction': { marker: 0.5 },
  }),
];

/** Against a project that may have no keys. */
export const beyondTheQuota = rows('KMS.1105', ['create-key'], { 'one key too many': {} });
