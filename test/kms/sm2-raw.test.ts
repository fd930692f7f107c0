import { expect, test } from 'vitest';
import { signingAlgorithms } from '../../src/crypto/signing-algorithms.ts';
import { opensslCommand } from '../crypto/outside/openssl.ts';
import { seededKeys } from '../support/identity.ts';
import { base64, bytesOf, kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { useSignet } from '../support/signet.ts';
import { sm2ClientDigest } from '../support/sm2-digest.ts';
import { outsideKey } from './outside-keys.ts';

const kms = kmsClient((await useSignet({ sm2Raw: 'default-id' })).url);
const message = Buffer.from('a message, not a digest');
const raw = {
  key_id: seededKeys.SM2,
  signing_algorithm: 'SM2DSA_SM3',
  message_type: 'RAW',
  message: base64(message),
};

test('with sm2Raw: default-id Signet computes Z(A), and openssl accepts the signature', async () => {
  const key = await outsideKey(kms, 'SM2');
  const { signature } = await kms.ask('sign', raw);
  expect(opensslCommand.verify(signingAlgorithms.SM2DSA_SM3, key, message, bytesOf(signature))).toBe(true);
  const digest = { ...raw, message_type: 'DIGEST', message: base64(sm2ClientDigest(key.publicPem, message)) };
  expect(await kms.ask('verify', { ...digest, signature })).toMatchObject({ signature_valid: 'true' });
});

test('and a signature by openssl is accepted as RAW', async () => {
  const made = opensslCommand.sign(signingAlgorithms.SM2DSA_SM3, await outsideKey(kms, 'SM2'), message);
  expect(await kms.ask('verify', { ...raw, signature: base64(made) })).toMatchObject({ signature_valid: 'true' });
});

test('Ed25519 stays as it is: no DIGEST', async () => {
  const body = { ...raw, key_id: seededKeys.ED25519, signing_algorithm: 'ED25519_SHA_512', message_type: 'DIGEST' };
  expectKmsRefusal(await kms.post('sign', body), 'KMS.0308');
});
