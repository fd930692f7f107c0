/** The end of a server in the middle of its work: what has begun is answered, nothing new is taken, and it does not last. */
import { describe, expect, test } from 'vitest';
import { send } from '../support/http.ts';
import { nothing, places, startServer } from '../support/server.ts';
import { dial } from './socket.ts';

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`;
const endsWithClose = /^HTTP\/1\.1 200 (?=[^]*\r\nConnection: close\r\n)[^]*\}$/;

describe('stopping', () => {
  test('answers what it works on, also behind other requests of the same connection, and closes what is idle', async () => {
    const { url, server, held, isUnderWay } = await startServer({ limits: { drainMilliseconds: 5000 } });
    const [idle, silent, busy, many] = [await dial(url), await dial(url), await dial(url), await dial(url)];
    await idle.write(get('/echo'));
    await idle.hears(/\}$/);
    await busy.write(get('/held'));
    const first = await held();
    await many.write(get('/held') + get('/held'));
    const [second, third] = [await held(), await held()];
    await isUnderWay({ ...places({ working: 3 }), connections: 4 });
    const stopped = server.drain();
    expect((await idle.closed).match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(await silent.closed).toBe('');
    await expect(dial(url)).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
    for (const { answer } of [third, first, second]) answer({});
    expect(await busy.closed).toMatch(endsWithClose);
    expect(await many.closed).toMatch(/^HTTP\/1\.1 200 [^]*\}/);
    await stopped;
    await isUnderWay(nothing);
  });

  test('waits for the rest of a request that has begun', async () => {
    const { url, server, isUnderWay } = await startServer();
    const line = await dial(url);
    await line.write('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab');
    await isUnderWay({ arriving: 1, bodyBytes: 2 });
    const stopped = server.drain();
    await expect(dial(url)).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
    await line.write('cd');
    expect(await line.closed).toMatch(endsWithClose);
    await stopped;
  });

  test('refuses as before what there is no place for, and says that the connection ends', async () => {
    const { url, server, held } = await startServer({ limits: { requests: 1 } });
    const [busy, other] = [await dial(url), await dial(url)];
    await busy.write(get('/held'));
    const { answer } = await held();
    await other.write('GET /echo HTTP/1.1\r\nHost: x');
    // An answer on another connection: by then it has read that.
    await send(url, 'get', '/health');
    const stopped = server.drain();
    await other.write('\r\n\r\n');
    expect(await other.closed).toMatch(/^HTTP\/1\.1 429 [^]*\r\nConnection: close\r\n/);
    answer({});
    expect(await busy.closed).toMatch(endsWithClose);
    await stopped;
  });

  const slow: Readonly<Record<string, string>> = {
    'half a head': 'GET /echo HTTP/1.1\r\nHost: ',
    'half a body': 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc',
    'a request that is never answered': get('/held'),
  };
  test.each(Object.entries(slow))('ends, whatever does not: %s', async (what, text) => {
    const { url, server, held } = await startServer({ limits: { drainMilliseconds: 100 } });
    const line = await dial(url);
    await line.write(text);
    // An answer on another connection: by then it has read that.
    await send(url, 'get', '/echo');
    await server.drain();
    await line.closed;
    if (what.includes('never')) (await held()).answer({});
  });

  test('ends a connection that was to become a tunnel, whose client does not see that it did not', async () => {
    const { url, server, isUnderWay } = await startServer({ limits: { drainMilliseconds: 100 } });
    const line = await dial(url);
    line.socket.pause();
    await line.write('CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n');
    // An answer on another connection: by then it has read that.
    await send(url, 'get', '/echo');
    await server.drain();
    await isUnderWay(nothing);
    line.socket.resume();
    await line.closed;
  });
});
