import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { CallerGone } from '../../src/apigw/plane/refusing.ts';
import { readWhole } from '../../src/apigw/plane/whole-body.ts';
import { useBackend } from '../support/gateway-backend.ts';
import { ask, headOf, openRequest, readGiven } from '../support/gateway-client.ts';
import { basicKey, hmacKey, prefix, useGateway, type Api } from '../support/gateway-plane.ts';

const backend = await useBackend();
const gateway = await useGateway();
const { url } = gateway;
const MiB = 1024 * 1024;

type Backend = NonNullable<Api['definition']['backend_api']>;
const publish = (key: Api['key'], api: Backend = {}): void =>
  gateway.publish({ definition: { backend_api: { url_domain: backend.host, ...api } }, key });

/** The next request at the backend, as soon as its head is there. */
function nextHead(): Promise<readonly [IncomingMessage, ServerResponse]> {
  return new Promise((resolve) => {
    backend.takeHeads((req, res) => {
      backend.takeHeads(undefined);
      req.on('error', () => undefined);
      resolve([req, res]);
    });
  });
}

const chunkOf = async (stream: IncomingMessage): Promise<string> => {
  const [chunk] = (await once(stream, 'data')) as [Buffer];
  return chunk.toString();
};

/** Whatever ends it. */
const closeOf = (stream: IncomingMessage | ServerResponse): Promise<void> =>
  new Promise((resolve) => void stream.on('error', () => undefined).once('close', resolve));

const chunked = ['Transfer-Encoding', 'chunked'];

describe('bodies go on as they come', () => {
  const rows = ['POST', 'GET', 'DELETE'].flatMap((method) =>
    [basicKey, undefined].map((key) => [method, key] as const),
  );
  test.each(rows)('those of requests: %s', async (method, key) => {
    publish(key);
    const head = nextHead();
    const request = openRequest(url, { target: prefix, method, headers: chunked });
    request.write('first');
    const [req, res] = await head;
    expect(req.headers['transfer-encoding']).toBe('chunked');
    expect(await chunkOf(req)).toBe('first');
    const more = chunkOf(req);
    request.end('last');
    expect(await more).toBe('last');
    res.end('done');
    expect(await readGiven(await headOf(request))).toMatchObject({ status: 200, text: 'done' });
  });

  test('those of answers, after their heads', async () => {
    publish(hmacKey);
    const head = nextHead();
    const request = openRequest(url, { target: prefix });
    request.end();
    const [, res] = await head;
    res.flushHeaders();
    const response = await headOf(request);
    res.write('first');
    expect(await chunkOf(response)).toBe('first');
    const [more, ended] = [chunkOf(response), closeOf(response)];
    res.end('last');
    expect(await more).toBe('last');
    await ended;
    expect(response.complete).toBe(true);
  });

  test('large ones in both directions, whole', async () => {
    publish(basicKey);
    backend.answerWith((_req, res) => res.end(backend.heard.at(-1)!.body));
    const body = Buffer.alloc(12 * MiB, '0123456789');
    const given = await ask(url, { target: prefix, method: 'PUT', body });
    backend.answerWith((_req, res) => res.end('{}'));
    expect([given.status, given.body.equals(body), backend.last().body.equals(body)]).toEqual([200, true, true]);
    expect(gateway.observations.at(-1)!.outcome).toBe('answered');
  });

  test('an answer that comes before the body was sent', async () => {
    publish(basicKey);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { hostname, port } = new URL(url);
    const options = { hostname, port, path: prefix, method: 'POST', agent };
    const head = nextHead();
    const request = httpRequest({ ...options, headers: { 'Content-Length': String(8 * MiB) } });
    request.write(Buffer.alloc(MiB));
    const [, res] = await head;
    res.writeHead(401).end('no');
    expect((await headOf(request)).statusCode).toBe(401);
    request.on('error', () => undefined).destroy();
    const next = httpRequest(options);
    next.end('more');
    expect(await readGiven(await headOf(next))).toMatchObject({ status: 200, text: '{}' });
    backend.last();
    agent.destroy();
  });
});

describe('more than 12 MiB', () => {
  const refusal = { error_code: 'APIG.0201', error_msg: 'Request entity too large.' };

  test.each([hmacKey, basicKey, undefined])('is refused before it is sent, where its length is told', async (key) => {
    publish(key);
    const given = await ask(url, { target: prefix, method: 'POST', body: Buffer.alloc(12 * MiB + 1) });
    expect([given.status, JSON.parse(given.text)]).toMatchObject([413, refusal]);
    expect(given.headers.connection).toBe('close');
    const record = gateway.records.at(-1)!;
    expect(record).toMatchObject({
      explanation: 'Not sent: the body has more than 12 MiB.',
      refusal: { code: 'APIG.0201' },
    });
    expect(record).not.toHaveProperty('sent');
  });

  test('is refused where it comes in chunks and is signed', async () => {
    publish(hmacKey);
    const request = openRequest(url, { target: prefix, method: 'POST', headers: chunked });
    request.on('error', () => undefined);
    request.write(Buffer.alloc(12 * MiB));
    request.write('x');
    const given = await readGiven(await headOf(request));
    request.destroy();
    expect([given.status, JSON.parse(given.text)]).toMatchObject([413, refusal]);
    expect(gateway.records.at(-1)).not.toHaveProperty('sent');
  });

  test('is broken off where it was on its way', async () => {
    publish(basicKey);
    const head = nextHead();
    const request = openRequest(url, { target: prefix, method: 'POST', headers: chunked });
    request.on('error', () => undefined);
    request.write(Buffer.alloc(12 * MiB));
    const [req] = await head;
    const closed = closeOf(req);
    req.resume();
    request.write('x');
    expect((await readGiven(await headOf(request))).status).toBe(413);
    request.destroy();
    await closed;
    expect(req.complete).toBe(false);
  });
});

describe('whoever goes away', () => {
  const gone = 'The caller went away before there was an answer.';

  test.each([hmacKey, basicKey, undefined])('a caller who waits: the backend need not go on', async (key) => {
    publish(key);
    const head = nextHead();
    const observed = gateway.observed();
    const request = openRequest(url, { target: prefix, method: 'POST', body: 'abc' });
    request.on('error', () => undefined).end('abc');
    const [, res] = await head;
    const closed = closeOf(res);
    request.destroy();
    await closed;
    expect(await observed).toMatchObject({ outcome: 'broken', status: undefined, checks: ['http', 'gateway'] });
    const record = gateway.records.at(-1)!;
    expect(record.explanation).toContain(gone);
    expect(record).toHaveProperty('sent');
    expect([record.status, record.refusal]).toEqual([undefined, undefined]);
  });

  test('a caller who does not send all that is to be signed: the backend hears nothing', async () => {
    publish(hmacKey);
    const count = backend.heard.length;
    const observed = gateway.observed();
    const request = openRequest(url, { target: prefix, method: 'POST', body: 'abc' });
    request.on('error', () => undefined);
    request.write('a', () => request.destroy());
    expect(await observed).toMatchObject({ outcome: 'broken' });
    expect(backend.heard).toHaveLength(count);
    expect(gateway.records.at(-1)).toMatchObject({ explanation: gone });
  });

  test('a caller who was gone before the body was asked for', async () => {
    const body = Readable.from(['a']);
    body.destroy();
    await once(body, 'close');
    await expect(readWhole(body)).rejects.toThrow(CallerGone);
  });

  test('a caller who does not send all that is streamed: nor does the backend get all', async () => {
    publish(basicKey);
    const head = nextHead();
    const observed = gateway.observed();
    const request = openRequest(url, { target: prefix, method: 'POST', body: 'abc' });
    request.on('error', () => undefined).write('a');
    const [req] = await head;
    const closed = closeOf(req);
    request.destroy();
    await closed;
    expect(req.complete).toBe(false);
    expect(await observed).toMatchObject({ outcome: 'broken' });
  });

  test('a caller in the middle of the answer', async () => {
    publish(hmacKey);
    const head = nextHead();
    const observed = gateway.observed();
    const request = openRequest(url, { target: prefix });
    request.end();
    const [, res] = await head;
    const closed = closeOf(res);
    res.write('first');
    const response = await headOf(request);
    await chunkOf(response);
    response.destroy();
    await closed;
    expect(await observed).toMatchObject({ outcome: 'broken', status: 200 });
    expect(gateway.records.at(-1)).toMatchObject({ status: 200 });
  });

  test('a backend in the middle of its answer', async () => {
    publish(hmacKey);
    const head = nextHead();
    const observed = gateway.observed();
    const request = openRequest(url, { target: prefix });
    request.on('error', () => undefined).end();
    const [, res] = await head;
    res.writeHead(200, { 'Content-Length': '10' }).write('first');
    const response = await headOf(request);
    expect(await chunkOf(response)).toBe('first');
    const ended = closeOf(response);
    res.destroy();
    await ended;
    expect(response.complete).toBe(false);
    expect(await observed).toMatchObject({ outcome: 'broken', status: 200 });
  });

  test('a backend that pauses too long in its answer', async () => {
    publish(hmacKey, { timeout: 50 });
    const head = nextHead();
    const observed = gateway.observed();
    const request = openRequest(url, { target: prefix });
    request.on('error', () => undefined).end();
    const [, res] = await head;
    const closed = closeOf(res);
    res.write('first');
    const response = await headOf(request);
    const ended = closeOf(response);
    expect(await chunkOf(response)).toBe('first');
    await Promise.all([closed, ended]);
    expect([response.complete, await observed]).toMatchObject([false, { outcome: 'broken' }]);
  });

  /** Two that wait in vain for their answers are a clock that strikes twice. */
  async function twoTimeouts(): Promise<void> {
    for (let count = 0; count < 2; count++) {
      const head = nextHead();
      const late = ask(url, { target: prefix });
      await head;
      expect((await late).status).toBe(504);
    }
  }

  test('but a caller may take longer to send, and to read', async () => {
    publish(basicKey, { timeout: 50 });
    const head = nextHead();
    const request = openRequest(url, { target: prefix, method: 'POST', headers: chunked });
    request.write('a');
    const [req, res] = await head;
    expect(await chunkOf(req)).toBe('a');
    await twoTimeouts();
    request.end('b');
    expect(await chunkOf(req)).toBe('b');
    res.end(Buffer.alloc(16 * MiB));
    const response = await headOf(request);
    await twoTimeouts();
    expect((await readGiven(response)).body).toHaveLength(16 * MiB);
  });

  test('a caller with two requests on one connection', async () => {
    publish(hmacKey);
    const heads: (readonly [IncomingMessage, ServerResponse])[] = [];
    const both = new Promise<void>((resolve) => {
      backend.takeHeads((req, res) => {
        if (heads.push([req, res]) === 2) resolve();
      });
    });
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(`GET ${prefix} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(2));
    await both;
    backend.takeHeads(undefined);
    const closed = heads.map(([, res]) => closeOf(res));
    const observed = [gateway.observed(), gateway.observed()];
    socket.destroy();
    await Promise.all(closed);
    for (const one of observed) expect(await one).toMatchObject({ outcome: 'broken' });
  });
});

describe('connections', () => {
  test('are used again', async () => {
    const own = await useBackend();
    publish(hmacKey, { url_domain: own.host });
    for (let count = 0; count < 10; count++)
      expect((await ask(url, { target: prefix, method: 'POST', body: 'abc' })).status).toBe(200);
    expect([own.heard.length, own.connected()]).toEqual([10, 1]);
    const many = Array.from({ length: 20 }, () => ask(url, { target: prefix }));
    expect((await Promise.all(many)).map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(own.connected()).toBeLessThanOrEqual(20);
  });

  test('no listener stays behind', async () => {
    const own = await useBackend();
    const warnings: Error[] = [];
    const listen = (warning: Error): void => void warnings.push(warning);
    process.on('warning', listen);
    publish(hmacKey, { url_domain: own.host });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { hostname, port } = new URL(url);
    for (let count = 0; count < 30; count++) {
      const request = httpRequest({ hostname, port, path: prefix, method: 'POST', agent });
      request.end('abc');
      expect((await readGiven(await headOf(request))).status).toBe(200);
    }
    const [socket] = own.sockets;
    const counts = ['close', 'error', 'timeout', 'data'].map((name) => socket!.listenerCount(name));
    process.off('warning', listen);
    agent.destroy();
    expect([warnings, own.connected()]).toEqual([[], 1]);
    expect(Math.max(...counts)).toBeLessThan(5);
  });
});

test('a server that stops waits for what is under way', async () => {
  const own = await useGateway();
  own.publish({ definition: { backend_api: { url_domain: backend.host } }, key: hmacKey });
  const head = nextHead();
  const request = openRequest(own.url, { target: prefix });
  request.end();
  const [, res] = await head;
  const stopped = own.server.drain();
  res.end('done');
  const given = await readGiven(await headOf(request));
  expect(given).toMatchObject({ status: 200, text: 'done', headers: { connection: 'close' } });
  await stopped;
});
