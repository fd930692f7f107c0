/** Who gives way when there are too many connections, and who is not waited for. */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeCertificates } from '../../src/emulator/tls/certificates.ts';
import { Connections } from '../../src/http/connections.ts';
import { openStore } from '../../src/store/sql.ts';
import { send } from '../support/http.ts';
import { places, startServer } from '../support/server.ts';
import { expectGatewayRefusal } from '../support/refusals.ts';
import { dial, readAnswer, type Line } from './socket.ts';

const request = (target: string, ...more: string[]): string =>
  [`GET ${target} HTTP/1.1`, 'Host: x', ...more, '', ''].join('\r\n');
const last = (target: string): string => request(target, 'Connection: close');
const isOpen = async (line: Line): Promise<boolean> => {
  await line.write(last('/echo'));
  return /^HTTP\/1\.1 200 [^]*$/.test((await line.closed).replace(/^[^]*\}(?=HTTP)/, ''));
};

describe('beyond as many as there may be', () => {
  test('those that sent nothing give way, the oldest first, and nobody who comes is turned away', async () => {
    const { url, server, isUnderWay } = await startServer({ limits: { connections: 5 } });
    const idle: Line[] = [];
    for (let count = 0; count < 5; count++) {
      idle.push(await dial(url));
      await isUnderWay({ connections: count + 1 });
    }
    for (let count = 0; count < 3; count++) expect((await send(url, 'get', '/echo')).status).toBe(200);
    const [first, second, third, ...others] = idle;
    // Each that came had gone before the next: one had to give way.
    expect(await first!.closed).toBe('');
    expect(server.traffic().cutOff).toBe(1);
    await isUnderWay({ connections: 4 });
    for (const line of [second!, third!, ...others]) expect(await isOpen(line)).toBe(true);
  });

  test('a slow-loris client takes places from itself: hundreds of half requests, and each request has an answer', async () => {
    const { url, server } = await startServer({ limits: { connections: 20 } });
    for (let round = 0; round < 10; round++) {
      const lines = await Promise.all(Array.from({ length: 30 }, () => dial(url)));
      await Promise.all(lines.map((line) => line.write(`GET /echo HTTP/1.1\r\nHost: x\r\nX-${round}: `)));
      expect((await send(url, 'get', '/echo')).status).toBe(200);
      expect(server.traffic().connections).toBeLessThanOrEqual(20);
    }
    expect(server.traffic().cutOff).toBeGreaterThan(200);
  });

  const quiet: Readonly<Record<string, string>> = {
    'nothing at all': '',
    'half a head': 'GET /echo HTTP/1.1\r\nHos',
    'half a body': 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc',
    'half a body behind a whole request': `${request('/echo')}POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc`,
    'a whole request, whose answer it has': request('/echo'),
  };
  test.each(Object.entries(quiet))('a connection with %s gives way to one that is worked on', async (_what, text) => {
    const { url, held, isUnderWay } = await startServer({ limits: { connections: 2 } });
    const busy = await dial(url);
    await busy.write(last('/held'));
    const { answer } = await held();
    const line = await dial(url);
    if (text !== '') await line.write(text);
    if (text.startsWith(request('/echo'))) await line.hears(/\}$/);
    await isUnderWay({ connections: 2 });
    const newcomer = await dial(url);
    await newcomer.write(last('/echo'));
    expect(await newcomer.closed).toMatch(/^HTTP\/1\.1 200 /);
    await line.closed;
    answer({});
    expect(await busy.closed).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('who has just begun a request does not give way to who only waits for longer', async () => {
    const { url, isUnderWay } = await startServer({ limits: { connections: 2 } });
    const begun = await dial(url);
    await isUnderWay({ connections: 1 });
    const idle = await dial(url);
    await isUnderWay({ connections: 2 });
    await begun.write('POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nab');
    await isUnderWay({ arriving: 1 });
    expect((await send(url, 'get', '/echo')).status).toBe(200);
    await idle.closed;
    await begun.write('cd');
    expect(await begun.closed).toMatch(/\{"length":4\}$/);
  });

  test('where all are worked on, one more is refused', async () => {
    const { url, held, observations } = await startServer({ limits: { connections: 1 } });
    const busy = await dial(url);
    await busy.write(last('/held'));
    const { answer } = await held();
    const refused = await dial(url);
    expectGatewayRefusal(readAnswer(await refused.closed), 'throttled');
    expect(observations).toMatchObject([{ status: 429, refusal: { code: 'APIGW.0308' } }]);
    answer({});
    expect(await busy.closed).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('a request of a connection that is refused is not carried out', async () => {
    const { url, held, observations } = await startServer({ limits: { connections: 1 } });
    const busy = await dial(url);
    await busy.write(last('/held'));
    const { answer } = await held();
    const refused = await dial(url);
    await refused.write(request('/echo'));
    expectGatewayRefusal(readAnswer(await refused.closed), 'throttled');
    answer({});
    await busy.closed;
    expect(observations.map(({ status }) => status)).toEqual([429, 200]);
  });
});

describe('a client that does not read its answers', () => {
  const long = { length: 4 * 1024 * 1024 };

  async function startLong() {
    const started = await startServer({ limits: { unreadBytes: 10 * 1024 * 1024, silentMilliseconds: 60_000 } });
    const ask = async (): Promise<Line> => {
      const line = await dial(started.url);
      line.socket.pause();
      await line.write(request('/held'));
      const { answer } = await started.held();
      answer({ body: 'x'.repeat(long.length), headers: { 'Content-Type': 'text/plain' } });
      return line;
    };
    return { ...started, ask };
  }

  test('takes no place, and is cut off when too much is unread', async () => {
    const { server, isUnderWay, ask } = await startLong();
    const lines = [await ask(), await ask(), await ask()];
    await isUnderWay({ ...places({}), cutOff: 1 });
    expect(server.traffic().unreadBytes).toBeGreaterThan(1024 * 1024);
    for (const { socket } of lines) socket.resume();
    await Promise.all(lines.slice(1).map((line) => line.hears((heard) => heard.length > long.length)));
    expect((await lines[0]!.closed).length).toBeLessThan(long.length);
    await isUnderWay({ unreadBytes: 0 });
    for (const { socket } of lines) socket.destroy();
  });

  test('gives way before one that reads, however slowly', () => {
    const connections = new Connections({ connections: 3, unreadBytes: 100 });
    const [reader, idler, newcomer] = [new Socket(), new Socket(), new Socket()];
    const owing = (socket: Socket, bytes: number) => connections.awaitReader(connections.of(socket)!, bytes);
    for (const socket of [reader, idler, newcomer]) connections.open(socket);
    const hasRead = owing(reader, 40);
    owing(reader, 40);
    owing(idler, 10);
    hasRead();
    owing(newcomer, 60);
    expect([reader, idler, newcomer].map(({ destroyed }) => destroyed)).toEqual([false, true, false]);
  });
});

test('the pages of the console take no place when they have come, however many of one connection', async () => {
  const { url, isUnderWay } = await startServer({ limits: { requests: 3, pipelined: 3 } });
  const line = await dial(url);
  const targets = ['/console/', '/console', '/console/main.js', '/console/nothing', '/console/theme.js'];
  const many = Array.from({ length: 4 }, () => targets).flat();
  for (const [index, target] of many.entries()) {
    await line.write(request(target));
    await line.hears((heard) => (heard.match(/HTTP\/1\.1 (?:200|301|404) /g)?.length ?? 0) > index);
    await isUnderWay({ ...places({}), connections: 1 });
  }
});

describe('who is not waited for', () => {
  // Silence ends before a head does, so that which of the two it was is certain.
  const soon = { checkMilliseconds: 20, silentMilliseconds: 150, headMilliseconds: 300, requestMilliseconds: 400 };

  const rows: readonly (readonly [string, string, string, RegExp])[] = [
    ['nothing comes', '', '', /^$/],
    ['a head stops', 'GET / HTTP/1.1\r\nHost: ', '', /^(?:HTTP\/1\.1 408 |$)/],
    ['a head drips', 'GET / HTTP/1.1\r\nX: ', 'a', /^HTTP\/1\.1 408 /],
    ['a body stops', 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n', '', /^HTTP\/1\.1 408 /],
    ['a body drips', 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n', 'a', /^HTTP\/1\.1 408 /],
    [
      'a chunk stops',
      'POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\na',
      '',
      /^HTTP\/1\.1 408 /,
    ],
  ];
  test.each(rows)('%s', async (_what, begin, drip, answer) => {
    const { url, observations } = await startServer({ limits: soon });
    const line = await dial(url);
    if (begin !== '') await line.write(begin);
    const dripping = setInterval(() => drip !== '' && void line.socket.write(drip), 20);
    onTestFinished(() => clearInterval(dripping));
    const heard = await line.closed;
    expect(heard).toMatch(answer);
    if (heard === '') return;
    expectGatewayRefusal(readAnswer(heard), 'requestTimeout');
    // Told once.
    expect(observations).toMatchObject([{ status: 408, outcome: 'refused', refusal: { code: 'APIGW.0201' } }]);
  });

  test('one that has its answer and asks nothing more', async () => {
    const { url } = await startServer({ limits: { idleMilliseconds: 50 } });
    const line = await dial(url);
    await line.write(request('/echo'));
    expect(await line.closed).toMatch(/^HTTP\/1\.1 200 [^]*\{"length":0\}$/);
  });

  test('how long a connection is kept is said, and longer than clients keep theirs', async () => {
    const { url } = await startServer();
    const line = await dial(url);
    await line.write(request('/echo'));
    const seconds = /^Keep-Alive: timeout=(\d+)\r$/m.exec(await line.hears(/\}$/))?.[1];
    expect(Number(seconds)).toBeGreaterThan(90);
  });

  test('but whoever waits for Signet is', async () => {
    const { url, held } = await startServer({ limits: { ...soon, silentMilliseconds: 30 } });
    const line = await dial(url);
    await line.write(last('/held'));
    const { answer } = await held();
    // Two that came later were given up meanwhile.
    for (let count = 0; count < 2; count++) expect(await (await dial(url)).closed).toBe('');
    answer({});
    expect(await line.closed).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('an answer that is not read', async () => {
    const { url, held, isUnderWay } = await startServer({ limits: { silentMilliseconds: 100 } });
    const line = await dial(url);
    line.socket.pause();
    await line.write(request('/held'));
    const { answer } = await held();
    answer({ body: 'x'.repeat(16 * 1024 * 1024), headers: { 'Content-Type': 'text/plain' } });
    await isUnderWay({ connections: 0, unreadBytes: 0 });
  });
});

describe('over TLS', () => {
  async function startSecurely(limits: object) {
    const store = await openStore({ url: 'sqlite::memory:' });
    onTestFinished(() => store.close());
    const { server: tls } = await makeCertificates({ store, hosts: ['127.0.0.1'], at: Date.now() });
    const started = await startServer({ tls, limits });
    return { ...started, tlsUrl: await started.server.listenSecurely!(0, '127.0.0.1') };
  }
  const secure = (url: string) => {
    const socket = connectSecurely({ port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false });
    onTestFinished(() => void socket.destroy());
    return socket.on('error', () => undefined);
  };

  test('a handshake that never ends is ended', async () => {
    const { tlsUrl, isUnderWay } = await startSecurely({ handshakeMilliseconds: 50 });
    const line = await dial(tlsUrl);
    await isUnderWay({ connections: 1 });
    expect(await line.closed).toBe('');
  });

  test('handshakes that never end give way', async () => {
    const { tlsUrl, server, isUnderWay } = await startSecurely({ connections: 3 });
    const idle = await Promise.all([dial(tlsUrl), dial(tlsUrl), dial(tlsUrl)]);
    await isUnderWay({ connections: 3 });
    const socket = secure(tlsUrl);
    await once(socket, 'secureConnect');
    socket.write(last('/echo'));
    let heard = '';
    socket.setEncoding('utf8').on('data', (part: string) => (heard += part));
    await once(socket, 'close');
    expect(heard).toMatch(/^HTTP\/1\.1 200 /);
    expect(server.traffic().cutOff).toBe(1);
    expect(await Promise.race(idle.map((line) => line.closed))).toBe('');
  });

  test('a connection counts once', async () => {
    const { tlsUrl, isUnderWay } = await startSecurely({});
    const sockets = [secure(tlsUrl), secure(tlsUrl)];
    await Promise.all(sockets.map((socket) => once(socket, 'secureConnect')));
    await isUnderWay({ connections: 2 });
    for (const socket of sockets) socket.destroy();
    await isUnderWay({ connections: 0 });
  });
});
