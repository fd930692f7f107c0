import { describe, expect, test } from 'vitest';
import type { DefinitionDraft } from '../../src/store/store.ts';
import { useBackend, valuesOf } from '../support/gateway-backend.ts';
import { ask } from '../support/gateway-client.ts';
import { groupHost, hmacKey, prefix, useGateway } from '../support/gateway-plane.ts';
import { verdictOf } from '../support/gateway-signature.ts';

const backend = await useBackend();
const gateway = await useGateway();
const { url } = gateway;

type RequestParameter = NonNullable<DefinitionDraft['req_params']>[number];
type BackendParameter = NonNullable<DefinitionDraft['backend_params']>[number];

interface Parameters {
  readonly taken?: readonly RequestParameter[];
  readonly given?: readonly BackendParameter[];
  /** The path of the API, and of the backend. */
  readonly paths?: readonly [string, string];
}

const query = (name: string, rest: Partial<RequestParameter> = {}): RequestParameter => ({
  name,
  type: 'STRING',
  location: 'QUERY',
  ...rest,
});
const header = (name: string, rest: Partial<RequestParameter> = {}): RequestParameter => ({
  name,
  type: 'STRING',
  location: 'HEADER',
  ...rest,
});
const path = (name: string, rest: Partial<RequestParameter> = {}): RequestParameter => ({
  name,
  type: 'STRING',
  location: 'PATH',
  ...rest,
});
const number = (rest: Partial<RequestParameter> = {}): RequestParameter =>
  query('n', { type: 'NUMBER', valid_enable: 1, ...rest });
const text = (rest: Partial<RequestParameter> = {}): RequestParameter => query('s', { valid_enable: 1, ...rest });

type Place = BackendParameter['location'];
const mapped = (value: string, location: Place, name: string): BackendParameter => ({
  origin: 'REQUEST',
  value,
  location,
  name,
});
const constant = (value: string, location: Place, name: string): BackendParameter => ({
  origin: 'CONSTANT',
  value,
  location,
  name,
});
const system = (value: string, location: Place, name: string): BackendParameter => ({
  origin: 'SYSTEM',
  value: `$context.${value}`,
  location,
  name,
});

function publish({ taken = [], given = [], paths: [front, back] = ['/', '/b'] }: Parameters): void {
  gateway.publish({
    definition: {
      ...{ req_uri: front, req_params: taken, backend_params: given },
      backend_api: { url_domain: backend.host, req_uri: back },
    },
    key: hmacKey,
  });
}

/** What the backend heard: its target, and the headers whose names begin with X- and are not the gateway's. */
async function sent(
  parameters: Parameters,
  target: string,
  headers: readonly string[] = [],
): Promise<readonly [string, string[]]> {
  publish(parameters);
  expect(await ask(url, { target: prefix + target, headers })).toMatchObject({ status: 200 });
  const heard = backend.last();
  const { signature, expected } = verdictOf(heard, hmacKey.secret);
  expect(signature).toBe(expected);
  const own = heard.rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && /^x-(?!sdk-)/i.test(name) ? [`${name}: ${heard.rawHeaders[index + 1]!}`] : [],
  );
  return [heard.target, own];
}

describe('what the backend gets', () => {
  const rows: readonly (readonly [string, Parameters, string, readonly string[], string, readonly string[]])[] = [
    ['undeclared, as it came', {}, '/?a=1&b', ['X-A', '1'], '/b?a=1&b', ['X-A: 1']],
    [
      'declared, as it came',
      { taken: [query('a'), header('X-A')] },
      '/?b&a=%41&a',
      ['x-a', '1'],
      '/b?b&a=%41&a',
      ['x-a: 1'],
    ],
    [
      'not what does not pass',
      { taken: [query('a', { pass_through: 2 }), header('X-A', { pass_through: 2 })] },
      '/?a=1&b=2&%61=3',
      ['x-a', '1', 'X-B', '2'],
      '/b?b=2',
      ['X-B: 2'],
    ],
    [
      'nothing for a query of which nothing is left',
      { taken: [query('a', { pass_through: 2 })] },
      '/?a=1',
      [],
      '/b',
      [],
    ],
    [
      'the documents’ example',
      {
        taken: [path('test01'), header('test02'), query('test03')],
        given: [
          mapped('test01', 'HEADER', 'X-test01'),
          mapped('test03', 'HEADER', 'X-test03'),
          mapped('test02', 'PATH', 'test05'),
        ],
        paths: ['/v1.0/{test01}', '/v1.0/{test05}'],
      },
      '/v1.0/aaa?test03=ccc',
      ['test02', 'bbb'],
      '/v1.0/bbb',
      ['X-test01: aaa', 'X-test03: ccc'],
    ],
    [
      'query to query, in its place',
      { taken: [query('a')], given: [mapped('a', 'QUERY', 'z')] },
      '/?x=1&a=%c3%bc&a&y=2',
      [],
      '/b?x=1&z=%c3%bc&z&y=2',
      [],
    ],
    [
      'query to query of its own name',
      { taken: [query('a')], given: [mapped('a', 'QUERY', 'a')] },
      '/?x=1&a=1+1',
      [],
      '/b?x=1&a=1%201',
      [],
    ],
    [
      'two that change places',
      { taken: [query('a'), query('b')], given: [mapped('a', 'QUERY', 'b'), mapped('b', 'QUERY', 'a')] },
      '/?a=1&b=2',
      [],
      '/b?b=1&a=2',
      [],
    ],
    [
      'one in two places',
      {
        taken: [query('a')],
        given: [mapped('a', 'QUERY', 'x'), mapped('a', 'QUERY', 'y'), mapped('a', 'HEADER', 'X-A')],
      },
      '/?a=1%202',
      [],
      '/b?x=1%202&y=1%202',
      ['X-A: 1 2'],
    ],
    [
      'header to header',
      { taken: [header('X-A')], given: [mapped('X-A', 'HEADER', 'X-B')] },
      '/',
      ['x-a', '1', 'X-C', '3', 'X-A', '2'],
      '/b',
      ['X-B: 1', 'X-C: 3', 'X-B: 2'],
    ],
    [
      'header to query',
      { taken: [header('X-A')], given: [mapped('X-A', 'QUERY', 'a')] },
      '/?x',
      ['X-A', 'Gr\u00c3\u00bc\u00c3\u009fe & more'],
      '/b?x&a=Gr%C3%BC%C3%9Fe%20%26%20more',
      [],
    ],
    [
      'path to query',
      { taken: [path('id')], given: [mapped('id', 'QUERY', 'id')], paths: ['/{id}', '/b'] },
      '/a%20b',
      [],
      '/b?id=a%20b',
      [],
    ],
    [
      'no line end in a header',
      { taken: [query('a')], given: [mapped('a', 'HEADER', 'X-A')] },
      '/?a=1%0D%0AX-B:%202%00',
      [],
      '/b',
      ['X-A: 1%0D%0AX-B: 2%00'],
    ],
    [
      'nothing that is not there',
      { taken: [query('a')], given: [mapped('a', 'HEADER', 'X-A'), mapped('a', 'QUERY', 'b')] },
      '/',
      [],
      '/b',
      [],
    ],
    [
      'the default',
      { taken: [query('a', { default_value: 'x y' }), header('X-A', { default_value: '1' })] },
      '/?b',
      [],
      '/b?b&a=x%20y',
      ['X-A: 1'],
    ],
    [
      'the default of what is mapped',
      {
        taken: [query('a', { default_value: 'x', pass_through: 2 })],
        given: [mapped('a', 'QUERY', 'z'), mapped('a', 'HEADER', 'X-Z')],
      },
      '/',
      [],
      '/b?z=x',
      ['X-Z: x'],
    ],
    [
      'no default of what does not pass',
      { taken: [query('a', { default_value: 'x', pass_through: 2 })] },
      '/',
      [],
      '/b',
      [],
    ],
    ['no default for what is there', { taken: [query('a', { default_value: 'x' })] }, '/?a=', [], '/b?a=', []],
    [
      'the default of what is required',
      { taken: [query('a', { default_value: 'x', required: 1 })] },
      '/',
      [],
      '/b?a=x',
      [],
    ],
    [
      'a constant',
      {
        given: [constant('[api]', 'QUERY', 'q'), constant('[api]', 'HEADER', 'X-C'), constant('[a/b] c', 'PATH', 'p')],
        paths: ['/', '/b/{p}/d'],
      },
      '/?x=1',
      [],
      '/b/[a/b]%20c/d?x=1&q=%5Bapi%5D',
      ['X-C: [api]'],
    ],
    [
      'all that a constant’s query has encoded',
      { given: [constant('ü ><=+&%#"[\\]^`{|}~-_.!\'()*,/:;?@$a', 'QUERY', 'q')] },
      '/',
      [],
      "/b?q=%C3%BC%20%3E%3C%3D%2B%26%25%23%22%5B%5C%5D%5E%60%7B%7C%7D~-_.!'()*,/:;?@$a",
      [],
    ],
    [
      'all that a constant’s path has encoded',
      { given: [constant('ü >?#%41+&=', 'PATH', 'p')], paths: ['/', '/{p}'] },
      '/',
      [],
      '/%C3%BC%20%3E%3F%23%41+&=',
      [],
    ],
    [
      'never the caller’s in place of a constant',
      { given: [constant('1', 'QUERY', 'q'), constant('1', 'HEADER', 'X-C')] },
      '/?q=2&%71=3',
      ['x-c', '2', 'X-C', '3'],
      '/b?q=1',
      ['X-C: 1'],
    ],
    [
      'never a reserved name',
      {
        given: [
          constant('1', 'HEADER', 'X-Sdk-Date'),
          constant('1', 'HEADER', 'Host'),
          constant('1', 'HEADER', 'Content-Length'),
        ],
      },
      '/',
      [],
      '/b',
      [],
    ],
    [
      'empty for what nobody knows',
      {
        given: [
          system('appId', 'QUERY', 'a'),
          system('nothing', 'HEADER', 'X-N'),
          system('authorizer.frontend.x', 'QUERY', 'f'),
        ],
      },
      '/',
      [],
      '/b?a=&f=',
      ['X-N: '],
    ],
  ];
  test.each(rows)('%s', async (_what, parameters, target, headers, expected, own) => {
    expect(await sent(parameters, target, headers)).toEqual([expected, own]);
  });

  test('what the gateway knows of the call', async () => {
    const names = ['sourceIp', 'stage', 'apiId', 'apiName', 'requestId', 'serverAddr', 'serverName', 'handleTime'];
    const [target, own] = await sent(
      {
        given: [
          ...names.map((name) => system(name, 'HEADER', `X-Of-${name}`)),
          system('handleTime', 'QUERY', 't'),
          system('stage', 'PATH', 's'),
        ],
        paths: ['/', '/{s}'],
      },
      '/',
    );
    const { requestId, api } = gateway.records.at(-1)!;
    expect(target).toBe('/RELEASE?t=2026-01-15T10%3A30%3A00.123Z');
    expect(own).toEqual([
      ...[
        'X-Of-sourceIp: 127.0.0.1',
        'X-Of-stage: RELEASE',
        `X-Of-apiId: ${api.id}`,
        'X-Of-apiName: api',
        `X-Of-requestId: ${requestId}`,
      ],
      ...['X-Of-serverAddr: 127.0.0.1', 'X-Of-serverName: signet', 'X-Of-handleTime: 2026-01-15T10:30:00.123Z'],
    ]);
  });

  test('the same by the group’s sub-domain', async () => {
    publish({ given: [constant('1', 'QUERY', 'q')] });
    await ask(url, { host: groupHost, target: '/?a' });
    const { target, rawHeaders } = backend.last();
    expect([target, valuesOf(rawHeaders, 'host')]).toEqual(['/b?a&q=1', [backend.host]]);
  });
});

describe('what is refused', () => {
  const rows: readonly (readonly [string, Parameters, string, readonly string[], string])[] = [
    [
      'a query that is required',
      { taken: [query('a', { required: 1 })] },
      '/?A=1',
      [],
      'Not sent: the required parameter a (QUERY) is missing.',
    ],
    [
      'a header that is required',
      { taken: [header('X-A', { required: 1 })] },
      '/',
      [],
      'Not sent: the required parameter X-A (HEADER) is missing.',
    ],
    ['no number', { taken: [number()] }, '/?n=1x', [], 'Not sent: the parameter n (QUERY) is no number.'],
    ['an empty number', { taken: [number()] }, '/?n=', [], 'Not sent: the parameter n (QUERY) is no number.'],
    [
      'a small number',
      { taken: [number({ min_num: 5 })] },
      '/?n=4.9',
      [],
      'Not sent: the parameter n (QUERY) is too small.',
    ],
    [
      'a large number',
      { taken: [number({ max_num: 5 })] },
      '/?n=5&n=6',
      [],
      'Not sent: the parameter n (QUERY) is too large.',
    ],
    [
      'a short text',
      { taken: [text({ min_size: 2 })] },
      '/?s=%C3%BC',
      [],
      'Not sent: the parameter s (QUERY) is too short.',
    ],
    [
      'a long text',
      { taken: [text({ max_size: 2 })] },
      '/?s=abc',
      [],
      'Not sent: the parameter s (QUERY) is too long.',
    ],
    [
      'another value',
      { taken: [text({ enumerations: 'a,b' })] },
      '/?s=c',
      [],
      'Not sent: the parameter s (QUERY) is none of its values.',
    ],
    [
      'a value of more than 1 KiB',
      { taken: [text()] },
      `/?s=${'a'.repeat(1025)}`,
      [],
      'Not sent: the parameter s (QUERY) has more than 1024 bytes.',
    ],
    [
      'a header that is no number',
      { taken: [header('X-N', { type: 'NUMBER', valid_enable: 1 })] },
      '/',
      ['x-n', 'one'],
      'Not sent: the parameter X-N (HEADER) is no number.',
    ],
    [
      'a path that is no number',
      { taken: [path('id', { type: 'NUMBER', valid_enable: 1 })], paths: ['/{id}', '/{id}'] },
      '/one',
      [],
      'Not sent: the parameter id (PATH) is no number.',
    ],
    [
      'nothing for the backend’s path',
      { taken: [query('a')], given: [mapped('a', 'PATH', 'p')], paths: ['/', '/{p}'] },
      '/',
      [],
      'Not sent: nothing stands for p in the path of the backend.',
    ],
  ];
  test.each(rows)('%s', async (_what, parameters, target, headers, explanation) => {
    publish(parameters);
    const given = await ask(url, { target: prefix + target, headers });
    const error = {
      error_code: 'APIG.0201',
      error_msg: 'API request error.',
      request_id: given.headers['x-request-id'],
    };
    expect([given.status, JSON.parse(given.text)]).toEqual([400, error]);
    expect(gateway.records.at(-1)).toMatchObject({
      explanation,
      refusal: { code: 'APIG.0201', text: 'API request error.' },
    });
    expect(gateway.observations.at(-1)).toMatchObject({ complaints: [explanation], outcome: 'refused' });
  });

  const accepted: readonly (readonly [string, Parameters, string])[] = [
    ['a number', { taken: [number({ min_num: -1, max_num: 5 })] }, '/?n=-1&n=5&n=1e0&n=.5'],
    ['a text of two characters', { taken: [text({ min_size: 2, max_size: 2 })] }, '/?s=%C3%BC%F0%9F%98%80'],
    ['one of the values', { taken: [text({ enumerations: 'a,ü' })] }, '/?s=%C3%BC&s=a'],
    ['what is not there', { taken: [number({ min_num: 5 }), text({ min_size: 2 })] }, '/'],
    [
      'anything where nothing is checked',
      { taken: [query('n', { type: 'NUMBER', max_num: 1, enumerations: '3' })] },
      '/?n=x',
    ],
    [
      'a pattern, which the vendor does not look at',
      { taken: [text({ regular: '^(a+)+$' })] },
      `/?s=${'a'.repeat(1000)}!`,
    ],
  ];
  test.each(accepted)('but not %s', async (_what, parameters, target) => {
    const [heard] = await sent(parameters, target);
    expect(heard).toBe(target.replace('/', '/b'));
  });
});
