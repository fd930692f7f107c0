import { describe, expect, test } from 'vitest';
import { domain, project, token } from '../support/identity.ts';
import { send, type Method } from '../support/http.ts';
import { kmsClient, kmsPath } from '../support/kms.ts';
import {
  expectAnswerHeaders,
  expectGatewayRefusal,
  expectKmsRefusal,
  type GatewayRefusal,
} from '../support/refusals.ts';
import { useSignet } from '../support/signet.ts';
import { converse, readAnswer } from './socket.ts';

const { url } = await useSignet();
const kms = kmsClient(url);
const { host } = new URL(url);
const credential = { 'X-Auth-Token': token };

describe('what no service answers, the gateway does', () => {
  const unknown: readonly (readonly [Method, string])[] = [
    ['get', '/nowhere'],
    ['post', '/nowhere'],
    ['get', '/v1.1'],
    ['get', '/V3'],
    ['post', '/v1.0/kms/sign'],
    ['post', kmsPath('no-such-operation')],
    ['post', kmsPath('Sign')],
    ['post', `/${kmsPath('sign')}`],
    ['post', `${kmsPath('sign')}/more`],
    ['post', `/v2${kmsPath('sign')}`],
    ['get', '/v3/auth'],
    ['options', '/nowhere'],
    ['delete', '/_signet/nothing-here'],
  ];
  test.each(unknown)('%s %s: 404 APIGW.0101', async (method, path) => {
    expectGatewayRefusal(await send(url, method, path, { headers: credential }), 'noSuchApi');
    expectGatewayRefusal(await send(url, method, path), 'noSuchApi');
  });

  test.each(['/v1.0/%zz/kms/sign', '/v1.0/%/kms/sign', '/v1.0/%ff/kms/sign'])(
    '%s: malformed percent-encoding is badRequest',
    async (path) => {
      expectGatewayRefusal(await send(url, 'post', path, { headers: credential, body: {} }), 'badRequest');
    },
  );

  test('a target of more than 32 KiB is uriTooLong', async () => {
    expectGatewayRefusal(await send(url, 'get', `/?${'a'.repeat(32 * 1024)}`), 'uriTooLong');
  });
});

describe('what never becomes a request', () => {
  const rows: readonly (readonly [string, GatewayRefusal, string])[] = [
    [
      'headers of more than 64 KiB',
      'headersTooLarge',
      `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(65 * 1024)}\r\n\r\n`,
    ],
    ['something that is not HTTP', 'badRequest', 'hello\r\n\r\n'],
    ['a blank in a header name', 'badRequest', 'GET / HTTP/1.1\r\nHost: x\r\nX Y: z\r\n\r\n'],
    [
      'a chunk without a length',
      'badRequest',
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
    ['two lengths', 'badRequest', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na'],
    [
      'a length and chunks',
      'badRequest',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a negative length', 'badRequest', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
    ['no Host', 'badRequest', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ];
  test.each(rows)('%s: %s', async (_why, refusal, text) => {
    expectGatewayRefusal(readAnswer(await converse(url, text)), refusal);
  });
});

describe('unusual, and right all the same', () => {
  const post = (target: string, ...headers: string[]): string =>
    [`POST ${target} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers, 'Content-Length: 2', '', '{}'].join(
      '\r\n',
    );

  test.each(['ftp://h/v3', 'ws://h/v3', 'http:///v3', 'foo:///v3', '/v3#x', 'https://u:p@h/v3', 'HTTP://h/v3'])(
    'the target %s is /v3',
    async (target) => {
      const text = `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
      const answer = readAnswer(await converse(url, text));
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain('u:p@');
    },
  );

  test.each(['*', 'v3', '?', '//', 'mailto:x', 'http://h'])('the target %s has an answer', async (target) => {
    const text = `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    expect([200, 400, 404]).toContain(readAnswer(await converse(url, text)).status);
  });

  test('a target in absolute form, as a client of a proxy sends it (RFC 9112, 3.2.2)', async () => {
    const answer = readAnswer(await converse(url, post(`${url}${kmsPath('list-keys')}`, `X-Auth-Token: ${token}`)));
    expect([answer.status, answer.text.slice(0, 80)]).toEqual([200, expect.stringContaining('"keys"')]);
    const versions = await converse(url, `GET ${url}/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(readAnswer(versions).status).toBe(200);
  });

  test('HTTP/1.0 without Host: links still lead somewhere', async () => {
    const answer = readAnswer(await converse(url, 'GET /v1.0 HTTP/1.0\r\n\r\n'));
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain('undefined');
  });

  test('Expect: 100-continue', async () => {
    const text = await converse(url, post(kmsPath('list-keys'), `X-Auth-Token: ${token}`, 'Expect: 100-continue'));
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  });

  test('an expectation that nobody knows still gets an answer with an id', async () => {
    const answer = readAnswer(await converse(url, post(kmsPath('list-keys'), 'Expect: miracles')));
    expectAnswerHeaders(answer);
  });

  test('a body in chunks, a query, a slash at the end, encoded letters in the project id', async () => {
    const headers = ['Connection: close', `X-Auth-Token: ${token}`, 'Transfer-Encoding: chunked'].join('\r\n');
    const chunks = '1\r\n{\r\n1\r\n}\r\n0\r\n\r\n';
    const encoded = kmsPath('list-keys', project.id.replace('f', '%66'));
    for (const target of [
      kmsPath('list-keys'),
      `${kmsPath('list-keys')}?a=b&a=c`,
      `${kmsPath('list-keys')}/`,
      encoded,
    ]) {
      const text = await converse(url, `POST ${target} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n\r\n${chunks}`);
      expect(text, target).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    }
  });

  test('HEAD asks for what GET gives, without it', async () => {
    const { status, text, headers } = await send(url, 'head', '/v1.0');
    expect([status, text]).toEqual([200, undefined]);
    expectAnswerHeaders({ headers });
    expect((await send(url, 'head', kmsPath('sign'))).status).toBe(405);
  });
});

test.each([
  'none',
  'text/plain',
  'application/json;charset=utf8',
  'APPLICATION/JSON; charset="UTF-8"',
  'nonsense',
  'text/xml',
])('Content-Type %s: the body is read as JSON', async (type) => {
  const headers: Record<string, string> = { ...credential, ...(type !== 'none' && { 'Content-Type': type }) };
  const body = JSON.stringify({ limit: '1' });
  expect(await send(url, 'post', kmsPath('list-keys'), { headers, body })).toMatchObject({
    status: 200,
    body: { keys: [expect.any(String) as string] },
  });
  const bad = await send(url, 'post', kmsPath('list-keys'), { headers, body: 'a=b' });
  expectKmsRefusal(bad, 'KMS.0202');
});

test('1 MiB is not too long', async () => {
  const body = JSON.stringify({ limit: '1' }).padEnd(1024 * 1024);
  expect((await kms.post('list-keys', body)).status).toBe(200);
});

test('every answer has an id of its own', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(url, 'get', '/')));
  for (const answer of answers) expectAnswerHeaders(answer);
  expect(new Set(answers.map(({ headers }) => headers['x-request-id'])).size).toBe(20);
});

test('GET / lists the KMS and the identity service, GET /v1.0 the KMS; links lead to where the client is', async () => {
  const headers = { Host: 'kms.example:8443' };
  const kmsVersion = {
    id: 'v1.0',
    links: [{ rel: 'self', href: 'http://kms.example:8443/v1.0/' }],
    min_version: '',
    status: 'CURRENT',
    version: '',
    updated: '2018-09-05T08:18:05Z',
  };
  expect((await send(url, 'get', '/v1.0', { headers })).body).toStrictEqual({ version: kmsVersion });
  expect((await send(url, 'get', '/', { headers })).body).toStrictEqual({
    versions: [
      kmsVersion,
      expect.objectContaining({ id: 'v3.6', links: [{ rel: 'self', href: 'http://kms.example:8443/v3/' }] }),
    ],
  });
  expect(JSON.stringify(await send(url, 'get', '/'))).not.toContain(domain.id);
});
