import { describe, expect, test } from 'vitest';
import { converse, readAnswer } from '../http/socket.ts';
import { ask } from '../support/gateway-client.ts';
import {
  type Api,
  groupHost,
  groupId,
  prefix,
  publish,
  testEnvironment,
  useGateway,
} from '../support/gateway-plane.ts';

const gateway = await useGateway();
const { url } = gateway;

/** Each API answers with its name. */
const mock = (definition: Api['definition'], rest: Partial<Api> = {}): Api => ({
  ...rest,
  definition: {
    ...{ name: definition.req_uri ?? '', backend_type: 'MOCK' },
    ...definition,
    mock_info: { result_content: definition.name ?? definition.req_uri ?? '' },
  },
});

const notFound = (id: string | undefined) => ({
  error_msg: 'The API does not exist or has not been published in the environment.',
  error_code: 'APIG.0101',
  request_id: id,
});

async function called(method: string, target: string, headers: readonly string[] = []): Promise<string | number> {
  const { status, text } = await ask(url, { method, target: prefix + target, headers });
  return status === 200 ? text : status;
}

describe('the group is told', () => {
  const hosts: readonly (readonly [string, string])[] = [
    ['its sub-domain', groupHost],
    ['its sub-domain in capitals', groupHost.toUpperCase()],
    ['its sub-domain with a port', `${groupHost}:5670`],
  ];
  test.each(hosts)('by %s', async (_how, host) => {
    gateway.publish(mock({ req_uri: '/a' }));
    expect(await ask(url, { host, target: '/a' })).toMatchObject({ status: 200, text: '/a' });
  });

  test('by its sub-domain in a target with scheme and host', async () => {
    gateway.publish(mock({ req_uri: '/a' }));
    const text = `GET http://${groupHost}/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    expect(readAnswer(await converse(url, text))).toMatchObject({ status: 200, text: '/a' });
  });

  const paths: readonly (readonly [string, string])[] = [
    [`${prefix}/a`, '/a'],
    [`${prefix}/a?x=1`, '/a'],
    [prefix, '/'],
    [`${prefix}?x=1`, '/'],
    [`${prefix}/`, '/'],
    [`/_apig/${groupId.toUpperCase()}/a`, '/a'],
  ];
  test.each(paths)('by the path %s', async (target, text) => {
    gateway.publish(mock({ req_uri: '/a' }), mock({ req_uri: '/' }));
    expect(await ask(url, { target })).toMatchObject({ status: 200, text });
  });

  test('by an id with hyphens, in both ways', async () => {
    const id = '01234567-89ab-cdef-0123-456789abcdef';
    const hyphened = await useGateway({ routes: async (asked) => (asked === id ? gateway.routes() : undefined) });
    gateway.publish(mock({ req_uri: '/a' }));
    expect(await ask(hyphened.url, { target: `/_apig/${id.toUpperCase()}/a` })).toMatchObject({ status: 200 });
    expect(await ask(hyphened.url, { host: groupHost.replace(groupId, id), target: '/a' })).toMatchObject({
      status: 200,
    });
  });

  test('by a path under names of its own alone, by the sub-domain in any case', async () => {
    const guarded = await useGateway({
      isOwnName: (host) => host.startsWith('127.'),
      routes: async () => gateway.routes(),
    });
    gateway.publish(mock({ req_uri: '/a' }));
    const target = `${prefix}/a`;
    expect(await ask(guarded.url, { target })).toMatchObject({ status: 200 });
    expect(await ask(guarded.url, { target: '/a', host: groupHost })).toMatchObject({ status: 200 });
    const { status, text } = await ask(guarded.url, { target, host: 'evil.example' });
    expect([status, JSON.parse(text)]).toMatchObject([404, { error_code: 'APIG.0101' }]);
    expect(text).toContain('SIGNET_EXTERNAL_URL');
  });

  const others: readonly (readonly [string, string])[] = [
    ['a longer id', `/_apig/${groupId}0/a`],
    ['no id', '/_apig/a'],
    ['another path', '/_apigs'],
    ['an id with one hyphen', `/_apig/01234567-89abcdef0123456789abcdef/a`],
    ['an id of other letters', `/_apig/${'g'.repeat(32)}/a`],
  ];
  test.each(others)('but not by %s', async (_how, target) => {
    expect((await ask(url, { target })).text).toContain('APIGW.0101');
  });

  test.each([`${groupId}.apic.elsewhere`, `${groupHost}.elsewhere`, `x${groupHost}`, `${groupId}.${groupId}`])(
    'nor by the host %s',
    async (host) => {
      expect((await ask(url, { host })).text).toContain('APIGW.0101');
    },
  );

  test('a group that there is not', async () => {
    const { status, text, headers } = await ask(url, { target: `/_apig/${'9'.repeat(32)}/a` });
    expect([status, JSON.parse(text)]).toEqual([404, notFound(headers['x-request-id'] as string)]);
    expect(headers.server).toBe('api-gateway');
    expect(gateway.observations.at(-1)).toMatchObject({
      ...{ operation: undefined, checks: ['http', 'gateway'], outcome: 'refused', status: 404 },
      complaints: ['There is no API group with this id.'],
    });
  });
});

describe('the environment', () => {
  const apis = [
    mock({ req_uri: '/', name: 'released' }),
    mock({ req_uri: '/', name: 'tested' }, { environment: testEnvironment }),
  ];
  const rows: readonly (readonly [readonly string[], string | number])[] = [
    [[], 'released'],
    [['X-Stage', 'RELEASE'], 'released'],
    [['X-Stage', ''], 'released'],
    [['X-Stage', 'TEST'], 'tested'],
    [['x-stage', '  TEST '], 'tested'],
    [['X-Stage', 'TEST', 'X-Stage', 'RELEASE'], 'tested'],
    [['X-Stage', 'test'], 404],
    [['X-Stage', 'PROD'], 404],
  ];
  test.each(rows)('%j: %s', async (headers, expected) => {
    gateway.publish(...apis);
    expect(await called('GET', '/', headers)).toBe(expected);
  });

  test('in which nothing is published', async () => {
    gateway.publish(apis[1]!);
    expect(await called('GET', '/')).toBe(404);
    expect(gateway.observations.at(-1)?.complaints).toEqual([
      'Nothing of the group is published in the environment RELEASE.',
    ]);
  });
});

describe('the path', () => {
  const apis = [
    mock({ req_uri: '/' }),
    mock({ req_uri: '/a' }),
    mock({ req_uri: '/a/' }),
    mock({ req_uri: '/a/{x}' }),
    mock({ req_uri: '/a/b' }),
    mock({ req_uri: '/a/{x}/c' }),
    mock({ req_uri: '/a/b/{y}' }),
    mock({ req_uri: '/{x}/b/c' }),
    mock({ req_uri: '/Grüße' }),
    mock({ req_uri: '/s', match_mode: 'SWA', name: 'SWA /s' }),
    mock({ req_uri: '/s/', match_mode: 'SWA', name: 'SWA /s/' }),
    mock({ req_uri: '/s/t', match_mode: 'SWA', name: 'SWA /s/t' }),
    mock({ req_uri: '/s/{x}', match_mode: 'SWA', name: 'SWA /s/{x}' }),
    mock({ req_uri: '/s/t', name: 'NORMAL /s/t' }),
    mock({ req_uri: '/s/t/{z}', name: 'NORMAL /s/t/{z}' }),
    mock({ req_uri: '/p/', match_mode: 'SWA', name: 'SWA /p/' }),
  ];
  const rows: readonly (readonly [string, string | number])[] = [
    ['/', '/'],
    ['/a', '/a'],
    ['/a/', '/a/'],
    ['/A', 404],
    ['//a', 404],
    ['/a/b', '/a/b'],
    ['/a/z', '/a/{x}'],
    ['/a/z/', 404],
    ['/a/z/c', '/a/{x}/c'],
    ['/a/b/c', '/a/b/{y}'],
    ['/z/b/c', '/{x}/b/c'],
    ['/a//c', 404],
    ['/a%2Fb', '/a/b'],
    ['/%61/%7a', '/a/{x}'],
    ['/Gr%C3%BC%c3%9fe', '/Grüße'],
    ['/s', 'SWA /s'],
    ['/st', 404],
    ['/s/', 'SWA /s/'],
    ['/s/x', 'SWA /s/{x}'],
    ['/s/x/y/z', 'SWA /s/{x}'],
    ['/s/t', 'NORMAL /s/t'],
    ['/s/t/u', 'NORMAL /s/t/{z}'],
    ['/s/t/u/v', 'SWA /s/t'],
    ['/s/tt', 'SWA /s/{x}'],
    ['/s%2Ft%2Fu%2Fv', 'SWA /s/t'],
    ['/p', 404],
    ['/p/', 'SWA /p/'],
    ['/p/q', 'SWA /p/'],
    ['/p//q', 'SWA /p/'],
    ['/%zz', 400],
    ['/%', 400],
    ['/a/%4', 400],
    ['/a/%ff', '/a/{x}'],
    ['/a/%00', '/a/{x}'],
  ];
  test.each(rows)('%s: %s', async (target, expected) => {
    gateway.publish(...apis);
    expect(await called('GET', target)).toBe(expected);
  });

  test('takes no longer than 32 KiB', async () => {
    const { status, text } = await ask(url, { target: `${prefix}/?${'a'.repeat(32 * 1024)}` });
    expect([status, text]).toEqual([414, expect.stringContaining('"APIG.0201"')]);
  });

  test('is decided by the definitions alone, not by their order', async () => {
    for (const some of [apis, apis.toReversed()]) {
      gateway.publish(...some.map(publish));
      for (const [target, expected] of rows) expect(await called('GET', target)).toBe(expected);
    }
  });
});

describe('the method', () => {
  const apis = [
    mock({ req_uri: '/m', req_method: 'GET', name: 'GET /m' }),
    mock({ req_uri: '/m', req_method: 'ANY', name: 'ANY /m' }),
    mock({ req_uri: '/{x}', req_method: 'PUT', name: 'PUT /{x}' }),
    mock({ req_uri: '/only', req_method: 'POST', name: 'POST /only' }),
    mock({ req_uri: '/{x}/{y}', req_method: 'DELETE', name: 'DELETE /{x}/{y}' }),
  ];
  const rows: readonly (readonly [string, string, string | number])[] = [
    ['GET', '/m', 'GET /m'],
    ['POST', '/m', 'ANY /m'],
    ['PUT', '/m', 'ANY /m'],
    ['PUT', '/only', 'PUT /{x}'],
    ['POST', '/only', 'POST /only'],
    ['PROPFIND', '/m', 'ANY /m'],
    ['GET', '/only', 404],
    ['GET', '/x/y', 404],
  ];
  test.each(rows)('%s %s: %s', async (method, target, expected) => {
    gateway.publish(...apis);
    expect(await called(method, target)).toBe(expected);
  });

  test.each([
    ['/only', 'The API does not exist.'],
    ['/x/y', 'The API does not exist.'],
    ['/x/y/z', 'The API does not exist or has not been published in the environment.'],
  ])('GET %s, which there is not: %s', async (target, text) => {
    gateway.publish(...apis);
    const answer = await ask(url, { target: prefix + target });
    expect(JSON.parse(answer.text)).toMatchObject({ error_code: 'APIG.0101', error_msg: text });
  });
});

describe('a mock', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['{"a":1}', 'application/json'],
    ['"a"', 'application/json'],
    ['hello', 'text/plain; charset=utf-8'],
    ['', 'text/plain; charset=utf-8'],
    ['Grüße', 'text/plain; charset=utf-8'],
  ];
  test.each(rows)('answers %s as %s', async (content, type) => {
    gateway.publish({ definition: { backend_type: 'MOCK', mock_info: { result_content: content } } });
    const given = await ask(url, { target: prefix, method: 'POST', body: 'not looked at' });
    expect(given).toMatchObject({ status: 200, text: content });
    expect(given.headers).toMatchObject({ 'content-type': type, server: 'api-gateway' });
    expect(gateway.records.at(-1)).toMatchObject({
      explanation: 'Nothing was sent and nothing signed: the backend of this API is a mock.',
    });
    expect(gateway.records.at(-1)).not.toHaveProperty('sent');
  });

  test('answers HEAD without a body', async () => {
    gateway.publish({ definition: { backend_type: 'MOCK', mock_info: { result_content: 'hello' } } });
    const given = await ask(url, { target: prefix, method: 'HEAD' });
    expect([given.status, given.headers['content-length'], given.text]).toEqual([200, '5', '']);
  });
});
