import { describe, expect, test } from 'vitest';
import { makeClock } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { accessKey, token } from '../support/identity.ts';
import { kmsPath } from '../support/kms.ts';
import { expectGatewayRefusal, expectIamRefusal, expectKmsRefusal } from '../support/refusals.ts';
import { expectSignatureRefusal, signedClient, type Signed } from '../support/signed.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { domainToken, expiredToken, houses, keyId, strangersProject, strangersToken } from './houses.ts';

const clock = makeClock(Date.parse('2026-01-15T10:30:00Z'));
const seed = useSeed(houses);
const { url } = await useSignet({ seed, now: clock.now });
const { url: behindGateway } = await useSignet({ seed, now: clock.now, authErrors: 'gateway' });
const ask = signedClient(url, clock.now);

const list = { target: kmsPath('list-keys'), body: '{}' };
const { access } = accessKey;
const good = `SDK-HMAC-SHA256 Access=${access}, SignedHeaders=host;x-sdk-date, Signature=00`;
const scoped = good.replace(`Access=${access}`, `Credential=${access}/20260115/eu-de/kms/sdk_request`);
const derived = scoped.replace('SDK-HMAC', 'V11-HMAC').replace('/sdk_request', '');
const date = 'x-sdk-date';

/** What stands in Authorization, and what is wrong with it. */
const malformed: readonly (readonly [authorization: string, why: string])[] = [
  ['SDK-HMAC-SHA256', 'Access is missing in Authorization'],
  ['SDK-HMAC-SHA256 Access', 'Access is missing in Authorization'],
  ['SDK-HMAC-SHA256 ,=,', 'Access is missing in Authorization'],
  [good.replace(`Access=${access}, `, ''), 'Access is missing in Authorization'],
  [good.replace(access, ''), 'Access is missing in Authorization'],
  [good.replace('SignedHeaders=host;x-sdk-date, ', ''), 'SignedHeaders is missing in Authorization'],
  [good.replace('host;x-sdk-date', ''), 'SignedHeaders is missing in Authorization'],
  [good.replace(', Signature=00', ''), 'Signature is missing in Authorization'],
  [good.replace('=00', '='), 'Signature is missing in Authorization'],
  [good.replace(';x-sdk-date', ''), `${date} is not signed`],
  [good.replace('Access', 'Credential'), 'the scope  is malformed'],
  [scoped.replace('/sdk_request', ''), 'the scope 20260115/eu-de/kms is malformed'],
  [scoped.replace('/2026', '/26'), 'the scope 260115/eu-de/kms/sdk_request is malformed'],
  [derived.replace('/kms', ''), 'the scope 20260115/eu-de is malformed'],
  [derived.replace('/kms', '/kms/sdk_request'), 'the scope 20260115/eu-de/kms/sdk_request is malformed'],
  [derived.replace('Credential', 'Access'), 'Credential is missing in Authorization'],
  ['SDK-HMAC-SM3 Access=AK', 'the algorithm SDK-HMAC-SM3 is not supported'],
  ['SDK-ECDSA-P256-SHA256 Access=AK', 'the algorithm SDK-ECDSA-P256-SHA256 is not supported'],
  ['SDK-grün Access=AK', 'the algorithm SDK-grün is not supported'],
  ['V11-HMAC-SM3 Credential=AK', 'the algorithm V11-HMAC-SM3 is not supported'],
];

test.each(malformed)('%s', async (authorization, why) => {
  for (const request of [list, { method: 'GET', target: '/v3/projects' }]) {
    const answer = await ask({ ...request, spoil: () => authorization });
    expectSignatureRefusal(answer, `calc aksk signature fail:${why}`);
  }
});

/** What stands in X-Sdk-Date. */
const dates: readonly (readonly [sent: string, authorization: string, why: string])[] = [
  ['', good, `${date} is missing`],
  ['2026-01-15T10:30:00Z', good, `${date} 2026-01-15T10:30:00Z is not of the form YYYYMMDDTHHMMSSZ`],
  ['20260115T103000', good, `${date} 20260115T103000 is not of the form YYYYMMDDTHHMMSSZ`],
  ['20261315T103000Z', good, `${date} 20261315T103000Z is not of the form YYYYMMDDTHHMMSSZ`],
  ['Thu, 15 Jan 2026', good, `${date} Thu, 15 Jan 2026 is not of the form YYYYMMDDTHHMMSSZ`],
  [
    '20260114T103000Z',
    scoped,
    `the scope 20260115/eu-de/kms/sdk_request is of another day than ${date} 20260114T103000Z`,
  ],
  ['20260116T103000Z', derived, `the scope 20260115/eu-de/kms is of another day than ${date} 20260116T103000Z`],
];

test.each(dates)('X-Sdk-Date %j with %s', async (sent, authorization, why) => {
  const answer = await ask({ ...list, spoil: () => authorization, sent: { headers: { 'X-Sdk-Date': sent } } });
  expectSignatureRefusal(answer, `calc aksk signature fail:${why}`);
});

test('no X-Sdk-Date at all', async () => {
  const answer = await send(url, 'post', list.target, { headers: { Authorization: good }, body: '{}' });
  expectSignatureRefusal(answer, `calc aksk signature fail:${date} is missing`);
});

describe('a scheme that is no signature counts as no credential', () => {
  const strangers = ['', 'Bearer abc', 'Basic c2lnbmV0OnNpZ25ldA==', 'AWS4-HMAC-SHA256 Credential=AK', token];
  test.each(strangers)('%j', async (Authorization) => {
    const headers = { Authorization };
    expectKmsRefusal(await send(url, 'post', list.target, { headers, body: '{}' }), 'KMS.0301');
    expectGatewayRefusal(await send(behindGateway, 'post', list.target, { headers, body: '{}' }), 'tokenMissing');
    const message = 'The request you have made requires authentication.';
    expectIamRefusal(await send(url, 'get', '/v3/projects', { headers }), 401, 'Unauthorized', message);
    const withToken = { headers: { Authorization, 'X-Auth-Token': token }, body: '{}' };
    expect((await send(url, 'post', list.target, withToken)).status).toBe(200);
  });
});

describe('a token and a signature: the token decides', () => {
  const wrong: Signed = { ...list, secret: 'wrong' };
  const withToken = (request: Signed, secret: string): Signed => ({ ...request, headers: { 'X-Auth-Token': secret } });

  test.each(Object.entries({ right: list, wrong, malformed: { ...list, spoil: () => 'SDK-' } }))(
    'a %s signature beside a token that is right',
    async (_kind, request) => {
      expect((await ask(withToken(request, token))).status).toBe(200);
    },
  );

  test.each([
    ['unknown', 'KMS.0302'],
    [expiredToken, 'KMS.0303'],
    [domainToken, 'KMS.0305'],
    [strangersToken, 'KMS.0321'],
  ])('a right signature beside the token %s: %s', async (secret, code) => {
    expectKmsRefusal(await ask(withToken(list, secret)), code);
    expectKmsRefusal(await ask(withToken(wrong, secret)), code);
  });

  test('an empty token is none', async () => {
    expect((await ask(withToken(list, ''))).status).toBe(200);
  });
});

describe('what is said first', () => {
  const foreign = { target: kmsPath('list-keys', strangersProject.id), body: '{}' };
  const unknownKey = { target: kmsPath('sign'), body: `{"key_id":"${keyId}"}` };

  test.each<[string, Signed]>([
    ['not JSON', { ...list, body: '{' }],
    ['no body', { target: list.target }],
    ['a field that is missing', unknownKey],
    ['a project of another domain', foreign],
    ['1 MiB and more', { ...list, body: '{}'.padEnd(1024 * 1024 + 1) }],
  ])('a wrong signature before %s', async (_what, request) => {
    const { body, headers } = await ask({ ...request, secret: 'wrong' });
    const { error_msg, ...rest } = body as { error_msg: string };
    expect(error_msg).toContain('verify aksk signature fail');
    expect(rest).toStrictEqual({ error_code: 'APIGW.0301', request_id: headers['x-request-id'] });
  });

  test.each<[string, string, Signed]>([
    ['KMS.0202', 'not JSON', { ...list, body: '{' }],
    ['KMS.0203', '1 MiB and more', { ...list, body: '{}'.padEnd(1024 * 1024 + 1) }],
    ['KMS.0204', 'a field that is missing', unknownKey],
    ['KMS.0321', 'a project of another domain', { ...foreign, body: '{' }],
    ['KMS.0215', 'another method, whoever signed', { ...list, method: 'PUT', secret: 'wrong' }],
  ])('%s for a right signature over %s', async (code, _what, request) => {
    expectKmsRefusal(await ask(request), code);
  });

  test('an API that is not there, whoever signed', async () => {
    expectGatewayRefusal(await ask({ target: kmsPath('nothing'), secret: 'wrong' }), 'noSuchApi');
  });
});
