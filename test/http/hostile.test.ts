/** Whatever a client does, the server goes on, and nothing of it is left behind: startServer() looks at that when a test is finished. */
import { describe, expect, test } from 'vitest';
import { send } from '../support/http.ts';
import { places, startServer } from '../support/server.ts';
import { expectGatewayRefusal, type GatewayRefusal } from '../support/refusals.ts';
import { dial, readAnswer } from './socket.ts';

const head = (method: string, target: string, ...more: string[]): string =>
  [`${method} ${target} HTTP/1.1`, 'Host: x', 'Connection: close', ...more, '', ''].join('\r\n');
const chunked = head('POST', '/echo', 'Transfer-Encoding: chunked');
const MiB = 1024 * 1024;

describe('unusual, and right all the same', () => {
  const rows: Readonly<Record<string, readonly [text: string, length: number]>> = {
    'chunks with extensions': [`${chunked}1;a=b\r\nx\r\n2;c="d e"\r\nyz\r\n0;f\r\n\r\n`, 3],
    'chunks with trailers': [`${chunked}1\r\nx\r\n0\r\nX-One: 1\r\nHost: elsewhere\r\n\r\n`, 1],
    '10,000 chunks of one byte': [`${chunked}${'1\r\nx\r\n'.repeat(10_000)}0\r\n\r\n`, 10_000],
    'an empty body in chunks': [`${chunked}0\r\n\r\n`, 0],
    '1,000 header fields': [head('GET', '/echo', ...Array.from({ length: 998 }, (_, at) => `X-${at}: ${at}`)), 0],
  };
  test.each(Object.entries(rows))('%s', async (_what, [text, length]) => {
    const { url } = await startServer();
    const line = await dial(url);
    await line.write(text);
    expect(readAnswer(await line.closed)).toMatchObject({ status: 200, body: { length } });
  });

  test('many requests at once on one connection are answered in their order', async () => {
    const { url } = await startServer();
    const line = await dial(url);
    const lengths = Array.from({ length: 12 }, (_, at) => at * 7);
    const asked = lengths.map(
      (length) => `POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`,
    );
    await line.write(asked.join('') + head('GET', '/echo'));
    const answers = [...(await line.closed).matchAll(/\{"length":(\d+)\}/g)].map(([, length]) => Number(length));
    expect(answers).toEqual([...lengths, 0]);
  });
});

describe('refused', () => {
  const fields = (count: number) => Array.from({ length: count }, (_, at) => `X-${at}:`);
  const rows: Readonly<Record<string, readonly [text: string, refusal: GatewayRefusal]>> = {
    'more than 1,000 header fields': [head('GET', '/nowhere', ...fields(999)), 'headersTooLarge'],
    'headers of more than 64 KiB': [head('GET', '/nowhere', `X: ${'a'.repeat(66_000)}`), 'headersTooLarge'],
    'a target of more than 32 KiB': [head('GET', `/${'a'.repeat(33_000)}`), 'uriTooLong'],
    'trailers of more than 64 KiB': [`${chunked}0\r\nX: ${'a'.repeat(66_000)}\r\n\r\n`, 'headersTooLarge'],
    'extensions of more than 16 KiB': [`${chunked}1;${'a'.repeat(17_000)}\r\nx\r\n0\r\n\r\n`, 'badRequest'],
    'a chunk longer than any number': [`${chunked}${'f'.repeat(17)}\r\n`, 'badRequest'],
  };
  test.each(Object.entries(rows))('%s', async (_what, [text, refusal]) => {
    const { url } = await startServer();
    const line = await dial(url);
    await line.write(text);
    expectGatewayRefusal(readAnswer(await line.closed), refusal);
  });
});

describe('broken off', () => {
  const beginnings: Readonly<Record<string, string>> = {
    'before anything': '',
    'in the head': 'GET /echo HTT',
    'in a body': `${head('POST', '/echo', 'Content-Length: 99')}abc`,
    'in a chunk': `${chunked}5\r\nab`,
    'in the second of two requests': `POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nxPOST /echo HTTP/1.1\r\nContent-Length: 9\r\n\r\nx`,
  };
  const ends = {
    'by a reset': (socket: { resetAndDestroy: () => unknown }) => socket.resetAndDestroy(),
    'by half a close': (socket: { end: () => unknown }) => socket.end(),
    'by a close': (socket: { destroy: () => unknown }) => socket.destroy(),
  };
  const rows = Object.entries(beginnings).flatMap(([where, text]) =>
    Object.entries(ends).map(([how, end]) => [where, how, text, end] as const),
  );
  test.each(rows)('%s, %s', async (_where, _how, text, end) => {
    const { url, isUnderWay } = await startServer();
    const line = await dial(url);
    if (text !== '') await line.write(text);
    await isUnderWay({ connections: 1 });
    end(line.socket);
    await isUnderWay({ ...places({}), connections: 0, arriving: 0, bodyBytes: 0 });
    expect((await send(url, 'get', '/echo')).status).toBe(200);
  });

  test('by a client that closes its half before it has an answer: it counts as gone', async () => {
    const { url, held, observations, isUnderWay } = await startServer();
    const line = await dial(url);
    line.socket.end(head('GET', '/held'));
    const { answer } = await held();
    expect(await line.closed).toBe('');
    answer({});
    await isUnderWay(places({}));
    expect(observations).toMatchObject([{ outcome: 'broken', status: undefined }]);
  });

  test('by hundreds at once, in the middle of a MiB each', async () => {
    const { url, isUnderWay, server } = await startServer({ limits: { bodyBytes: 16 * MiB } });
    const body = 'x'.repeat(MiB / 2);
    const lines = await Promise.all(Array.from({ length: 200 }, () => dial(url)));
    for (const line of lines) line.socket.write(`${head('POST', '/echo', `Content-Length: ${MiB}`)}${body}`);
    // Some of them are refused, since they are too much together.
    await expect.poll(() => server.traffic().refused.get('bodies') ?? 0, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(server.traffic().bodyBytes).toBeLessThanOrEqual(16 * MiB);
    for (const line of lines) line.socket.resetAndDestroy();
    await isUnderWay({ connections: 0, arriving: 0, bodyBytes: 0 });
    expect((await send(url, 'post', '/echo', { body: 'x'.repeat(MiB) })).body).toEqual({ length: MiB });
  });
});

test('tiny chunks cost about as much memory as the bytes in them', async () => {
  const { url, held } = await startServer();
  const line = await dial(url);
  const size = 50_000;
  await line.write(`${head('POST', '/held', 'Transfer-Encoding: chunked')}${'1\r\nx\r\n'.repeat(size)}0\r\n\r\n`);
  const { call, answer } = await held();
  expect(Buffer.from(call.body).equals(Buffer.alloc(size, 'x'))).toBe(true);
  // A buffer of its own, rather than a window on something longer.
  expect(call.body.buffer.byteLength).toBe(size);
  answer({});
  await line.closed;
});
