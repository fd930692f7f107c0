/** What the operations on grants refuse. */
import { grantOfRsa, kinds, states } from '../support/many-states.ts';
import { rows, type RefusalRow } from './refusal-rows.ts';

const ending = ['revoke-grant', 'retire-grant'] as const;
const listing = ['list-grants', 'list-retirable-grants'] as const;

/** Principals are 1 to 64 letters and digits; the key of an account that has neither is of no use. */
const badPrincipals = (field: string) => ({
  [`a hyphen in ${field}`]: { [field]: 'a-b' },
  [`65 characters in ${field}`]: { [field]: 'a'.repeat(65) },
  [`a list for ${field}`]: { [field]: ['a'] },
  [`a line end behind ${field}`]: { [field]: 'a\n' },
});

export const ofGrants: readonly RefusalRow[] = [
  ...rows('KMS.0209', ['create-grant'], { 'a disabled key': { key_id: states.disabled } }),
  ...rows('KMS.0210', ['create-grant'], { 'a key that is going': { key_id: states['pending-deletion'] } }),
  ...rows('KMS.0211', ['create-grant'], { "the vendor's own key": { key_id: kinds.default } }),
  ...rows('KMS.0306', ['retire-grant'], {
    'a user of the project who has nothing to do with the grant': { key_id: kinds.RSA_2048, grant_id: grantOfRsa },
  }),
  ...rows('KMS.0308', ['create-grant'], {
    'a key without material': { key_id: states['pending-import'] },
    'no operation': { operations: [] },
    'an unknown operation': { operations: ['describe-key', 'delete-key'] },
    'sign, which no grant allows': { operations: ['sign'] },
    'verify, which no grant allows': { operations: ['verify'] },
    'an operation in capitals': { operations: ['DESCRIBE-KEY'] },
    'text for the operations': { operations: 'describe-key' },
    'an unknown type of grantee': { grantee_principal_type: 'group' },
    'a blank in the name': { name: 'my grant' },
    'a name of 256 characters': { name: 'n'.repeat(256) },
  }),
  ...rows('KMS.1601', listing, {
    'limit 0': { limit: '0' },
    'limit -1': { limit: -1 },
    'no number': { limit: 'all' },
    'a fraction': { limit: 1.5 },
  }),
  ...rows('KMS.1602', listing, {
    'marker -1': { marker: '-1' },
    'no number': { marker: 'next' },
    'a fraction': { marker: 0.5 },
  }),
  ...rows('KMS.2401', ['create-grant'], {
    'create-grant alone': { operations: ['create-grant'] },
    'create-grant twice': { operations: ['create-grant', 'create-grant'] },
  }),
  ...rows('KMS.2402', ['create-grant'], {
    'an empty grantee': { grantee_principal: '' },
    ...badPrincipals('grantee_principal'),
    ...badPrincipals('retiring_principal'),
  }),
  ...rows('KMS.2501', ending, {
    'no such grant': {},
    'a short grant id': { grant_id: '0'.repeat(63) },
    'a long one': { grant_id: '0'.repeat(65) },
    'a grant id that is not hex': { grant_id: 'g'.repeat(64) },
    'an empty one': { grant_id: '' },
  }),
  ...rows('KMS.2502', ending, { "another key's grant": { grant_id: grantOfRsa } }),
];
