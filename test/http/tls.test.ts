import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { Agent, request as ask } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectSecurely, type TLSSocket } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSignet, type Signet, type SignetOptions } from '../../src/index.ts';
import { seededKeys, token } from '../support/identity.ts';
import { kmsPath } from '../support/kms.ts';
import { runSignet } from '../support/process.ts';
import { useFolder, useSignet } from '../support/signet.ts';
import { readAnswer } from './socket.ts';

const folder = useFolder();
const hosts = ['localhost', '127.0.0.1', '::1', 'kms.eu-de.example.com', '*.signet.test'];
const tls = { tls: 'auto', tlsPort: 0 } as const;
const signet = await useSignet({ ...tls, tlsHosts: hosts });
const url = signet.tlsUrl!;
const port = Number(new URL(url).port);
const ca = signet.caCertificate!;
const caFile = join(folder, 'ca.pem');
writeFileSync(caFile, ca);

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whom the client takes it for. */
  readonly servername?: string;
  readonly agent?: Agent;
}

/** Asks as Node's https does, which trusts nothing but the authority. */
function send(path: string, { body, ...asked }: Asked = {}, of = { port, ca }) {
  return new Promise<{ status: number | undefined; text: string; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const sent = ask({ host: '127.0.0.1', path, ...of, ...asked }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode, text, headers: response.headers }));
      });
      sent.on('error', reject).end(body);
    },
  );
}

/** Runs a program while the server, which is in this process, goes on. */
function run(program: string, args: readonly string[]): Promise<{ readonly status: number; readonly said: string }> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { timeout: 10_000 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code ?? 1), said: stdout + stderr });
    });
    child.stdin?.end();
  });
}

/** What `openssl s_client` makes of the server's certificate for this name or address. */
function client(name: string) {
  const check = /^[\d.:]+$/.test(name) ? ['-verify_ip', name] : ['-verify_hostname', name, '-servername', name];
  return run('openssl', [
    ...['s_client', '-connect', `127.0.0.1:${port}`, '-CAfile', caFile, '-verify_return_error', '-brief'],
    ...check,
  ]);
}

/** A certificate as `openssl x509 -text` tells it. */
const textOf = (pem: string): string =>
  execFileSync('openssl', ['x509', '-noout', '-text'], { input: pem, encoding: 'utf8' });

/** The server's certificate, as it comes over the wire. */
const served = (of = port): Promise<X509Certificate> =>
  new Promise((resolve, reject) => {
    const socket: TLSSocket = connectSecurely({ host: '127.0.0.1', port: of, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()!);
      socket.destroy();
    });
    socket.on('error', reject);
  });

describe('openssl', () => {
  test.each(['localhost', '127.0.0.1', '::1', 'kms.eu-de.example.com', 'anything.signet.test'])(
    's_client takes it for %s',
    async (name) => {
      const { status, said } = await client(name);
      expect(said).toMatch(/Verification: OK/);
      expect(status).toBe(0);
    },
  );

  test.each(['example.com', 'a.b.signet.test', '127.0.0.2'])('s_client does not take it for %s', async (name) => {
    const { status, said } = await client(name);
    expect(said).toMatch(/hostname mismatch|IP address mismatch/i);
    expect(status).not.toBe(0);
  });

  test('x509 and verify: an authority for nothing but servers, a server that is no authority', async () => {
    const server = (await served()).toString();
    const authorityText = textOf(ca);
    expect(authorityText).toMatch(/X509v3 Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(authorityText).toMatch(/X509v3 Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
    const text = textOf(server);
    expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
    expect(text).toMatch(/Extended Key Usage:\s+TLS Web Server Authentication\n/);
    expect(text).toMatch(
      /DNS:localhost, IP Address:127\.0\.0\.1, IP Address:0:0:0:0:0:0:0:1, DNS:kms\.eu-de\.example\.com, DNS:\*\.signet\.test/,
    );
    const file = join(folder, 'server.pem');
    writeFileSync(file, server);
    const verify = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', caFile, file];
    expect(execFileSync('openssl', verify, { encoding: 'utf8' })).toBe(`${file}: OK\n`);
  });

  test('they are valid now by the clock of the machine, the server at most 397 days, the authority ten years', async () => {
    for (const [certificate, days] of [
      [await served(), 397],
      [new X509Certificate(ca), 3650],
    ] as const) {
      const [from, to] = [certificate.validFromDate, certificate.validToDate].map((date) => date.getTime());
      expect((to! - from!) / 86_400_000).toBeLessThanOrEqual(days);
      expect((to! - from!) / 86_400_000).toBeGreaterThan(days - 2);
      expect(from).toBeLessThan(Date.now());
    }
  });
});

describe('the same app as with HTTP', () => {
  const credential = { 'X-Auth-Token': token, 'Content-Type': 'application/json' };
  const body = JSON.stringify({
    ...{ key_id: seededKeys.EC_P256, signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW', message: 'QUJD' },
  });

  test('Node signs with it, and trusts it for no other name', async () => {
    const answer = await send(kmsPath('sign'), { method: 'POST', headers: credential, body });
    expect(answer.status).toBe(200);
    await expect(send('/', { servername: 'example.com' })).rejects.toThrow(/does not match certificate's altnames/);
    await expect(send('/', {}, { port, ca: '' })).rejects.toThrow(/certificate|signature/);
  });

  test('curl', async () => {
    const { said } = await run('curl', ['-sS', '--cacert', caFile, `${url}/v1.0`]);
    expect(said).toContain(`${url}/v1.0/`);
  });

  test('links and the catalogue say https where they are asked by https, and http where by http', async () => {
    expect((await send('/')).text).toContain(`"href":"${url}/v1.0/"`);
    const login = JSON.stringify({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'signet', password: 'signet', domain: { name: 'OTC00000000001000000001' } } },
        },
        scope: { project: { name: 'eu-de' } },
      },
    });
    const headers = { 'Content-Type': 'application/json' };
    const { text } = await send('/v3/auth/tokens', { method: 'POST', headers, body: login });
    expect(text).toContain(`"url":"${url}/v1.0"`);
    expect(text).not.toContain('http://');
    const plain = await fetch(`${signet.url}/`).then((answer) => answer.text());
    expect(plain).toContain(`"href":"${signet.url}/v1.0/"`);
    expect(plain).not.toContain('https://');
  });

  test('/_signet: its own origin is the one with https', async () => {
    const path = '/_signet/clock';
    expect((await send(path, { headers: { Origin: url } })).status).not.toBe(403);
    expect((await send(path, { headers: { Origin: url.replace('https', 'http') } })).status).toBe(403);
    expect((await send(path, { headers: { Origin: 'https://example.com' } })).status).toBe(403);
  });

  test('what is no request gets the same refusals', async () => {
    const talk = (text: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connectSecurely({ host: '127.0.0.1', port, ca }, () => socket.write(text));
        let heard = '';
        socket.setEncoding('utf8').on('data', (part: string) => (heard += part));
        socket.on('close', () => resolve(heard)).on('error', reject);
      });
    expect(readAnswer(await talk('nonsense\r\n\r\n'))).toMatchObject({ status: 400 });
    expect(readAnswer(await talk('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n')).status).toBe(404);
    const long = `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(70_000)}\r\n\r\n`;
    expect(readAnswer(await talk(long)).status).toBe(494);
    const expecting = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: miracles\r\n\r\n';
    expect(readAnswer(await talk(expecting)).status).toBe(200);
  });

  test('a client that speaks plain HTTP there is hung up on, and others are still served', async () => {
    const heard = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
      let text = '';
      socket.setEncoding('latin1').on('data', (part: string) => (text += part));
      socket.on('error', () => undefined).on('close', () => resolve(text));
    });
    expect(heard).not.toContain('200 OK');
    expect((await send('/')).status).toBe(200);
  });
});

describe('the authority', () => {
  /** Runs Signet over this state until the test has what it wants. */
  async function withSignet<T>(options: SignetOptions, use: (running: Signet) => Promise<T>): Promise<T> {
    const running = await startSignet({ port: 0, adminToken: 'of-the-tests', seed: 'none', ...options });
    try {
      return await use(running);
    } finally {
      await running.stop();
    }
  }
  const certificatesOf = async ({ tlsUrl, caCertificate }: Signet) => ({
    authority: caCertificate!,
    server: await served(Number(new URL(tlsUrl!).port)),
  });

  test('stays with a file, sealed; the server gets a new certificate, for the names of now', async () => {
    const file = join(folder, 'kept.db');
    const databaseUrl = `sqlite:${file}`;
    const first = await withSignet({ ...tls, databaseUrl }, certificatesOf);
    const second = await withSignet({ ...tls, databaseUrl, tlsHosts: ['kms.test'] }, certificatesOf);
    expect(second.authority).toBe(first.authority);
    expect(second.server.serialNumber).not.toBe(first.server.serialNumber);
    expect(second.server.subjectAltName).toBe('DNS:kms.test');
    expect(second.server.checkIssued(new X509Certificate(first.authority))).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'latin1')).not.toMatch(/PRIVATE KEY|BEGIN CERTIFICATE/);
  });

  test('is another one with every start in memory', async () => {
    const made = await Promise.all([1, 2].map(() => withSignet(tls, async ({ caCertificate }) => caCertificate)));
    expect(made[0]).not.toBe(made[1]);
    expect(made[0]).not.toBe(ca);
  });

  test('two that start at once over one file agree', async () => {
    const databaseUrl = `sqlite:${join(folder, 'shared.db')}`;
    await withSignet({ databaseUrl }, async () => undefined);
    const environment = {
      SIGNET_PORT: '0',
      SIGNET_TLS: 'auto',
      SIGNET_TLS_PORT: '0',
      SIGNET_DATABASE_URL: databaseUrl,
    };
    const made = await Promise.all(
      [1, 2].map(async () => {
        const running = runSignet([], environment);
        const line = await running.firstLine;
        expect(line).toMatch(/^curl .*http:/);
        expect(running.stderr()).toMatch(/^HTTPS: https:\/\/127\.0\.0\.1:\d+ \(whom to trust: http:\S+ca\.pem\)\n$/);
        const [plain = ''] = /http:\/\/[^/ ]+/.exec(line) ?? [];
        return (await fetch(`${plain}/_signet/ca.pem`)).text();
      }),
    );
    expect(made[0]).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(made[0]).toBe(made[1]);
  });

  test('a clock of tests far away does not change how long certificates are valid', async () => {
    const now = (): number => Date.parse('2035-01-01T00:00:00Z');
    const { server } = await withSignet({ ...tls, now }, certificatesOf);
    expect(server.validFromDate.getTime()).toBeLessThan(Date.now());
  });

  test('without the setting there is neither listener nor authority', async () => {
    await withSignet({}, async ({ tlsUrl, caCertificate }) => {
      expect([tlsUrl, caCertificate]).toEqual([undefined, undefined]);
    });
  });
});

test('a port for HTTPS that is taken: the start fails, and frees the port for HTTP', async () => {
  const free = await startSignet({ port: 0, seed: 'none' });
  const plain = Number(new URL(free.url).port);
  await free.stop();
  await expect(startSignet({ port: plain, seed: 'none', ...tls, tlsPort: port })).rejects.toThrow(/EADDRINUSE/);
  const again = await startSignet({ port: plain, seed: 'none' });
  await again.stop();
});

test('a stop answers what is under way on both listeners, and takes no more', async () => {
  const running = await startSignet({ port: 0, seed: 'none', ...tls });
  const of = { port: Number(new URL(running.tlsUrl!).port), ca: running.caCertificate! };
  const text = 'POST /v3/auth/tokens HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{';
  const begun = [
    connect(Number(new URL(running.url).port), '127.0.0.1'),
    connectSecurely({ host: '127.0.0.1', ...of }),
  ].map((socket) => {
    onTestFinished(() => void socket.destroy());
    let heard = '';
    socket.setEncoding('utf8').on('data', (part: string) => (heard += part));
    const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(heard)));
    return { socket, closed };
  });
  for (const { socket } of begun) await new Promise<void>((resolve) => socket.write(text, () => resolve()));
  // An answer on other connections: the server has read those requests by then.
  await fetch(`${running.url}/`);
  await send('/', { agent: new Agent({ keepAlive: false }) }, of);
  const stopped = running.stop();
  await expect(send('/', { agent: new Agent({ keepAlive: false }) }, of)).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
  for (const { socket } of begun) socket.write('}');
  for (const { closed } of begun) {
    const heard = await closed;
    expect(heard).toMatch(/^HTTP\/1\.1 400 /);
    expect(heard).toMatch(/^Connection: close\r$/m);
  }
  await stopped;
});
