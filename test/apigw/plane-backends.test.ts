import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isOneOf } from '../../src/apigw/plane/own-listeners.ts';
import { useBackend } from '../support/gateway-backend.ts';
import { ask } from '../support/gateway-client.ts';
import { basicKey, hmacKey, prefix, useGateway, type Api } from '../support/gateway-plane.ts';
import { useFolder } from '../support/signet.ts';

const backend = await useBackend();
const asked: string[] = [];
const addresses: Readonly<Record<string, readonly string[]>> = {
  'backend.test': ['127.0.0.1'],
  'mixed.test': ['127.0.0.1', '10.0.0.1'],
  'outside.test': ['203.0.113.7'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'mapped-outside.test': ['::ffff:10.0.0.1'],
  'nothing.test': [],
};
const gateway = await useGateway({
  lookup: async (name) => {
    asked.push(name);
    const found = addresses[name];
    if (found === undefined) throw new Error(`getaddrinfo ENOTFOUND ${name}`);
    return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  },
});
const { url } = gateway;

type Backend = NonNullable<Api['definition']['backend_api']>;
const publish = (api: Backend, key: Api['key'] = hmacKey): void =>
  gateway.publish({ definition: { backend_api: api }, key });

const codes = {
  denied: [403, 'APIG.0404', 'Access to the backend IP address has been denied.'],
  unknown: [500, 'APIG.0605', 'Domain name resolution failed.'],
  unavailable: [502, 'APIG.0202', 'Backend unavailable'],
  late: [504, 'APIG.0203', 'Backend timeout'],
} as const;

async function expectRefused(
  how: keyof typeof codes,
  explanation: RegExp,
  asking: Parameters<typeof ask>[1] = {},
): Promise<void> {
  const given = await ask(url, { target: prefix, ...asking });
  const [status, code, text] = codes[how];
  expect([given.status, JSON.parse(given.text)]).toEqual([
    status,
    { error_code: code, error_msg: text, request_id: given.headers['x-request-id'] },
  ]);
  const record = gateway.records.at(-1)!;
  expect(record).toMatchObject({ requestId: given.headers['x-request-id'], refusal: { code, text } });
  expect(record.explanation).toMatch(explanation);
  expect(record).not.toHaveProperty('status');
  expect('sent' in record).toBe(how === 'unavailable' || how === 'late');
}

/** A server that does with each connection what it is told; the last thing again and again. */
async function useSockets(
  ...behaviours: readonly ((socket: Socket) => void)[]
): Promise<{ host: string; connected: () => number }> {
  let connections = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    (behaviours[connections++] ?? behaviours.at(-1)!)(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  afterAll(() => server.close());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, connected: () => connections };
}

const reset = (socket: Socket): void => void socket.once('data', () => socket.resetAndDestroy());
const say = (text: string) => (socket: Socket) => void socket.on('data', () => socket.write(text));
const ok = say('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');

describe('where a backend may be', () => {
  const denied: readonly (readonly [string, RegExp])[] = [
    [
      '10.0.0.1',
      /^Signed with .* Not sent: 10\.0\.0\.1 is not among the addresses that backends may have \(SIGNET_GATEWAY_BACKENDS\)\.$/,
    ],
    ['169.254.169.254:80', /169\.254\.169\.254 is not among/],
    [`0.0.0.0:${backend.port}`, /0\.0\.0\.0 is not among/],
    [`[::]:${backend.port}`, /:: is not among/],
    ['[::ffff:10.0.0.1]:80', /::ffff:10\.0\.0\.1 is not among/],
    ['[fe80::1]:80', /fe80::1 is not among/],
    [`mixed.test:${backend.port}`, /10\.0\.0\.1 is not among/],
    ['outside.test', /203\.0\.113\.7 is not among/],
    ['mapped-outside.test', /::ffff:10\.0\.0\.1 is not among/],
    [`127.0.0.1:${gateway.port}`, /127\.0\.0\.1 with the port \d+ is Signet itself/],
    [`[::ffff:127.0.0.1]:${gateway.port}`, /is Signet itself/],
    [`backend.test:${gateway.port}`, /is Signet itself/],
    [`mapped.test:${gateway.port}`, /is Signet itself/],
  ];
  test.each(denied)('not at %s', async (url_domain, explanation) => {
    publish({ url_domain });
    await expectRefused('denied', explanation);
  });

  const unknown: readonly (readonly [string, RegExp])[] = [
    ['nowhere.test', /Not sent: nowhere\.test has no address: getaddrinfo ENOTFOUND nowhere\.test\.$/],
    ['nothing.test', /Not sent: nothing\.test has no address\.$/],
    ['', /^Not sent: the backend address {2}is none\.$/],
    ['a b', /is none/],
    ['user@127.0.0.1', /is none/],
    ['127.0.0.1:0', /is none/],
    ['127.0.0.1:65536', /is none/],
    ['127.0.0.1/x', /is none/],
    ['[127.0.0.1]', /is none/],
    ['::1', /is none/],
    ['#host#', /is none/],
  ];
  test.each(unknown)('nowhere: %s', async (url_domain, explanation) => {
    publish({ url_domain });
    await expectRefused('unknown', explanation);
  });

  const allowed = [`127.0.0.1:${backend.port}`, `backend.test:${backend.port}`, `BACKEND.test:${backend.port}`];
  test.each(allowed.slice(0, 2))('at %s', async (url_domain) => {
    publish({ url_domain });
    expect((await ask(url, { target: prefix })).status).toBe(200);
    expect(backend.last().rawHeaders.slice(0, 2)).toEqual(['Host', url_domain]);
  });

  test('looked at when a connection is made, and used again without asking', async () => {
    publish({ url_domain: `backend.test:${backend.port}` });
    await ask(url, { target: prefix });
    const [questions, connections] = [asked.length, backend.connected()];
    for (let count = 0; count < 5; count++) await ask(url, { target: prefix });
    expect([asked.length, backend.connected()]).toEqual([questions, connections]);
  });
});

describe('a listener of one’s own', () => {
  const [outer] = Object.values(networkInterfaces()).flatMap((some = []) => some.filter(({ internal }) => !internal));
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '::ffff:127.0.0.1', true],
    ['127.0.0.1', '::ffff:7f00:1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['127.0.0.1', '::1', false],
    ['127.0.0.1', '0.0.0.0', true],
    ['127.0.0.1', '::', true],
    ['127.0.0.1', '::ffff:0:0', true],
    ['::1', '::1', true],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['0.0.0.0', '127.0.0.1', true],
    ['0.0.0.0', '127.5.5.5', true],
    ['0.0.0.0', '::ffff:127.0.0.1', true],
    ['0.0.0.0', '203.0.113.7', false],
    ['::', '127.0.0.1', true],
    ['::', '::1', true],
    ['::', '2001:db8::1', false],
    ...(outer === undefined
      ? []
      : ([
          ['0.0.0.0', outer.address, true],
          ['127.0.0.1', outer.address, false],
        ] as const)),
  ];
  test.each(rows)('on %s takes what goes to %s: %s', (address, wanted, expected) => {
    expect(isOneOf([{ address, port: 5670 }], wanted, 5670)).toBe(expected);
    expect(isOneOf([{ address, port: 5670 }], wanted, 5671)).toBe(false);
  });
});

describe('a backend that fails', () => {
  test('is not there', async () => {
    const gone = createServer();
    await once(gone.listen(0, '127.0.0.1'), 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    publish({ url_domain: `127.0.0.1:${port}` });
    await expectRefused(
      'unavailable',
      /^Signed with .* The connection to 127\.0\.0\.1:\d+ failed: connect ECONNREFUSED/,
    );
  });

  const garbled: readonly (readonly [string, string])[] = [
    ['is no HTTP server', 'hello\r\n\r\n'],
    ['changes the protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'],
    ['has no such status', 'HTTP/1.1 042 What\r\nContent-Length: 0\r\n\r\n'],
    ['has headers beyond measure', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`],
  ];
  test.each(garbled)('%s', async (_what, text) => {
    const { host } = await useSockets(say(text));
    publish({ url_domain: host });
    await expectRefused('unavailable', /does not answer as it should|gives no answer|with the status 42/);
  });

  test('is late', async () => {
    const { host } = await useSockets(() => undefined);
    publish({ url_domain: host, timeout: 50 });
    await expectRefused('late', /127\.0\.0\.1:\d+ did not answer within 50 ms\.$/);
    await expectRefused('late', /within 50 ms\.$/, { method: 'POST', body: 'abc' });
    publish({ url_domain: host, timeout: 50 }, basicKey);
    await expectRefused('late', /within 50 ms\.$/, { method: 'POST', body: 'abc' });
  });

  test('says no more than half of a head', async () => {
    const { host } = await useSockets((socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nX: ')));
    publish({ url_domain: host, retry_count: '0' });
    await expectRefused('unavailable', /127\.0\.0\.1/);
  });

  test('says first that it goes on', async () => {
    const { host } = await useSockets(
      say(
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      ),
    );
    publish({ url_domain: host });
    expect(await ask(url, { target: prefix })).toMatchObject({ status: 200, text: 'ok' });
  });
});

describe('once more', () => {
  const rows: readonly (readonly [string, string, number, number])[] = [
    ['GET', '-1', 1, 200],
    ['PUT', '-1', 1, 200],
    ['GET', '-1', 2, 502],
    ['POST', '-1', 1, 502],
    ['PATCH', '-1', 1, 502],
    ['GET', '0', 1, 502],
    ['POST', '3', 3, 200],
    ['POST', '3', 4, 502],
  ];
  test.each(rows)('%s with the retry count %s after %i failures: %i', async (method, retry_count, failures, status) => {
    const { host, connected } = await useSockets(...Array.from({ length: failures }, () => reset), ok);
    publish({ url_domain: host, retry_count });
    const given = await ask(url, { target: prefix, method, body: method === 'GET' ? undefined : 'abc' });
    expect(given.status).toBe(status);
    expect(connected()).toBe(
      status === 200
        ? failures + 1
        : Math.min(failures, 1 + (retry_count === '-1' ? Number(method === 'GET') : Number(retry_count))),
    );
    expect(gateway.records.at(-1)!.requestId).toBe(given.headers['x-request-id']);
  });

  /** Answers once on its first connection, and takes that for closed when it hears more. */
  const closing = (socket: Socket): void => {
    let requests = 0;
    socket.on('data', () =>
      ++requests === 1 ? socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok') : socket.resetAndDestroy(),
    );
  };

  test.each(['GET', 'POST'])('%s on a connection that was found closed, without counting', async (method) => {
    const { host, connected } = await useSockets(closing, ok);
    publish({ url_domain: host, retry_count: '0' });
    const asking = { target: prefix, method, body: method === 'GET' ? undefined : 'abc' };
    for (let count = 0; count < 3; count++) expect(await ask(url, asking)).toMatchObject({ status: 200, text: 'ok' });
    expect(connected()).toBe(2);
  });

  test('but not with a body that was streamed', async () => {
    const { host, connected } = await useSockets(closing, ok);
    publish({ url_domain: host, retry_count: '10' }, basicKey);
    const asking = { target: prefix, method: 'PUT', body: 'abc' };
    expect((await ask(url, asking)).status).toBe(200);
    expect((await ask(url, asking)).status).toBe(502);
    expect(connected()).toBe(1);
    expect((await ask(url, { ...asking, body: undefined })).status).toBe(200);
  });

  test('nor where half of an answer came', async () => {
    const half = (socket: Socket): void => {
      let requests = 0;
      socket.on('data', () =>
        ++requests === 1
          ? socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
          : socket.end('HTTP/1.1 200 O'),
      );
    };
    const { host, connected } = await useSockets(half, ok);
    publish({ url_domain: host, retry_count: '0' });
    expect((await ask(url, { target: prefix })).status).toBe(200);
    expect((await ask(url, { target: prefix })).status).toBe(502);
    expect(connected()).toBe(1);
  });
});

describe('HTTPS', async () => {
  const folder = useFolder();
  const file = (name: string): string => join(folder, name);
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=backend',
      '-keyout',
      file('key'),
      '-out',
      file('cert'),
    ],
    { stdio: 'pipe' },
  );
  const secure = await useBackend({
    tls: { cert: readFileSync(file('cert'), 'utf8'), key: readFileSync(file('key'), 'utf8') },
  });

  test('on this machine, a certificate proves nothing', async () => {
    publish({ url_domain: secure.host, req_protocol: 'HTTPS' });
    expect((await ask(url, { target: prefix })).status).toBe(200);
    expect((await ask(url, { target: prefix })).status).toBe(200);
    expect(secure.connected()).toBe(1);
    expect(gateway.records.at(-1)!.sent!.url).toBe(`https://${secure.host}/`);
  });

  test('elsewhere, it must be good', async () => {
    publish({ url_domain: `backend.test:${secure.port}`, req_protocol: 'HTTPS' });
    await expectRefused('unavailable', /backend\.test:\d+ does not answer as it should: self-signed certificate/);
  });

  test('is not what the backend speaks', async () => {
    publish({ url_domain: backend.host, req_protocol: 'HTTPS' });
    await expectRefused('unavailable', /./);
    publish({ url_domain: secure.host, req_protocol: 'HTTP' });
    await expectRefused('unavailable', /./);
  });
});
