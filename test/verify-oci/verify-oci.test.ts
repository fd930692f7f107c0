import { Agent, request as ask } from 'node:http';
import { connect, createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import express, { type RequestHandler } from 'express';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { ociTexts } from '../../src/crypto/oci/check-signature.ts';
import type { OciRequest } from '../../src/crypto/oci/signed-request.ts';
import {
  keepRawBody,
  verifyOci,
  type IncomingRequest,
  type Refused,
  type VerifiedRequest,
  type OciKeys,
} from '../../src/verify-oci/verify-oci.ts';
import {
  bodyHeaders,
  date,
  host,
  signed,
  withHeader,
  withMore,
  withoutHeader,
  type Header,
} from '../crypto/oci/oci-signer.ts';
import { madeVectors, publishedKey, publishedVectors, signedAt, testKey } from '../crypto/oci/vectors.ts';
import { application, base64, exchange, listen, portOf } from '../verify-gateway/backend.ts';
import { keys, read, refusalBy, seen, sending, serve, tell, verify, verifyWith } from './service.ts';

const [tenancyId, userId, fingerprint] = testKey.keyId.split('/');
const id = { tenancyId, userId, fingerprint };
const { generic, signature } = ociTexts;
const refused = (message: string) => [401, 'NotAuthenticated', message];
const post = (body: Uint8Array | string): OciRequest => signed({ body: Buffer.from(body) });
const signedAll = 'date (request-target) host content-length content-type x-content-sha256';
const putObject = (body: Uint8Array): OciRequest =>
  signed({
    method: 'PUT',
    target: '/n/ns/b/bkt/o/a',
    names: 'date (request-target) host',
    body,
    headers: [
      ['Date', date],
      ['Host', host],
    ],
  });

describe('what is signed goes on', () => {
  test.each(madeVectors)('$name', async ({ request, names }) => {
    const send = await serve(verifyWith({ objectStorage: true }), tell);
    const { caller, rawBody } = await seen(send, request);
    expect(caller).toMatchObject({ ...id, signedHeaders: names });
    expect(rawBody).toBe(names.includes('x-content-sha256') ? base64(request.body) : undefined);
  });

  test('by a key of 1024 bits, too', async () => {
    const send = await serve(verifyWith({ keys: { [publishedKey.keyId]: publishedKey.publicKeyPem } }), tell);
    const [vector] = publishedVectors;
    expect((await seen(send, vector!.request)).caller.signedHeaders).toEqual(vector!.names);
  });

  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  test.each<[what: string, body: Uint8Array]>([
    ['every byte', everyByte],
    ['UTF-8', Buffer.from('{"name":"Grüße"}')],
    ['broken UTF-8', Buffer.of(0xc3, 0x28, 0xff)],
    ['nothing', Buffer.alloc(0)],
    ['3 MB', Buffer.alloc(3_000_000, everyByte)],
  ])('with its body: %s', async (_, body) => {
    const rawBody = base64(body);
    expect(await seen(await serve(verify, tell), post(body))).toMatchObject({ rawBody });
    expect(await seen(await serve(verify, read), post(body))).toMatchObject({ read: rawBody });
    const parsed = await seen(await serve(verify, express.raw({ type: () => true, limit: '5mb' }), tell), post(body));
    expect(parsed).toMatchObject({ rawBody });
  });

  test('with a body that the parser behind understands', async () => {
    const send = await serve(verify, express.json(), tell);
    expect(await seen(send, post('{"name":"Grüße"}'))).toMatchObject({ body: { name: 'Grüße' } });
  });

  test('where the router is mounted', async () => {
    const send = await serve(express.Router().use('/api', express.Router().use('/v1', verify, tell)));
    expect((await seen(send, signed({ target: '/api/v1/keys/73%3A61?a=1' }))).caller).toMatchObject(id);
  });

  test('without Express', async () => {
    const check = verifyOci({ keys, now: () => signedAt });
    const send = await sending((req: IncomingRequest & Partial<VerifiedRequest>, res) =>
      check(req, res, () => res.end(JSON.stringify({ caller: req.ociCaller }))),
    );
    expect((await seen(send, signed())).caller).toMatchObject(id);
    expect(await refusalBy(send, withHeader(signed(), 'Host', 'other'))).toEqual(refused(signature));
  });

  test('from an absolute target and with a header that came twice, as both are on the wire', async () => {
    const request = signed({
      headers: [
        ['Date', date],
        ['Host', host],
        ['X-Two', 'a'],
        ['x-two', 'b'],
      ],
      names: 'date (request-target) host x-two',
      text: `date: ${date}\n(request-target): get /a?b=1\nhost: ${host}\nx-two: a, b`,
    });
    const lines = request.headers.map(([name, value]) => `${name}: ${value}`);
    const head = [`GET http://${host}/a?b=1 HTTP/1.1`, 'Connection: close', ...lines];
    expect(await exchange(application(verify, tell), head)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await exchange(application(verify, tell), [...head, 'X-Two: c'])).toMatch(/^HTTP\/1\.1 401 /);
  });

  test('over HTTP/2, where :authority is the host', async () => {
    const check = verifyOci({ keys, now: () => signedAt });
    const server: Http2Server = createServer((req, res) => {
      check(req as never, res as never, () => res.end('taken'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    onTestFinished(() => {
      client.destroy();
      server.close();
    });
    const send = async ({ method, target, headers, body }: OciRequest, authority: string): Promise<string> => {
      const others = headers.filter(([name]) => name !== 'Host').map(([name, value]) => [name.toLowerCase(), value]);
      const stream = client.request({
        ':method': method,
        ':path': target,
        ':authority': authority,
        ...(Object.fromEntries(others) as object),
      });
      if (body.length > 0) stream.end(body);
      else stream.end();
      return text(stream);
    };
    expect(await send(signed(), host)).toBe('taken');
    expect(await send(post('{"a":1}'), host)).toBe('taken');
    expect(await send(signed(), 'other')).toContain(signature);
  });
});

describe('what is not signed is refused', () => {
  const xDate = signed({
    headers: [
      ['x-date', date],
      ['Host', host],
    ],
    names: 'x-date (request-target) host',
  });
  test.each<[what: string, request: OciRequest, message: string | RegExp, check: Refused['check']]>([
    ['no Authorization', withoutHeader(signed(), 'Authorization'), generic, 'authorization'],
    [
      'a POST that leaves its body out',
      signed({ method: 'POST', names: 'date (request-target) host' }),
      generic,
      'signed headers',
    ],
    ['a signed header that did not come', withoutHeader(xDate, 'x-date'), signature, 'signed headers'],
    [
      'an old date',
      signed({
        headers: [
          ['Date', 'Sun, 05 Jan 2014 20:31:40 GMT'],
          ['Host', host],
        ],
      }),
      ociTexts.skew(signedAt - 3_600_000, signedAt),
      'signing time',
    ],
    ['an unknown key', signed({ keyId: `${tenancyId}x/${userId}/${fingerprint}` }), generic, 'api key'],
    ['a session token', signed({ keyId: 'ST$x' }), generic, 'api key'],
    ['another target', { ...signed(), target: '/other' }, signature, 'signature'],
    ['another body', { ...post('{"a":1}'), body: Buffer.from('{"a":2}') }, signature, 'body digest'],
    ['an upload to Object Storage that leaves its body out', putObject(Buffer.from('x')), generic, 'signed headers'],
  ])('%s', async (_, request, message, check) => {
    const refusals: (readonly [Refused, string | undefined])[] = [];
    const send = await serve(verifyWith({ onRefusal: (refusal, req) => refusals.push([refusal, req.url]) }), tell);
    expect(await refusalBy(send, request)).toEqual(refused(message as string));
    const [[refusal, url] = []] = refusals;
    expect([refusals.length, refusal?.check, url]).toEqual([1, check, request.target]);
    expect(refusal?.why).toMatch(/^\S.*\.$/);
  });

  test.each<[what: string, lines: readonly string[], message: string]>([
    ['two Authorization headers', [authorization(), authorization()], generic],
    ['two Host headers', [authorization(), 'Host: evil'], signature],
    ['two dates', [authorization(), `Date: ${date}`], generic],
    ['bytes beyond ASCII', ['Authorization: Signature keyId="\xe4\xff",\xfc'], generic],
  ])('%s', async (_, lines, message) => {
    const head = [
      'GET /20160918/users?limit=1 HTTP/1.1',
      `Host: ${host}`,
      `Date: ${date}`,
      'Connection: close',
      ...lines,
    ];
    const answer = await exchange(application(verify, tell), head);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toContain(JSON.stringify({ code: 'NotAuthenticated', message }));
  });
  function authorization(): string {
    return `Authorization: ${signed().headers.at(-1)![1]}`;
  }

  it('without reading its body', async () => {
    const send = await serve(verifyWith({ limit: 10 }), tell);
    const large = withHeader(post('x'.repeat(100_000)), 'Host', 'other');
    expect(await refusalBy(send, large)).toEqual(refused(signature));
  });

  it('by the clock, where nothing is said of the time', async () => {
    const send = await serve(verifyOci({ keys }), tell);
    const [status, , message] = await refusalBy(send, signed());
    expect([status, message]).toEqual([
      401,
      expect.stringMatching(/^Date 'Sun, 05 Jan 2014 21:31:40 UTC' is not within/),
    ]);
  });
});

describe('keys', () => {
  const { keyId, publicKeyPem, publicKey, privateKey } = testKey;
  test.each<[what: string, options: Parameters<typeof verifyWith>[0]]>([
    ['an object', { keys }],
    ['an object of parsed keys', { keys: { [keyId]: publicKey } }],
    ['a Map', { keys: new Map([[keyId, publicKeyPem]]) }],
    ['a function', { keys: (asked) => keys[asked] }],
    ['an asynchronous function', { keys: async (asked) => keys[asked] }],
    [
      'a function of the parts',
      { keys: (_, { tenancyId: tenancy, userId: user, fingerprint: print }) => keys[`${tenancy}/${user}/${print}`] },
    ],
    ['PKCS#1', { keys: { [keyId]: publicKey.export({ type: 'pkcs1', format: 'pem' }).toString() } }],
    ['a private key, whose public half is taken', { keys: { [keyId]: privateKey } }],
  ])('are looked up in %s', async (_, options) => {
    const send = await serve(verifyWith(options), tell);
    expect((await seen(send, signed())).caller).toMatchObject(id);
    const stranger = signed({ keyId: `a/b/${fingerprint}` });
    expect(await refusalBy(send, stranger)).toEqual(refused(generic));
  });

  it.each<[string, OciKeys]>([
    ['empty', { [keyId]: '' }],
    ['null', () => null as unknown as undefined],
  ])('that are %s are none', async (_, none) => {
    expect(await refusalBy(await serve(verifyWith({ keys: none }), tell), signed())).toEqual(refused(generic));
  });

  it('that objects have of themselves are none', async () => {
    const send = await serve(verifyWith({ keys: {} }), tell);
    expect(await refusalBy(send, signed({ keyId: '__proto__' }))).toEqual(refused(generic));
  });

  const ec =
    '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n';
  test.each<[what: string, options: Parameters<typeof verifyWith>[0], error: RegExp]>([
    ['cannot be looked up', { keys: () => Promise.reject(new Error('no connection')) }, /no connection/],
    ['are no keys', { keys: { [keyId]: 'not PEM' } }, /DECODER|unsupported/],
    ['are not RSA', { keys: { [keyId]: ec } }, /is not RSA/],
  ])('that %s are an error of the service, and no refusal', async (_, options, error) => {
    const send = await serve(verifyWith(options), tell);
    const { status, text: told } = await send(signed());
    expect([status, told]).toEqual([500, expect.stringMatching(error)]);
  });

  it('that cannot be told to onRefusal are an error as well, once', async () => {
    const onRefusal = () => {
      throw new Error('log is full');
    };
    const { status, text: told } = await (
      await serve(verifyWith({ onRefusal }), tell)
    )(withHeader(signed(), 'Host', 'x'));
    expect([status, told]).toEqual([500, expect.stringContaining('log is full')]);
  });
});

describe('parsers before it', () => {
  const order = post('{"name":"Grüße"}');

  test('keep the body', async () => {
    const send = await serve(express.json({ verify: keepRawBody }), verify, tell);
    expect(await seen(send, order)).toMatchObject({ rawBody: base64(order.body), body: { name: 'Grüße' } });
    expect(await refusalBy(send, { ...order, body: Buffer.from('{"name": "Grüße"}') })).toEqual(refused(signature));
  });

  test('may be express.raw()', async () => {
    const send = await serve(express.raw({ type: '*/*' }), verify, tell);
    expect((await seen(send, order)).caller).toMatchObject(id);
  });

  test('that keep nothing are an error of the service, which names the middleware', async () => {
    const { status, text: told } = await (await serve(express.json(), verify, tell))(order);
    expect([status, told]).toEqual([500, expect.stringContaining('verifyOci comes too late')]);
  });
});

describe('the limit', () => {
  it.each([
    [10, 200],
    [11, 413],
    [1_000_000, 413],
  ])('of 10 bytes, for %i', async (length, status) => {
    const send = await serve(verifyWith({ limit: 10 }), tell);
    if (status === 200) expect((await seen(send, post(Buffer.alloc(length)))).caller).toMatchObject(id);
    else
      expect(await refusalBy(send, post(Buffer.alloc(length)))).toEqual([
        413,
        'PayloadTooLarge',
        'Request body too large.',
      ]);
  });

  it('is 10 MiB where nothing is said', async () => {
    const send = await serve(verify, (_req, res) => res.json({}));
    const ten = 10 * 1024 * 1024;
    expect(await send(post(Buffer.alloc(ten)))).toMatchObject({ status: 200 });
    expect(await send(post(Buffer.alloc(ten + 1)))).toMatchObject({ status: 413 });
  });

  it('does not count for a body that is not signed: it is left to stream', async () => {
    const send = await serve(verifyWith({ limit: 10, objectStorage: true }), read);
    const body = Buffer.alloc(100_000, 1);
    const { caller, read: all } = await seen(send, putObject(body));
    expect(all).toBe(base64(body));
    expect(caller.warnings).toHaveLength(2);
    expect(caller.signedHeaders).not.toContain('x-content-sha256');
  });
});

describe('content-type', () => {
  const charset = withHeader(post('{}'), 'Content-Type', 'application/json; charset=utf-8');
  it('is taken as it came, or by its media type', async () => {
    expect(await refusalBy(await serve(verify, tell), charset)).toEqual(refused(signature));
    expect((await seen(await serve(verifyWith({ contentType: 'media-type' }), tell), charset)).caller).toMatchObject(
      id,
    );
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
    const send = await listen(application(remember, verifyWith({ limit: 100_000 }), tell), agent);
    const statusOf = async (request: OciRequest) =>
      (await send({ ...request, headers: Object.fromEntries(request.headers) })).status;
    expect(await statusOf(post(Buffer.alloc(90_000)))).toBe(200);
    expect(await statusOf(post(Buffer.alloc(2_000_000)))).toBe(413);
    expect(await statusOf(withHeader(post(Buffer.alloc(2_000_000)), 'Host', 'x'))).toBe(401);
    expect(await statusOf(post('last'))).toBe(200);
    expect(ports.size).toBe(1);
  });

  it('that breaks off within a body is nobody to answer, and no error', async () => {
    const passed: unknown[] = [];
    const check = verifyOci({ keys, now: () => signedAt });
    const closed = Promise.withResolvers<undefined>();
    const port = await portOf((req, res) => {
      req.once('close', () => closed.resolve(undefined));
      check(req, res, (error) => passed.push(error));
    });
    const { method, target: path, headers } = post('hello');
    const outgoing = ask({ host: '127.0.0.1', port, method, path, headers: Object.fromEntries(headers) });
    outgoing.on('error', () => undefined).write('hel', () => setImmediate(() => outgoing.destroy()));
    await closed.promise;
    await new Promise(setImmediate);
    expect(passed).toEqual([]);
  });
});

it('says of a GET with a body that nobody can tell whether it is the one that was sent', async () => {
  const { caller } = await seen(await serve(verify, tell), {
    ...withMore(signed(), ['Content-Length', '2']),
    body: Buffer.from('{}'),
  });
  expect(caller.warnings).toEqual([expect.stringMatching(/^There is a body, and x-content-sha256 is not signed/)]);
  const whole = signed({
    body: Buffer.from('{}'),
    method: 'GET',
    names: signedAll,
    headers: [['Date', date], ['Host', host], ...bodyHeaders('{}')] satisfies Header[],
  });
  expect((await seen(await serve(verify, tell), whole)).caller.warnings).toEqual([]);
});
