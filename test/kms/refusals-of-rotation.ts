/** What rotation refuses, and what it lets nobody do. */
import { kinds, states } from '../support/many-states.ts';
import { rows, type RefusalRow } from './refusal-rows.ts';

const scheduling = ['enable-key-rotation', 'disable-key-rotation', 'update-key-rotation-interval'] as const;
const changing = [...scheduling, 'rotate-on-demand'] as const;
const rotation = [...changing, 'get-key-rotation-status'] as const;

export const ofRotation: readonly RefusalRow[] = [
  ...rows('KMS.0209', ['enable-key-rotation', 'update-key-rotation-interval', 'rotate-on-demand'], {
    'a disabled key': { key_id: kinds.disabledAES },
  }),
  ...rows('KMS.0210', changing, { 'a key that is going': { key_id: kinds.leavingAES } }),
  ...rows('KMS.0211', rotation, { "the vendor's own key": { key_id: kinds.default } }),
  ...rows('KMS.0312', rotation, { 'an external key': { key_id: kinds.waitingAES } }),
  ...rows('KMS.0313', ['disable-key-rotation', 'update-key-rotation-interval'], { 'rotation that is off': {} }),
  ...rows('KMS.0325', rotation, {
    'an RSA key': { key_id: kinds.RSA_2048 },
    'an EC key': { key_id: kinds.EC_P256 },
    'a disabled key pair': { key_id: states.disabled },
    'an external key pair': { key_id: states['pending-import'] },
  }),
  ...rows('KMS.0341', rotation, { 'an HMAC key': { key_id: kinds.HMAC_256 } }),
  ...rows('KMS.2901', ['enable-key-rotation'], { 'rotation that is on': { key_id: kinds.rotatingAES } }),
  ...rows('KMS.2901', ['schedule-key-deletion'], { 'a key that is rotated': { key_id: kinds.rotatingAES } }),
  ...rows('KMS.3001', ['update-key-rotation-interval'], {
    '29 days': { rotation_interval: 29 },
    '366 days': { rotation_interval: 366 },
    'no days': { rotation_interval: 0 },
    'a fraction': { rotation_interval: 30.5 },
    'a negative number': { rotation_interval: -30 },
    'no number': { rotation_interval: 'monthly' },
    'a list': { rotation_interval: [30, 31] },
    'an object': { rotation_interval: {} },
  }),
];
