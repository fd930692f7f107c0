import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { signingAlgorithms } from '../src/crypto/signing-algorithms.ts';
import { startSignet } from '../src/index.ts';
import { opensslCommand } from './crypto/outside/openssl.ts';
import { outsideKey } from './kms/outside-keys.ts';
import { seededKeys } from './support/identity.ts';
import { send } from './support/http.ts';
import { bytesOf, kmsClient } from './support/kms.ts';
import { runSignet } from './support/process.ts';

interface Package {
  readonly version: string;
}

const urlIn = (line: string): string => /http:\/\/[^/ ]+/.exec(line)![0];

describe('started', () => {
  test('it prints one line: a curl command that signs, whose signature openssl accepts (PSS, salt 32)', async () => {
    const signet = runSignet([], { SIGNET_PORT: '0' });
    const line = await signet.firstLine;
    expect(line).toMatch(/^curl [ -~]+$/);
    const answer = JSON.parse(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' })) as {
      key_id: string;
      signature: string;
    };
    expect(answer.key_id).toBe(seededKeys.RSA_2048);
    const key = await outsideKey(kmsClient(urlIn(line)), 'RSA_2048');
    const { RSASSA_PSS_SHA_256: algorithm } = signingAlgorithms;
    expect(opensslCommand.verify(algorithm, key, Buffer.from('hello '), bytesOf(answer.signature))).toBe(true);
    signet.child.kill('SIGTERM');
    expect(await signet.ended).toEqual({ code: 0, signal: null });
    expect(signet.stdout()).toBe(`${line}\n`);
    expect(signet.stderr()).toBe('');
  });

  test('SIGNET_SEED=none: the line is a command that works, and there are no keys', async () => {
    const line = await runSignet([], { SIGNET_PORT: '0', SIGNET_SEED: 'none' }).firstLine;
    expect(JSON.parse(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' }))).toHaveProperty('versions');
    expect((await kmsClient(urlIn(line)).ask('list-keys', {})).total).toBe(0);
  });

  test.each([
    ['0.0.0.0', /WARNING/],
    ['127.0.0.1', /^$/],
  ])('on %s it says on stderr %s', async (host, expected) => {
    const signet = runSignet(['--host', host, '--port=0']);
    const line = await signet.firstLine;
    expect(signet.stdout()).toBe(`${line}\n`);
    signet.child.kill('SIGINT');
    expect(await signet.ended).toEqual({ code: 0, signal: null });
    expect(signet.stderr()).toMatch(expected);
  });
});

/** Opens a connection and sends a part of a request. */
function begin(url: string, text: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text, () => resolve(socket)));
    socket.once('error', reject);
  });
}

/** Whether nobody listens there (any more). */
const isDeaf = (url: string): Promise<boolean> =>
  begin(url, '').then(
    (socket) => !socket.destroy(),
    () => true,
  );

test('SIGTERM: no new connections, an answer to what is under way, and the end with 0', async () => {
  const signet = runSignet([], { SIGNET_PORT: '0', SIGNET_SEED: 'none' });
  const url = urlIn(await signet.firstLine);
  const socket = await begin(url, 'POST /v3/auth/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{');
  let heard = '';
  socket.setEncoding('utf8').on('data', (part: string) => (heard += part));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  // An answer on another connection: the server has read the first one's request by then.
  await send(url, 'get', '/');
  signet.child.kill('SIGTERM');
  await expect.poll(() => isDeaf(url), { timeout: 5000 }).toBe(true);
  expect(signet.child.exitCode).toBeNull();
  socket.write('}');
  expect(await signet.ended).toEqual({ code: 0, signal: null });
  await closed;
  expect(heard).toMatch(/^HTTP\/1\.1 400 .*Illegal request/s);
  // Else the connection is kept alive for seconds, and the program with it.
  expect(heard).toMatch(/^Connection: close\r$/m);
});

test('who says it twice does not wait: the end with 1', async () => {
  const signet = runSignet([], { SIGNET_PORT: '0', SIGNET_SEED: 'none' });
  const url = urlIn(await signet.firstLine);
  await begin(url, 'POST /v3/auth/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{');
  // An answer on another connection: the server has read the first one's request by then.
  await send(url, 'get', '/');
  signet.child.kill('SIGTERM');
  await expect.poll(() => isDeaf(url), { timeout: 5000 }).toBe(true);
  signet.child.kill('SIGINT');
  expect(await signet.ended).toEqual({ code: 1, signal: null });
});

describe('mistakes', () => {
  test('every bad setting is told at once, on stderr, and nothing starts', async () => {
    const signet = runSignet(['--no-such-flag', '--key-quota=many'], { SIGNET_PORT: 'x', SIGNET_NO_SUCH: '1' });
    expect(await signet.ended).toEqual({ code: 2, signal: null });
    expect(signet.stdout()).toBe('');
    const lines = signet.stderr().trim().split('\n');
    expect(lines.map((line) => line.split(':')[0]).sort()).toEqual(
      ['--key-quota', '--no-such-flag', 'SIGNET_NO_SUCH', 'SIGNET_PORT'].sort(),
    );
  });

  const others = {
    'a command that does not exist': [['serve'], 2, /^serve: there is no such command\n$/],
    'a flag that does not exist': [['keys', '--prject=x'], 2, /^--prject: .* --project\?\n$/],
    'a seed that does not exist': [['--port=0', '--seed=missing.yaml'], 1, /missing\.yaml/],
    'a database of another kind': [['--port=0', '--database-url=mysql://x'], 1, /mysql/],
    'a master key that is none': [['--port=0', '--master-key=short'], 2, /./],
  } as const;
  test.each(Object.entries(others))('%s', async (_name, [args, code, message]) => {
    const signet = runSignet(args);
    expect((await signet.ended).code).toBe(code);
    expect(signet.stdout()).toBe('');
    expect(signet.stderr()).toMatch(message);
  });

  test('a Node.js that is too old: which one it has to be', async () => {
    const old = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })";
    const signet = runSignet([], { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(old)}` });
    expect(await signet.ended).toEqual({ code: 1, signal: null });
    expect(signet.stderr()).toBe('Signet needs Node.js 24 or later; this is v20.20.2\n');
  });

  test.each(['--port', '--tls-port'])('%s that is taken: which flag picks another', async (flag) => {
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const signet = runSignet([...(flag === '--port' ? [] : ['--tls=auto', '--port=0']), `${flag}=${port}`]);
    expect((await signet.ended).code).toBe(1);
    expect(signet.stderr()).toMatch(new RegExp(`EADDRINUSE.*:${port}; ${flag} 0 picks a free one\n$`));
  });

  test('--help helps, and starts nothing', async () => {
    const signet = runSignet(['--help']);
    expect((await signet.ended).code).toBe(0);
    for (const word of ['signet health', '--port', 'SIGNET_PORT', '5670']) expect(signet.stdout()).toContain(word);
    expect(signet.stderr()).toBe('');
  });

  test('--version is that of the package', async () => {
    const signet = runSignet(['--version']);
    expect((await signet.ended).code).toBe(0);
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Package;
    expect(signet.stdout()).toBe(`${version}\n`);
  });

  test('nobody who reads to the end is no mistake', async () => {
    const signet = runSignet(['--help']);
    signet.child.stdout?.destroy();
    expect((await signet.ended).code).toBe(0);
    expect(signet.stderr()).toBe('');
  });
});

describe('health', () => {
  const ask = (port: number) => runSignet(['health'], { SIGNET_PORT: String(port) }).ended;

  /** A server that takes connections and does as told with them. */
  async function listen(onConnection: (socket: Socket) => void): Promise<number> {
    const server = createServer(onConnection);
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  test('0 when it answers, 1 when it does not', async () => {
    const signet = runSignet([], { SIGNET_PORT: '0', SIGNET_SEED: 'none' });
    const port = Number(new URL(urlIn(await signet.firstLine)).port);
    expect((await ask(port)).code).toBe(0);
    signet.child.kill('SIGTERM');
    await signet.ended;
    expect((await ask(port)).code).toBe(1);
  });

  test('the one that is meant: --url, or else --port, or else SIGNET_URL, or else SIGNET_PORT', async () => {
    const { url, port } = await startSignet({ port: 0, seed: 'none', adminToken: 'of-the-test' }).then((signet) => {
      onTestFinished(() => signet.stop());
      return { url: signet.url, port: new URL(signet.url).port };
    });
    const wrong = { url: 'http://127.0.0.1:2', port: '2' };
    const rows: readonly (readonly [args: readonly string[], environment: Record<string, string>])[] = [
      [['--url', `${url}/`, '--port', wrong.port], { SIGNET_URL: wrong.url }],
      [['--port', port], { SIGNET_URL: wrong.url }],
      [[], { SIGNET_URL: url, SIGNET_PORT: wrong.port }],
    ];
    for (const [args, environment] of rows) {
      const signet = runSignet(['health', ...args], environment);
      expect([args, (await signet.ended).code, signet.stdout()]).toEqual([args, 0, 'ready\n']);
    }
  });

  test('1 when something else answers', async () => {
    const port = await listen((socket) => void socket.end('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n'));
    expect((await ask(port)).code).toBe(1);
  });

  test('1 when nothing comes for a while: a container that hangs is not healthy', { timeout: 10_000 }, async () => {
    const sockets: Socket[] = [];
    const port = await listen((socket) => sockets.push(socket));
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
    expect((await ask(port)).code).toBe(1);
  });
});
