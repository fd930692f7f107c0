import { describe, expect, test } from 'vitest';
import { makeClock, day, second } from '../support/clock.ts';
import type { Answer } from '../support/http.ts';
import { kmsPath } from '../support/kms.ts';
import { expectIamRefusal, expectKmsRefusal } from '../support/refusals.ts';
import type { Form } from '../support/sdk-signer.ts';
import { expectSignatureRefusal, signedClient, type Signed } from '../support/signed.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { byToken, issueKey, type TemporaryKey } from './credentials.ts';
import { annex, houses, keyId, strangersProject } from './houses.ts';
import { iamClient, withPair } from './tokens.ts';

const clock = makeClock();
const { url } = await useSignet({ seed: useSeed(houses), now: clock.now });
const ask = signedClient(url, clock.now);

const message = { key_id: keyId, message: 'AAAA', signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' };
const sign = { target: kmsPath('sign'), body: JSON.stringify(message) };

/** Signs with this key and sends this security token, the key's own unless said otherwise; null: none. */
function use(key: TemporaryKey, request: Signed = sign, token: string | null = key.securityToken): Promise<Answer> {
  const { access, secret } = key;
  return ask({ access, secret, ...request, headers: token === null ? {} : { 'X-Security-Token': token } });
}

describe.each<Form>(['access', 'scope', 'v11'])('in the form %s', (form) => {
  test('signs with the security token among the signed headers, and with it beside them', async () => {
    const key = await issueKey(url);
    expect((await use(key, { ...sign, form })).status).toBe(200);
    const signed = ['Host', 'X-Sdk-Date'];
    expect((await use(key, { ...sign, form, signed })).status).toBe(200);
    expect((await use(key, { method: 'GET', target: '/v3/projects', form, signed })).status).toBe(200);
  });

  test.each([900, 86_400])('works for %i seconds, then it has expired', async (seconds) => {
    const key = await issueKey(url, byToken({ duration_seconds: seconds }));
    clock.advance(seconds * second - 1);
    expect((await use(key, { ...sign, form })).status).toBe(200);
    clock.advance(1);
    expectSignatureRefusal(await use(key, { ...sign, form }), 'the securitytoken has expired');
  });
});

test('without the security token the key is not known', async () => {
  const key = await issueKey(url);
  const why = `ak ${key.access} not exist`;
  expectSignatureRefusal(await use(key, sign, null), why);
  expectSignatureRefusal(await use(key, sign, ''), why);
});

test('the security token must be its own', async () => {
  const [key, other] = [await issueKey(url), await issueKey(url)];
  for (const token of ['wrong', other.securityToken, key.securityToken.slice(1), key.securityToken.toUpperCase()]) {
    expectSignatureRefusal(await use(key, sign, token), 'decrypt token fail');
  }
  clock.advance(900 * second);
  expectSignatureRefusal(await use(key, sign, 'wrong'), 'decrypt token fail');
});

test('the secret must be its own', async () => {
  const [key, other] = [await issueKey(url), await issueKey(url)];
  const answer = await use({ ...key, secret: other.secret });
  expect(answer.status).toBe(401);
  expect(answer.text).toContain('verify aksk signature fail, canonicalRequest:POST|');
});

test('a security token that was changed on the way is a wrong one, not a wrong signature', async () => {
  const key = await issueKey(url);
  const sent = { headers: { 'X-Security-Token': 'wrong' } };
  expectSignatureRefusal(await use(key, { ...sign, sent }), 'decrypt token fail');
});

test('it opens what its user may enter', async () => {
  const key = await issueKey(url);
  const list = (projectId: string): Signed => ({ target: kmsPath('list-keys', projectId), body: '{}' });
  expect((await use(key, list(annex.id))).status).toBe(200);
  expectKmsRefusal(await use(key, list(strangersProject.id)), 'KMS.0321');
});

test('hw_ak_sk does not take it', async () => {
  const { access, secret } = await issueKey(url);
  const answer = await iamClient(url).post(withPair(access, secret));
  expectIamRefusal(answer, 401, 'Unauthorized', 'Unauthorized.');
});

test('expired for more than a day, it is forgotten when another is issued', async () => {
  const key = await issueKey(url);
  clock.advance(900 * second + day);
  await issueKey(url);
  expectSignatureRefusal(await use(key), 'the securitytoken has expired');
  clock.advance(1);
  await issueKey(url);
  expectSignatureRefusal(await use(key), `ak ${key.access} not exist`);
});
