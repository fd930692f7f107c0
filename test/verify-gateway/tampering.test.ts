import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkGatewaySignature } from '../../src/verify-gateway/verify-gateway.ts';
import { keys } from './backend.ts';
import { pair, signed, signedAt, type Signed } from './gateway-signer.ts';

const encoded = (bytes: Uint8Array): string =>
  [...bytes]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytes = fc.uint8Array({ maxLength: 12 });
const pairs = fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 6 }), bytes), { maxLength: 5 });
const headerValue = fc.stringMatching(/^[\x21-\x7e\xa1-\xff]([\x20-\x7e\x80-\xff]{0,20}[\x21-\x7e\xa1-\xff])?$/);

/** A slash in a segment would be a slash of the path to the vendor's signers. */
const segment = bytes.map((all) => all.filter((byte) => byte !== 0x2f));

/** A request of parts that are known before they are encoded, so that the canonical one is made of these and not of what is sent. */
const requests = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'),
    segments: fc.array(segment, { minLength: 1, maxLength: 4 }),
    pairs,
    header: headerValue,
    body: fc.uint8Array({ maxLength: 40 }),
  })
  .map(({ method, segments, pairs: parameters, header, body }) => {
    const path = `/${segments.map(encoded).join('/')}`;
    const written = ([name, value]: readonly [Uint8Array, Uint8Array]): string => `${encoded(name)}=${encoded(value)}`;
    const query = parameters.map(written).join('&');
    const sorted = parameters.toSorted(([one, a], [other, b]) => Buffer.compare(one, other) || Buffer.compare(a, b));
    return signed({
      ...{ method, body, target: query === '' ? path : `${path}?${query}` },
      canonical: [path.endsWith('/') ? path : `${path}/`, sorted.map(written).join('&')],
      ...{ headers: { 'X-User': header }, signedHeaders: 'host;x-sdk-date;x-user' },
    });
  });

const check = (request: Signed) => checkGatewaySignature(request, { keys, now: () => signedAt });

const changed = (text: string, at: number, change: number): string => {
  const all = Buffer.from(text, 'latin1');
  all[at % all.length]! ^= change;
  return latin1(all);
};

/** Each part of a request with one byte changed. */
const tampered: Readonly<Record<string, (request: Signed, at: number, change: number) => Signed>> = {
  method: (request, at, change) => ({ ...request, method: changed(request.method, at, change) }),
  target: (request, at, change) => ({ ...request, target: changed(request.target, at, change) }),
  'a signed header': ({ headers, ...request }, at, change) => ({
    ...request,
    headers: { ...headers, 'X-User': changed(headers['X-User']!, at, change) },
  }),
  'the signature': ({ headers, ...request }, at, change) => {
    const [, begin = '', signature = ''] = /^(.*=)(\w+)$/.exec(headers['Authorization']!)!;
    return { ...request, headers: { ...headers, Authorization: begin + changed(signature, at, change) } };
  },
  body: (request, at, change) => ({
    ...request,
    body: Buffer.from(changed(latin1(request.body), at, change), 'latin1'),
  }),
};

/** What a target says, whichever of the ways to write it was taken: hex digits in either case, `a` for `a=`, the order of parameters. */
function meaning(target: string): string {
  const [path = '', ...query] = target.replaceAll(/%[0-9A-Fa-f]{2}/g, (hex) => hex.toUpperCase()).split('?');
  const parameters = query
    .join('?')
    .replaceAll('+', '%20')
    .split('&')
    .filter((part) => part !== '');
  return [path, ...parameters.map((part) => (part.includes('=') ? part : `${part}=`)).sort()].join('\n');
}

test('what is signed is accepted, whatever its bytes', async () => {
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      expect(await check(request)).toEqual({ key: pair.key });
    }),
  );
});

test.each(Object.entries(tampered))('one other byte in %s is refused', async (part, tamper) => {
  const at = fc.nat();
  const change = fc.integer({ min: 1, max: 255 });
  await fc.assert(
    fc.asyncProperty(requests, at, change, async (request, place, bits) => {
      fc.pre(part !== 'body' || request.body.length > 0);
      const other = tamper(request, place, bits);
      fc.pre(meaning(other.target) !== meaning(request.target) || part !== 'target');
      expect(await check(other)).toMatchObject({ status: 401 });
    }),
    { numRuns: 500 },
  );
});
