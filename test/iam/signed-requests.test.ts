import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeClock, second } from '../support/clock.ts';
import { accessKey, project, token } from '../support/identity.ts';
import { kmsPath } from '../support/kms.ts';
import { expectAnswerHeaders, expectKmsRefusal } from '../support/refusals.ts';
import type { Credential } from '../support/sdk-signer.ts';
import { signedClient, type Signed } from '../support/signed.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { annex, houses, keyId, spare, strangersProject } from './houses.ts';
import { iamClient } from './tokens.ts';

// Five past midnight: who signed ten minutes ago did so on another day.
const clock = makeClock(Date.parse('2026-01-15T00:05:00Z'));
const seed = useSeed(houses);
const { url } = await useSignet({ seed, now: clock.now });
const ask = signedClient(url, clock.now);

const json = JSON.stringify({
  key_id: keyId,
  message: 'AAAA',
  signing_algorithm: 'ECDSA_SHA_256',
  message_type: 'RAW',
});
const sign = { target: kmsPath('sign'), body: json };
const list = { target: kmsPath('list-keys'), body: '{}' };
const lookUp = { method: 'GET', target: '/v3/projects?name=eu-de' };

const forms: Readonly<Record<string, Partial<Credential>>> = {
  'SDK-HMAC-SHA256 Access': { form: 'access' },
  'SDK-HMAC-SHA256 Credential': { form: 'scope', region: 'eu-de', service: 'kms' },
  'SDK-HMAC-SHA256 Credential without region and service': { form: 'scope' },
  'V11-HMAC-SHA256 Credential': { form: 'v11', region: 'eu-de', service: 'kms' },
  'V11-HMAC-SHA256 Credential without region and service': { form: 'v11' },
};

describe.each(Object.entries(forms))('%s signs', (_form, form) => {
  const credential = JSON.stringify({ auth: { identity: { methods: ['token'] } } });
  const calls: Readonly<Record<string, readonly [status: number, request: Signed]>> = {
    'POST of the KMS': [200, sign],
    'POST with a body that ends in a newline': [200, { ...sign, body: `${json}\n` }],
    'POST of IAM': [201, { target: '/v3.0/OS-CREDENTIAL/securitytokens', body: credential }],
    GET: [200, lookUp],
    'GET with a body': [200, { ...lookUp, body: '{}' }],
    HEAD: [200, { method: 'HEAD', target: '/v3/auth/tokens', headers: { 'X-Subject-Token': token } }],
  };
  test.each(Object.entries(calls))('%s', async (_call, [status, request]) => {
    const answer = await ask({ ...form, ...request });
    expect(answer.status, answer.text).toBe(status);
    expectAnswerHeaders(answer);
  });

  test('DELETE', async () => {
    const { secret } = await iamClient(url).issue();
    const headers = { 'X-Subject-Token': secret };
    expect((await ask({ ...form, method: 'DELETE', target: '/v3/auth/tokens', headers })).status).toBe(204);
    expect((await iamClient(url).about('get', secret, token)).status).toBe(404);
  });

  test.each([0, 600, 900, -900])('%i seconds ago', async (seconds) => {
    expect((await ask({ ...form, ...sign, at: clock.now() - seconds * second })).status).toBe(200);
  });
});

describe('a signature holds', () => {
  const onlyDate = ['X-Sdk-Date'];
  const sha256 = hash('sha256', json);
  const target = `/v3/projects?a=1&a=2&b=%C3%BC%2F%2A~&c=x%20y&flag=&name=eu-de`;
  const lookUpMore = { method: 'GET', target };
  const requests: Readonly<Record<string, Signed>> = {
    'over nothing but X-Sdk-Date': { ...sign, signed: onlyDate, sent: { headers: { Host: 'elsewhere.example' } } },
    'over headers in UTF-8': { ...sign, headers: { 'X-Note': 'grün 鍵' } },
    'over headers with blanks around and inside': { ...sign, headers: { 'X-Note': '  a  b ' } },
    'over any content type': { ...sign, headers: { 'Content-Type': 'application/json;charset=utf8' } },
    'over an encoded and repeated query': lookUpMore,
    'over a query in another order': {
      ...lookUpMore,
      sent: { target: '/v3/projects?name=eu-de&flag=&c=x%20y&b=%C3%BC%2F%2A~&a=2&a=1' },
    },
    'over a query that is encoded otherwise': {
      ...lookUpMore,
      sent: { target: '/v3/projects?a=1&a=2&b=%c3%bc/*%7E&c=x+y&flag&name=eu%2Dde' },
    },
    'over a query of a POST': { ...list, target: `${list.target}?limit=10&marker=0` },
    'over a path that is encoded otherwise': {
      ...sign,
      sent: { target: sign.target.replace('/f0', '/%660') },
    },
    'over a path with a slash at its end': { ...sign, target: `${sign.target}/` },
    'over the digest of the body': { ...sign, headers: { 'X-Sdk-Content-Sha256': sha256 } },
    'over the digest of the body, itself not signed': {
      ...sign,
      headers: { 'X-Sdk-Content-Sha256': sha256 },
      signed: onlyDate,
    },
    'over no body at all': {
      ...sign,
      headers: { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' },
      sent: { body: `${json} ` },
    },
    'when headers that are not signed change': {
      ...sign,
      headers: { 'User-Agent': 'a' },
      signed: onlyDate,
      sent: { headers: { 'User-Agent': 'b' } },
    },
    'whatever X-Project-Id says': { ...sign, headers: { 'X-Project-Id': annex.id } },
    'when X-Project-Id is not signed': { ...sign, sent: { headers: { 'X-Project-Id': 'nowhere' } } },
    "when X-Project-Id is somebody else's": { ...sign, headers: { 'X-Project-Id': strangersProject.id } },
    'with X-Domain-Id in place of a project': { ...sign, headers: { 'X-Domain-Id': 'anything' } },
    'with a security token that nobody asked for': { ...sign, headers: { 'X-Security-Token': 'anything' } },
    'with another access key': { ...sign, ...spare },
    'for another project of the domain': { ...list, target: kmsPath('list-keys', annex.id) },
  };
  test.each(Object.entries(requests))('%s', async (_what, request) => {
    const answer = await ask(request);
    expect(answer.status, answer.text).toBe(200);
  });

  test('over the host that the client knows, behind a proxy that is trusted', async () => {
    const behindProxy = await useSignet({ seed, now: clock.now, trustedProxies: ['127.0.0.1'] });
    const throughProxy = signedClient(behindProxy.url, clock.now);
    const headers = { Host: 'kms.example' };
    const sent = { headers: { Host: 'inside.example', 'X-Forwarded-Host': 'kms.example' } };
    expect((await throughProxy({ ...sign, headers, sent })).status).toBe(200);
    expect((await ask({ ...sign, headers, sent })).status).toBe(401);
  });
});

test('it opens the projects of its own domain, and no other', async () => {
  for (const id of [strangersProject.id, 'nowhere', '%7Bproject_id%7D']) {
    expectKmsRefusal(await ask({ ...list, target: kmsPath('list-keys', id) }), 'KMS.0321');
    const headers = { 'X-Project-Id': project.id };
    expectKmsRefusal(await ask({ ...list, target: kmsPath('list-keys', id), headers }), 'KMS.0321');
  }
});

test('no answer tells the secret', async () => {
  const wrong = await ask({ ...sign, body: '{}', sent: { body: '{ }' } });
  expect(wrong.text).not.toContain(accessKey.secret);
});
