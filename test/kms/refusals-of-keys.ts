/** What sign, verify and the other operations on one key refuse. */
import { kinds, states, strangersKey } from '../support/many-states.ts';
import { actions, lifecycle, required, rows, signing, takingBody, takingKeyId } from './refusal-rows.ts';
import { takingReference, type Body, type RefusalRow } from './refusal-rows.ts';

const missing = actions.flatMap((action) =>
  required[action].flatMap((field) => [
    ...rows('KMS.0204', [action], { [`no ${field}`]: { [field]: undefined } }),
    ...rows('KMS.0204', [action], { [`${field} null`]: { [field]: null } }),
  ]),
);

const uuid = '12345678-1234-1234-1234-1234567890ab';
const anyKey = takingKeyId.filter((action) => !signing.some((name) => name === action));
const inPath = takingKeyId.filter((action) => action.includes('{key_id}'));
const inBody = takingKeyId.filter((action) => !inPath.includes(action) && action !== 'GET aliases');
const byIdOnly = inBody.filter((action) => !takingReference.includes(action));
/** Those without a sequence: the youngest, and those without a body. */
const takingSequence = takingBody.filter((action) => !/mac$|^alias|aliases|keystores/.test(action));

const malformedIds = {
  'no UUID': { key_id: 'x' },
  'a UUID in upper case': { key_id: uuid.toUpperCase() },
  'a UUID in braces': { key_id: `{${uuid}}` },
  'an empty key_id': { key_id: '' },
  'an object for key_id': { key_id: { id: uuid } },
  'a list for key_id': { key_id: [uuid] },
  'a line end behind the id': { key_id: `${uuid}\n` },
};

const malformedInPath = {
  'no UUID': { key_id: 'x' },
  'a UUID in upper case': { key_id: uuid.toUpperCase() },
  'a line end behind the id': { key_id: `${uuid}\n` },
  'an alias': { key_id: 'alias/of-enabled' },
};

export const ofKeys: readonly RefusalRow[] = [
  ...missing,
  ...rows('KMS.0205', inBody, malformedIds),
  ...rows('KMS.0205', inPath, malformedInPath),
  ...rows('KMS.0205', signing, { 'an id with letters beyond f': { key_id: uuid.replaceAll('a', 'z') } }),
  ...rows('KMS.0205', byIdOnly, { 'an alias': { key_id: 'alias/of-enabled' } }),
  ...rows('KMS.0206', takingSequence, {
    'a short sequence': { sequence: 'short' },
    'a long one': { sequence: 'x'.repeat(37) },
    'a number': { sequence: 5 },
  }),
  ...rows('KMS.0207', takingKeyId, {
    'no such key': { key_id: uuid },
    "another project's key": { key_id: strangersKey },
  }),
  ...rows('KMS.0207', anyKey, { 'an id with letters beyond f': { key_id: uuid.replaceAll('a', 'z') } }),
  ...rows('KMS.0207', takingReference, {
    'no such alias': { key_id: 'alias/none' },
    "another project's alias": { key_id: 'alias/of-stranger' },
    "another domain's URN": { key_id: 'kms:eu-de:somebody:alias:of-enabled' },
  }),
  ...rows('KMS.0209', [...signing, 'get-publickey'], { 'a disabled key': { key_id: states.disabled } }),
  ...rows('KMS.0210', [...signing, 'get-publickey', 'update-key-alias', 'update-key-description'], {
    'a key that is going': { key_id: states['pending-deletion'] },
  }),
  ...rows('KMS.0211', lifecycle, { "the vendor's own key": { key_id: kinds.default } }),
  ...rows('KMS.0308', [...signing, 'get-publickey'], {
    'a key without material': { key_id: states['pending-import'] },
  }),
  ...rows('KMS.0331', ['get-publickey'], { 'a symmetric key': { key_id: kinds.AES_256 } }),
  ...rows('KMS.0341', [...signing, 'get-publickey'], { 'an HMAC key': { key_id: kinds.HMAC_256 } }),
];

const digest = (bytes: number): Body => ({ message_type: 'DIGEST', message: Buffer.alloc(bytes).toString('base64') });

export const ofSigning: readonly RefusalRow[] = [
  ...rows('KMS.0308', signing, {
    'an unknown algorithm': { signing_algorithm: 'RSASSA_PSS_SHA_1' },
    'an algorithm in lower case': { signing_algorithm: 'ecdsa_sha_256' },
    'an empty algorithm': { signing_algorithm: '' },
    'an unknown message type': { message_type: 'HASH' },
    'a message type in lower case': { message_type: 'raw' },
    'an empty message': { message: '' },
    'a message that is not Base64': { message: '???' },
    'an object for the message': { message: {} },
    'a message of 4097 bytes': { message: Buffer.alloc(4097).toString('base64') },
    'RAW with SM2': { key_id: kinds.SM2, signing_algorithm: 'SM2DSA_SM3' },
    'DIGEST with ED25519_SHA_512': { key_id: kinds.ED25519, signing_algorithm: 'ED25519_SHA_512', ...digest(64) },
    'DIGEST, the default, with it': {
      key_id: kinds.ED25519,
      signing_algorithm: 'ED25519_SHA_512',
      message_type: undefined,
    },
  }),
  ...rows('KMS.0308', ['verify'], {
    'a signature that is not Base64': { signature: 'XXX...' },
    'an empty signature': { signature: '' },
  }),
  ...rows('KMS.0329', signing, {
    'a short digest': digest(31),
    'a long digest': digest(33),
    'a digest of another hash': { key_id: kinds.RSA_2048, signing_algorithm: 'RSASSA_PSS_SHA_512', ...digest(32) },
    'an SM3 digest of 64 bytes': { key_id: kinds.SM2, signing_algorithm: 'SM2DSA_SM3', ...digest(64) },
    'a digest for Ed25519ph of 32 bytes': {
      key_id: kinds.ED25519,
      signing_algorithm: 'ED25519_PH_SHA_512',
      ...digest(32),
    },
  }),
  ...rows('KMS.0332', signing, {
    "another key's algorithm": { signing_algorithm: 'RSASSA_PSS_SHA_256' },
    "another curve's algorithm": { signing_algorithm: 'ECDSA_SHA_384' },
    ECDSA_SHA_512: { signing_algorithm: 'ECDSA_SHA_512' },
  }),
  ...rows('KMS.0334', signing, {
    'a key that encrypts': { key_id: kinds.encryption, signing_algorithm: 'RSASSA_PSS_SHA_256' },
  }),
  ...rows('KMS.1115', signing, { 'a symmetric key': { key_id: kinds.AES_256 } }),
];
