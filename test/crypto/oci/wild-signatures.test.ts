import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOciAuthorization } from '../../../src/crypto/oci/authorization.ts';
import { checkOciSignature } from '../../../src/crypto/oci/check-signature.ts';
import { keyIdOf } from '../../../src/crypto/oci/key-id.ts';
import type { OciRequest } from '../../../src/crypto/oci/signed-request.ts';
import { bodyHeaders, date, host, signed, withHeader, withMore, type Header } from './oci-signer.ts';
import { signedAt, testKey } from './vectors.ts';

const check = (request: OciRequest, contentType: 'as-sent' | 'media-type' = 'as-sent') =>
  checkOciSignature(request, {
    ...{ now: signedAt, contentType },
    keyOf: (id) => (keyIdOf(id) === testKey.keyId ? testKey : undefined),
  });

/** Every run the same, so that it gets as far each time. */
const everyRun = { seed: 20140105 };

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytes = fc.uint8Array({ maxLength: 30 }).map(latin1);
/** Any text, beyond what a request can hold, too. */
const anything = fc.oneof(bytes, fc.string({ unit: 'binary', maxLength: 30 }));

/** Parameters of Authorization that are right, and some that are not. */
const parameters = fc
  .shuffledSubarray(
    [
      ...['algorithm="rsa-sha256"', 'signature="AAAA"', 'version="1"', `keyId="${testKey.keyId}"`],
      ...['headers="date (request-target) host"', 'opaque="x"', 'created=1'],
    ],
    { minLength: 4 },
  )
  .map((all) => `Signature ${all.join(',')}`);
const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom('version="2"', 'keyId="ST$x"', 'headers=""', 'headers="x-date host"', 'signature="====" '),
      fc.constantFrom(',', ', ', '"', '\\', '=', ' ', '\t', '==', 'a=b', '\\"', '\0', '(request-target)'),
      anything,
    ),
    { maxLength: 12 },
  )
  .chain((all) => fc.constantFrom(',', '', ', ').map((gap) => `Signature ${all.join(gap)}`));

const wildRequest = fc.record({
  method: fc.oneof(fc.constantFrom('GET', 'POST', 'PUT', 'get'), anything),
  target: fc.oneof(fc.constantFrom('/', '*', '', '/n/a/b/c/o/d', 'http://'), anything),
  headers: fc.array(
    fc.oneof(
      fc.tuple(fc.constant('Authorization'), fc.oneof({ arbitrary: parameters, weight: 4 }, pieces, anything)),
      fc.tuple(fc.constantFrom('Date', 'x-date'), fc.oneof(fc.constant(date), anything)),
      fc.tuple(fc.constantFrom('Host', 'content-length', 'content-type', 'x-content-sha256'), anything),
      fc.tuple(anything, anything),
    ),
    { maxLength: 8, size: 'max' },
  ),
  body: fc.uint8Array({ maxLength: 20 }),
});

test('whatever comes is refused, and nothing is thrown', async () => {
  const checks = new Set<string>();
  await fc.assert(
    fc.asyncProperty(wildRequest, fc.constantFrom('as-sent', 'media-type'), async (request, contentType) => {
      const verdict = await check(request, contentType);
      expect(verdict).toMatchObject({ accepted: false, why: expect.stringMatching(/\.$/) as string });
      if (!verdict.accepted) checks.add(verdict.check);
    }),
    { ...everyRun, numRuns: 3000 },
  );
  expect([...checks], 'not all of it ends in the same place').toEqual(
    expect.arrayContaining(['authorization', 'signed headers', 'signing time', 'signature']),
  );
});

/** Parts of a signed request that are exchanged for anything, so that checks behind the first ones see odd things, too. */
test('whatever stands in a part of a signed request, nothing is thrown', async () => {
  const whole = signed({ body: Buffer.from('{"key":1}') });
  const names = whole.headers.map(([name]) => name);
  const authorization = whole.headers.at(-1)![1];
  const parameter = fc.constantFrom('version', 'keyId', 'algorithm', 'headers', 'signature');
  const exchanged = fc.oneof(
    fc.tuple(fc.constantFrom(...names), anything).map(([name, value]) => withHeader(whole, name, value)),
    fc.tuple(parameter, anything).map(([name, value]) => {
      const text = authorization.replace(new RegExp(`${name}="[^"]*"`), () => `${name}="${value}"`);
      return withHeader(whole, 'Authorization', text);
    }),
    anything.map((method): OciRequest => ({ ...whole, method })),
    anything.map((target): OciRequest => ({ ...whole, target })),
    fc.uint8Array().map((body): OciRequest => ({ ...whole, body })),
  );
  await fc.assert(
    fc.asyncProperty(exchanged, async (request) => {
      expect(typeof (await check(request)).accepted).toBe('boolean');
    }),
    { numRuns: 2000 },
  );
});

describe('a million characters are read as fast as they come', () => {
  const million = 1_000_000;
  test.each<[what: string, authorization: string]>([
    ['blanks', `Signature ${' '.repeat(million)}`],
    ['commas', `Signature ${','.repeat(million)}`],
    ['quotes', `Signature a=${'"'.repeat(million)}`],
    ['an open quote', `Signature a="${'b'.repeat(million)}`],
    ['backslashes', `Signature a="${'\\'.repeat(million)}`],
    ['escaped quotes', `Signature a="${'\\"'.repeat(million / 2)}`],
    ['a long name', `Signature ${'a'.repeat(million)}`],
    ['many parameters', `Signature ${'a="",'.repeat(million / 5)}`],
    ['many blanks between parameters', `Signature a="" ${' '.repeat(million)}x`],
    ['many names', `Signature algorithm="rsa-sha256",signature="A",headers="${'date '.repeat(million / 5)}"`],
    [
      'many different names',
      `Signature algorithm="rsa-sha256",signature="A",headers="date (request-target) host ${Array.from({ length: million / 10 }, (_, index) => `x${index}`).join(' ')}"`,
    ],
    ['many slashes', `Signature algorithm="rsa-sha256",signature="A",keyId="${'/'.repeat(million)}"`],
    ['no end', 'Signature '.repeat(million / 10)],
  ])('%s', async (_, authorization) => {
    const request = withHeader(signed(), 'Authorization', authorization);
    expect(await check(request)).toMatchObject({ accepted: false });
  });

  test.each<[what: string, change: (request: OciRequest) => OciRequest]>([
    ['blanks in a value', (request) => withHeader(request, 'Host', `${' '.repeat(million)}x${' '.repeat(million)}x`)],
    ['a date of digits', (request) => withHeader(request, 'Date', `Sun, ${'1'.repeat(million)}`)],
    ['slashes in the target', (request) => ({ ...request, method: 'PUT', target: '/n/b'.repeat(million / 4) })],
    ['a scheme in the target', (request) => ({ ...request, target: 'a'.repeat(million) })],
  ])('%s', async (_, change) => {
    expect(await check(change(signed()))).toMatchObject({ accepted: false });
  });

  test('headers that are not signed, which do no harm', async () => {
    const many = Array.from({ length: million / 10 }, (): Header => ['x', 'y']);
    expect(await check(withMore(signed(), ...many))).toMatchObject({ accepted: true });
  });
});

/** What goes on a request line, a byte in each character. */
const segment = fc.string({ unit: fc.constantFrom(...Array.from("abcXYZ019-._~!$&'()*+,;=:@%/?|^{}")), maxLength: 20 });
const headerValue = fc.uint8Array({ maxLength: 20 }).map((all) =>
  latin1(all.map((byte) => (byte < 0x20 ? byte + 0x40 : byte)))
    .replace('\x7f', '')
    .trim(),
);
const requests = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'),
    path: segment,
    value: headerValue,
    body: fc.uint8Array({ maxLength: 40 }),
    order: fc.shuffledSubarray(
      ['date', '(request-target)', 'host', 'content-length', 'content-type', 'x-content-sha256', 'X-Own'],
      { minLength: 7 },
    ),
  })
  .map(({ method, path, value, body, order }) => {
    const headers: Header[] = [['date', date], ['Host', host], ['x-own', value], ...bodyHeaders(body)];
    return signed({ method, target: `/${path}`, body, headers, names: order.join(' ') });
  });

describe('signed by another', () => {
  test('is accepted, whatever its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        expect(await check(request)).toMatchObject({ accepted: true });
      }),
      { numRuns: 300 },
    );
  });

  const changed = (text: string, at: number, change: number): string => {
    const all = Buffer.from(text, 'latin1');
    all[at % all.length]! ^= change;
    return latin1(all);
  };
  const inHeader = (name: string) => (request: OciRequest, at: number, change: number) =>
    withHeader(request, name, changed(request.headers.find(([other]) => other === name)![1], at, change));
  const tampered: Readonly<Record<string, (request: OciRequest, at: number, change: number) => OciRequest>> = {
    method: (request, at, change) => ({ ...request, method: changed(request.method, at, change) }),
    target: (request, at, change) => ({ ...request, target: changed(request.target, at, change) }),
    body: (request, at, change) => ({
      ...request,
      body: Buffer.from(changed(latin1(request.body), at, change), 'latin1'),
    }),
    date: inHeader('date'),
    host: inHeader('Host'),
    'a header that is signed besides': inHeader('x-own'),
    'content-type': inHeader('Content-Type'),
    'the digest of the body': inHeader('X-Content-SHA256'),
    'the signature': (request, at, change) => {
      const [, begin = '', signature = ''] = /^(.*signature=")([^"]+)/.exec(request.headers.at(-1)![1])!;
      return withHeader(request, 'Authorization', `${begin}${changed(signature, at, change)}"`);
    },
  };

  /** What is signed of it: blanks at either end of a value are not, nor the case of a method, nor a fragment; no path is the path /. */
  const meaning = ({ method, target, headers, body }: OciRequest): string =>
    JSON.stringify([
      ...[method.toLowerCase(), target.replace(/#.*/s, '') || '/', latin1(body)],
      headers.map(([name, value]) => [name, value.replaceAll(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')]),
    ]);

  test.each(Object.entries(tampered))('is refused with one other byte in %s', async (_, tamper) => {
    const at = fc.nat();
    const change = fc.integer({ min: 1, max: 255 });
    await fc.assert(
      fc.asyncProperty(requests, at, change, async (request, place, bits) => {
        const other = tamper(request, place, bits);
        fc.pre(meaning(other) !== meaning(request));
        expect(await check(other)).toMatchObject({ accepted: false });
      }),
      { numRuns: 200 },
    );
  });
});

test('what is read of Authorization is what was written, whatever it holds', () => {
  const value = fc.string({ unit: 'binary', maxLength: 20 });
  const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  fc.assert(
    fc.property(value, value, value, value, fc.array(value), (version, keyId, algorithm, signature, names) => {
      const headers = names.join(' ');
      const all = { version, keyId, algorithm, signature, headers };
      const text = Object.entries(all).map(([name, one]) => `${name}=${quoted(one)}`);
      expect(readOciAuthorization(`Signature ${text.join(', ')}`)).toEqual({
        ...all,
        headers: headers === '' ? [] : headers.split(' '),
      });
    }),
  );
});
