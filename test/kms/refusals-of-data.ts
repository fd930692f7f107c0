/** What encryption, data keys, MACs, key pairs and shared secrets refuse. */
import type { KmsAction } from '../support/kms.ts';
import { kinds, states, strangersKey } from '../support/many-states.ts';
import { rows, type Body, type RefusalRow } from './refusal-rows.ts';

const withDatakey = [
  'create-datakey',
  'create-datakey-without-plaintext',
  'encrypt-datakey',
  'decrypt-datakey',
] as const;
const creating = ['create-datakey', 'create-datakey-without-plaintext'] as const;
const withPair = ['create-rsa-datakey-pair', 'create-ec-datakey-pair'] as const;
const withMac = ['generate-mac', 'verify-mac'] as const;
const withData = ['encrypt-data', 'decrypt-data'] as const;
/** Those that say their key in `key_id`. */
const withKeyId = [...withData, ...withDatakey, ...withPair, ...withMac, 'derive-shared-secret'] as const;

const oaep = 'RSAES_OAEP_SHA_256';
const uuid = '12345678-1234-1234-1234-1234567890ab';

/** The keys of `re-encrypt`, each in its turn: the destination is looked at first. */
const eachSide = (fields: Body): Readonly<Record<string, Body>> =>
  Object.fromEntries(
    ['source', 'destination'].map((side) => [
      `of the ${side}`,
      Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${side}_${name}`, value])),
    ]),
  );
const ofBothSides = (refusal: string, why: string, fields: Body, more: Body = {}): RefusalRow[] =>
  rows(
    refusal,
    ['re-encrypt'],
    Object.fromEntries(
      Object.entries(eachSide(fields)).map(([side, changes]) => [`${why} ${side}`, { ...more, ...changes }]),
    ),
  );

/** One refusal of a key, wherever the operations name it. */
const ofKey = (refusal: string, of: readonly KmsAction[], why: string, keyId: string): RefusalRow[] =>
  rows(refusal, of, { [why]: { key_id: keyId } });

const tooDeep: unknown = JSON.parse(`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`);
const badContexts = {
  'a list for the context': { encryption_context: ['a'] },
  'a context of 8193 characters of JSON': { encryption_context: { a: 'x'.repeat(8185) } },
  'a context of 8193 characters of text': { encryption_context: 'x'.repeat(8193) },
  'a context of 33 objects in one another': { encryption_context: tooDeep },
};
const badAdditions = {
  'additional data of 129 characters': { additional_authenticated_data: 'x'.repeat(129) },
  'additional data of 130 bytes': { additional_authenticated_data: 'ü'.repeat(65) },
  'an object for the additional data': { additional_authenticated_data: { a: '1' } },
};
const badLengths = {
  '0 bytes': '0',
  '1025 bytes': '1025',
  'no number': 'all',
  'a fraction': '7.5',
  'a negative number': '-8',
  'a length beyond all measure': '9'.repeat(30),
};
const lengthsIn = (field: string): Readonly<Record<string, Body>> =>
  Object.fromEntries(Object.entries(badLengths).map(([why, length]) => [why, { [field]: length }]));

const ofEncryption: readonly RefusalRow[] = [
  ...rows('KMS.0204', ['decrypt-data'], { 'a key pair without a key_id': { encryption_algorithm: oaep } }),
  ...rows('KMS.0204', ['re-encrypt'], {
    'a key pair without a source_key_id': { source_encryption_algorithm: 'SM2_ENCRYPT' },
  }),
  ...rows('KMS.0205', ['decrypt-data'], { 'no UUID': { key_id: 'x' }, 'a list for key_id': { key_id: [uuid] } }),
  ...ofBothSides('KMS.0205', 'no UUID', { key_id: 'x' }),
  ...rows('KMS.0207', ['decrypt-data'], {
    'no such key': { key_id: uuid },
    "another project's key": { key_id: strangersKey },
    'no such alias': { key_id: 'alias/none' },
  }),
  ...ofBothSides('KMS.0207', 'no such key', { key_id: uuid }),
  ...ofBothSides('KMS.0207', "another project's key", { key_id: strangersKey }),
  ...ofBothSides('KMS.0207', 'no such alias', { key_id: 'alias/none' }),
  ...rows('KMS.0308', withData, {
    'an unknown algorithm': { encryption_algorithm: 'RSAES_PKCS1_V1_5' },
    'an algorithm in lower case': { encryption_algorithm: 'symmetric_default' },
    "RSA's algorithm with SM2": { key_id: kinds.encryptionSM2, encryption_algorithm: oaep },
    'no algorithm with SM2': { key_id: kinds.encryptionSM2 },
  }),
  ...ofBothSides('KMS.0308', 'an unknown algorithm', { encryption_algorithm: 'RSAES_PKCS1_V1_5' }),
  ...ofBothSides('KMS.0308', 'no algorithm with SM2', { key_id: kinds.encryptionSM2 }),
  ...ofBothSides('KMS.0308', 'additional data of 129 characters', { additional_authenticated_data: 'x'.repeat(129) }),
  ...rows('KMS.0335', withData, {
    'an RSA key that signs': { key_id: kinds.RSA_2048, encryption_algorithm: oaep },
    'an SM2 key that signs': { key_id: kinds.SM2, encryption_algorithm: 'SM2_ENCRYPT' },
    'one, and no algorithm': { key_id: kinds.RSA_2048 },
  }),
  ...ofBothSides('KMS.0335', 'a key that signs', { key_id: kinds.RSA_2048, encryption_algorithm: oaep }),
  ...rows('KMS.1114', withData, {
    'an elliptic key': { key_id: kinds.EC_P256 },
    'an Ed25519 key, and an algorithm': { key_id: kinds.ED25519, encryption_algorithm: oaep },
  }),
  ...ofBothSides('KMS.1114', 'an elliptic key', { key_id: kinds.EC_P256 }),
  ...rows('KMS.2101', ['encrypt-data'], {
    'an empty plaintext': { plain_text: '' },
    'a plaintext of 4097 bytes': { plain_text: 'x'.repeat(4097) },
    'one of 4098 bytes in 2049 characters': { plain_text: 'ü'.repeat(2049) },
    'half a character': { plain_text: '\ud83d' },
    'an object for the plaintext': { plain_text: {} },
  }),
  ...rows('KMS.2105', withData, {
    'an algorithm of key pairs with AES': { key_id: kinds.AES_256, encryption_algorithm: oaep },
    "SM2's with AES": { key_id: kinds.AES_256, encryption_algorithm: 'SM2_ENCRYPT' },
  }),
  ...ofBothSides('KMS.2105', 'an algorithm of key pairs with AES', {
    key_id: kinds.AES_256,
    encryption_algorithm: oaep,
  }),
  ...rows('KMS.2106', withData, {
    'no algorithm with RSA': { key_id: kinds.encryption },
    "SM2's with RSA": { key_id: kinds.encryption, encryption_algorithm: 'SM2_ENCRYPT' },
  }),
  ...ofBothSides('KMS.2106', 'no algorithm with RSA', { key_id: kinds.encryption }),
  ...rows('KMS.2108', ['encrypt-data'], {
    'a byte too many for OAEP with SHA-256': {
      ...{ key_id: kinds.encryption, encryption_algorithm: oaep },
      plain_text: 'x'.repeat(191),
    },
    'a byte too many for OAEP with SHA-1': {
      ...{ key_id: kinds.encryption, encryption_algorithm: 'RSAES_OAEP_SHA_1' },
      plain_text: 'x'.repeat(215),
    },
  }),
  ...rows('KMS.2201', ['decrypt-data', 're-encrypt'], {
    'bytes that no key made': {},
    'a ciphertext that is too short': { cipher_text: 'A'.repeat(84) },
    'one that is too long': { cipher_text: 'A'.repeat(5652) },
    'one that is not Base64': { cipher_text: '?'.repeat(188) },
    'padding in its midst': { cipher_text: `${'A'.repeat(90)}==${'A'.repeat(96)}` },
    'an object for it': { cipher_text: {} },
  }),
  ...rows('KMS.2201', ['decrypt-data'], {
    'no ciphertext of OAEP': { key_id: kinds.encryption, encryption_algorithm: oaep },
    'no ciphertext of SM2': { key_id: kinds.encryptionSM2, encryption_algorithm: 'SM2_ENCRYPT' },
  }),
];

const ofDatakeysAgain: readonly RefusalRow[] = [
  ...ofBothSides(
    'KMS.0325',
    'a data key, and a key pair',
    { key_id: kinds.encryption },
    { datakey_cipher_length: '64' },
  ),
  ...ofBothSides(
    'KMS.0341',
    'a data key, and an HMAC key',
    { key_id: kinds.HMAC_256 },
    { datakey_cipher_length: '64' },
  ),
  ...ofBothSides(
    'KMS.2105',
    'a data key, and an algorithm of key pairs',
    { key_id: kinds.AES_256, encryption_algorithm: oaep },
    { datakey_cipher_length: '64' },
  ),
  ...rows('KMS.2201', ['re-encrypt'], {
    'a data key that is not hex': {
      datakey_cipher_length: '64',
      source_key_id: kinds.AES_256,
      cipher_text: 'z'.repeat(376),
    },
    'a data key that no key wrapped': { datakey_cipher_length: '64', cipher_text: '00'.repeat(188) },
  }),
  ...rows(
    'KMS.2202',
    ['re-encrypt'],
    Object.fromEntries(
      Object.entries(lengthsIn('datakey_cipher_length')).map(([why, body]) => [
        why,
        { source_key_id: kinds.AES_256, ...body },
      ]),
    ),
  ),
];

const shortBits = {
  '0 bits': '0',
  '8200 bits': '8200',
  'no number': 'all',
  'a fraction': '8.5',
  'a negative number': -8,
};
const ofDatakeys: readonly RefusalRow[] = [
  ...ofKey('KMS.0325', withDatakey, 'an elliptic key', kinds.EC_P256),
  ...ofKey('KMS.0325', withDatakey, 'an RSA key that encrypts', kinds.encryption),
  ...ofKey('KMS.0341', withDatakey, 'an HMAC key', kinds.HMAC_256),
  ...rows('KMS.1801', ['gen-random'], {
    '0 bits': { random_data_length: '0' },
    '7 bits': { random_data_length: '7' },
    '8200 bits': { random_data_length: '8200' },
    'no number': { random_data_length: 'all' },
    'a negative number': { random_data_length: -8 },
    'no length': { random_data_length: '' },
  }),
  ...rows('KMS.1802', ['gen-random'], {
    '9 bits': { random_data_length: '9' },
    '8191 bits': { random_data_length: '8191' },
  }),
  ...rows(
    'KMS.1901',
    creating,
    Object.fromEntries(Object.entries(shortBits).map(([why, bits]) => [why, { datakey_length: bits }])),
  ),
  ...rows('KMS.1902', creating, {
    'a spec of key pairs': { key_spec: 'RSA_2048' },
    'a spec in lower case': { key_spec: 'aes_256' },
    'an unknown spec beside a length': { key_spec: 'AES_192', datakey_length: '512' },
  }),
  ...rows('KMS.1903', creating, { '9 bits': { datakey_length: '9' }, '8191 bits': { datakey_length: '8191' } }),
  ...rows('KMS.2101', ['encrypt-datakey'], {
    'half a byte': { plain_text: '0'.repeat(191) },
    'no hex': { plain_text: 'z'.repeat(192) },
    'an empty plaintext': { plain_text: '' },
    'a blank within a byte': { plain_text: `0 ${'0'.repeat(191)}` },
  }),
  ...rows('KMS.2102', ['encrypt-datakey'], lengthsIn('datakey_plain_length')),
  ...rows('KMS.2103', ['encrypt-datakey'], { 'a wrong digest': {} }),
  ...rows('KMS.2104', ['encrypt-datakey'], {
    'a byte less than was said': { plain_text: '00'.repeat(95) },
    'a byte more': { plain_text: '00'.repeat(97) },
    'no digest': { plain_text: '00'.repeat(64) },
    'a data key of another length': { datakey_plain_length: '63' },
  }),
  ...rows('KMS.2201', ['decrypt-datakey'], {
    'bytes that no key made': {},
    'no hex': { cipher_text: 'z'.repeat(376) },
    'half a byte': { cipher_text: '0'.repeat(375) },
    'an empty ciphertext': { cipher_text: '' },
  }),
  ...rows('KMS.2202', ['decrypt-datakey'], lengthsIn('datakey_cipher_length')),
];

const ofMacs: readonly RefusalRow[] = [
  ...rows('KMS.0308', withMac, {
    'an unknown algorithm': { mac_algorithm: 'HMAC_SHA_1' },
    'an algorithm of another key': { mac_algorithm: 'HMAC_SHA_512' },
    'an SM3 algorithm with a key for SHA-256': { mac_algorithm: 'HMAC_SM3' },
    'an empty message': { message: '' },
    'a message that is not Base64': { message: '???' },
    'a message of 4097 bytes': { message: Buffer.alloc(4097).toString('base64') },
  }),
  ...rows('KMS.0308', ['verify-mac'], {
    'a MAC that is no hex': { mac: 'zz' },
    'half a byte': { mac: '000' },
    'an empty MAC': { mac: '' },
  }),
  ...ofKey('KMS.0325', withMac, 'an elliptic key', kinds.EC_P256),
  ...ofKey('KMS.0325', withMac, 'an RSA key that encrypts', kinds.encryption),
  ...ofKey('KMS.0331', withMac, 'an AES key', kinds.AES_256),
];

const ofPairs: readonly RefusalRow[] = [
  ...rows('KMS.0308', ['create-rsa-datakey-pair'], {
    'an unknown spec': { key_spec: 'RSA_1024' },
    'a spec of the other operation': { key_spec: 'ECC_NIST_P256' },
    'no truth': { with_plain_text: 'perhaps' },
  }),
  ...rows('KMS.0308', ['create-ec-datakey-pair'], {
    'an unknown spec': { key_spec: 'EC_P256' },
    'a spec of the other operation': { key_spec: 'RSA_2048' },
    'no truth': { with_plain_text: 'perhaps' },
  }),
  ...ofKey('KMS.0325', withPair, 'an elliptic key', kinds.EC_P256),
  ...ofKey('KMS.0341', withPair, 'an HMAC key', kinds.HMAC_256),
];

const ofAgreement: readonly RefusalRow[] = [
  ...rows('KMS.0308', ['derive-shared-secret'], {
    'another algorithm': { key_agreement_algorithm: 'DH' },
    'bytes that are no public key': {},
    'an empty public key': { public_key: '' },
    'a public key that is not Base64': { public_key: '-----BEGIN PUBLIC KEY-----' },
  }),
  ...ofKey('KMS.0325', ['derive-shared-secret'], 'an RSA key', kinds.RSA_2048),
  ...ofKey('KMS.0325', ['derive-shared-secret'], 'an Ed25519 key', kinds.ED25519),
  ...ofKey('KMS.0331', ['derive-shared-secret'], 'an AES key', kinds.AES_256),
];

/** Without a key_id the ciphertext would have to be one: where it can be named, it is. */
const ofStates: readonly RefusalRow[] = [
  ...ofKey('KMS.0209', withKeyId, 'a disabled key', states.disabled),
  ...ofKey('KMS.0209', withKeyId, 'a disabled AES key', kinds.disabledAES),
  ...ofKey('KMS.0210', withKeyId, 'a key that is going', states['pending-deletion']),
  ...ofKey('KMS.0308', withKeyId, 'a key without material', states['pending-import']),
  ...ofBothSides('KMS.0209', 'a disabled key', { key_id: kinds.disabledAES }),
  ...ofBothSides('KMS.0210', 'a key that is going', { key_id: states['pending-deletion'] }),
  ...ofBothSides('KMS.0308', 'a key without material', { key_id: states['pending-import'] }),
];

export const ofData: readonly RefusalRow[] = [
  ...rows('KMS.0208', [...withData, ...withDatakey], badContexts),
  ...rows('KMS.0308', [...withData, ...withDatakey, ...withPair], badAdditions),
  ...ofKey('KMS.0341', [...withData, 'derive-shared-secret'], 'an HMAC key', kinds.HMAC_256),
  ...ofBothSides('KMS.0341', 'an HMAC key', { key_id: kinds.HMAC_256 }),
  ...ofStates,
  ...ofEncryption,
  ...ofDatakeysAgain,
  ...ofDatakeys,
  ...ofMacs,
  ...ofPairs,
  ...ofAgreement,
];
