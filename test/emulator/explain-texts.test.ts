/** What is read as a request: text of HTTP, and curl commands as curl itself sends them. Nothing else, and nothing breaks on it. */
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRequest } from '../../src/emulator/explanations/request-text.ts';
import { houses } from '../iam/houses.ts';
import { makeClock } from '../support/clock.ts';
import { send } from '../support/http.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { authorizationOf, explain, rawText, signedAt, signedRequests } from './signed-vectors.ts';

const { url } = await useSignet({ seed: useSeed(houses), now: makeClock(signedAt).now });

const ownHost = 'signet.example:8080';
const read = (text: string) => {
  const { method, target, headers, host, body, notes } = readRequest(text, ownHost);
  return { method, target, headers, host, body: Buffer.from(body).toString(), notes };
};
const U = 'http://127.0.0.1:18999';
const own = [
  ['Host', '127.0.0.1:18999'],
  ['User-Agent', 'curl/7.88.1'],
  ['Accept', '*/*'],
] as const;
const form = ['Content-Type', 'application/x-www-form-urlencoded'] as const;

describe('curl', () => {
  /** Command, request line, headers, and body: as curl 7.88.1 sent them to a socket that wrote them down. */
  type Seen = readonly [
    command: string,
    line: string,
    headers: readonly (readonly [name: string, value: string])[],
    body?: string,
  ];
  const seen: readonly Seen[] = [
    [`curl -s ${U}/a/../b/./c?x=1`, 'GET /b/c?x=1', own],
    [`curl -s '${U}/b/c?x=1#f'`, 'GET /b/c?x=1', own],
    [`curl -s '${U}?a=b'`, 'GET /?a=b', own],
    [`curl -s ${U}/p -d 'a b' -d c`, 'POST /p', [...own, ['Content-Length', '5'], form], 'a b&c'],
    [
      `curl -s ${U}/p --data-urlencode '=a b' --data-urlencode 'a b'`,
      'POST /p',
      [...own, ['Content-Length', '7'], form],
      'a+b&a+b',
    ],
    [
      `curl -s ${U}/p --json '{"a":1}' --json '{}'`,
      'POST /p',
      [own[0], own[1], ['Accept', 'application/json'], ['Content-Length', '9'], ['Content-Type', 'application/json']],
      '{"a":1}{}',
    ],
    [`curl -s '${U}/p?z=1' -G -d q=1 -I`, 'HEAD /p?z=1&q=1', own],
    [
      `curl -s ${U}/p -H 'Accept:' -H 'X-E;' -H 'host: foo' -H 'Content-Type: a/b' --data-raw '@x'`,
      'POST /p',
      [['host', 'foo'], own[1], ['Content-Length', '2'], ['X-E', ''], ['Content-Type', 'a/b']],
      '@x',
    ],
    [
      `curl -s -u a:b -b 'k=v' -A ua -e ref ${U}/ü`,
      'GET /%c3%bc',
      [own[0], ['Authorization', 'Basic YTpi'], ['User-Agent', 'ua'], own[2], ['Referer', 'ref'], ['Cookie', 'k=v']],
    ],
    [`curl -s ${U}/p -d ''`, 'POST /p', [...own, ['Content-Length', '0'], form], ''],
    [`curl -s -XPUT ${U}/p --data-binary $'a\\nb'`, 'PUT /p', [...own, ['Content-Length', '3'], form], 'a\nb'],
    [`curl -s --url-query 'a=b c' '${U}/?z'`, 'GET /?z&a=b+c', own],
    [
      `curl -sS -XDELETE --oauth2-bearer tok ${U}/x`,
      'DELETE /x',
      [own[0], ['Authorization', 'Bearer tok'], own[1], own[2]],
    ],
    [`curl -s -H 'User-Agent;' ${U}/x`, 'GET /x', [own[0], own[2], ['User-Agent', '']]],
    [
      `curl -s -H 'Accept: x' --json 1 ${U}/`,
      'POST /',
      [own[0], own[1], ['Accept', 'x'], ['Content-Length', '1'], ['Content-Type', 'application/json']],
      '1',
    ],
    [`curl -s --request-target /zz ${U}/x`, 'GET /zz', own],
    [`curl -s 127.0.0.1:18999`, 'GET /', own],
    [`curl -s http://Foo.Example:80/x`, 'GET /x', [['Host', 'Foo.Example'], own[1], own[2]]],
    [
      `curl -s http://me:pw@foo.example/x`,
      'GET /x',
      [['Host', 'foo.example'], ['Authorization', 'Basic bWU6cHc='], own[1], own[2]],
    ],
  ];

  test.each(seen.map((row) => [row[0], row] as const))('%s', (_command, [command, line, headers, body = '']) => {
    const sent = read(command);
    expect(`${sent.method} ${sent.target}`).toBe(line);
    const sorted = (all: readonly (readonly string[])[]) => all.map((header) => header.join(': ')).sort();
    expect(sorted(sent.headers)).toEqual(sorted(headers));
    expect(sent.body).toBe(body);
  });

  test('lines joined by a backslash, quotes of all kinds, a prompt, and what stands behind the command', () => {
    const command = `$ curl -X POST \\\n  -H "X-A: it's \\"b\\"" \\\r\n  --data-raw $'{"a":"\\x41\\u00fc"}' "${U}/p" | jq . > out`;
    const sent = read(command);
    expect(sent).toMatchObject({ method: 'POST', target: '/p', body: '{"a":"Aü"}' });
    expect(sent.headers).toContainEqual(['X-A', 'it\'s "b"']);
  });

  test.each([
    ['curl', /neither an HTTP request nor a curl command|no URL/],
    ['curl -d @body.json http://x/', /the file body.json of the body cannot be read here/],
    ['curl -H @headers http://x/', /a file of headers/],
    ['curl -b jar.txt http://x/', /a file of cookies/],
    ['curl --data-urlencode a@b http://x/', /the file b cannot be read/],
    ['curl -F a=b http://x/', /-F shows only when it runs/],
    ['curl -H "X-Auth-Token: $TOKEN" http://x/', /variable TOKEN is not known/],
    ["curl -d '{ http://x/", /a quote in the command is not closed/],
    ['curl --frobnicate http://x/', /--frobnicate is not known/],
    ['curl -X', /-X has no value/],
    ['curl ftp://x/', /none, or not of HTTP/],
    ['curl "http://x/a b"', /none, or not of HTTP/],
    ['curl "${}"', /a substitution/],
  ])('%s is refused', (command, why) => {
    expect(() => read(command)).toThrow(why);
  });
});

describe('HTTP', () => {
  test.each([
    ['LF', 'POST /a?b HTTP/1.1\nHost: h\nX-A:  b  \n\n{}', { method: 'POST', target: '/a?b', host: 'h', body: '{}' }],
    ['CR and LF', 'POST /a HTTP/1.1\r\nHost: h\r\n\r\n{}\r\n', { target: '/a', host: 'h', body: '{}\r\n' }],
    ['Content-Length', 'POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}\r\n', { body: '{}' }],
    [
      'chunks',
      'POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n1;x\r\n\n\r\n0\r\n\r\n',
      { body: '{}\n' },
    ],
    ['scheme and host in the target', 'GET http://me@x:81?a HTTP/1.1\nHost: h\n\n', { target: '/?a', host: 'x:81' }],
    ['no version, no body', '\n GET /a\nHost: h', { method: 'GET', target: '/a', host: 'h', body: '' }],
    ['no Host', 'GET /a HTTP/1.1\n\n', { host: ownHost, notes: [`Host is missing; ${ownHost} was taken.`] }],
    [
      'a shorter body',
      'GET /a HTTP/1.1\nHost: h\nContent-Length: 9\n\nabc',
      { body: 'abc', notes: ['The body has 3 bytes, 6 less than Content-Length says.'] },
    ],
    [
      'UTF-8',
      'GET /a HTTP/1.1\nHost: h\nX-A: ü\n\n',
      {
        headers: [
          ['Host', 'h'],
          ['X-A', 'Ã¼'],
        ],
      },
    ],
  ])('%s', (_what, text, told) => {
    expect(read(text)).toMatchObject(told);
  });

  test.each([
    ['nonsense', /the first line is not a method and a path/],
    ['GET a HTTP/1.1', /does not begin with a slash/],
    ['GET /a HTTP/1.1\nno header', /line 2 is not a header/],
    ['GET /a HTTP/1.1\nHost: h\nX-A: \u0001', /line 3 is not a header/],
    [`GET /a HTTP/1.1\nX-A: ${'a'.repeat(70_000)}`, /longer than 64 KiB/],
  ])('%s is refused', (text, why) => {
    expect(() => read(text)).toThrow(why);
  });
});

test('a refusal says why', async () => {
  const answer = await send(url, 'post', '/_signet/explain', { body: { request: 'curl -d @x http://y/' } });
  expect(answer.status).toBe(400);
  expect(answer.body).toStrictEqual({
    error: {
      error_code: 'Signet.UnreadableRequest',
      error_msg:
        'This is neither an HTTP request nor a curl command: the file x of the body cannot be read here: put its text in its place.',
    },
  });
});

test('a curl command that sends what an SDK signed is right', async () => {
  const { method, target, headers, body } = signedRequests[0]!;
  const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const words = Object.entries(headers).flatMap(([name, value]) => ['-H', quote(`${name}: ${value}`)]);
  const command = [
    'curl',
    '-X',
    method,
    ...words,
    '--data-binary',
    quote(body),
    quote(`http://127.0.0.1:21977${target}`),
  ].join(' ');
  expect(await explain(url, command)).toMatchObject({ accepted: true, signature: { verdict: 'right' } });
});

describe('wild texts', () => {
  const answers = async (request: string): Promise<void> => {
    const { status, text } = await send(url, 'post', '/_signet/explain', { body: { request } });
    expect([200, 400], text).toContain(status);
  };
  const right = rawText(signedRequests[0]!);
  const any = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 });
  const put = fc.tuple(fc.nat(), any);

  test.each<readonly [string, fc.Arbitrary<string>]>([
    ['text of any kind', any],
    [
      'curl and words of any kind',
      fc
        .array(
          fc.oneof(
            any,
            fc.constantFrom('-d', '-H', '-X', '--json', "'", '"', '\\', '$', '$(', '|', '&', 'http://x/', '-G'),
          ),
        )
        .map((words) => `curl ${words.join(' ')}`),
    ],
    [
      'a signed request with something put in',
      put.map(([at, text]) => right.slice(0, at % right.length) + text + right.slice(at % right.length)),
    ],
    ['a signed request, cut off', fc.nat().map((at) => right.slice(0, 1 + (at % right.length)))],
    [
      'any Authorization',
      any.map((text) => right.replace(authorizationOf(signedRequests[0]!), `SDK-HMAC-SHA256 ${text}`)),
    ],
    [
      'any fields of Authorization',
      fc
        .tuple(any, any, any)
        .map(([access, names, signature]) =>
          right.replace(
            authorizationOf(signedRequests[0]!),
            `SDK-HMAC-SHA256 Access=${access}, SignedHeaders=${names};x-sdk-date, Signature=${signature}`,
          ),
        ),
    ],
    ['any token', any.map((text) => right.replace(/authorization: .*/, `x-auth-token: ${text}`))],
  ])('%s', { timeout: 60_000 }, async (_what, texts) => {
    await fc.assert(fc.asyncProperty(texts, answers), { numRuns: 60, seed: 20260115 });
  });

  test('the longest ones are answered without delay', async () => {
    const request = signedRequests[0]!;
    const long = [
      rawText({
        ...request,
        body: JSON.stringify(Array.from({ length: 40_000 }, (_, index) => `é</${index}>`)),
      }),
      rawText({
        ...request,
        target: `/${'a b/'.repeat(7000).replaceAll(' ', '%20')}?${'a=b&'.repeat(1000)}`,
      }),
      rawText({ ...request, headers: { ...request.headers, accept: `a${' '.repeat(60_000)}b` } }),
      `curl -d '${'[{'.repeat(100_000)}' http://x/`,
      `curl ${'"'.repeat(400_000)}`,
      `curl ${"$'a' ".repeat(40_000)}http://x/`,
    ];
    for (const text of long) {
      const begin = performance.now();
      await answers(text);
      expect(performance.now() - begin).toBeLessThan(5000);
    }
  });
});
