import { beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../support/gateway-client.ts';
import { send } from '../support/http.ts';
import { at, useOciGateway } from '../support/oci-gateway.ts';
import { expectOciHeaders } from '../support/oci-refusals.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { makeOciPeople } from '../support/oci-tenancies.ts';

const gateway = await useOciGateway();
const { url, oci, signers } = gateway;
const { bob } = signers;

/** A route that answers with what it is called. */
const stock = (path: string, body = path, methods?: readonly string[]) => ({
  ...{ path, backend: { type: 'STOCK_RESPONSE_BACKEND', status: 200, body } },
  ...(methods && { methods }),
});

async function called(target: string, method = 'GET'): Promise<string | number> {
  const answer = await ask(url, { target, method });
  if (answer.status === 200) return answer.text;
  const refusals: Readonly<Record<number, string>> = { 404: 'Not Found', 405: 'Method Not Allowed' };
  expect([answer.status, JSON.parse(answer.text)]).toEqual([
    answer.status,
    { code: answer.status, message: refusals[answer.status] },
  ]);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expectOciHeaders(answer);
  return answer.status;
}

describe('the route', () => {
  beforeAll(async () => {
    await gateway.deploy(
      '/r',
      ...['/', '/a', '/a/', '/a/b', '/{one}', '/a/{two}', '/a/{two}/c', '/{one}/b/c', '/{rest*}', '/a/b/{deep*}'].map(
        (path) => stock(path),
      ),
      ...[stock('/m', 'read', ['GET', 'HEAD']), stock('/m', 'written', ['POST']), stock("/x$-.+!*'(),%41;:@&=")],
    );
    await gateway.deploy('/few', stock('/only', 'only', ['GET']), stock('/w/{rest*}', 'some', ['POST', 'PUT']));
  });

  const rows: readonly (readonly [string, string | number])[] = [
    ['/_oci/r', '/'],
    ['/_oci/r/', '/'],
    ['/_oci/r?x=1', '/'],
    ['/_oci/r/a', '/a'],
    ['/_oci/r/a?x', '/a'],
    ['/_oci/r/a/', '/a/'],
    ['/_oci/r/a/b', '/a/b'],
    ['/_oci/r/a/x', '/a/{two}'],
    ['/_oci/r/a/x/c', '/a/{two}/c'],
    // What is written out counts from the left.
    ['/_oci/r/a/b/c', '/a/b/{deep*}'],
    ['/_oci/r/a/b/', '/a/b/{deep*}'],
    ['/_oci/r/a/b/x/y/z', '/a/b/{deep*}'],
    ['/_oci/r/q/b/c', '/{one}/b/c'],
    ['/_oci/r/q', '/{one}'],
    ['/_oci/r/A', '/{one}'],
    // Nothing is decoded.
    ['/_oci/r/%61', '/{one}'],
    ['/_oci/r/q/', '/{rest*}'],
    ['/_oci/r//', '/{rest*}'],
    ['/_oci/r/q/w/e/r/t', '/{rest*}'],
    ["/_oci/r/x$-.+!*'(),%41;:@&=", "/x$-.+!*'(),%41;:@&="],
    ['/_oci/few', 404],
    ['/_oci/few/', 404],
    ['/_oci/few/only/', 404],
    ['/_oci/few/w', 405],
    ['/_oci/fewer/only', 404],
    ['/_oci/FEW/only', 404],
    ['/_oci', 404],
    ['/_oci/', 404],
    ['/_oci/nothing', 404],
  ];
  test.each(rows)('of %s is %s', async (target, expected) => {
    expect(await called(target)).toBe(expected);
  });

  const methods: readonly (readonly [string, string, string | number])[] = [
    ['GET', '/_oci/r/m', 'read'],
    ['POST', '/_oci/r/m', 'written'],
    ['DELETE', '/_oci/r/m', '/{one}'],
    ['POST', '/_oci/few/only', 405],
    ['OPTIONS', '/_oci/few/only', 405],
    ['PUT', '/_oci/few/w/x/y', 'some'],
    ['PROPFIND', '/_oci/few/w/x', 405],
    ['PROPFIND', '/_oci/r/a', '/a'],
  ];
  test.each(methods)('of %s %s is %s', async (method, target, expected) => {
    expect(await called(target, method)).toBe(expected);
  });

  test('that is not there is told by the journal', async () => {
    const entry = async (target: string, method = 'GET') => {
      const { headers } = await ask(url, { target, method });
      return (await send(url, 'get', `/_signet/journal/${String(headers['x-request-id'])}`)).body;
    };
    expect(await entry('/_oci/nothing')).toMatchObject({
      complaints: ['No deployment has a path prefix with which /nothing begins.'],
      ...{ outcome: 'refused', refusal: { code: 'NotFound', text: 'Not Found' } },
    });
    expect(await entry('/_oci/few/x')).toMatchObject({ complaints: ['The deployment /few has no route for /x.'] });
    expect(await entry('/_oci/few/only', 'PUT')).toMatchObject({
      complaints: ['No route of the deployment /few for this path takes PUT.'],
    });
  });
});

test('the deployment with the longest prefix takes a path', async () => {
  await gateway.deploy('/', stock('/{rest*}', 'root'));
  await gateway.deploy('/p', stock('/{rest*}', 'p'));
  await gateway.deploy('/p/q', stock('/{rest*}', 'p/q'));
  const paths = ['/p', '/p/x', '/p/q', '/p/q/x', '/p/qx', '/px', '/', ''];
  expect(await Promise.all(paths.map((path) => called(`/_oci${path}`)))).toEqual([
    'p',
    'p',
    'p/q',
    'p/q',
    'p',
    'root',
    'root',
    'root',
  ]);
});

test('a stock response has its status, its headers and its body, or none', async () => {
  const headers = [
    { name: 'Content-Type', value: 'application/json' },
    { name: 'X-Name', value: 'twelve' },
  ];
  await gateway.deploy(
    '/s',
    { path: '/a', backend: { type: 'STOCK_RESPONSE_BACKEND', status: 418, body: '{"a":"é"}', headers } },
    { path: '/b', backend: { type: 'STOCK_RESPONSE_BACKEND', status: 204 } },
    { path: '/c', backend: { type: 'STOCK_RESPONSE_BACKEND', status: 200, body: '<script>' } },
  );
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((path) => ask(url, { target: `/_oci/s/${path}` })));
  expect([a?.status, a?.text, a?.headers['content-type']]).toEqual([418, '{"a":"é"}', expect.stringContaining('json')]);
  expect(a?.headers['x-name']).toBe('twelve');
  expect([b?.status, b?.text]).toEqual([204, '']);
  expect([c?.status, c?.text, c?.headers['content-type']]).toEqual([200, '<script>', 'text/plain; charset=utf-8']);
  expect(await gateway.last()).toMatchObject({
    backend: 'STOCK_RESPONSE_BACKEND',
    explanation: 'The gateway answered itself.',
  });
});

describe('the URL of the back end', () => {
  const path = '/{one}/{rest*}';
  const rows: readonly (readonly [url: string, target: string, sent: string])[] = [
    ['http://api.test', '/a/b', 'http://api.test/'],
    ['http://api.test/', '/a/b?x=1', 'http://api.test/?x=1'],
    ['https://api.test:8443/x', '/a/b?x=1&x=%20', 'https://api.test:8443/x?x=1&x=%20'],
    ['http://api.test/v1/${request.path[rest]}', '/a/b%2Fc/d', 'http://api.test/v1/b%2Fc/d'],
    ['http://api.test/${request.path[rest]}/${request.path[one]}', '/a/', 'http://api.test//a'],
    ['http://${request.path[one]}.test:80/${request.path[rest]}', '/eu-1/x', 'http://eu-1.test:80/x'],
    ['http://api.test/${request.query[x]}', '/a/b?y=1&x=%41+b&x=2', 'http://api.test/%41+b?y=1&x=%41+b&x=2'],
    ['http://api.test/?x=${request.query[none]}', '/a/b', 'http://api.test/?x='],
    ['http://api.test/?own=1', '/a/b?x=1', 'http://api.test/?own=1&x=1'],
    ['http://api.test/?own=1', '/a/b?', 'http://api.test/?own=1'],
    ['http://api.test/${request.headers[X-One]}', '/a/b', 'http://api.test/one%20%C3%A9%23'],
    ['http://${request.host}/x', '/a/b', `http://${gateway.host}/x`],
    ['http://[::1]:8080/x y/é', '/a/b', 'http://[::1]:8080/x%20y/%C3%A9'],
  ];
  test.each(rows)('%s of %s is %s', async (backEnd, target, sent) => {
    await gateway.deploy('/u', { path, backend: at(backEnd) });
    const headers = ['X-One', Buffer.from('one é#').toString('latin1')];
    await ask(url, { target: `/_oci/u${target}`, headers });
    const { received } = await gateway.last();
    expect(received?.url).toBe(sent);
    expect(received?.target).toBe(sent.replace(/^https?:\/\/[^/]+/, ''));
    expect(received?.headers[0]).toEqual(['Host', /^https?:\/\/([^/]+)/.exec(sent)?.[1]]);
  });

  test.each([
    'http://${request.headers[X-Host]}/x',
    'http://${request.query[h]}/',
    'http://a${request.headers[X-Host]}/',
  ])('%s without a host is a bad gateway', async (backEnd) => {
    await gateway.deploy('/u', { path, backend: at(backEnd) });
    for (const host of ['', 'a b', 'user@host', 'a/b', 'a:b']) {
      const answer = await ask(url, { target: '/_oci/u/a/b', headers: ['X-Host', host] });
      if (answer.status === 401) continue;
      expect([answer.status, answer.text]).toEqual([502, '{"code":502,"message":"Bad Gateway"}']);
      expect(await gateway.last()).toMatchObject({ status: 502, refusal: { code: 'BadGateway' } });
    }
  });
});

describe('transformations', () => {
  const made = async (requestPolicies: object, target = '/a', headers: readonly string[] = []) => {
    await gateway.deploy('/t', { path: '/{rest*}', backend: at('http://api.test/'), requestPolicies });
    await ask(url, { target: `/_oci/t${target}`, headers });
    return (await gateway.last()).received!;
  };
  const item = (name: string, values: readonly string[], ifExists?: string) => ({
    name,
    values,
    ...(ifExists && { ifExists }),
  });
  const names = (...all: readonly string[]) => all.map((name) => ({ name }));
  const ofClient = ['X-A', '1', 'x-b', '2', 'X-A', '3', 'Cookie', 'c=1'];

  const headerRows: readonly (readonly [string, object, readonly (readonly [string, string])[]])[] = [
    [
      'sets',
      { setHeaders: { items: [item('x-a', ['9'])] } },
      [
        ['x-a', '9'],
        ['x-b', '2'],
        ['Cookie', '***'],
      ],
    ],
    [
      'sets what was not there',
      { setHeaders: { items: [item('X-C', ['7', '8'], 'OVERWRITE')] } },
      [
        ['X-A', '1'],
        ['x-b', '2'],
        ['X-A', '3'],
        ['Cookie', '***'],
        ['X-C', '7'],
        ['X-C', '8'],
      ],
    ],
    [
      'appends',
      { setHeaders: { items: [item('x-B', ['9'], 'APPEND')] } },
      [
        ['X-A', '1'],
        ['x-b', '2'],
        ['X-A', '3'],
        ['Cookie', '***'],
        ['x-B', '9'],
      ],
    ],
    [
      'skips',
      { setHeaders: { items: [item('X-A', ['9'], 'SKIP'), item('X-C', ['9'], 'SKIP')] } },
      [
        ['X-A', '1'],
        ['x-b', '2'],
        ['X-A', '3'],
        ['Cookie', '***'],
        ['X-C', '9'],
      ],
    ],
    [
      'fills in',
      {
        setHeaders: {
          items: [
            item('X-C', [
              '${request.headers[X-a]}/${request.query[q]}/${request.path[rest]}/${request.headers[none]}!',
            ]),
          ],
        },
      },
      [
        ['X-A', '1'],
        ['x-b', '2'],
        ['X-A', '3'],
        ['Cookie', '***'],
        ['X-C', '1/%20/a/!'],
      ],
    ],
    [
      'renames',
      { renameHeaders: { items: [{ from: 'X-A', to: 'X-Z' }] } },
      [
        ['X-Z', '1'],
        ['x-b', '2'],
        ['X-Z', '3'],
        ['Cookie', '***'],
      ],
    ],
    [
      'blocks',
      { filterHeaders: { type: 'BLOCK', items: names('X-A', 'none') } },
      [
        ['x-b', '2'],
        ['Cookie', '***'],
      ],
    ],
    [
      'lets through, and what is protected as well',
      { filterHeaders: { type: 'ALLOW', items: names('x-a', 'cookie') } },
      [
        ['X-A', '1'],
        ['X-A', '3'],
        ['Cookie', '***'],
      ],
    ],
    [
      'filters what was set and renamed',
      {
        setHeaders: { items: [item('X-C', ['1'])] },
        renameHeaders: { items: [{ from: 'x-b', to: 'x-d' }] },
        filterHeaders: { type: 'ALLOW', items: names('X-C') },
      },
      [
        ['Cookie', '***'],
        ['X-C', '1'],
      ],
    ],
    [
      'takes values from the request as it came',
      { setHeaders: { items: [item('X-A', ['9']), item('X-C', ['${request.headers[X-A]}'])] } },
      [
        ['X-A', '9'],
        ['x-b', '2'],
        ['Cookie', '***'],
        ['X-C', '1'],
      ],
    ],
  ];
  test.each(headerRows)('of headers: %s', async (_what, headerTransformations, expected) => {
    const { headers } = await made({ headerTransformations }, '/a?q=%20', ofClient);
    const own = new Set(['host', 'x-real-ip', 'x-forwarded-for', 'forwarded', 'user-agent']);
    expect(headers.filter(([name]) => !own.has(name!.toLowerCase()))).toEqual(expected);
  });

  test('of User-Agent and Host count', async () => {
    const items = [item('User-Agent', ['mine']), item('Host', ['other.test'])];
    const { headers } = await made({ headerTransformations: { setHeaders: { items } } });
    expect(headers).toContainEqual(['User-Agent', 'mine']);
    expect(headers.filter(([name]) => name?.toLowerCase() === 'host')).toEqual([['Host', 'other.test']]);
    const renamed = await made(
      { headerTransformations: { renameHeaders: { items: [{ from: 'x-my-host', to: 'host' }] } } },
      '/a',
      ['X-My-Host', 'third.test'],
    );
    expect(renamed.headers.filter(([name]) => name?.toLowerCase() === 'host').map(([, value]) => value)).toContain(
      'third.test',
    );
  });

  const queryRows: readonly (readonly [string, string, object, string])[] = [
    ['nothing', '?b=%2f&a&&=x', { setQueryParameters: { items: [item('c', ['1'], 'SKIP')] } }, '?b=%2f&a&=x&c=1'],
    ['sets', '?a=1&b=2&a=3', { setQueryParameters: { items: [item('a', ['9 &+é'])] } }, '?a=9%20%26%2B%C3%A9&b=2'],
    ['appends', '?a=1', { setQueryParameters: { items: [item('a', ['2', '3'], 'APPEND')] } }, '?a=1&a=2&a=3'],
    [
      'fills in',
      '?a=%20b',
      {
        setQueryParameters: { items: [item('c', ['${request.query[a]}${request.headers[X-A]}${request.path[rest]}'])] },
      },
      '?a=%20b&c=%20b1%26%3Da%26',
    ],
    [
      'renames',
      '?a=1&%61=2&a&b',
      { renameQueryParameters: { items: [{ from: 'a', to: 'ä' }] } },
      '?%C3%A4=1&%C3%A4=2&%C3%A4&b',
    ],
    ['blocks', '?a=1&b=2&A=3', { filterQueryParameters: { type: 'BLOCK', items: names('a') } }, '?b=2&A=3'],
    ['blocks all', '?a=1', { filterQueryParameters: { type: 'BLOCK', items: names('a') } }, ''],
    ['lets through', '?a=1&b=2', { filterQueryParameters: { type: 'ALLOW', items: names('b', 'c') } }, '?b=2'],
    [
      'blocks a name that is encoded',
      '?%C3%A4+x=1&b=2',
      { filterQueryParameters: { type: 'BLOCK', items: names('ä x') } },
      '?b=2',
    ],
  ];
  test.each(queryRows)('of the query: %s', async (_what, query, queryParameterTransformations, expected) => {
    const { target } = await made({ queryParameterTransformations }, `/a%26${query}`, ['X-A', '1&=']);
    expect(target).toBe(`/${expected}`);
  });
});

test('the gateway may have another prefix, or be everything that is nobody else’s', async () => {
  const specification = { routes: [stock('/x', 'answered')] };
  const seed = useSeed(makeOciPeople().seed);
  for (const ociGateway of ['/a/b', '/']) {
    const { url: own } = await useSignet({ seed, ociGateway });
    const created = await send(own, 'post', '/_signet/oci/deployments', {
      body: { path_prefix: '/v1', specification },
    });
    const place = ociGateway === '/' ? '' : ociGateway;
    expect(created.body).toMatchObject({ url: `${own}${place}/v1` });
    expect((await ask(own, { target: `${place}/v1/x` })).text).toBe('answered');
    expect((await ask(own, { target: `${place}/v1/y` })).text).toBe('{"code":404,"message":"Not Found"}');
    expect((await ask(own, { target: '/oci/x' })).text).toContain('NotAuthenticated');
    expect((await ask(own, { target: '/20160918/x' })).text).toContain('NotFound');
    expect((await ask(own, { target: '/_signet/health' })).status).toBe(200);
    expect((await ask(own, { target: '/_oci/v1/x' })).status).toBe(404);
  }
});

test('a request reaches the same route again and again, after a change the other one', async () => {
  await gateway.deploy('/again', { path: '/', backend: at('https://one.test/') });
  for (const host of ['one.test', 'one.test', 'two.test']) {
    if (host === 'two.test') await gateway.deploy('/again', { path: '/', backend: at('https://two.test/') });
    const answer = await oci.send(bob, { target: '/_oci/again', signedAs: { target: '/', host } });
    expect(answer.status, answer.text).toBe(200);
  }
});
