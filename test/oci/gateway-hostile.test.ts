import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { converse } from '../http/socket.ts';
import { ask } from '../support/gateway-client.ts';
import { send } from '../support/http.ts';
import { at, useOciGateway, type TestRoute } from '../support/oci-gateway.ts';

const gateway = await useOciGateway();
const { url, host, oci, signers } = gateway;
const { cyd, bob } = signers;
const keyId = `${cyd.tenancyId}/${cyd.userId}/${cyd.fingerprint}`;
const privateKeyPem = cyd.privateKey.export({ type: 'pkcs8', format: 'pem' });
const everything =
  'https://${request.headers[X-Host]}/${request.path[rest]}/${request.query[q]}?${request.headers[X-Query]}';

beforeAll(async () => {
  const item = { name: 'X-Made', values: ['${request.headers[X-Query]}${request.path[rest]}${request.query[q]}'] };
  const requestPolicies = {
    headerTransformations: { setHeaders: { items: [item] } },
    queryParameterTransformations: { setQueryParameters: { items: [{ ...item, ifExists: 'APPEND' }] } },
  };
  const signer = { url: everything, keyId, privateKeyPem };
  await gateway.deploy('/http', { path: '/{rest*}', backend: at(everything), requestPolicies });
  await gateway.deploy('/fn', {
    path: '/{rest*}',
    backend: { type: 'ORACLE_FUNCTIONS_BACKEND', signer },
    requestPolicies,
  });
});

const anyText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});
const visible = fc.string({
  unit: fc.constantFrom(...Array.from('abAB01/?&=%#;:@.,+-_~!$()*[]{}|^`"<>\\\'é')),
  maxLength: 60,
});

describe('whatever comes', () => {
  test('neither gateway nor echo fails', async () => {
    const prefix = fc.constantFrom('/oci', '/_oci', '/_oci/http', '/_oci/fn', '/_oci/fn/a', '/_oci//');
    const request = fc.record({
      target: fc.tuple(prefix, visible).map(([start, rest]) => `${start}/${Buffer.from(rest).toString('latin1')}`),
      method: fc.constantFrom('GET', 'POST', 'HEAD', 'DELETE', 'PATCH', 'OPTIONS', 'SEARCH'),
      hostName: fc.oneof(fc.constant('api.test'), anyText),
      authorization: fc.oneof(
        anyText,
        visible.map((text) => `Signature ${text}`),
        fc.constant(''),
      ),
      query: visible,
      body: fc.option(fc.uint8Array({ maxLength: 50 }), { nil: undefined }),
    });
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(request, async ({ target, method, hostName, authorization, query, body }) => {
        const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
        const headers = ['X-Host', latin1(hostName), 'X-Query', latin1(query), 'Authorization', latin1(authorization)];
        const path = target.replaceAll(/[\s#]/g, '_');
        const { status, text } = await ask(url, { target: path, method, headers, ...(body && { body }) });
        expect([200, 400, 401, 404, 502], `${method} ${path}: ${text}`).toContain(status);
        seen.add(status);
      }),
      { seed: 20260115, numRuns: 400 },
    );
    expect([...seen]).toEqual(expect.arrayContaining([200, 401, 404, 502]));
  });

  const wire: readonly (readonly [string, string, RegExp])[] = [
    [
      'two Hosts',
      `GET /_oci/http/x HTTP/1.1\r\nHost: ${host}\r\nHost: other.test\r\nX-Host: api.test\r\nConnection: close\r\n\r\n`,
      /^HTTP\/1\.1 4\d\d /,
    ],
    ['no Host', 'GET /_oci/http/x HTTP/1.0\r\nX-Host: api.test\r\n\r\n', /^HTTP\/1\.1 401 /],
    [
      'scheme and host in the target',
      `GET http://${host}/_oci/fn/x HTTP/1.1\r\nHost: other\r\nX-Host: api.test\r\nConnection: close\r\n\r\n`,
      /^HTTP\/1\.1 200 /,
    ],
    [
      'a fragment',
      `GET /_oci/fn/x#y HTTP/1.1\r\nHost: ${host}\r\nX-Host: api.test\r\nConnection: close\r\n\r\n`,
      /^HTTP\/1\.1 200 /,
    ],
    [
      'bytes in the target',
      `GET /_oci/fn/\u00e9\u00ff HTTP/1.1\r\nHost: ${host}\r\nX-Host: api.test\r\nConnection: close\r\n\r\n`,
      /^HTTP\/1\.1 (?:200|400) /,
    ],
    [
      'a header that is folded away',
      `GET /_oci/fn/x HTTP/1.1\r\nHost: ${host}\r\nX-Host: api.test\r\nConnection: close, X-Host, Host\r\n\r\n`,
      /^HTTP\/1\.1 200 /,
    ],
  ];
  test.each(wire)('%s', async (_what, text, expected) => {
    expect(await converse(url, text)).toMatch(expected);
  });
});

describe('what would become too long', () => {
  const grown = (count: number): TestRoute => ({
    path: '/{rest*}',
    backend: at('https://api.test/'),
    requestPolicies: {
      headerTransformations: {
        setHeaders: { items: [{ name: 'X-Long', values: ['${request.headers[X-Query]}'.repeat(count)] }] },
      },
    },
  });
  const bad = [502, '{"code":502,"message":"Bad Gateway"}'];
  const long = ['X-Query', 'a'.repeat(10_000)];

  test('among headers is not sent', async () => {
    await gateway.deploy('/long', grown(2000));
    const { status, text } = await ask(url, { target: '/_oci/long/x', headers: long });
    expect([status, text]).toEqual(bad);
    expect(await gateway.last()).toMatchObject({
      explanation: 'What the route makes of the request is too long for a back end.',
    });
    await gateway.deploy('/long', grown(3));
    expect((await ask(url, { target: '/_oci/long/x', headers: long })).status).toBe(401);
  });

  test('in a URL, or in a query, is not sent', async () => {
    await gateway.deploy('/long', {
      path: '/{rest*}',
      backend: at(`https://api.test/${'${request.headers[X-Query]}'.repeat(4)}`),
    });
    expect((await ask(url, { target: '/_oci/long/x', headers: long })).status).toBe(502);
    const items = [{ name: 'a', values: ['${request.query[q]}'.repeat(4)] }];
    const requestPolicies = { queryParameterTransformations: { setQueryParameters: { items } } };
    await gateway.deploy('/long', { path: '/{rest*}', backend: at('https://api.test/'), requestPolicies });
    expect((await ask(url, { target: `/_oci/long/x?q=${'a'.repeat(10_000)}` })).status).toBe(502);
  });

  test('a body beyond the server’s limit gets the gateway’s own words, and the echo’s', async () => {
    const body = Buffer.alloc(12 * 1024 * 1024 + 1);
    const [ofGateway, ofEcho] = [
      await ask(url, { target: '/_oci/http/x', method: 'POST', body }),
      await ask(url, { target: '/oci/x', method: 'POST', body }),
    ];
    expect([ofGateway.status, ofGateway.text]).toEqual([413, '{"code":413,"message":"Request Entity Too Large"}']);
    expect([ofEcho.status, ofEcho.text]).toEqual([413, expect.stringContaining('PayloadTooLarge')]);
  });
});

test('a name that is an object’s own is none of a route, nor a variable', async () => {
  await gateway.deploy('/names', {
    path: '/{constructor}/{__proto__}',
    backend: at(
      'https://api.test/${request.path[__proto__]}/${request.headers[constructor]}/${request.query[toString]}',
    ),
  });
  await ask(url, { target: '/_oci/names/a/b' });
  expect((await gateway.last()).received?.target).toBe('/b//');
});

test('what is told of requests does not grow beyond its limit', async () => {
  await gateway.deploy('/heavy', { path: '/{rest*}', backend: at('https://api.test/') });
  const filler = Array.from({ length: 40 }, (_, index) => [`X-${index}`, 'a'.repeat(1000)] as const);
  for (let index = 0; index < 300; index++) await oci.send(bob, { target: '/_oci/heavy/x', headers: filler });
  const { body } = await send(url, 'get', '/_signet/oci/requests?limit=1000');
  const { length } = (body as { requests: unknown[] }).requests;
  expect(length).toBeGreaterThan(10);
  expect(length).toBeLessThan(200);
});
