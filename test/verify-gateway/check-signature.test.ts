import { describe, expect, it, test } from 'vitest';
import { checkGatewaySignature, type GatewayKeys } from '../../src/verify-gateway/verify-gateway.ts';
import { keys } from './backend.ts';
import { pair, plain, signed, signedAt, withHeader, type Signed } from './gateway-signer.ts';
import { refusals } from './refusals.ts';
import { basicVectors, vectors } from './vectors.ts';

const minutes = (count: number): number => count * 60_000;
const check = (request: Signed, options: object = {}) =>
  checkGatewaySignature(request, { keys, now: () => signedAt, ...options });

describe('the vectors', () => {
  test.each(vectors)('$name', async ({ request, at, key, secret, canonicalRequest }) => {
    const now = () => at;
    expect(await checkGatewaySignature(request, { keys: { [key]: secret }, now })).toEqual({ key });
    const refusal = await checkGatewaySignature(request, { keys: { [key]: 'another' }, now });
    expect(refusal).toMatchObject({ status: 401, canonicalRequest });
  });

  test.each(basicVectors)('Basic of $key', async ({ key, secret, authorization }) => {
    const request = { method: 'GET', target: '/', headers: { Authorization: authorization }, body: Buffer.of() };
    expect(await checkGatewaySignature(request, { keys: { [key]: secret } })).toEqual({ key });
  });
});

test.each(refusals)('refuses $why: $text', async ({ request, text }) => {
  expect(await check(request)).toMatchObject({ status: 401, text });
});

describe('a date', () => {
  test.each([
    [-15, true],
    [-14, true],
    [14, true],
    [15, true],
    [-16, false],
    [16, false],
  ])('%i minutes off is in time: %s', async (off, isInTime) => {
    const verdict = await check(plain(), { now: () => signedAt + minutes(off) });
    expect('key' in verdict).toBe(isInTime);
  });

  it('may be off by another tolerance; by none that is no number', async () => {
    const now = () => signedAt + minutes(2);
    expect(await check(plain(), { now, tolerance: minutes(1) })).toMatchObject({ text: 'Signature expired.' });
    expect(await check(plain(), { now, tolerance: minutes(2) })).toEqual({ key: pair.key });
    expect(await check(plain(), { tolerance: Number.NaN })).toMatchObject({ text: 'Signature expired.' });
  });

  it('is that of the clock where nothing is said', async () => {
    expect(await checkGatewaySignature(plain(), { keys })).toMatchObject({ text: 'Signature expired.' });
  });
});

describe('keys', () => {
  const ways: readonly (readonly [string, GatewayKeys])[] = [
    ['an object', keys],
    ['a Map', new Map(Object.entries(keys))],
    ['a function', (key) => keys[key]],
    ['an asynchronous function', async (key) => keys[key]],
  ];
  test.each(ways)('are looked up in %s', async (_, source) => {
    expect(await check(plain(), { keys: source })).toEqual({ key: pair.key });
    const stranger = plain({ key: 'stranger' });
    expect(await check(stranger, { keys: source })).toMatchObject({ text: 'Signing key not found.' });
  });

  it('that cannot be looked up are an error, not a refusal', async () => {
    const broken = async () => Promise.reject(new Error('no connection'));
    await expect(check(plain(), { keys: broken })).rejects.toThrow('no connection');
  });
});

describe('the signature', () => {
  it('may stand in another header', async () => {
    const { Authorization = '', ...headers } = plain().headers;
    const moved = { ...plain(), headers: { ...headers, 'X-Gateway-Sign': Authorization } };
    expect(await check(moved, { header: 'X-Gateway-Sign' })).toEqual({ key: pair.key });
    expect(await check(moved)).toMatchObject({ text: 'Authorization not found.' });
  });

  it('covers the headers that it lists, in any order and case', async () => {
    const headers = { 'X-Stage': '\t RELEASE ', 'X-User': 'Gr\xc3\xbc\xc3\x9fe' };
    for (const signedHeaders of ['X-Sdk-Date;HOST;x-Stage', 'x-user;x-stage;x-sdk-date', 'x-sdk-date'])
      expect(await check(plain({ headers, signedHeaders }))).toEqual({ key: pair.key });
    const other = withHeader(plain({ headers, signedHeaders: 'x-sdk-date;x-user' }), 'X-User', 'Gr\xfc\xdfe');
    expect(await check(other)).toMatchObject({ text: 'Verify authroization failed.' });
  });

  it('covers each value of a header that came several times', async () => {
    const request = plain({ headers: { 'X-User': 'alice' }, signedHeaders: 'x-sdk-date;x-user' });
    const twice = (values: readonly string[]) =>
      checkGatewaySignature(
        { ...request, headers: { ...request.headers, 'X-User': values } },
        { keys, now: () => signedAt },
      );
    expect(await twice(['alice'])).toEqual({ key: pair.key });
    expect(await twice(['alice', 'bob'])).toMatchObject({ text: 'Verify authroization failed.' });
  });

  it('leaves out a body of which it says so, and does not ask for it', async () => {
    const headers = { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' };
    const request = plain({ method: 'PUT', headers, signedHeaders: 'x-sdk-content-sha256;x-sdk-date' });
    const body = () => Promise.reject(new Error('not to be read'));
    const options = { keys, now: () => signedAt };
    expect(await checkGatewaySignature({ ...request, body }, options)).toEqual({ key: pair.key });
  });

  it('covers the digest that stands for a body', async () => {
    const body = Buffer.from('{}');
    const digest = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
    const request = plain({ method: 'POST', body, headers: { 'X-Sdk-Content-Sha256': digest } });
    expect(await check(request)).toEqual({ key: pair.key });
    expect(await check({ ...request, body: Buffer.from('{ }') })).toMatchObject({
      text: 'Verify authroization failed.',
    });
  });

  it.each([
    ['/a%2Fb', '/a%2Fb/'],
    ['/a%2Fb', '/a/b/'],
    ['/a%2fb/%2F?%2f=1', '/a/b//'],
  ])('of %s may be over %s', async (target, path) => {
    const query = target.includes('?') ? '%2F=1' : '';
    expect(await check(signed({ method: 'GET', target, canonical: [path, query] }))).toEqual({ key: pair.key });
  });
});

it('asks for no body before everything else is right', async () => {
  const body = () => Promise.reject(new Error('not to be read'));
  const early = refusals.filter(({ text }) => text !== 'Verify authroization failed.');
  for (const { request, text } of early)
    expect(await checkGatewaySignature({ ...request, body }, { keys, now: () => signedAt })).toMatchObject({ text });
});
