import { hash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import {
  canonicalRequest,
  isBodyAsDeclared,
  isSignedWith,
  MalformedSignature,
  parseSdkAuthorization,
  payloadHash,
  signingTime,
  stringToSign,
  type SentRequest,
} from '../../src/crypto/sdk-hmac.ts';
import { authorize, type Form } from '../support/sdk-signer.ts';
import published from '../vectors/aksk-vectors.json' with { type: 'json' };
import caught from '../vectors/aksk-sdk-vectors.json' with { type: 'json' };

interface Sent {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

function sent({ method, target, headers, body = '' }: Sent): SentRequest {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { method, target, header: (name) => byName.get(name) ?? '', body: Buffer.from(body) };
}

const hashOf = (text: string): string => hash('sha256', text);

describe('what the vendor publishes', () => {
  test.each(published)('$name', (vector) => {
    const target = `${vector.path}${vector.query === undefined ? '' : `?${vector.query}`}`;
    const request = sent({ method: vector.method, target, headers: vector.headers, body: vector.body });
    const authorization = parseSdkAuthorization(vector.authorization);
    expect(authorization).toMatchObject({ access: vector.access, signature: vector.signature });
    const canonical = canonicalRequest(request, authorization.signedHeaders);
    expect(canonical).toBe(vector.canonicalRequest);
    const date = vector.headers['x-sdk-date'];
    expect(stringToSign(authorization.form, date, authorization.scope, canonical)).toBe(vector.stringToSign);
    expect(isSignedWith(vector.secret, request, authorization)).toBe(true);
    expect(isSignedWith(`${vector.secret}x`, request, authorization)).toBe(false);
  });
});

describe('what real clients sent', () => {
  test.each(caught)('$name', (vector) => {
    const request = sent({ ...vector, headers: vector.headers });
    const who = vector.scope === undefined ? `Access=${vector.access}` : `Credential=${vector.access}/${vector.scope}`;
    const authorization = parseSdkAuthorization(
      `${vector.algorithm} ${who}, SignedHeaders=${vector.signedHeaders}, Signature=${vector.signature}`,
    );
    expect(hashOf(canonicalRequest(request, vector.signedHeaders))).toBe(vector.canonicalRequestHash);
    if (vector.payloadHash !== undefined) expect(payloadHash(request)).toBe(vector.payloadHash);
    expect(isSignedWith(vector.secret, request, authorization)).toBe(true);
    expect(isSignedWith(vector.secret, { ...request, body: Buffer.from('{ }') }, authorization)).toBe(false);
    expect(isSignedWith(vector.secret, { ...request, target: `${vector.target}x` }, authorization)).toBe(false);
  });

  /** What golangsdk's signer makes of these requests, worked out by hand from its source. */
  const ofGolangsdk = [
    {
      why: 'sorts the query without regard to case, and keeps the first of equal names',
      method: 'GET',
      target: '/v1/x?b=2&A=1&C=%2F&b=1',
      body: '',
      canonical: ['GET', '/v1/x/', 'A=1&b=2&C=%2F', 'x-sdk-date:20260115T103000Z', '', 'x-sdk-date', hashOf('')],
    },
    {
      why: 'takes the query of a POST without a body for the body',
      method: 'POST',
      target: '/v1/x?b=2+3&a=*&b=1',
      body: '',
      canonical: ['POST', '/v1/x/', '', 'x-sdk-date:20260115T103000Z', '', 'x-sdk-date', hashOf('a=%2A&b=2+3&b=1')],
    },
  ];
  test.each(ofGolangsdk)('golangsdk $why, and only its form may', ({ method, target, body, canonical }) => {
    const request = sent({ method, target, headers: { 'X-Sdk-Date': '20260115T103000Z' }, body });
    const at = Date.parse('2026-01-15T10:30:00Z');
    const isAccepted = (form: Form): boolean =>
      isSignedWith('s', request, parseSdkAuthorization(authorize(canonical, { form, at, secret: 's' })));
    expect(isAccepted('scope')).toBe(true);
    expect(isAccepted('access')).toBe(false);
    expect(isAccepted('v11')).toBe(false);
  });
});

describe('a canonical request', () => {
  const headers = { 'x-sdk-date': '20260115T103000Z', empty: '', spaces: '  a  b  ', umlaut: 'Ã¼' };
  const linesOf = (target: string, signedHeaders = 'x-sdk-date'): string[] =>
    canonicalRequest(sent({ method: 'GET', target, headers }), signedHeaders).split('\n');

  test.each([
    ['/', '/'],
    ['', '/'],
    ['/a', '/a/'],
    ['/a/', '/a/'],
    ['/a//b', '/a//b/'],
    ['/a/../b/.', '/a/../b/./'],
    ['/%7Eme/%61', '/~me/a/'],
    ['/a%2fb', '/a%2Fb/'],
    ["/*()'!", '/%2A%28%29%27%21/'],
    ['/100%/%zz', '/100%25/%25zz/'],
    ['/%C3%BC', '/%C3%BC/'],
    ['/Ã¼', '/%C3%BC/'],
    ['/a+b', '/a%2Bb/'],
  ])('has for the path %j the line %j', (target, line) => {
    expect(linesOf(target)[1]).toBe(line);
  });

  test.each([
    ['', ''],
    ['?', ''],
    ['?flag', 'flag='],
    ['?a=', 'a='],
    ['?b=1&a=2', 'a=2&b=1'],
    ['?a=2&a=1&a=10', 'a=1&a=10&a=2'],
    ['?B=1&a=2&A=3', 'A=3&B=1&a=2'],
    ['?a[0]=1&aB=2', 'aB=2&a%5B0%5D=1'],
    ['?a=b=c', 'a=b%3Dc'],
    ['?a+b=c+d', 'a%20b=c%20d'],
    ['?a=1&&b=2&', 'a=1&b=2'],
    ['?a=%2f%7e*', 'a=%2F~%2A'],
    ['?a=1?2', 'a=1%3F2'],
  ])('has for the query %j the line %j', (query, line) => {
    expect(linesOf(`/x${query}`)[2]).toBe(line);
  });

  it('has the signed headers in the order given, trimmed at both ends', () => {
    expect(linesOf('/', 'x-sdk-date;spaces;empty;absent').slice(3, 9)).toEqual([
      'x-sdk-date:20260115T103000Z',
      'spaces:a  b',
      'empty:',
      'absent:',
      '',
      'x-sdk-date;spaces;empty;absent',
    ]);
  });

  it('keeps the bytes of a text that ends like a blank', () => {
    // Latin-1 of the UTF-8 of à: its last byte is a blank to JavaScript.
    const request = sent({ method: 'GET', target: '/', headers: { name: ' voilÃ\u00a0\t' } });
    expect(canonicalRequest(request, 'name').split('\n')[3]).toBe('name:voilÃ\u00a0');
  });

  it('is hashed byte for byte', () => {
    const canonical = canonicalRequest(sent({ method: 'GET', target: '/', headers }), 'umlaut');
    const form = parseSdkAuthorization(`SDK-HMAC-SHA256 Access=a, SignedHeaders=x-sdk-date, Signature=0`).form;
    const asUtf8 = canonical.replace('Ã¼', 'ü');
    expect(stringToSign(form, 'date', undefined, canonical).split('\n').at(-1)).toBe(hashOf(asUtf8));
  });
});

describe('the header', () => {
  const good = 'SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=00';

  test.each([
    ['commas without blanks', good.replaceAll(', ', ',')],
    ['more blanks', good.replaceAll(', ', ' ,   ')],
    ['another order', 'SDK-HMAC-SHA256 Signature=00, Access=AK, SignedHeaders=host;x-sdk-date'],
  ])('may have %s', (_, text) => {
    expect(parseSdkAuthorization(text)).toMatchObject({
      ...{ access: 'AK', signedHeaders: 'host;x-sdk-date', signature: '00' },
    });
  });

  test.each([
    ['SDK-HMAC-SM3 Access=AK, SignedHeaders=x-sdk-date, Signature=00', 'the algorithm SDK-HMAC-SM3 is not supported'],
    ['SDK-ECDSA-P256-SHA256 Access=AK', 'the algorithm SDK-ECDSA-P256-SHA256 is not supported'],
    ['SDK-SM2-SM3 Access=AK', 'the algorithm SDK-SM2-SM3 is not supported'],
    ['SDK-HMAC-SHA256', 'Access is missing in Authorization'],
    [good.replace('Access=AK', 'Access='), 'Access is missing in Authorization'],
    [good.replace('Access=AK, ', ''), 'Access is missing in Authorization'],
    [good.replace(', Signature=00', ''), 'Signature is missing in Authorization'],
    [good.replace('SignedHeaders=host;x-sdk-date, ', ''), 'SignedHeaders is missing in Authorization'],
    [good.replace(';x-sdk-date', ''), 'x-sdk-date is not signed'],
    [good.replace('Access=AK', 'Credential=AK'), 'the scope  is malformed'],
    [good.replace('Access=AK', 'Credential=AK/20260115/eu-de/kms'), 'the scope 20260115/eu-de/kms is malformed'],
    [
      good.replace('SDK-HMAC', 'V11-HMAC').replace('Access=AK', `Credential=AK/20260115/${'a'.repeat(65)}/kms`),
      `the scope 20260115/${'a'.repeat(65)}/kms is malformed`,
    ],
    [good.replace('SDK-HMAC', 'V11-HMAC'), 'Credential is missing in Authorization'],
    [
      good.replace('SDK-HMAC', 'V11-HMAC').replace('Access=AK', 'Credential=AK/20260115/a/b/c'),
      'the scope 20260115/a/b/c is malformed',
    ],
  ])('%s: %s', (text, message) => {
    expect(() => parseSdkAuthorization(text)).toThrow(new MalformedSignature(message));
  });
});

describe('the time of signing', () => {
  const at = (date: string, scope?: string): number =>
    signingTime(sent({ method: 'GET', target: '/', headers: { 'x-sdk-date': date } }), { scope });

  it('is UTC', () => {
    expect(at('20260115T103000Z')).toBe(Date.UTC(2026, 0, 15, 10, 30));
    expect(at('20260115T103000Z', '20260115/eu-de/kms')).toBe(Date.UTC(2026, 0, 15, 10, 30));
  });

  test.each([
    ['', undefined, 'x-sdk-date is missing'],
    ['2026-01-15T10:30:00Z', undefined, 'x-sdk-date 2026-01-15T10:30:00Z is not of the form YYYYMMDDTHHMMSSZ'],
    ['20261315T103000Z', undefined, 'x-sdk-date 20261315T103000Z is not of the form YYYYMMDDTHHMMSSZ'],
    ['20260115T103000', undefined, 'x-sdk-date 20260115T103000 is not of the form YYYYMMDDTHHMMSSZ'],
    ['20260115T103000Z', '20260114/a/b', 'the scope 20260114/a/b is of another day than x-sdk-date 20260115T103000Z'],
  ])('%j with the scope %j: %s', (date, scope, message) => {
    expect(() => at(date, scope)).toThrow(new MalformedSignature(message));
  });
});

test.each([
  ['', true],
  ['UNSIGNED-PAYLOAD', true],
  [hashOf('{}'), true],
  [hashOf('{}').toUpperCase(), true],
  [hashOf('{ }'), false],
])('a body {} that is declared as %j is that: %s', (declared, truth) => {
  const request = sent({ method: 'GET', target: '/', headers: { 'x-sdk-content-sha256': declared }, body: '{}' });
  expect(isBodyAsDeclared(request)).toBe(truth);
});
