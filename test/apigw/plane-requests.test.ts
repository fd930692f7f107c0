import { describe, expect, test } from 'vitest';
import { useBackend, valueOf, valuesOf } from '../support/gateway-backend.ts';
import { ask } from '../support/gateway-client.ts';
import { type Api, hmacKey, prefix, useGateway } from '../support/gateway-plane.ts';
import { verdictOf } from '../support/gateway-signature.ts';

const backend = await useBackend();
const gateway = await useGateway();
const { url } = gateway;

type Backend = Partial<NonNullable<Api['definition']['backend_api']>>;

const proxied = (definition: Api['definition'], api: Backend = {}, key: Api['key'] = hmacKey): Api => ({
  definition: { ...definition, backend_api: { url_domain: backend.host, ...api } },
  key,
});

/** The signature is what the backend computes. */
function expectSigned(): ReturnType<typeof backend.last> {
  const heard = backend.last();
  const { signature, expected, access, canonicalRequest } = verdictOf(heard, hmacKey.secret);
  expect([access, signature]).toEqual([hmacKey.key, expected]);
  const record = gateway.records.at(-1)!;
  expect(record.signature).toMatchObject({ signature, canonicalRequest });
  expect(record.sent).toMatchObject({ method: heard.method, target: heard.target });
  expect(record.sent!.url).toBe(`http://${backend.host}${heard.target}`);
  expect([...heard.rawHeaders]).toEqual([...record.sent!.rawHeaders, 'Connection', 'keep-alive']);
  expect(record.sent!.bodyLength).toBe(heard.body.length);
  return heard;
}

describe('the path that is sent', () => {
  const rows: readonly (readonly [string, Api, string, string])[] = [
    ['the backend’s own', proxied({ req_uri: '/a' }, { req_uri: '/b' }), '/a', '/b'],
    ['with a slash', proxied({ req_uri: '/a' }, { req_uri: '/b/' }), '/a', '/b/'],
    ['without one at its beginning', proxied({ req_uri: '/a' }, { req_uri: 'b' }), '/a', '/b'],
    ['in other letters', proxied({ req_uri: '/a' }, { req_uri: '/Grüße #1' }), '/a', '/Gr%C3%BC%C3%9Fe%20%231'],
    ['encoded already', proxied({ req_uri: '/a' }, { req_uri: '/%7e/x' }), '/a', '/%7e/x'],
    ['a name', proxied({ req_uri: '/a/{x}' }, { req_uri: '/b/{x}/c' }), '/a/1', '/b/1/c'],
    [
      'encoded',
      proxied({ req_uri: '/a/{x}' }, { req_uri: '/b/{x}' }),
      '/a/M%c3%bcnchen%20Ost',
      '/b/M%C3%BCnchen%20Ost',
    ],
    [
      'of all kinds',
      proxied({ req_uri: '/{x}' }, { req_uri: '/{x}' }),
      "/a:b@c;d=e,f!*'()$&",
      '/a%3Ab%40c%3Bd%3De%2Cf%21%2A%27%28%29%24%26',
    ],
    ['no UTF-8', proxied({ req_uri: '/{x}' }, { req_uri: '/{x}' }), '/%ff%00', '/%FF%00'],
    ['a plus', proxied({ req_uri: '/{x}' }, { req_uri: '/{x}' }), '/1+1', '/1%2B1'],
    ['two names', proxied({ req_uri: '/{x}/{y}' }, { req_uri: '/{y}-{x}' }), '/1/2', '/2-1'],
    ['SWA', proxied({ req_uri: '/a', match_mode: 'SWA' }, { req_uri: '/b' }), '/a', '/b'],
    ['SWA, a slash', proxied({ req_uri: '/a', match_mode: 'SWA' }, { req_uri: '/b' }), '/a/', '/b/'],
    ['SWA, more', proxied({ req_uri: '/a', match_mode: 'SWA' }, { req_uri: '/b' }), '/a/c/d/', '/b/c/d/'],
    [
      'SWA of slashes',
      proxied({ req_uri: '/test/', match_mode: 'SWA' }, { req_uri: '/test2/' }),
      '/test/AA/CC',
      '/test2/AA/CC',
    ],
    ['SWA to a slash', proxied({ req_uri: '/a', match_mode: 'SWA' }, { req_uri: '/b/' }), '/a/c', '/b/c'],
    ['SWA from a slash', proxied({ req_uri: '/a/', match_mode: 'SWA' }, { req_uri: '/b' }), '/a/c', '/b/c'],
    ['SWA from all', proxied({ req_uri: '/', match_mode: 'SWA' }, { req_uri: '/' }), '/x/y', '/x/y'],
    [
      'SWA, as encoded',
      proxied({ req_uri: '/a', match_mode: 'SWA' }, { req_uri: '/b' }),
      '/%61/c%2Fd%20e/%7e~',
      '/b/c%2Fd%20e/%7e~',
    ],
    ['SWA, an encoded slash first', proxied({ req_uri: '/a', match_mode: 'SWA' }, { req_uri: '/b' }), '/a%2fc', '/b/c'],
    [
      'SWA, slashes and dots',
      proxied({ req_uri: '/a', match_mode: 'SWA' }, { req_uri: '/b' }),
      '/a//c/../d/./e',
      '/b//c/../d/./e',
    ],
    [
      'SWA after a name',
      proxied({ req_uri: '/{x}', match_mode: 'SWA' }, { req_uri: '/b/{x}' }),
      '/%41%20/c%2f',
      '/b/A%20/c%2f',
    ],
  ];
  test.each(rows)('%s', async (_what, api, target, expected) => {
    gateway.publish(api);
    expect((await ask(url, { target: prefix + target })).status).toBe(200);
    expect(expectSigned().target).toBe(expected);
  });
});

describe('the query that is sent', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['', ''],
    ['?', '?'],
    ['?a=1', '?a=1'],
    ['?b=2&a=x%20y&a=%26&empty=&Z=1', '?b=2&a=x%20y&a=%26&empty=&Z=1'],
    ['?a=2&a=1&a=10&A=0', '?a=2&a=1&a=10&A=0'],
    ['?flag&flag&=&=x&&', '?flag&flag&=&=x&&'],
    ['?q=a+b%2Bc', '?q=a%20b%2Bc'],
    ['?a+b=c', '?a%20b=c'],
    ['?a=b=c&d==', '?a=b=c&d=='],
    ['?x=%e4%bd%a0&y=%E4', '?x=%e4%bd%a0&y=%E4'],
    ["?a[0]=1&aB=2&*=()'!~", "?a[0]=1&aB=2&*=()'!~"],
    ['?a=?/:@', '?a=?/:@'],
    ['?%61=1&a=0', '?%61=1&a=0'],
  ];
  test.each(rows)('%s', async (query, expected) => {
    gateway.publish(proxied({ req_uri: '/' }, { req_uri: '/b' }));
    expect((await ask(url, { target: `${prefix}/${query}` })).status).toBe(200);
    expect(expectSigned().target).toBe(`/b${expected}`);
  });

  test('comes behind that of the definition', async () => {
    gateway.publish(proxied({}, { req_uri: '/b?fixed=1' }));
    await ask(url, { target: `${prefix}?a=1` });
    expect(expectSigned().target).toBe('/b?fixed=1&a=1');
    await ask(url, { target: prefix });
    expect(expectSigned().target).toBe('/b?fixed=1');
  });
});

describe('the body that is sent', () => {
  const bodies: readonly (readonly [string, Buffer])[] = [
    ['no bytes', Buffer.alloc(0)],
    ['UTF-8', Buffer.from('{"name":"Grüße","qty":3}')],
    ['every byte', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    ['more than one chunk', Buffer.alloc(1_000_000, 'abc')],
    ['12 MiB', Buffer.alloc(12 * 1024 * 1024, 'x')],
  ];
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'];
  const rows = bodies.flatMap(([what, body]) =>
    (body.length < 1000 ? methods : ['POST']).map((method) => [method, what, body] as const),
  );
  test.each(rows)('%s of %s', async (method, _what, body) => {
    gateway.publish(proxied({}, { req_uri: '/b' }));
    expect((await ask(url, { target: prefix, method, body })).status).toBe(200);
    const heard = expectSigned();
    expect([heard.method, heard.body.equals(body)]).toEqual([method, true]);
    const isBare = body.length === 0 && ['GET', 'DELETE', 'OPTIONS'].includes(method);
    expect(valueOf(heard.rawHeaders, 'content-length')).toBe(isBare ? undefined : String(body.length));
    expect(valueOf(heard.rawHeaders, 'transfer-encoding')).toBeUndefined();
  });

  test('in chunks: with its length, where it is signed', async () => {
    gateway.publish(proxied({}));
    await ask(url, { target: prefix, method: 'POST', headers: ['Transfer-Encoding', 'chunked'] });
    expect(valueOf(expectSigned().rawHeaders, 'content-length')).toBe('0');
  });

  test.each(['POST', 'PUT'])('none at all of %s has the length 0', async (method) => {
    gateway.publish(proxied({}));
    await ask(url, { target: prefix, method });
    expect(valueOf(expectSigned().rawHeaders, 'content-length')).toBe('0');
  });
});

describe('the method that is sent', () => {
  const rows = [
    ['GET', 'ANY', 'GET'],
    ['DELETE', 'ANY', 'DELETE'],
    ['GET', 'POST', 'POST'],
    ['POST', 'GET', 'GET'],
    ['PUT', 'PATCH', 'PATCH'],
  ] as const;
  test.each(rows)('%s, defined as %s: %s', async (asked, defined, sent) => {
    gateway.publish(proxied({}, { req_method: defined }));
    const given = await ask(url, { target: prefix, method: asked, body: asked === 'GET' ? undefined : 'abc' });
    expect([given.status, given.text]).toEqual([200, '{}']);
    expect(expectSigned().method).toBe(sent);
  });

  test('HEAD has no body, whoever asks for it', async () => {
    backend.answerWith((_req, res) => res.writeHead(200, { 'Content-Length': '2' }).end('{}'));
    gateway.publish(proxied({}));
    const head = await ask(url, { target: prefix, method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.text]).toEqual([200, '2', '']);
    expect(expectSigned().method).toBe('HEAD');
    gateway.publish(proxied({}, { req_method: 'HEAD' }));
    expect(await ask(url, { target: prefix })).toMatchObject({ status: 200, text: '' });
    expect(expectSigned().method).toBe('HEAD');
    gateway.publish(proxied({}, { req_method: 'GET' }));
    expect(await ask(url, { target: prefix, method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect(expectSigned().method).toBe('GET');
    backend.answerWith((_req, res) => res.end('{}'));
  });
});

describe('the headers that are sent', () => {
  const kept = [
    'X-A',
    '1',
    'x-a',
    '2',
    'ACCEPT',
    'text/*',
    'Cookie',
    'a=b',
    'X-Empty',
    '',
    'X-Latin',
    'Gr\u00fc\u00dfe',
    'X-Forwarded-For',
    '10.0.0.1',
  ];
  const dropped = [
    ...['Keep-Alive', 'timeout=5', 'TE', 'trailers', 'Proxy-Authorization', 'Basic eA==', 'Proxy-Connection', 'close'],
    ...[
      'X-Sdk-Date',
      '19700101T000000Z',
      'x-sdk-content-sha256',
      'UNSIGNED-PAYLOAD',
      'X-Apig-Mode',
      'none',
      'X-APIG-AppCode',
      'a',
    ],
    ...['X-Stage', 'RELEASE', 'Authorization', 'Bearer of-the-caller'],
  ];

  test('are those that came, in their order and letters, without what is between neighbours or the gateway’s own', async () => {
    gateway.publish(proxied({}));
    await ask(url, { target: prefix, headers: [...kept.slice(0, 6), ...dropped, ...kept.slice(6)] });
    const { rawHeaders } = expectSigned();
    expect(rawHeaders.slice(0, 2 + kept.length)).toEqual(['Host', backend.host, ...kept]);
    expect(rawHeaders.slice(2 + kept.length)).toEqual([
      ...[
        'X-Sdk-Date',
        '20260115T103000Z',
        'Authorization',
        expect.stringMatching(/^SDK-HMAC-SHA256 Access=signkeysignkey, /) as string,
      ],
      ...['Connection', 'keep-alive'],
    ]);
  });

  test('do not expect what the gateway has answered already', async () => {
    gateway.publish(proxied({}));
    const given = await ask(url, { target: prefix, method: 'POST', headers: ['Expect', '100-continue'], body: 'abc' });
    const { rawHeaders } = expectSigned();
    expect([given.status, valueOf(rawHeaders, 'expect')]).toEqual([200, undefined]);
  });

  test('are not those that Connection names', async () => {
    gateway.publish(proxied({}));
    const headers = ['X-Hop', '1', 'X-Kept', '1', 'Connection', 'close, X-Hop , x-other', 'x-hop', '2', 'X-Other', '3'];
    await ask(url, { target: prefix, headers });
    const { rawHeaders } = expectSigned();
    expect([valuesOf(rawHeaders, 'x-hop'), valuesOf(rawHeaders, 'x-other'), valuesOf(rawHeaders, 'x-kept')]).toEqual([
      [],
      [],
      ['1'],
    ]);
  });
});

describe('the answer', () => {
  test('has the backend’s headers, in their letters, each as often as it came, and the gateway’s own', async () => {
    gateway.publish(proxied({}));
    backend.answerWith((_req, res) => {
      const theirs = ['Set-Cookie', 'a=1', 'set-cookie', 'b=2', 'X-Thing', '1', 'X-Thing', '2', 'ETag', '"x"'];
      const between = [
        'Server',
        'backend',
        'X-Request-Id',
        'theirs',
        'X-Apig-Latency',
        '1',
        'Keep-Alive',
        'timeout=5',
        'Proxy-Authenticate',
        'Basic',
      ];
      res
        .writeHead(207, [...theirs, ...between, 'Connection', 'close, X-Named', 'X-Named', '1', 'Content-Length', '2'])
        .end('ok');
    });
    const given = await ask(url, { target: prefix });
    backend.answerWith((_req, res) => res.end('{}'));
    expect([given.status, given.text]).toEqual([207, 'ok']);
    const { rawHeaders, headers } = given;
    expect(valuesOf(rawHeaders, 'set-cookie')).toEqual(['a=1', 'b=2']);
    expect(valuesOf(rawHeaders, 'x-thing')).toEqual(['1', '2']);
    expect(rawHeaders).toContain('ETag');
    expect(headers).toMatchObject({ server: 'api-gateway', 'content-length': '2', connection: 'close' });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(headers['x-request-id']).toBe(gateway.records.at(-1)!.requestId);
    for (const name of ['x-apig-latency', 'keep-alive', 'proxy-authenticate', 'x-named'])
      expect(headers[name]).toBeUndefined();
    backend.last();
  });

  test.each([204, 304])('%i has no body', async (status) => {
    gateway.publish(proxied({}));
    backend.answerWith((_req, res) => res.writeHead(status, { ETag: '"x"' }).end());
    expect(await ask(url, { target: prefix })).toMatchObject({ status, text: '', headers: { etag: '"x"' } });
    backend.answerWith((_req, res) => res.end('{}'));
    backend.last();
  });

  test.each([301, 302, 307])('%i is handed on, not followed', async (status) => {
    gateway.publish(proxied({}));
    const location = `http://${backend.host}/elsewhere`;
    backend.answerWith((_req, res) => res.writeHead(status, { Location: location }).end());
    expect(await ask(url, { target: prefix })).toMatchObject({ status, headers: { location } });
    backend.answerWith((_req, res) => res.end('{}'));
    expect(backend.last().target).toBe('/');
  });

  test('tells how long it took to whoever debugs', async () => {
    gateway.publish(proxied({}));
    const { headers } = await ask(url, { target: prefix, headers: ['X-Apig-Mode', 'debug'] });
    expect([headers['x-apig-latency'], headers['x-apig-upstream-latency']]).toEqual([
      expect.stringMatching(/^\d+$/),
      expect.stringMatching(/^\d+$/),
    ]);
    backend.last();
    gateway.publish({ definition: { backend_type: 'MOCK', mock_info: {} } });
    const mocked = await ask(url, { target: prefix, headers: ['X-Apig-Mode', 'debug'] });
    expect(mocked.headers['x-apig-latency']).toMatch(/^\d+$/);
    expect(mocked.headers).not.toHaveProperty('x-apig-upstream-latency');
  });
});
