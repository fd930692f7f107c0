import { expect, test } from 'vitest';
import { kmsClient, type KmsAction, type KmsCaller } from '../support/kms.ts';
import { kinds, manyStates, otherProject, states, tokens } from '../support/many-states.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { wellFormed } from './refusal-rows.ts';

const { url } = await useSignet({ seed: useSeed(manyStates) });
const kms = kmsClient(url);
const before = await kms.ask('list-keys', {});

const unknown = '12345678-1234-1234-1234-1234567890ab';
const sign = wellFormed.sign;
const fiveBytes = { message_type: 'DIGEST', message: 'AAAAAAA=' };

/** Requests with two faults: the first one is told. */
const order: readonly (readonly [first: string, then: string, code: string, body: unknown, caller?: KmsCaller])[] = [
  ['method', 'token', 'KMS.0215', sign, { method: 'put', token: null }],
  ['method', 'body', 'KMS.0215', '{', { method: 'put' }],
  ['no token', 'JSON', 'KMS.0301', '{', { token: null }],
  ['no token', 'length', 'KMS.0301', Buffer.alloc(1_100_000), { token: null }],
  ['no token', 'missing', 'KMS.0301', {}, { token: null }],
  ['unknown token', 'project', 'KMS.0302', sign, { token: 'unknown', projectId: otherProject.id }],
  ['expired token', 'project', 'KMS.0303', sign, { token: tokens.expired, projectId: otherProject.id }],
  ['expired token', 'JSON', 'KMS.0303', '{', { token: tokens.expired }],
  ['token without project', 'JSON', 'KMS.0305', '{', { token: tokens.domain }],
  ['project', 'JSON', 'KMS.0321', '{', { projectId: otherProject.id }],
  ['project', 'missing', 'KMS.0321', {}, { projectId: otherProject.id }],
  ['length', 'JSON', 'KMS.0203', Buffer.alloc(1_100_000)],
  ['missing message', 'format of key_id', 'KMS.0204', { ...sign, key_id: 'x', message: undefined }],
  ['missing key_id', 'format of message', 'KMS.0204', { ...sign, key_id: null, message: '?' }],
  ['missing algorithm', 'sequence', 'KMS.0204', { ...sign, signing_algorithm: null, sequence: 'x' }],
  ['format of key_id', 'format of message', 'KMS.0205', { ...sign, key_id: 'x', message: '?' }],
  ['format of algorithm', 'existence', 'KMS.0308', { ...sign, key_id: unknown, signing_algorithm: 'RSA' }],
  ['format of message', 'existence', 'KMS.0308', { ...sign, key_id: unknown, message: '?' }],
  ['sequence', 'existence', 'KMS.0206', { ...sign, key_id: unknown, sequence: 'x' }],
  ['existence', 'digest length', 'KMS.0207', { ...sign, ...fiveBytes, key_id: unknown }],
  ['state', 'kind', 'KMS.0209', { ...sign, key_id: kinds.disabledAES }],
  ['state', 'algorithm', 'KMS.0209', { ...sign, key_id: states.disabled, signing_algorithm: 'SM2DSA_SM3' }],
  ['state', 'digest length', 'KMS.0210', { ...sign, ...fiveBytes, key_id: states['pending-deletion'] }],
  ['kind', 'usage', 'KMS.1115', { ...sign, key_id: kinds.AES_256 }],
  ['kind', 'algorithm', 'KMS.0341', { ...sign, key_id: kinds.HMAC_256, signing_algorithm: 'ECDSA_SHA_512' }],
  ['usage', 'algorithm', 'KMS.0334', { ...sign, key_id: kinds.encryption }],
  ['usage', 'digest length', 'KMS.0334', { ...sign, ...fiveBytes, key_id: kinds.encryption }],
  ['algorithm', 'digest length', 'KMS.0332', { ...sign, ...fiveBytes, signing_algorithm: 'ECDSA_SHA_384' }],
  ['algorithm', 'message type', 'KMS.0332', { ...sign, signing_algorithm: 'SM2DSA_SM3' }],
  [
    'message type',
    'digest length',
    'KMS.0308',
    { ...sign, ...fiveBytes, key_id: kinds.ED25519, signing_algorithm: 'ED25519_SHA_512' },
  ],
];

const rows = order.map(([first, then, code, body, caller = {}]) => ({ first, then, code, body, caller }));

test.each(rows)('$first before $then: $code', async ({ code, body, caller }) => {
  const both: readonly KmsAction[] = ['sign', 'verify'];
  for (const action of both) {
    const isObject = typeof body === 'object' && body !== null && !Buffer.isBuffer(body);
    expectKmsRefusal(await kms.post(action, isObject ? { signature: 'AAAA', ...body } : body, caller), code);
  }
});

/** The same in the lifecycle. */
const ofLifecycle: readonly (readonly [first: string, then: string, code: string, KmsAction, body: object])[] = [
  ['missing', 'format', 'KMS.0204', 'schedule-key-deletion', { key_id: 'x' }],
  ['format', 'existence', 'KMS.1401', 'schedule-key-deletion', { key_id: unknown, pending_days: '1' }],
  ['format', 'existence', 'KMS.1101', 'update-key-alias', { key_id: unknown, key_alias: '?' }],
  ['existence', 'duplicate', 'KMS.0207', 'update-key-alias', { key_id: unknown, key_alias: 'rsa' }],
  ['default key', 'duplicate', 'KMS.0211', 'update-key-alias', { key_id: kinds.default, key_alias: 'rsa' }],
  ['default key', 'state', 'KMS.0211', 'enable-key', { key_id: kinds.default }],
  ['state', 'duplicate', 'KMS.0210', 'update-key-alias', { key_id: states['pending-deletion'], key_alias: 'rsa' }],
  [
    'usage',
    'duplicate',
    'KMS.0308',
    'create-key',
    { key_alias: 'rsa', key_spec: 'EC_P256', key_usage: 'ENCRYPT_DECRYPT' },
  ],
  ['limit', 'marker', 'KMS.1601', 'list-keys', { limit: '0', marker: '-1' }],
];

test.each(ofLifecycle)('%s before %s: %s of %s', async (_first, _then, code, action, body) => {
  expectKmsRefusal(await kms.post(action, body), code);
});

test('nothing came of it', async () => {
  expect(await kms.ask('list-keys', {})).toEqual(before);
});
