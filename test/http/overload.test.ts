import { describe, expect, test } from 'vitest';
import { gatewayRefusals } from '../../src/errors.ts';
import { nothing, places, startServer } from '../support/server.ts';
import { send } from '../support/http.ts';
import { expectGatewayRefusal } from '../support/refusals.ts';
import { dial, readAnswer } from './socket.ts';

const get = (target: string, ...more: string[]): string =>
  [`GET ${target} HTTP/1.1`, 'Host: x', ...more, '', ''].join('\r\n');
const post = (target: string, length: number, ...more: string[]): string =>
  [`POST ${target} HTTP/1.1`, 'Host: x', `Content-Length: ${length}`, ...more, '', ''].join('\r\n');
const whole = /^HTTP\/1\.1 [^]*\r\n\r\n\{.*\}/;

describe('as many as have a place are worked on', () => {
  test('one more is refused at once, with an id, told and counted; those that have a place are not disturbed', async () => {
    const { url, server, held, observations, isUnderWay } = await startServer({ limits: { requests: 2 } });
    const asked = [send(url, 'get', '/held/1'), send(url, 'get', '/held/2')];
    const working = [await held(), await held()];
    expect(server.traffic()).toMatchObject(places({ working: 2 }));
    const refused = await send(url, 'post', '/held/3?a=b', { body: {} });
    expectGatewayRefusal(refused, 'throttled');
    expect(refused.headers).not.toHaveProperty('retry-after');
    expect(observations).toMatchObject([
      {
        ...{ requestId: refused.headers['x-request-id'], method: 'POST', target: '/held/3?a=b', status: 429 },
        ...{ outcome: 'refused', checks: ['http'], refusal: { code: 'APIGW.0308' } },
        complaints: ['Refused at once, since too much is under way: working.'],
      },
    ]);
    expect(server.traffic().refused).toEqual(new Map([['working', 1]]));
    for (const { answer } of working) answer({});
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200]);
    await isUnderWay(places({}));
    expect((await send(url, 'get', '/echo')).status).toBe(200);
  });

  test('who asks how Signet is has a place of its own', async () => {
    const { url, held } = await startServer({ limits: { requests: 1 } });
    const asked = send(url, 'get', '/held');
    const { answer } = await held();
    expect((await send(url, 'get', '/echo')).status).toBe(429);
    expect((await send(url, 'get', '/health?x=y')).status).toBe(200);
    answer({});
    await asked;
  });

  test('a place is given back when the work is done, not when the client has gone', async () => {
    const { url, held, isUnderWay } = await startServer({ limits: { requests: 1 } });
    const line = await dial(url);
    await line.write(get('/held'));
    const { answer } = await held();
    line.socket.resetAndDestroy();
    await isUnderWay({ ...places({ working: 1 }), connections: 0 });
    expect((await send(url, 'get', '/echo')).status).toBe(429);
    answer({});
    await isUnderWay(nothing);
  });

  test('of OCI it is refused in its own words, with its own id', async () => {
    const { url, held } = await startServer({ limits: { requests: 1 } });
    const asked = send(url, 'get', '/held');
    const { answer } = await held();
    const { status, body, headers } = await send(url, 'get', '/oci');
    expect([status, body]).toEqual([429, { code: 'TooManyRequests', message: 'User-rate limit exceeded.' }]);
    expect(headers['opc-request-id']).toBe('of the mount');
    answer({});
    await asked;
  });

  test('a body under way has none yet: it is refused when it is there, and may be sent again on the same connection', async () => {
    const { url, held, isUnderWay } = await startServer({ limits: { requests: 1 } });
    const line = await dial(url);
    await line.write(`${post('/echo', 4)}ab`);
    await isUnderWay({ arriving: 1, bodyBytes: 2, ...places({}) });
    const asked = send(url, 'get', '/held');
    const { answer } = await held();
    await line.write('cd');
    expect(readAnswer(await line.hears(whole)).status).toBe(429);
    answer({});
    await asked;
    await line.write(`${post('/echo', 4, 'Connection: close')}abcd`);
    expect(await line.closed).toMatch(/\{"length":4\}$/);
  });

  test.each([
    ['keeps the connection where little of it is left', 4, 'keep-alive'],
    ['closes it where much is', 1024 * 1024, 'close'],
  ])('a body that is not read %s', async (_how, length, connection) => {
    const { url, held } = await startServer({ limits: { requests: 1 } });
    const asked = send(url, 'get', '/held');
    const { answer } = await held();
    const line = await dial(url);
    await line.write(post('/echo', length));
    const { status, headers } = readAnswer(await line.hears(whole));
    expect([status, headers['connection']]).toEqual([429, connection]);
    answer({});
    await asked;
  });

  test('nobody is asked to go on with a body that nobody reads', async () => {
    const { url, held } = await startServer({ limits: { requests: 1 } });
    const asked = send(url, 'get', '/held');
    const { answer } = await held();
    const line = await dial(url);
    await line.write(post('/echo', 4, 'Expect: 100-continue'));
    expect(await line.hears(whole)).toMatch(/^HTTP\/1\.1 429 /);
    answer({});
    await asked;
  });

  test('a connection has a few of them, however many it asks for before it reads', async () => {
    const { url, server, held } = await startServer({ limits: { requests: 100, pipelined: 3 } });
    const line = await dial(url);
    await line.write(get('/held').repeat(4) + get('/echo', 'Connection: close'));
    const working = [await held(), await held(), await held()];
    await expect.poll(() => server.traffic().refused.get('pipelining')).toBe(2);
    expect(server.traffic()).toMatchObject(places({ working: 3 }));
    for (const { answer } of working) answer({});
    const statuses = [...(await line.closed).matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status);
    expect(statuses).toEqual(['200', '200', '200', '429', '429']);
  });
});

describe('as many bytes of bodies as there is room for', () => {
  const limits = { bodyBytes: 1000 };

  test('are kept until the answer; what comes beyond is refused, and not read', async () => {
    const { url, server, held, isUnderWay } = await startServer({ limits });
    const asked = send(url, 'post', '/held', { body: 'x'.repeat(900) });
    const { call, answer } = await held();
    expect(call.body).toHaveLength(900);
    expect(server.traffic().bodyBytes).toBe(900);
    expect((await send(url, 'post', '/echo', { body: 'x'.repeat(100) })).status).toBe(200);
    const line = await dial(url);
    await line.write(post('/echo', 2000) + 'x'.repeat(101));
    const refused = readAnswer(await line.closed);
    expectGatewayRefusal(refused, 'throttled');
    expect(refused.headers['connection']).toBe('close');
    expect(server.traffic().refused).toEqual(new Map([['bodies', 1]]));
    answer({});
    await asked;
    await isUnderWay({ bodyBytes: 0, arriving: 0 });
  });

  test('one body alone may be longer than that', async () => {
    const { url } = await startServer({ limits });
    expect((await send(url, 'post', '/echo', { body: 'x'.repeat(5000) })).body).toEqual({ length: 5000 });
  });

  test('one that stands still gives way to one that comes', async () => {
    let time = 0;
    const { url, isUnderWay, server } = await startServer({ limits, ticks: () => time });
    const slow = await dial(url);
    await slow.write(`${post('/echo', 1000)}${'x'.repeat(999)}`);
    await isUnderWay({ bodyBytes: 999 });
    const refused = await send(url, 'post', '/echo', { body: 'abc' });
    expect(refused.status).toBe(429);
    time += 1001;
    expect((await send(url, 'post', '/echo', { body: 'abc' })).status).toBe(200);
    const answer = readAnswer(await slow.closed);
    expect([answer.status, answer.body]).toMatchObject([408, { error_msg: gatewayRefusals.requestTimeout.text }]);
    expect(server.traffic()).toMatchObject({ bodyBytes: 0, arriving: 0 });
  });

  test('a body over the limit of all bodies is refused whatever room there is', async () => {
    const { url } = await startServer({ bodyLimitOf: () => 10 });
    const line = await dial(url);
    await line.write(`${post('/nowhere', 100)}${'x'.repeat(11)}`);
    const answer = readAnswer(await line.closed);
    expectGatewayRefusal(answer, 'bodyTooLarge');
    expect(answer.headers['connection']).toBe('close');
  });
});
