/** What imports refuse of a key without material. What needs a token or a key that was imported stands in import.test.ts. */
import { kinds, states } from '../support/many-states.ts';
import { rows, type RefusalRow } from './refusal-rows.ts';

const importing = ['get-parameters-for-import', 'import-key-material'] as const;

export const ofImport: readonly RefusalRow[] = [
  ...rows('KMS.0308', ['get-parameters-for-import'], {
    'an unknown algorithm': { wrapping_algorithm: 'RSAES_OAEP_SHA_512' },
    'an algorithm in lower case': { wrapping_algorithm: 'rsaes_oaep_sha_256' },
    'a list for the algorithm': { wrapping_algorithm: ['RSAES_OAEP_SHA_256', 'SM2_ENCRYPT'] },
  }),
  ...rows('KMS.0308', ['import-key-material'], {
    'short material': { encrypted_key_material: 'AAAA' },
    'material in other characters': { encrypted_key_material: '?'.repeat(344) },
    'an object for the material': { encrypted_key_material: {} },
  }),
  ...rows('KMS.0309', [...importing, 'delete-imported-key-material'], {
    'a symmetric key that was made here': { key_id: kinds.AES_256 },
    'a key pair that was made here': { key_id: states.enabled },
    'a disabled key that was made here': { key_id: states.disabled },
    'one that is going': { key_id: states['pending-deletion'] },
    "the vendor's own key": { key_id: kinds.default },
  }),
  ...rows('KMS.2602', ['import-key-material'], {
    'an expiration in words': { expiration_time: 'tomorrow' },
    'a negative expiration': { expiration_time: -1 },
    'a fraction': { expiration_time: 1.5 },
    'an expiration of 13 digits': { expiration_time: '9'.repeat(13) },
  }),
  ...rows('KMS.2605', ['import-key-material'], {
    'a token that nobody gave out': {},
    'a short token': { import_token: 'AAAA' },
    'a token in other characters': { import_token: '?'.repeat(2236) },
    'a token that is too long': { import_token: 'A'.repeat(6145) },
  }),
  ...rows('KMS.2609', ['import-key-material'], {
    'a short private key': { encrypted_privatekey: 'AAAA' },
    'a private key in other characters': { encrypted_privatekey: '?'.repeat(200) },
  }),
  ...rows('KMS.2701', ['delete-imported-key-material'], {
    'a key without material': { key_id: kinds.waitingAES },
    'a key pair without material': { key_id: states['pending-import'] },
  }),
];
