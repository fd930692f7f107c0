import { Agent, request } from 'node:http';
import express, { type RequestHandler } from 'express';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { verifyGateway } from '../../src/verify-gateway/verify-gateway.ts';
import {
  application,
  base64,
  exchange,
  keys,
  listen,
  portOf,
  post,
  read,
  seen,
  serve,
  tell,
  verify,
} from './backend.ts';
import { date, host, pair, plain, signed, signedAt, withHeader, type Signed } from './gateway-signer.ts';
import { refusals } from './refusals.ts';

const now = () => signedAt;
const slow = verifyGateway({ now, keys: (key) => new Promise((resolve) => setTimeout(resolve, 20, keys[key])) });
const failed = 'Verify authroization failed.';
const json = { 'Content-Type': 'application/json' };
describe('what the gateway did not sign', () => {
  test.each(refusals)('is refused: $why', async ({ request, text }) => {
    const send = await serve(verify, tell);
    const answer = await send(request);
    expect(answer).toMatchObject({ status: 401, text });
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  const raw: readonly (readonly [why: string, lines: readonly string[], text: string])[] = [
    ['two Authorization', [`Authorization: ${auth()}`, `Authorization: ${auth()}`], 'Authorization format incorrect.'],
    ['two Host', ['Host: evil', `Authorization: ${auth()}`], failed],
    ['Authorization over two lines', ['Authorization: SDK-HMAC-SHA256', ' Access=x'], 'HTTP/1.1 400 Bad Request'],
    [
      'bytes beyond ASCII',
      ['Authorization: SDK-HMAC-SHA256 Access=\xe4, SignedHeaders=\xff, Signature=x'],
      'Signing key not found.',
    ],
    ['a header name beyond ASCII', [`Authorization: ${auth('\xff;x-sdk-date')}`], 'Signed header \xff not found'],
  ];
  function auth(signedHeaders?: string): string {
    const value = plain().headers['Authorization']!;
    return signedHeaders === undefined ? value : value.replace('host;x-sdk-date', signedHeaders);
  }
  test.each(raw)('is refused: %s', async (_, lines, text) => {
    const head = ['GET /orders HTTP/1.1', `Host: ${host}`, `X-Sdk-Date: ${date}`, 'Connection: close', ...lines];
    const answer = await exchange(application(verify, tell), head);
    expect(answer).toMatch(/^HTTP\/1\.1 40[01] /);
    expect(answer).toContain(text);
  });

  it('is refused without reading its body', async () => {
    const send = await serve(verifyGateway({ keys, now, limit: 10 }), tell);
    const large = withHeader(post('x'.repeat(100_000)), 'Authorization', 'x');
    expect(await send(large)).toMatchObject({ status: 401, text: 'Authorization format incorrect.' });
  });
});

describe('what the gateway signed', () => {
  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  test.each<readonly [string, Signed]>([
    ['a POST of every byte', post(everyByte)],
    ['a POST of UTF-8', post('{"name":"Grüße","qty":3}', { headers: json })],
    ['a POST of broken UTF-8', post(Buffer.of(0xc3, 0x28, 0xff))],
    ['a GET with a body', plain({ body: Buffer.from('{}'), headers: json })],
    ['a DELETE with a body', plain({ method: 'DELETE', body: Buffer.from('x') })],
    ['a large PUT', plain({ method: 'PUT', body: Buffer.alloc(3_000_000, everyByte) })],
  ])('goes on with its body: %s', async (_, request) => {
    const rawBody = base64(request.body);
    // When a slow one looks, the whole request has come.
    for (const [check, chunked] of [verify, slow].flatMap((one) => [[one, false] as const, [one, true] as const])) {
      expect(await seen(await serve(check, tell), request, chunked)).toMatchObject({ key: pair.key, rawBody });
      expect(await seen(await serve(check, read), request, chunked)).toEqual({ key: pair.key, read: rawBody });
      const piped = await (await serve(check, (req, res) => void req.pipe(res)))(request, chunked);
      expect(base64(piped.bytes)).toBe(rawBody);
    }
  });

  test.each<readonly [string, Signed, boolean]>([
    ['a GET', plain(), false],
    ['a POST of nothing', withHeader(plain({ method: 'POST' }), 'Content-Length', '0'), false],
    ['a POST of no pieces', plain({ method: 'POST' }), true],
  ])('goes on without a body: %s', async (_, request, chunked) => {
    for (const check of [verify, slow]) {
      expect(await seen(await serve(check, read), request, chunked)).toEqual({ key: pair.key, read: '' });
      expect(await seen(await serve(check, express.raw(), tell), request, chunked)).toMatchObject({ key: pair.key });
    }
  });

  test.each([
    ['/', ['/', '']],
    ['//a//', ['//a//', '']],
    ["/M%C3%BCnchen%20Ost/*()'!", ['/M%C3%BCnchen%20Ost/%2A%28%29%27%21/', '']],
    ['/%7Eme/%41', ['/~me/A/', '']],
    ['/x?b=2&a=x%20y&a=%26&empty=&Z=1', ['/x/', 'Z=1&a=%26&a=x%20y&b=2&empty=']],
    ['/x?a=2&a=10&a=1', ['/x/', 'a=1&a=10&a=2']],
    ['/x?flag&a', ['/x/', 'a=&flag=']],
    ['/x?', ['/x/', '']],
    ['/x?a[0]=1&aB=2', ['/x/', 'aB=2&a%5B0%5D=1']],
    ['/x?a=%2B&b=%25&c=1+2&d=%ff', ['/x/', 'a=%2B&b=%25&c=1%202&d=%FF']],
    ['/x?a=b=c?d', ['/x/', 'a=b%3Dc%3Fd']],
  ] as const)('goes on to %s', async (target, canonical) => {
    const send = await serve(verify, tell);
    expect(await seen(send, signed({ method: 'GET', target, canonical }))).toMatchObject({ key: pair.key });
    expect(await send({ ...signed({ method: 'GET', target, canonical }), target: `${target}x` })).toMatchObject({
      status: 401,
    });
  });

  test('is known by Basic, too, and its body left alone', async () => {
    const Authorization = 'Basic dXNlcjE6UGFzc3cwcmQh';
    const request = { method: 'POST', target: '/', headers: { Authorization }, body: Buffer.from('x') };
    expect(await seen(await serve(verify, tell), request)).toEqual({ key: 'user1' });
    expect(await seen(await serve(verify, read), request)).toEqual({ key: 'user1', read: base64('x') });
  });

  test('is left its body to stream where that is not signed', async () => {
    const headers = { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' };
    const upload = post(everyByte, { headers, signedHeaders: 'x-sdk-content-sha256;x-sdk-date' });
    const small = verifyGateway({ keys, now, limit: 10 });
    expect(await seen(await serve(small, read), upload, true)).toEqual({ key: pair.key, read: base64(everyByte) });
    expect(await seen(await serve(small, read), { ...upload, body: Buffer.of(1) })).toMatchObject({ read: 'AQ==' });
  });

  test('goes through where the router is mounted', async () => {
    const send = await serve(express.Router().use('/api', express.Router().use('/v1', verify, tell)));
    const request = signed({ method: 'GET', target: '/api/v1/orders?a=1', canonical: ['/api/v1/orders/', 'a=1'] });
    expect(await seen(send, request)).toMatchObject({ key: pair.key });
  });

  test('goes through without Express', async () => {
    const check = verifyGateway({ keys, now });
    const send = await listen((req, res) => check(req, res, () => res.end(JSON.stringify({ key: req.url }))));
    expect(await seen(send, plain())).toEqual({ key: '/orders' });
    expect(await send(withHeader(plain(), 'X-Sdk-Date', date.replace('2020', '2021')))).toMatchObject({ status: 401 });
  });
});

describe('the limit', () => {
  test.each([
    [10, false, 200],
    [10, true, 200],
    [11, false, 413],
    [11, true, 413],
    [1_000_000, true, 413],
  ])('of 10 bytes, for %i, in pieces: %s', async (length, chunked, status) => {
    const send = await serve(verifyGateway({ keys, now, limit: 10 }), tell);
    const answer = await send(post(Buffer.alloc(length)), chunked);
    expect(answer.status).toBe(status);
    if (status === 413) expect(answer.text).toBe('Request body too large.');
  });

  it('is 12 MiB where nothing is said', async () => {
    const send = await serve(verify, tell);
    const twelve = 12 * 1024 * 1024;
    expect(await send(withHeader(post(Buffer.alloc(twelve)), 'Content-Type', 'a/b'))).toMatchObject({ status: 200 });
    expect(await send(post(Buffer.alloc(twelve + 1)))).toMatchObject({ status: 413 });
  });
});

describe('a connection', () => {
  it('goes on after bodies that nobody took, and after refusals', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const ports = new Set<number | undefined>();
    const remember: RequestHandler = (req, _res, next) => {
      ports.add(req.socket.remotePort);
      next();
    };
    const send = await listen(application(remember, verifyGateway({ keys, now, limit: 100_000 }), tell), agent);
    const statuses = async (request: Signed) => [(await send(request)).status, (await send(request, true)).status];
    expect(await statuses(post(Buffer.alloc(90_000)))).toEqual([200, 200]);
    expect(await statuses(post(Buffer.alloc(2_000_000)))).toEqual([413, 413]);
    expect(await statuses(withHeader(post(Buffer.alloc(2_000_000)), 'Authorization', 'x'))).toEqual([401, 401]);
    expect(await statuses(post('last'))).toEqual([200, 200]);
    expect(ports.size).toBe(1);
  });

  it('that breaks off within a body is nobody to answer, and no error', async () => {
    const passed: unknown[] = [];
    const check = verifyGateway({ keys, now });
    const closed = Promise.withResolvers<undefined>();
    const port = await portOf((req, res) => {
      req.once('close', () => closed.resolve(undefined));
      check(req, res, (error) => passed.push(error));
    });
    const headers = { ...post('hello').headers, 'Content-Length': '5' };
    const outgoing = request({ host: '127.0.0.1', port, method: 'POST', path: '/orders', headers });
    outgoing.on('error', () => undefined).write('hel', () => setImmediate(() => outgoing.destroy()));
    await closed.promise;
    await new Promise(setImmediate);
    expect(passed).toEqual([]);
  });
});
