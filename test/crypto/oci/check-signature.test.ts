import { describe, expect, it, test } from 'vitest';
import {
  checkOciSignature,
  ociTexts,
  type OciCheck,
  type OciCheckOptions,
  type OciKey,
} from '../../../src/crypto/oci/check-signature.ts';
import { keyIdOf } from '../../../src/crypto/oci/key-id.ts';
import type { OciRequest } from '../../../src/crypto/oci/signed-request.ts';
import {
  bodyHeaders,
  date,
  host,
  signed,
  usual,
  withHeader,
  withMore,
  withoutHeader,
  written,
  type Header,
  type Parameters,
  type ToSign,
} from './oci-signer.ts';
import { signedAt, testKey } from './vectors.ts';

type Options = Partial<OciCheckOptions<OciKey>>;

const check = (request: OciRequest, options: Options = {}) =>
  checkOciSignature(request, {
    ...{ now: signedAt, keyOf: (id) => (keyIdOf(id) === testKey.keyId ? testKey : undefined) },
    ...options,
  });

const { generic, signature } = ociTexts;
const post = (more: Partial<ToSign> = {}) => signed({ body: Buffer.from('{"key":1}'), ...more });
const base = ['date', '(request-target)', 'host'];
const dated: readonly Header[] = [
  ['Date', date],
  ['Host', host],
];
const [tenancyId, userId, fingerprint] = testKey.keyId.split('/') as [string, string, string];
/** A GET whose Authorization says other things than a signer's would. */
const saying = (change: (parameters: Parameters) => string) => signed({ write: change });
const stating = (change: Partial<Parameters>) => saying((parameters) => usual({ ...parameters, ...change }));

describe('what is signed is accepted', () => {
  const allNames = ['content-length', 'content-type', 'x-content-sha256'];
  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  test.each<[what: string, request: OciRequest]>([
    ['GET', signed()],
    ['HEAD', signed({ method: 'HEAD' })],
    ['DELETE', signed({ method: 'DELETE' })],
    ['OPTIONS', signed({ method: 'OPTIONS' })],
    ['POST', post()],
    ['PUT', post({ method: 'PUT' })],
    ['PATCH', post({ method: 'PATCH' })],
    ['POST of nothing', signed({ method: 'POST' })],
    ['POST of every byte', post({ body: everyByte })],
    ['POST beyond ASCII', post({ body: Buffer.from('{"description":"é✓"}') })],
    ['the names in another order', post({ names: [...allNames, 'host', '(request-target)', 'date'].join(' ') })],
    [
      'names and headers in any case',
      post({ names: 'DATE (Request-Target) HOST Content-Length Content-Type X-Content-Sha256' }),
    ],
    [
      'other headers besides',
      signed({
        headers: [...dated, ['opc-obo-token', 'abc'], ['x-subscription', '1']],
        names: 'date (request-target) host opc-obo-token x-subscription',
      }),
    ],
    ['a header that is not signed', withMore(signed(), ['Content-Type', 'application/json'], ['x-other', 'y'])],
    [
      'the values of a header that came twice, with comma and blank between them',
      signed({
        headers: [...dated, ['X-Two', 'a'], ['x-two', 'b']],
        names: 'date (request-target) host x-two',
        text: `date: ${date}\n(request-target): get /20160918/users?limit=1\nhost: ${host}\nx-two: a, b`,
      }),
    ],
    [
      'a header of nothing',
      signed({
        headers: [...dated, ['x-nothing', '']],
        names: 'x-nothing date (request-target) host',
        text: `x-nothing: \ndate: ${date}\n(request-target): get /20160918/users?limit=1\nhost: ${host}`,
      }),
    ],
    [
      'blanks around a value, which do not count',
      signed({
        headers: [...dated, ['x-blank', ' \t a b\t ']],
        names: 'date (request-target) host x-blank',
        text: `date: ${date}\n(request-target): get /20160918/users?limit=1\nhost: ${host}\nx-blank: a b`,
      }),
    ],
    [
      'bytes beyond ASCII in a header',
      signed({
        headers: [...dated, ['x-name', 'Gr\xc3\xbc\xc3\x9fe\xff']],
        names: 'date (request-target) host x-name',
      }),
    ],
    ['a host with a port', signed({ headers: [dated[0]!, ['Host', '127.0.0.1:18991']] })],
    ...['/', '/a%2Fb%20c.txt', '/keys/73%3A61', '//20160918/users', '/a?b=2&a=%c3%a9&a=+&c', '/a?', '/a/../b', '*'].map(
      (target): [string, OciRequest] => [`the target ${target}`, signed({ target })],
    ),
    ...Object.entries({
      'http://h:80/p?q=1': '/p?q=1',
      'HTTPS://h': '/',
      'http://h?q=http://x/': '/?q=http://x/',
      '/p?q=1#fragment': '/p?q=1',
      '?q=1': '/?q=1',
      '': '/',
    }).map(([target, path]): [string, OciRequest] => [
      `the target ${target}, signed as ${path}`,
      signed({ target, text: `date: ${date}\n(request-target): get ${path}\nhost: ${host}` }),
    ]),
  ])('%s', async (_, request) => {
    expect(await check(request)).toMatchObject({
      ...{ accepted: true, id: { tenancyId, userId, fingerprint }, key: testKey, warnings: [] },
    });
  });
});

describe('Authorization', () => {
  const names = ['version', 'keyId', 'algorithm', 'headers', 'signature'] as const;
  const spaced = (gap: string) => (parameters: Parameters) =>
    `Signature ${names.map((name) => `${name}="${parameters[name]}"`).join(gap)}`;
  test.each<[how: string, write: (parameters: Parameters) => string]>([
    ['as TypeScript writes it', usual],
    ['as Python writes it', written('algorithm', 'headers', 'keyId', 'signature', 'version')],
    ['as Java writes it', written('headers', 'keyId', 'algorithm', 'signature', 'version')],
    ['as Go writes it', written('version', 'headers', 'keyId', 'algorithm', 'signature')],
    ['with a blank after commas', spaced(', ')],
    ['with blanks and tabs around commas', spaced(' \t,\t ')],
    ['with names in other case', (parameters) => usual(parameters).replaceAll(/\w+="/g, (name) => name.toUpperCase())],
    ['without a version', written('keyId', 'algorithm', 'headers', 'signature')],
    ['with more blanks after the scheme', (parameters) => usual(parameters).replace(' ', '   ')],
    ['with blanks at its ends', (parameters) => `  ${usual(parameters)} \t`],
    [
      'with parameters that nobody knows',
      (parameters) => usual(parameters).replace('keyId', 'opaque="a,\\"b=\\\\",created=1402170695,a="",keyId'),
    ],
  ])('%s is read', async (_, write) => {
    expect(await check(signed({ write }))).toMatchObject({ accepted: true });
  });

  test.each<[what: string, request: OciRequest, why: string | RegExp]>([
    ['none', withoutHeader(signed(), 'Authorization'), 'There is no Authorization header.'],
    [
      'two',
      withMore(signed(), ['authorization', signed().headers.at(-1)![1]]),
      'There are 2 Authorization headers, and one is expected; a proxy may have added one.',
    ],
    ['one of another kind besides', withMore(signed(), ['AUTHORIZATION', 'Basic YTpi']), /^There are 2 /],
    ['an empty one', withHeader(signed(), 'Authorization', ''), 'The scheme is "" and has to be "Signature".'],
    ['another scheme', withHeader(signed(), 'Authorization', 'Bearer abc'), /^The scheme is "Bearer" and has /],
    ['the scheme in other case', saying((all) => usual(all).toLowerCase()), /^The scheme is written "signature" /],
    ['the scheme alone', withHeader(signed(), 'Authorization', 'Signature'), /^The scheme is written "Signature" /],
    [
      'no parameters',
      withHeader(signed(), 'Authorization', 'Signature x'),
      'name="value" is expected at character 12.',
    ],
    ['two in one', saying((all) => `${usual(all)},${usual(all)}`), /^name="value" is expected at character /],
    ['a comma at the end', saying((all) => `${usual(all)},`), /^name="value" is expected at character /],
    ['two commas', saying((all) => usual(all).replace(',', ',,')), /^name="value" is expected at character /],
    ['blanks around =', saying((all) => usual(all).replace('=', ' = ')), /^name="value" is expected at character /],
    ['no comma', saying((all) => usual(all).replace(',', ' ')), /^A comma is expected at character /],
    ['something behind it', saying((all) => `${usual(all)};`), /^A comma is expected at character /],
    [
      'no quotes',
      saying((all) => usual(all).replace('"1"', '1')),
      'The value of version has to stand in double quotes.',
    ],
    ['single quotes', saying((all) => usual(all).replaceAll('"', "'")), /^The value of version has to stand in double/],
    ['an open quote', saying((all) => usual(all).slice(0, -1)), 'The value of signature has no closing quote.'],
    ['an escaped end', saying((all) => `${usual(all).slice(0, -1)}\\"`), /no closing quote/],
    ['a parameter twice', saying((all) => `${usual(all)},KeyID="other"`), 'KeyID is there twice.'],
    ['version 2', stating({ version: '2' }), 'version is "2", and "1" is expected.'],
    ['another algorithm', stating({ algorithm: 'hmac-sha256' }), /^algorithm is "hmac-sha256", and "rsa-sha256" is /],
    ['an algorithm in capitals', stating({ algorithm: 'RSA-SHA256' }), /^algorithm is "RSA-SHA256"/],
    ['no algorithm', saying(written('version', 'keyId', 'headers', 'signature')), /^algorithm is ""/],
    ['no signature', saying(written('version', 'keyId', 'headers', 'algorithm')), 'signature is missing or empty.'],
    ['a very long algorithm', stating({ algorithm: 'x'.repeat(9999) }), /^algorithm is "x{560}…", and/],
  ])('%s is refused', async (_, request, why) => {
    const verdict = await check(request);
    expect(verdict).toMatchObject({ accepted: false, check: 'authorization', text: generic });
    expect(verdict).not.toHaveProperty('authorization');
    expect('why' in verdict && verdict.why).toMatch(why instanceof RegExp ? why : new RegExp(`^${escaped(why)}$`));
  });
});

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('signed headers', () => {
  const withBody = ['content-length', 'content-type', 'x-content-sha256'];
  const required = ['GET', 'HEAD', 'DELETE', 'POST', 'PUT', 'PATCH'].flatMap((method) =>
    [...base, ...(method.startsWith('P') ? withBody : [])].map((name, _, all) => ({ method, name, all })),
  );

  test.each(required)('$method has to sign $name', async ({ method, name, all }) => {
    const names = all.filter((other) => other !== name).join(' ');
    const verdict = await check(signed({ method, names }));
    expect(verdict).toMatchObject({ accepted: false, check: 'signed headers', text: generic });
    const lacking = name === 'date' ? 'date or x-date' : name;
    expect('why' in verdict && verdict.why).toMatch(
      new RegExp(`^"${method}" has to sign .*; headers="${escaped(names)}" lacks ${escaped(lacking)}\\.$`),
    );
  });

  test.each<[what: string, request: OciRequest, text: string, why: RegExp]>([
    [
      'none where `headers` is left out: date is signed',
      saying(written('keyId', 'algorithm', 'signature')),
      generic,
      /headers="date" lacks \(request-target\), host\.$/,
    ],
    ['none where `headers` is empty', stating({ headers: '' }), generic, /headers="" lacks date or x-date, /],
    [
      'one that did not come',
      withoutHeader(signed({ headers: [...dated, ['x-own', '1']], names: `${base.join(' ')} x-own` }), 'x-own'),
      signature,
      /^headers lists "x-own", and the request came without it\.$/,
    ],
    ['the host, where it did not come', withoutHeader(signed(), 'Host'), signature, /^headers lists "host", /],
    ['x-date, where it did not come', stating({ headers: 'x-date (request-target) host' }), signature, /"x-date"/],
    [
      'the pseudo header of a later draft',
      stating({ headers: `${base.join(' ')} (created)` }),
      signature,
      /"\(created\)"/,
    ],
    [
      'a name that objects have',
      stating({ headers: `${base.join(' ')} __proto__ constructor` }),
      signature,
      /"__proto__"/,
    ],
    ['names with two blanks between them', stating({ headers: base.join('  ') }), generic, /^headers has two blanks /],
    ['names with a blank behind them', stating({ headers: `${base.join(' ')} ` }), generic, /or one at an end/],
    ['one twice', stating({ headers: `${base.join(' ')} date` }), generic, /^headers lists "date" more than once\.$/],
    [
      'date, where x-date came and counts',
      withMore(signed(), ['X-Date', date]),
      generic,
      /^x-date is there and counts before date; headers="date \(request-target\) host" lacks it\.$/,
    ],
  ])('%s', async (_, request, text, why) => {
    const verdict = await check(request);
    expect(verdict).toMatchObject({ accepted: false, check: 'signed headers', text, id: { userId } });
    expect('why' in verdict && verdict.why).toMatch(why);
  });

  it('that did not come are told with the key, so that somebody can look further', async () => {
    const request = withoutHeader(signed(), 'Host');
    expect(await check(request)).toMatchObject({ key: testKey, authorization: { headers: base } });
    expect(await check(request, { keyOf: () => undefined })).not.toHaveProperty('key');
  });
});

describe('the time of signing', () => {
  const seconds = (count: number): number => signedAt + count * 1000;
  const xDated = (xDate: string, more: readonly Header[] = []) =>
    signed({ headers: [['x-date', xDate], ['Host', host], ...more], names: 'x-date (request-target) host' });

  test.each([
    [-302, false],
    [-301, true],
    [0, true],
    [300, true],
    [300.999, true],
    [301, false],
    [86_400, false],
    [Number.NaN, false],
  ])('%f seconds after it, it is in time: %s', async (off, isInTime) => {
    for (const request of [signed(), xDated(date)]) {
      const verdict = await check(request, { now: seconds(off) });
      expect(verdict).toMatchObject(isInTime ? { accepted: true } : { accepted: false, check: 'signing time' });
    }
  });

  it('is told as the service tells it', async () => {
    const now = Date.parse('2018-03-11T16:39:04.900Z');
    const request = signed({
      headers: [
        ['Date', 'Sun, 11 Mar 2018 16:32:46 GMT'],
        ['Host', host],
      ],
    });
    expect(await check(request, { now })).toMatchObject({
      text: "Date 'Sun, 11 Mar 2018 16:32:46 UTC' is not within allowed clock skew. Current 'Sun, 11 Mar 2018 16:39:04 UTC', valid datetime range: ['Sun, 11 Mar 2018 16:34:04 UTC', 'Sun, 11 Mar 2018 16:44:05 UTC']",
      why: 'date is 378 s behind the time here, Sun, 11 Mar 2018 16:39:04 UTC; at most 300 s are allowed.',
    });
    expect(await check(request, { now: now - 800_000 })).toMatchObject({
      why: 'date is 422 s ahead of the time here, Sun, 11 Mar 2018 16:25:44 UTC; at most 301 s are allowed.',
    });
  });

  it('is that of x-date where both came, however old date is', async () => {
    const stale = 'Sun, 05 Jan 2014 20:00:00 GMT';
    expect(await check(xDated(date, [['Date', stale]]))).toMatchObject({ accepted: true });
    expect(await check(xDated(stale, [['Date', date]]))).toMatchObject({
      ...{ check: 'signing time', why: expect.stringMatching(/^x-date is 5500 s behind /) as string },
    });
  });

  test.each(['Thu, 05 Jan 2014 21:31:40 GMT', 'Sun, 5 Jan 2014 21:31:40 GMT', 'Sun, 05 Jan 2014 21:31:40 UTC'])(
    'may be written %j',
    async (text) => {
      expect(await check(xDated(text))).toMatchObject({ accepted: true });
    },
  );

  test.each([
    ...['', 'yesterday', '2014-01-05T21:31:40Z', '1388957500', 'Sun, 05 Jan 2014 21:31:40', date.toLowerCase()],
    ...['Sunday, 05-Jan-14 21:31:40 GMT', 'Sun Jan  5 21:31:40 2014', 'Sun, 05 Jan 2014 21:31:40 +0000'],
    ...['Sun, 00 Jan 2014 21:31:40 GMT', 'Sun, 31 Feb 2014 21:31:40 GMT', 'Sun, 05 Foo 2014 21:31:40 GMT'],
    ...['Sun, 05 Jan 2014 24:00:00 GMT', 'Sun, 05 Jan 2014 21:60:00 GMT', `${date}, ${date}`, `Sun,  ${date.slice(5)}`],
  ])('may not be written %j', async (text) => {
    const verdict = await check(xDated(text));
    expect(verdict).toMatchObject({
      ...{ accepted: false, check: 'signing time', text: generic },
      why: `x-date is "${text}", and one like "Sun, 05 Jan 2014 21:31:40 GMT" is expected.`,
    });
  });

  it('is none where two of it came', async () => {
    expect(await check(withMore(signed(), ['date', date]))).toMatchObject({ check: 'signing time', text: generic });
  });
});

describe('key ids', () => {
  const upper = fingerprint.toUpperCase();
  test.each<[keyId: string, why: RegExp]>([
    ['', /^keyId is missing or empty\.$/],
    ['ST$eyJhbGciOiJSUzI1NiJ9.e30.c2ln', /^keyId is a session token/],
    [`${tenancyId}/fed-x509/AB:CD`, /^keyId names a certificate of an instance \(fed-x509\)/],
    [`${tenancyId}/fed-x509-sha256/AB:CD`, /^keyId names a certificate of an instance \(fed-x509-sha256\)/],
    [`${tenancyId}//${fingerprint}`, /^The user in keyId is empty, /],
    [`/${userId}/${fingerprint}`, /^The tenancy in keyId is empty\.$/],
    [`${tenancyId}/${userId}/`, /^The fingerprint in keyId is not 16 bytes/],
    [`${tenancyId}/${userId}`, /; it has 2 parts between slashes\.$/],
    [fingerprint, /; it has 1 part between slashes\.$/],
    [`${testKey.keyId}/more`, /; it has 4 parts between slashes\.$/],
    [`${userId}/${tenancyId}/${fingerprint}`, /user and tenancy in the wrong order/],
    [`${tenancyId}/${userId}/${upper}`, /^The fingerprint in keyId has capitals/],
    [`${tenancyId}/${userId}/${encodeURIComponent(fingerprint)}`, /percent-encoded/],
    [`${tenancyId}/${userId}/${fingerprint.slice(0, -3)}`, /not 16 bytes/],
    [`${tenancyId}/${userId}/${fingerprint.replaceAll(':', '')}`, /not 16 bytes/],
    [`${tenancyId}/${userId}/${fingerprint.replace('f3', 'f4')}`, /^There is no active API key "/],
    [`${tenancyId}x/${userId}/${fingerprint}`, /^There is no active API key "/],
    [`${tenancyId}/${userId}x/${fingerprint}`, /^There is no active API key "/],
  ])('%s is refused', async (keyId, why) => {
    const verdict = await check(signed({ keyId }));
    expect(verdict).toMatchObject({ accepted: false, check: 'api key', text: generic, authorization: { keyId } });
    expect('why' in verdict && verdict.why).toMatch(why);
  });

  it('of OCIDs as the vendor makes them are told to the last letter', async () => {
    const ocid = (kind: string): string => `ocid1.${kind}.oc1..aaaaaaaa${'b'.repeat(52)}`;
    const keyId = `${ocid('tenancy')}/${ocid('user')}/${fingerprint}`;
    expect(await check(signed({ keyId }))).toMatchObject({ why: `There is no active API key "${keyId}".` });
  });

  it('that cannot be looked up are an error, and no refusal', async () => {
    const keyOf = () => Promise.reject(new Error('no connection'));
    await expect(check(signed(), { keyOf })).rejects.toThrow('no connection');
  });
});

describe('the signature', () => {
  const right = signed();
  const bytes = Buffer.from(/signature="([^"]+)"/.exec(right.headers.at(-1)![1])![1]!, 'base64');
  const flipped = Buffer.from(bytes);
  flipped[200]! ^= 1;
  const other = 'The signature is not one by this key over what was received.';
  test.each<[what: string, request: OciRequest, why: string]>([
    ['another bit', stating({ signature: flipped.toString('base64') }), other],
    ['zeros', stating({ signature: Buffer.alloc(256).toString('base64') }), other],
    ['beyond the modulus', stating({ signature: Buffer.alloc(256, 0xff).toString('base64') }), other],
    ['another method', { ...right, method: 'DELETE' }, other],
    ['another query', { ...right, target: '/20160918/users?limit=2' }, other],
    ['the query in another order', { ...signed({ target: '/a?b=1&c=2' }), target: '/a?c=2&b=1' }, other],
    ['another encoding', { ...signed({ target: '/a%3Ab' }), target: '/a:b' }, other],
    ['another host', withHeader(right, 'Host', '127.0.0.1:5670'), other],
    ['the host with a port', withHeader(right, 'Host', `${host}:443`), other],
    ['another date', withHeader(right, 'Date', date.replace(':40', ':41')), other],
    ['names in another order', stating({ headers: 'host date (request-target)' }), other],
    [
      'a line feed at the end',
      signed({ text: `date: ${date}\n(request-target): get /\nhost: ${host}\n`, target: '/' }),
      other,
    ],
    [
      'Base64 without padding',
      stating({ signature: bytes.toString('base64').replaceAll('=', '') }),
      'signature is not written in Base64 (RFC 4648 4, with padding).',
    ],
    [
      'Base64 for URLs',
      stating({ signature: bytes.toString('base64url') }),
      'signature is not written in Base64 (RFC 4648 4, with padding).',
    ],
    [
      'hex',
      stating({ signature: bytes.toString('hex') }),
      'signature has 384 bytes, and one of a key of 2048 bits has 256.',
    ],
    [
      '128 bytes',
      stating({ signature: bytes.subarray(128).toString('base64') }),
      'signature has 128 bytes, and one of a key of 2048 bits has 256.',
    ],
    [
      '257 bytes',
      stating({ signature: Buffer.concat([Buffer.alloc(1), bytes]).toString('base64') }),
      'signature has 257 bytes, and one of a key of 2048 bits has 256.',
    ],
  ])('%s is refused', async (_, request, why) => {
    expect(await check(request)).toMatchObject({
      ...{ accepted: false, check: 'signature', text: signature, why },
      ...{ id: { tenancyId, userId, fingerprint }, key: testKey, authorization: { keyId: testKey.keyId } },
    });
  });
});

describe('content-type', () => {
  const utf8 = 'application/json; charset=utf-8';
  const typed = (type: string) =>
    post({
      headers: [
        ...dated,
        ...bodyHeaders('{"key":1}').map(([name, value]): Header => [name, name === 'Content-Type' ? type : value]),
      ],
    });
  const bare = typed('application/json');
  const sent: Readonly<Record<string, OciRequest>> = {
    'signed and sent with charset': typed(utf8),
    'signed and sent without': bare,
    'signed without, sent with charset': withHeader(bare, 'Content-Type', utf8),
    'signed without, sent with charset after a blank': withHeader(
      bare,
      'Content-Type',
      'application/json ;charset=utf-8',
    ),
    'signed with charset, sent without': withHeader(typed(utf8), 'Content-Type', 'application/json'),
  };
  test.each<[what: string, asSent: boolean, mediaType: boolean]>([
    ['signed and sent with charset', true, false],
    ['signed and sent without', true, true],
    ['signed without, sent with charset', false, true],
    ['signed without, sent with charset after a blank', false, true],
    ['signed with charset, sent without', false, false],
  ])('%s: as sent %s, by the media type alone %s', async (what, asSent, mediaType) => {
    expect((await check(sent[what]!)).accepted).toBe(asSent);
    expect((await check(sent[what]!, { contentType: 'as-sent' })).accepted).toBe(asSent);
    expect((await check(sent[what]!, { contentType: 'media-type' })).accepted).toBe(mediaType);
  });
});

describe('the body', () => {
  const nothing = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
  const nonAscii = Buffer.from('"é"');
  const measured = (length: string, hash?: string) => {
    const own = bodyHeaders(nonAscii);
    return post({
      body: nonAscii,
      headers: [...dated, ['content-length', length], own[1]!, ['x-content-sha256', hash ?? own[2]![1]]],
    });
  };
  test.each<[what: string, request: OciRequest, why: string | RegExp]>([
    [
      'other bytes of the same length',
      { ...post(), body: Buffer.from('{"key":2}') },
      /^x-content-sha256 is ".{44}", and that of the body is ".{44}"\.$/,
    ],
    [
      'more bytes',
      { ...post(), body: Buffer.from('{"key": 1}') },
      'content-length is "9", and that of the body is "10".',
    ],
    ['nothing', { ...post(), body: Buffer.alloc(0) }, 'content-length is "9", and that of the body is "0".'],
    ['a length in characters', measured('3'), 'content-length is "3", and that of the body is "4".'],
    ['a length with a zero in front', measured('04'), 'content-length is "04", and that of the body is "4".'],
    ['the digest of nothing', measured('4', nothing), new RegExp(`^x-content-sha256 is "${escaped(nothing)}", and `)],
    ['a digest in hex', measured('4', 'ab'.repeat(32)), /^x-content-sha256 is "(?:ab){32}"/],
    ['an empty digest', measured('4', ''), /^x-content-sha256 is ""/],
    [
      'a body of nothing that has another',
      { ...signed({ method: 'POST' }), body: Buffer.from('x') },
      /^content-length is "0"/,
    ],
  ])('%s: the signature is right, and it is refused', async (_, request, why) => {
    const verdict = await check(request);
    expect(verdict).toMatchObject({ accepted: false, check: 'body digest', text: signature, key: testKey });
    expect('why' in verdict && verdict.why).toMatch(why instanceof RegExp ? why : new RegExp(`^${escaped(why)}$`));
  });

  it('of a POST of nothing has its length and its digest', async () => {
    const request = signed({ method: 'POST' });
    expect(new Map(request.headers).get('X-Content-SHA256')).toBe(nothing);
    expect(await check(request)).toMatchObject({ accepted: true });
  });

  it('is read where it is signed, after all else, and nowhere else', async () => {
    const asked: string[] = [];
    const body = async () => (asked.push('body'), Buffer.from('{"key":1}'));
    const checking = (name: OciCheck) => asked.push(name);
    const options = { ...{ now: signedAt, checking }, keyOf: () => (asked.push('key'), testKey) };
    const order = ['authorization', 'signed headers', 'signing time', 'api key', 'key', 'signature', 'body digest'];
    expect(await checkOciSignature({ ...post(), body }, options)).toMatchObject({ accepted: true });
    expect(asked.splice(0)).toEqual([...order, 'body']);
    expect(await checkOciSignature({ ...signed(), body }, options)).toMatchObject({ accepted: true });
    expect(asked.splice(0)).toEqual(order);
    expect(await checkOciSignature({ ...post(), target: '/', body }, options)).toMatchObject({ accepted: false });
    expect(asked.splice(0)).toEqual(order.slice(0, -1));
  });

  it('that cannot be read is an error, and no refusal', async () => {
    const request = { ...post(), body: () => Promise.reject(new Error('gone')) };
    const options = { now: signedAt, keyOf: () => testKey };
    await expect(checkOciSignature(request, options)).rejects.toThrow('gone');
  });
});

describe('a body that need not be signed', () => {
  const uncovered =
    'There is a body, and x-content-sha256 is not signed: whether it is the one that was sent cannot be told.';
  const put = (target: string, names = base.join(' ')) =>
    signed({ method: 'PUT', target, names, body: Buffer.from('hello'), headers: [...dated, ...bodyHeaders('hello')] });

  test.each(['/n/ns/b/bkt/o/a%2Fb%20c.txt', '/n/ns/b/bkt/u/a?uploadId=1&uploadPartNum=1', '/echo/n/ns/b/bkt/o/a'])(
    'is that of an upload to Object Storage: %s',
    async (target) => {
      const unsigned = ['content-length', 'content-type', 'x-content-sha256'].map(
        (name) => `${name} is there, and not signed.`,
      );
      expect(await check(put(target))).toMatchObject({ accepted: true, warnings: [...unsigned, uncovered] });
      expect(await check({ ...put(target), body: Buffer.from('other') })).toMatchObject({ accepted: true });
      expect(await check(put(target), { objectStorage: false })).toMatchObject({ check: 'signed headers' });
      const whole = put(target, `${base.join(' ')} content-length content-type x-content-sha256`);
      expect(await check(whole)).toMatchObject({ accepted: true, warnings: [] });
      expect(await check({ ...whole, body: Buffer.from('other') })).toMatchObject({ check: 'body digest' });
    },
  );

  test.each([
    '/n/ns/b/bkt',
    '/n/ns/b/bkt/o',
    '/n/ns/b/bkt/o/',
    '/n/ns/b/bkt/p/a',
    '/n/b/bkt/o/a',
    '/a?/n/ns/b/bkt/o/a',
    '/xn/ns/b/bkt/o/a',
  ])('is not that of %s', async (target) => {
    expect(await check(put(target))).toMatchObject({ accepted: false, check: 'signed headers' });
  });

  it('is not that of another method', async () => {
    const request = signed({ method: 'POST', target: '/n/ns/b/bkt/o/a', names: base.join(' ') });
    expect(await check(request)).toMatchObject({ accepted: false, check: 'signed headers' });
  });

  test.each<[string, Header, readonly string[]]>([
    ['with a length', ['content-length', '5'], [uncovered]],
    ['in pieces', ['transfer-encoding', 'chunked'], [uncovered]],
    ['of nothing', ['content-length', '0'], []],
  ])('is that of a DELETE %s', async (_, header, warnings) => {
    expect(await check(withMore(signed({ method: 'DELETE' }), header))).toMatchObject({ accepted: true, warnings });
  });
});
