import { expect, test } from 'vitest';
import { kmsClient, type KmsCaller } from '../support/kms.ts';
import { manyStates, otherProject, tokens } from '../support/many-states.ts';
import { expectGatewayRefusal, expectKmsRefusal, type GatewayRefusal } from '../support/refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { wellFormed } from './refusal-rows.ts';

const kms = kmsClient((await useSignet({ seed: useSeed(manyStates), authErrors: 'gateway' })).url);

const bad: readonly (readonly [GatewayRefusal, string, KmsCaller])[] = [
  ['tokenMissing', 'no token', { token: null }],
  ['tokenMissing', 'an empty token', { token: '' }],
  ['tokenInvalid', 'an unknown token', { token: 'unknown' }],
  ['tokenExpired', 'an expired token', { token: tokens.expired }],
];

test.each(bad)('authErrors: gateway answers %s for %s', async (refusal, _why, caller) => {
  expectGatewayRefusal(await kms.post('sign', wellFormed.sign, caller), refusal);
  expectGatewayRefusal(await kms.post('list-keys', '{', caller), refusal);
});

test('what the gateway lets through, the KMS refuses in its own words', async () => {
  expectKmsRefusal(await kms.post('sign', wellFormed.sign, { token: tokens.domain }), 'KMS.0305');
  expectKmsRefusal(await kms.post('sign', wellFormed.sign, { projectId: otherProject.id }), 'KMS.0321');
  expectKmsRefusal(await kms.post('sign', '{'), 'KMS.0202');
  expect((await kms.post('list-keys', {})).status).toBe(200);
});
