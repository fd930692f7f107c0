import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ask } from '../support/gateway-client.ts';
import { send } from '../support/http.ts';
import { at, useOciGateway } from '../support/oci-gateway.ts';

const gateway = await useOciGateway();
const { bob } = gateway.signers;

const here = at('https://api.test/');
const one = (route: object): object => ({ routes: [{ path: '/', backend: here, ...route }] });
const policies = (requestPolicies: object): object => one({ path: '/{a}', requestPolicies });
const headers = (headerTransformations: object): object => policies({ headerTransformations });
const query = (queryParameterTransformations: object): object => policies({ queryParameterTransformations });
const keyId = `${bob.tenancyId}/${bob.userId}/${bob.fingerprint}`;
const privateKeyPem = bob.privateKey.export({ type: 'pkcs8', format: 'pem' });
const signing = (signer: object): object =>
  one({
    backend: { type: 'ORACLE_FUNCTIONS_BACKEND', signer: { url: 'https://api.test', keyId, privateKeyPem, ...signer } },
  });
const pem = (type: 'rsa' | 'ec', more: object): string =>
  (type === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 1024 })
  ).privateKey
    .export({ type: 'pkcs8', format: 'pem', ...more } as never)
    .toString();
const stock = (more: object): object => one({ backend: { type: 'STOCK_RESPONSE_BACKEND', status: 200, ...more } });
const many = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const mistakes: readonly (readonly [specification: unknown, ...mistakes: string[]])[] = [
  [{}, 'routes: is missing'],
  [{ routes: {} }, 'routes: must be a list'],
  [{ routes: [] }, 'routes: must not be empty'],
  [
    { routes: many(51).map((index) => ({ path: `/${index}`, backend: here })) },
    'routes: has 51 items, and at most 50 may be there',
  ],
  [
    { routes: [1, null, [], 'x'] },
    'routes[0]: must be an object',
    'routes[1]: is missing',
    'routes[2]: must be an object',
    'routes[3]: must be an object',
  ],
  [
    { routes: [{ path: '/', backend: here }], paths: [] },
    'paths: there is no such field; known are routes, loggingPolicies, requestPolicies',
  ],
  [{ routes: [{}] }, 'routes[0].path: is missing', 'routes[0].backend: is missing'],
  [one({ path: 1 }), 'routes[0].path: must be text'],
  [one({ path: '' }), 'routes[0].path: must not be empty'],
  [one({ path: 'a' }), 'routes[0].path: must begin with a slash'],
  [one({ path: '/a//b' }), 'routes[0].path: has two slashes in a row'],
  [one({ path: '/a b' }), 'routes[0].path: "a b" is neither a segment of a path nor {name} or {name*}'],
  [one({ path: '/a?b' }), 'routes[0].path: "a?b" is neither a segment of a path nor {name} or {name*}'],
  [one({ path: '/{a-b}' }), 'routes[0].path: "{a-b}" is neither a segment of a path nor {name} or {name*}'],
  [one({ path: '/x{a}' }), 'routes[0].path: "x{a}" is neither a segment of a path nor {name} or {name*}'],
  [one({ path: '/{a*}/b' }), 'routes[0].path: has a wildcard that is not its last segment'],
  [one({ path: '/{a}/{a*}' }), 'routes[0].path: has a name twice'],
  [one({ path: `/${'a/'.repeat(100)}` }), 'routes[0].path: has more than 100 segments'],
  [one({ path: `/${'a'.repeat(2000)}` }), 'routes[0].path: has more than 2000 characters'],
  [one({ methods: 'GET' }), 'routes[0].methods: must be a list'],
  [one({ methods: [] }), 'routes[0].methods: must not be empty'],
  [
    one({ methods: ['GET', 'get'] }),
    'routes[0].methods[1]: must be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, ANY',
  ],
  [one({ backend: [] }), 'routes[0].backend: must be an object'],
  [one({ backend: {} }), 'routes[0].backend.type: is missing'],
  [
    one({ backend: { type: 'DYNAMIC_ROUTING_BACKEND' } }),
    'routes[0].backend.type: must be one of HTTP_BACKEND, ORACLE_FUNCTIONS_BACKEND, STOCK_RESPONSE_BACKEND',
  ],
  [one({ backend: { type: 'HTTP_BACKEND' } }), 'routes[0].backend.url: is missing'],
  ...[
    'api.test',
    'ftp://api.test/',
    'http://',
    'http:///x',
    'https://a b/',
    'http://${request.host',
    'https://api.test:99999/',
  ].map((url): [unknown, string] => [
    one({ backend: at(url) }),
    url.endsWith('host')
      ? 'routes[0].backend.url: has a ${ without its }'
      : 'routes[0].backend.url: must be a URL with http or https',
  ]),
  [one({ backend: at('https://me:pw@api.test/') }), 'routes[0].backend.url: must have no user'],
  [one({ backend: at('https://api.test/#x') }), 'routes[0].backend.url: must have no fragment'],
  [one({ backend: at('https://api.test/\r\nX: y') }), 'routes[0].backend.url: has a control character'],
  [
    one({ backend: at(`https://api.test/${'a'.repeat(4096)}`) }),
    'routes[0].backend.url: has more than 4096 characters',
  ],
  [
    one({ path: '/{b}', backend: at('https://api.test/${request.path[a]}') }),
    'routes[0].backend.url: ${request.path[a]}: the path of the route has no {a}',
  ],
  [
    one({ backend: at('https://api.test/${request.auth[sub]}') }),
    'routes[0].backend.url: ${request.auth[sub]} stands for nothing here: request.path, request.query, request.headers and request.host do',
  ],
  ...['request', 'request.path', 'request.path[]', 'request.host[x]', 'request.headers[x', '', 'x'].map(
    (name): [unknown, string] => [
      one({ backend: at(`https://api.test/\${${name}}`) }),
      `routes[0].backend.url: \${${name}} is no context variable, as \${request.path[name]} is one`,
    ],
  ),
  // What else is wrong is told where the path is, and nothing of its names.
  [
    one({ path: 'a', backend: at('https://api.test/${request.path[a]}'), methods: ['X'] }),
    'routes[0].path: must begin with a slash',
    'routes[0].methods[0]: must be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, ANY',
  ],
  [
    {
      routes: [
        { path: '/{a}', backend: here },
        { path: '/b', backend: here },
        { path: '/{c}', backend: here, methods: ['GET'] },
      ],
    },
    'routes[2]: takes the same requests as routes[0]',
  ],
  [
    {
      routes: [
        { path: '/{a*}', backend: here, methods: ['GET', 'PUT'] },
        { path: '/{b*}', backend: here, methods: ['PUT'] },
      ],
    },
    'routes[1]: takes the same requests as routes[0]',
  ],
  [
    policies({ headerTransformation: {} }),
    'routes[0].requestPolicies.headerTransformation: there is no such field; known are headerTransformations, queryParameterTransformations, authorization, cors, queryParameterValidations, headerValidations, bodyValidation, responseCacheLookup',
  ],
  [headers({ setHeaders: {} }), 'routes[0].requestPolicies.headerTransformations.setHeaders.items: is missing'],
  [
    headers({ setHeaders: { items: [{ name: 'X' }] } }),
    'routes[0].requestPolicies.headerTransformations.setHeaders.items[0].values: is missing',
  ],
  [
    headers({ setHeaders: { items: [{ name: 'a b', values: ['x'], ifExists: 'NEVER' }] } }),
    'routes[0].requestPolicies.headerTransformations.setHeaders.items[0].name: a b is no name of a header',
    'routes[0].requestPolicies.headerTransformations.setHeaders.items[0].ifExists: must be one of OVERWRITE, APPEND, SKIP',
  ],
  [
    headers({ setHeaders: { items: [{ name: 'x', values: ['a\nb', '${x}'] }] } }),
    'routes[0].requestPolicies.headerTransformations.setHeaders.items[0].values[0]: has a control character',
    'routes[0].requestPolicies.headerTransformations.setHeaders.items[0].values[1]: ${x} is no context variable, as ${request.path[name]} is one',
  ],
  ...[
    'connection',
    'Content-Length',
    'X-Forwarded-For',
    'x-real-ip',
    'opc-request-id',
    'Cookie',
    'Transfer-Encoding',
  ].map((name): [unknown, string] => [
    headers({ setHeaders: { items: [{ name, values: ['x'] }] } }),
    `routes[0].requestPolicies.headerTransformations.setHeaders.items[0].name: ${name} is a header that the gateway keeps from being transformed`,
  ]),
  [
    headers({ renameHeaders: { items: [{ from: 'a', to: 'te' }] } }),
    'routes[0].requestPolicies.headerTransformations.renameHeaders.items[0].to: te is a header that the gateway keeps from being transformed',
  ],
  [
    headers({ filterHeaders: { type: 'BLOCK', items: [{ name: 'expect' }] } }),
    'routes[0].requestPolicies.headerTransformations.filterHeaders.items[0].name: expect is a header that the gateway keeps from being transformed',
  ],
  [
    headers({ filterHeaders: { type: 'NONE', items: [{ name: 'a' }] } }),
    'routes[0].requestPolicies.headerTransformations.filterHeaders.type: must be one of ALLOW, BLOCK',
  ],
  [
    headers({
      renameHeaders: { items: [{ from: 'a', to: 'b' }] },
      setHeaders: { items: [{ name: 'B', values: ['x'] }] },
    }),
    'routes[0].requestPolicies.headerTransformations.setHeaders.items[0].name: B is named by another transformation already',
  ],
  [
    query({ setQueryParameters: { items: [{ name: 'a', values: ['${request.path[b]}'] }] } }),
    'routes[0].requestPolicies.queryParameterTransformations.setQueryParameters.items[0].values[0]: ${request.path[b]}: the path of the route has no {b}',
  ],
  [
    query({ filterQueryParameters: { type: 'BLOCK', items: [{ name: 'a' }, { name: 'a' }] } }),
    'routes[0].requestPolicies.queryParameterTransformations.filterQueryParameters.items[1].name: a is named by another transformation already',
  ],
  [
    one({ backend: { type: 'ORACLE_FUNCTIONS_BACKEND', functionId: 'x' } }),
    'routes[0].backend.signer: is missing: what the function calls, and the key with which it signs that',
  ],
  [
    signing({ url: 'x', keyId: 'ST$x' }),
    'routes[0].backend.signer.url: must be a URL with http or https',
    'routes[0].backend.signer.keyId: keyId is a session token (ST$…), as `oci session authenticate` and instance principals have it; only API keys are known here.',
  ],
  [
    signing({ keyId: `${bob.tenancyId}/${bob.userId}/${'00:'.repeat(15)}00` }),
    `routes[0].backend.signer.keyId: is of another key: that of the private key ends with ${bob.fingerprint}`,
  ],
  [
    signing({ privateKeyPem: '-----BEGIN PUBLIC KEY-----' }),
    'routes[0].backend.signer.privateKeyPem: is not in PEM: the line -----BEGIN PRIVATE KEY----- is missing',
  ],
  [
    signing({ privateKeyPem: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----' }),
    'routes[0].backend.signer.privateKeyPem: cannot be read: its PEM is broken',
  ],
  [
    signing({ privateKeyPem: pem('rsa', { cipher: 'aes-128-cbc', passphrase: 'x' }) }),
    'routes[0].backend.signer.privateKeyPem: is encrypted, and there is no passphrase',
  ],
  [
    signing({ privateKeyPem: pem('rsa', { cipher: 'aes-128-cbc', passphrase: 'x' }), passphrase: 'y' }),
    'routes[0].backend.signer.privateKeyPem: does not open with this passphrase, or it is broken',
  ],
  [
    signing({ privateKeyPem: pem('rsa', {}) }),
    'routes[0].backend.signer.privateKeyPem: has 1024 bits; it must have from 2048 to 4096',
  ],
  [signing({ privateKeyPem: pem('ec', {}) }), 'routes[0].backend.signer.privateKeyPem: is not RSA'],
  [stock({ status: 100 }), 'routes[0].backend.status: must be a whole number from 200 to 599'],
  [
    stock({ status: '200', body: 1 }),
    'routes[0].backend.status: must be a whole number from 200 to 599',
    'routes[0].backend.body: must be text',
  ],
  [stock({ body: 'é'.repeat(2561) }), 'routes[0].backend.body: has more than 5120 bytes'],
  [
    stock({ headers: [{ name: 'Content-Length', value: '1' }] }),
    'routes[0].backend.headers[0].name: Content-Length is set by the gateway itself',
  ],
  [
    stock({ headers: ['Set-Cookie', 'X-Own', 'set-cookie'].map((name) => ({ name, value: '1' })) }),
    'routes[0].backend.headers[2].name: set-cookie is there twice',
  ],
  [
    stock({ headers: [{ name: 'a:', value: 'é' }] }),
    'routes[0].backend.headers[0].name: a: is no name of a header',
    'routes[0].backend.headers[0].value: has another character than those of ASCII',
  ],
  [
    stock({ headers: [{ name: 'a', value: 'b'.repeat(4097) }] }),
    'routes[0].backend.headers[0].value: has more than 4096 bytes',
  ],
  [
    one({ backend: { ...here, readTimeout: 1 } }),
    'routes[0].backend.readTimeout: there is no such field; known are type, url, connectTimeoutInSeconds, readTimeoutInSeconds, sendTimeoutInSeconds, isSslVerifyDisabled',
  ],
  [
    { routes: [{ path: '/', backend: here, loggingPolicies: { x: 'a'.repeat(256 * 1024) } }] },
    'More than 262144 characters are too many.',
  ],
  // An own property is none of an object's nature.
  [
    JSON.parse('{"routes":[{"path":"/","backend":{"type":"constructor"}}],"__proto__":1}'),
    '__proto__: there is no such field; known are routes, loggingPolicies, requestPolicies',
    'routes[0].backend.type: must be one of HTTP_BACKEND, ORACLE_FUNCTIONS_BACKEND, STOCK_RESPONSE_BACKEND',
  ],
];

describe('a specification is refused, and each of its mistakes told with its place', () => {
  test.each(mistakes)('%j', async (specification, ...expected) => {
    const { status, body } = await gateway.create('/mistaken', specification);
    expect([status, body]).toEqual([
      400,
      {
        error: {
          error_code: 'Signet.InvalidOciDeployment',
          error_msg: `This cannot be deployed: ${expected.join('; ')}`,
        },
      },
    ]);
  });

  test.each([51, 5000, 100_000])('and of %i levels nothing is written', async (levels) => {
    const nested = `${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}`;
    const body = `{"path_prefix":"/mistaken","specification":{"loggingPolicies":${nested}}}`;
    const { status, text } = await send(gateway.url, 'post', '/_signet/oci/deployments', { body });
    expect([status, text]).toEqual([400, expect.stringContaining('More than 50 levels are too many.')]);
  });

  test('and of long names as much', async () => {
    const { text } = await gateway.create('/mistaken', {
      ['x'.repeat(100_000)]: 1,
      routes: [{ path: 'y'.repeat(100_000) }],
    });
    expect(text.length).toBeLessThan(2000);
  });

  test('and of very many as many as one reads', async () => {
    const specification = {
      routes: many(50).map((index) => ({ path: `/${index}`, backend: { type: 'HTTP_BACKEND' }, methods: ['x'] })),
    };
    const { text } = await gateway.create('/mistaken', specification);
    expect(text.match(/is missing/g)).toHaveLength(25);
    expect(text.match(/must be one of/g)).toHaveLength(25);
  });

  test('and nothing is deployed', async () => {
    expect((await ask(gateway.url, { target: '/_oci/mistaken' })).status).toBe(404);
  });
});

const prefixes: readonly (readonly [string, string])[] = [
  ['v1', 'must begin with a slash'],
  ['/v1/', 'must not end with a slash'],
  ['/v1//x', 'has two slashes in a row'],
  ['/v1/{x}', "has another character than letters, digits and $ - _ . + ! * ' ( ) , % ; : @ & ="],
  ['/v1?', "has another character than letters, digits and $ - _ . + ! * ' ( ) , % ; : @ & ="],
  ['/ä', "has another character than letters, digits and $ - _ . + ! * ' ( ) , % ; : @ & ="],
];
test.each(prefixes)('the path prefix %s is refused', async (prefix, mistake) => {
  const { status, text } = await gateway.create(prefix, one({}));
  expect(status).toBe(400);
  expect(text).toContain(`path_prefix ${mistake}`);
});

test('what the vendor has, and means nothing here, is named', async () => {
  const specification = {
    requestPolicies: { mutualTls: {}, rateLimiting: {} },
    loggingPolicies: {},
    routes: [
      {
        ...{ path: '/', backend: { ...here, readTimeoutInSeconds: 10, isSslVerifyDisabled: true } },
        ...{ responsePolicies: {}, requestPolicies: { cors: { allowedOrigins: ['*'] }, authorization: {} } },
      },
    ],
  };
  const { status, body } = await gateway.create('/ignored', specification);
  expect(status).toBe(201);
  expect((body as { ignored: string[] }).ignored.toSorted()).toEqual([
    'loggingPolicies',
    'requestPolicies',
    'routes[0].backend.isSslVerifyDisabled',
    'routes[0].backend.readTimeoutInSeconds',
    'routes[0].requestPolicies.authorization',
    'routes[0].requestPolicies.cors',
    'routes[0].responsePolicies',
  ]);
});
