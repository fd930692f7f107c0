/** Requests signed as API Gateway signs them, without a gateway; and those that a backend received, checked. */
import { createHmac, hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { makeClock } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { useSignet } from '../support/signet.ts';
import vectors from '../vectors/apig-hmac-vectors.json' with { type: 'json' };

type Schemas = components['schemas'];
type Vector = (typeof vectors.hmac)[number];

const clock = makeClock(Date.parse('2020-08-03T04:00:11Z'));
const { url } = await useSignet({ now: clock.now });

const pair = { sign_key: 'signkeysignkey', sign_secret: 'signsecretsignsecretsignsecretsignsecret' };
const keys = [pair];
const request = 'POST /v1/orders?b=2&a=x%20y HTTP/1.1\nHost: backend.example.com:8080\n\n{"qty":3}';

async function ask<Body>(path: string, body: object, status = 200): Promise<Body> {
  const answer = await send(url, 'post', `/_signet/apigw/${path}`, { body });
  expect(answer.status, answer.text).toBe(status);
  return answer.body as Body;
}
const sign = (body: object) => ask<Schemas['SignForBackendResponse']>('sign', { ...pair, ...body });
const verify = (body: object) => ask<Schemas['VerifyForBackendResponse']>('verify', body);

/** As it goes over the wire, without what the gateway adds. */
function textOf({ method, path, query, headers, body }: Vector): string {
  const lines = Object.entries(headers).filter(([name]) => name !== 'X-Sdk-Date');
  return [`${method} ${path}${query && `?${query}`} HTTP/1.1`, ...lines.map((line) => line.join(': ')), '', body].join(
    '\n',
  );
}

const instantOf = ({ headers }: Vector): string =>
  headers['X-Sdk-Date'].replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');

/** The request with the headers that the gateway added. */
const withHeaders = (text: string, headers: Readonly<Record<string, string>>): string =>
  text.replace(
    '\n\n',
    `\n${Object.entries(headers)
      .map((line) => line.join(': '))
      .join('\n')}\n\n`,
  );

describe('sign', () => {
  test.each(vectors.hmac.map((vector) => [vector.name, vector] as const))('%s', async (_name, vector) => {
    const { key, secret, signedHeaders, authorization, canonicalRequest, stringToSign, signature, headers } = vector;
    const answer = await sign({
      ...{ request: textOf(vector), sign_key: key, sign_secret: secret, signed_headers: signedHeaders },
      at: instantOf(vector),
    });
    expect(answer).toEqual({
      headers: { 'X-Sdk-Date': headers['X-Sdk-Date'], Authorization: authorization },
      ...{ canonical_request: canonicalRequest, string_to_sign: stringToSign, signature },
    });
  });

  test.each(vectors.basic)('Basic for $key', async ({ key, secret, authorization }) => {
    const answer = await sign({ request: 'GET /', sign_type: 'basic', sign_key: key, sign_secret: secret });
    expect(answer).toEqual({ headers: { Authorization: authorization } });
  });

  test('by the clock, over Host and X-Sdk-Date, where nothing else is said', async () => {
    const { headers, canonical_request: canonical } = await sign({ request });
    expect(headers['X-Sdk-Date']).toBe('20200803T040011Z');
    expect(canonical).toContain('\nhost:backend.example.com:8080\nx-sdk-date:20200803T040011Z\n\nhost;x-sdk-date\n');
  });

  test('no header that the request has not, or has twice', async () => {
    const doubled = request.replace('\n\n', '\nX-Two: 1\nX-Two: 2\nX-One: 1\n\n');
    const names = ['host', 'x-one', 'x-two', 'x-none'];
    const { headers, canonical_request: canonical } = await sign({ request: doubled, signed_headers: names });
    expect(headers['Authorization']).toContain('SignedHeaders=host;x-one;x-sdk-date, ');
    expect(canonical).toContain('\nx-one:1\n');
  });

  test('bytes that are no text', async () => {
    const bytes = Buffer.from([0xff, 0, 0x80, 0xc3]);
    const { canonical_request: canonical } = await sign({ request, body_base64: bytes.toString('base64') });
    expect(canonical?.split('\n').at(-1)).toBe(hash('sha256', bytes));
  });

  test('a curl command', async () => {
    const curl = `curl -X PUT 'http://127.0.0.1:8080/items/1?x=1' -d 'abc'`;
    const { canonical_request: canonical } = await sign({ request: curl });
    expect(canonical?.split('\n').slice(0, 4)).toEqual(['PUT', '/items/1/', 'x=1', 'host:127.0.0.1:8080']);
    expect(canonical?.split('\n').at(-1)).toBe(hash('sha256', 'abc'));
  });

  describe('wrongly in one way', () => {
    const right = (canonical: string | undefined, date: string, secret: string): string =>
      createHmac('sha256', secret)
        .update(`SDK-HMAC-SHA256\n${date}\n${hash('sha256', canonical ?? '')}`)
        .digest('hex');

    test('another secret', async () => {
      const { canonical_request: canonical, signature } = await sign({ request, defect: 'wrong-secret' });
      expect(signature).toMatch(/^[0-9a-f]{64}$/);
      expect(signature).not.toBe(right(canonical, '20200803T040011Z', pair.sign_secret));
    });

    test('a key that nobody has', async () => {
      const { headers, signature } = await sign({ request, defect: 'unknown-access' });
      expect(headers['Authorization']).toMatch(/^SDK-HMAC-SHA256 Access=(?!signkeysignkey)[^,]+, SignedHeaders=/);
      expect(headers['Authorization']).toContain(`Signature=${signature!}`);
    });

    test('a body that was changed after it was signed', async () => {
      const {
        canonical_request: canonical,
        signature,
        body_base64: sent,
      } = await sign({ request, defect: 'tampered-body' });
      expect(signature).toBe(right(canonical, '20200803T040011Z', pair.sign_secret));
      expect(canonical?.split('\n').at(-1)).toBe(hash('sha256', '{"qty":3}'));
      expect(Buffer.from(sent!, 'base64').toString()).not.toBe('{"qty":3}');
      expect(Buffer.from(sent!, 'base64')).toHaveLength(9);
    });

    test('a date that is too old, signed as it is', async () => {
      const { canonical_request: canonical, signature, headers } = await sign({ request, defect: 'shifted-date' });
      expect(headers['X-Sdk-Date']).toBe('20200803T034411Z');
      expect(signature).toBe(right(canonical, '20200803T034411Z', pair.sign_secret));
    });

    test('a signed header that is not sent', async () => {
      const { headers } = await sign({ request, defect: 'missing-header' });
      expect(Object.keys(headers)).toEqual(['Authorization']);
    });

    test.each([
      ['wrong-secret', /^user1:(?!Passw0rd!$)/],
      ['unknown-access', /^(?!user1:)[^:]+:Passw0rd!$/],
    ])('Basic: %s', async (defect, expected) => {
      const { headers } = await sign({
        request,
        sign_type: 'basic',
        sign_key: 'user1',
        sign_secret: 'Passw0rd!',
        defect,
      });
      expect(Buffer.from(headers['Authorization']!.slice(6), 'base64').toString()).toMatch(expected);
    });

    test('Basic without Authorization', async () => {
      const { headers } = await sign({ request, sign_type: 'basic', defect: 'missing-header' });
      expect(headers).toEqual({});
    });
  });
});

describe('verify', () => {
  test.each(vectors.hmac.map((vector) => [vector.name, vector] as const))('accepts %s', async (_name, vector) => {
    const { headers, authorization, key, secret, canonicalRequest } = vector;
    const received = withHeaders(textOf(vector), { 'X-Sdk-Date': headers['X-Sdk-Date'], Authorization: authorization });
    const answer = await verify({
      ...{ request: received, keys: [{ sign_key: key, sign_secret: secret }] },
      at: instantOf(vector),
    });
    expect(answer).toMatchObject({ accepted: true, canonical_request: canonicalRequest });
    expect(answer.difference).toBeUndefined();
  });

  test.each(vectors.basic)('accepts Basic of $key', async ({ key, secret, authorization }) => {
    const received = withHeaders('GET / HTTP/1.1\nHost: h\n\n', { Authorization: authorization });
    const answer = await verify({ request: received, keys: [{ sign_key: key, sign_secret: secret }] });
    expect(answer.accepted).toBe(true);
  });

  const signed = async (body: object = {}) => withHeaders(request, (await sign({ request, ...body })).headers);

  test.each<[string, (text: string) => string | Promise<string>, string]>([
    ['nothing signed', () => request, 'Authorization not found.'],
    ['another scheme', () => withHeaders(request, { Authorization: 'Bearer x' }), 'Authorization format incorrect.'],
    ['a key that nobody has', () => signed({ defect: 'unknown-access' }), 'Signing key not found.'],
    ['a header that is not there', () => signed({ defect: 'missing-header' }), 'Signed header x-sdk-date not found'],
    ['an old date', () => signed({ defect: 'shifted-date' }), 'Signature expired.'],
    ['another secret', () => signed({ defect: 'wrong-secret' }), 'Verify authroization failed.'],
    ['another body', (text) => text.replace('"qty":3', '"qty":4'), 'Verify authroization failed.'],
  ])('refuses %s as the demos do', async (_name, change, refusal) => {
    const received = await change(await signed());
    const answer = await verify({ request: received, keys });
    expect(answer).toMatchObject({ accepted: false, refusal });
    expect(answer.summary).toContain(refusal);
    expect(JSON.stringify(answer)).not.toContain(pair.sign_secret);
  });

  test('says that what the backend computed is right, in both steps', async () => {
    const { headers, canonical_request, string_to_sign } = await sign({ request });
    const received = withHeaders(request, headers);
    for (const computed of [{ canonical_request }, { string_to_sign }, { canonical_request, string_to_sign }]) {
      const answer = await verify({ request: received, keys, ...computed });
      expect(answer).toMatchObject({ accepted: true, computed_matches: true });
      expect(answer.summary).toContain('its mistake comes after that');
      expect(answer.difference).toBeUndefined();
    }
  });

  test('says that of the next step, too', async () => {
    const { headers, string_to_sign: text } = await sign({ request });
    const computed = { string_to_sign: text!.replace('20200803T040011Z', '20200803T040012Z') };
    const answer = await verify({ request: withHeaders(request, headers), keys, ...computed });
    expect(answer).toMatchObject({
      ...{ accepted: true, computed_matches: false },
      difference: { line: 2, what: 'date in the string to sign', column: 15 },
    });
  });

  const emptyHash = hash('sha256', '');
  test.each<[cause: string, what: string, line: number, change: (canonical: string) => string]>([
    ['string-to-sign', 'method', 1, () => 'SDK-HMAC-SHA256\n20200803T040011Z\nabc'],
    ['line-ends', 'method', 1, (text) => text.replaceAll('\n', '\r\n')],
    ['trailing-slash', 'path', 2, (text) => text.replace('/orders/', '/orders')],
    ['path-decoded', 'path', 2, (text) => text.replace('M%C3%BCnchen', 'M%c3%bcnchen')],
    ['path-other', 'path', 2, (text) => text.replace('/v1/', '/')],
    ['query-order', 'query', 3, (text) => text.replace('a=x%20y&b=2', 'b=2&a=x%20y')],
    ['query-plus', 'query', 3, (text) => text.replace('a=x%20y&b=2', 'a=x+y&b=2')],
    ['query-encoding', 'query', 3, (text) => text.replace('a=x%20y&b=2', 'a=x y&b=2')],
    ['host-port', 'header host', 4, (text) => text.replace('example.com:8080', 'example.com')],
    ['host-other', 'header host', 4, (text) => text.replace('backend.example.com:8080', 'localhost')],
    ['header-order', 'header host', 4, (text) => text.replace(/(host:.*)\n(x-sdk-date:.*)/, '$2\n$1')],
    ['header-value', 'header x-sdk-date', 5, (text) => text.replace('040011Z\n', '040012Z\n')],
    ['header-form', 'header x-sdk-date', 5, (text) => text.replace('x-sdk-date:', 'X-Sdk-Date: ')],
    ['empty-line', 'empty line', 6, (text) => text.replace('Z\n\nhost;', 'Z\nhost;')],
    ['signed-headers', 'signed headers', 7, (text) => text.replace('host;x-sdk-date', 'x-sdk-date;host')],
    ['hash-capitals', 'body hash', 8, (text) => text.replace(/.{64}$/, (digits) => digits.toUpperCase())],
    ['body-unread', 'body hash', 8, (text) => text.replace(/.{64}$/, emptyHash)],
    ['body-other', 'body hash', 8, (text) => text.replace(/.{64}$/, hash('sha256', '{"qty": 3}'))],
    ['line-feed', 'end', 9, (text) => `${text}\n`],
  ])('says why what the backend computed is wrong: %s', async (cause, what, line, change) => {
    const sent = request.replace('/v1/orders', '/v1/M%C3%BCnchen/orders');
    const { headers, canonical_request: canonical } = await sign({ request: sent });
    const computed = change(canonical!);
    expect(computed).not.toBe(canonical);
    const answer = await verify({ request: withHeaders(sent, headers), keys, canonical_request: computed });
    expect(answer).toMatchObject({
      accepted: true,
      computed_matches: false,
      difference: { line, what },
      cause: { name: cause },
    });
    expect(answer.summary).toContain(answer.cause!.explanation);
    expect(answer.summary).toContain(answer.cause!.remedy);
    expect(answer.difference!.expected).toBe(canonical!.split('\n')[line - 1] ?? '');
    expect(answer.difference!.received).toBe(computed.split('\n')[line - 1] ?? '');
  });

  test('finds out what was signed in place of what was received', async () => {
    const spoilt = await sign({ request, sign_secret: `${pair.sign_secret}\n` });
    const ofSecret = await verify({ request: withHeaders(request, spoilt.headers), keys });
    expect(ofSecret.cause?.name).toBe('secret-spoilt');
    const { headers } = await sign({ request: request.replace('a=x%20y', 'a=x%2520y') });
    const ofQuery = await verify({ request: withHeaders(request, headers), keys });
    expect(ofQuery.difference).toMatchObject({ line: 3, what: 'query', expected: 'a=x%20y&b=2' });
    expect(ofQuery.summary).toContain(ofQuery.cause!.explanation);
  });

  test('takes the signature keys that are there, those of every project for the admin, and its own for a project', async () => {
    const received = await signed();
    expect(await verify({ request: received })).toMatchObject({ accepted: true });
    const { body } = await send(url, 'post', '/_signet/projects', { body: {} });
    const { token } = body as Schemas['NewProjectResponse'];
    const answer = await send(url, 'post', '/_signet/apigw/verify', {
      headers: { 'X-Auth-Token': token },
      body: { request: received },
    });
    expect(answer.body).toMatchObject({ accepted: false, refusal: 'Signing key not found.' });
  });

  test('keeps what was signed at another time apart from what is late', async () => {
    const received = await signed();
    const at = (minutes: number) => new Date(clock.now() + minutes * 60_000).toISOString();
    expect(await verify({ request: received, keys, at: at(14) })).toMatchObject({ accepted: true });
    const late = await verify({ request: received, keys, at: at(16) });
    expect(late).toMatchObject({ refusal: 'Signature expired.' });
    expect(late.summary).toContain('X-Sdk-Date is 16 min 0 s old');
    expect((await verify({ request: received, keys, at: at(-20) })).summary).toContain('20 min 0 s ahead');
  });

  test('takes the pairs that are given in the place of what is known, and says where that is the mistake', async () => {
    const wrong = [{ ...pair, sign_secret: 'the-secret-of-the-backend' }];
    const answer = await verify({ request: await signed(), keys: wrong });
    expect(answer).toMatchObject({ accepted: false, refusal: 'Verify authroization failed.' });
    expect(answer.summary).toContain('With the secret that this Signet has for the key it is right.');
    const two = await verify({ request: await signed(), keys: [...wrong, pair] });
    expect(two.accepted).toBe(true);
  });

  test('says what the text of a request leaves out', async () => {
    const received = await signed();
    const hostless = await verify({ request: received.replace(/Host: .*\n/, ''), keys });
    expect(hostless).toMatchObject({ accepted: false, refusal: 'Signed header host not found' });
    expect(hostless.summary).toContain('Host is missing.');
    const [head = ''] = received.split('\n\n');
    const bodiless = await verify({ request: `${head}\nContent-Length: 9\n\n`, keys });
    expect(bodiless.accepted).toBe(false);
    expect(bodiless.summary).toContain('The body has 0 bytes, 9 less than Content-Length says.');
  });
});

describe('what cannot be', () => {
  test.each([
    ['sign', { request: 'hello', ...pair }, 400, 'Signet.UnreadableRequest'],
    ['sign', { request, sign_key: 'a' }, 400, 'Signet.MissingParameter'],
    ['sign', { request, ...pair, defect: 'all' }, 400, 'Signet.InvalidParameter'],
    ['sign', { request, ...pair, at: 'noon' }, 400, 'Signet.InvalidParameter'],
    ['sign', { request, ...pair, signed_headers: ['a b'] }, 400, 'Signet.InvalidParameter'],
    ['verify', { request: '' }, 400, 'Signet.MissingParameter'],
    ['verify', {}, 400, 'Signet.MissingParameter'],
    ['verify', { request_id: '0'.repeat(32) }, 404, 'Signet.NoSuchRequest'],
    ['verify', { request: 'GET' }, 400, 'Signet.UnreadableRequest'],
    ['verify', { request, keys: [{}] }, 400, 'Signet.MissingParameter'],
  ])('%s %j', async (path, body, status, code) => {
    const answer = await ask<{ error: { error_code: string } }>(path, body, status);
    expect(answer.error.error_code).toBe(code);
  });
});
