import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { startSignet } from '../../src/index.ts';
import { send, type Answer } from '../support/http.ts';
import { useSignet } from '../support/signet.ts';

const path = '/_signet/projects';
const { url } = await useSignet();
const { port } = new URL(url);
const external = await useSignet({ externalUrl: 'https://signet.example:8443' });

const ask = (of: string, headers: Record<string, string>): Promise<Answer> => send(of, 'post', path, { headers });
const codeOf = ({ status, body }: Answer): string =>
  status < 300 ? 'answered' : (body as { error: { error_code: string } }).error.error_code;

describe('the names of its own', () => {
  test.each(['localhost', '127.0.0.1', '127.8.9.10', '[::1]', 'a.localhost', '192.168.7.7', '[fe80::1]'])(
    'are %s, with any port',
    async (name) => {
      for (const host of [name, `${name}:1`, `${name}:${port}`])
        expect(codeOf(await ask(url, { Host: host })), host).toBe('answered');
    },
  );

  test.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'signet',
    'signet.example',
    'a b',
    '',
    'evil.example@127.0.0.1',
    '127.0.0.1/evil',
    '127.0.0.1#@evil.example',
  ])('are not %j', async (host) => {
    expect(codeOf(await ask(url, { Host: host }))).toBe('Signet.ForeignHost');
  });

  test('are also the host under which others know it', async () => {
    expect(codeOf(await ask(external.url, { Host: 'signet.example:8443' }))).toBe('answered');
    expect(codeOf(await ask(external.url, { Host: 'other.example' }))).toBe('Signet.ForeignHost');
  });
});

describe('the origin of a page', () => {
  const host = `127.0.0.1:${port}`;

  test.each([`http://127.0.0.1:${port}`])('may be %s', async (Origin) => {
    expect(codeOf(await ask(url, { Host: host, Origin }))).toBe('answered');
  });

  test('may be the address under which others know it', async () => {
    const Origin = 'https://signet.example:8443';
    expect(codeOf(await ask(external.url, { Origin }))).toBe('answered');
  });

  test.each([
    'null',
    `https://127.0.0.1:${port}`,
    'http://127.0.0.1:1',
    'http://127.0.0.1',
    `http://localhost:${port}`,
    'http://evil.example',
  ])('may not be %s', async (Origin) => {
    const answer = await ask(url, { Host: host, Origin });
    expect(answer.status).toBe(403);
    expect(codeOf(answer)).toBe('Signet.ForeignOrigin');
  });
});

describe('other machines', () => {
  const adminToken = 'the-admin-token';
  /** A proxy says that it passes on, or a trusted one says for whom. */
  const passedOn = [
    ['an unknown proxy', [], { 'X-Forwarded-For': '127.0.0.1' }],
    ['an unknown proxy of the newer kind', [], { Forwarded: 'for=127.0.0.1' }],
    ['an unknown proxy that says little', [], { Via: '1.1 proxy' }],
    ['an unknown proxy that says something else', [], { 'X-Real-IP': '127.0.0.1' }],
    ['a trusted proxy', ['loopback'], { 'X-Forwarded-For': '10.1.2.3' }],
    ['a trusted proxy, and say that they are this one', ['loopback'], { 'X-Forwarded-For': '127.0.0.1, 10.1.2.3' }],
    ['two trusted proxies', ['loopback', 'uniquelocal'], { 'X-Forwarded-For': '127.0.0.1, 10.1.2.3' }],
    ['a trusted proxy that does not say for whom', ['loopback'], { 'X-Forwarded-Proto': 'http' }],
    [
      'a trusted proxy that says two things',
      ['loopback'],
      { 'X-Forwarded-For': '127.0.0.1', Forwarded: 'for=10.1.2.3' },
    ],
  ] as const;

  test.each(passedOn)('behind %s give the admin token', async (_, trustedProxies, headers) => {
    const own = await useSignetFor({ adminToken, trustedProxies });
    expect(codeOf(await ask(own, headers))).toBe('Signet.AdminTokenMissing');
    for (const wrong of ['', 'wrong', adminToken.slice(1), `${adminToken}x`])
      expect(codeOf(await ask(own, { ...headers, 'X-Signet-Token': wrong }))).toBe('Signet.AdminTokenMissing');
    expect(codeOf(await ask(own, { ...headers, 'X-Signet-Token': adminToken }))).toBe('answered');
  });

  test('are not this one behind a trusted proxy', async () => {
    const own = await useSignetFor({ adminToken, trustedProxies: ['loopback'] });
    for (const senders of ['127.0.0.1', '::1', '127.0.0.1, 127.0.0.2'])
      expect(codeOf(await ask(own, { 'X-Forwarded-For': senders }))).toBe('answered');
  });

  test('reach it by its address, and give the admin token', async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const address = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
    // A machine without a network has nobody else to answer.
    if (address === undefined) return;
    const own = await useSignetFor({ adminToken, host: '0.0.0.0' });
    const other = own.replace('127.0.0.1', address);
    expect(codeOf(await ask(other, {}))).toBe('Signet.AdminTokenMissing');
    expect(codeOf(await ask(other, { 'X-Signet-Token': adminToken }))).toBe('answered');
    expect(codeOf(await ask(own, {}))).toBe('answered');
  });

  async function useSignetFor(options: Parameters<typeof useSignet>[0]): Promise<string> {
    return (await useSignet({ ...options, log: () => undefined })).url;
  }
});

describe('the admin token', () => {
  test.each([
    ['away from loopback, without a setting', { host: '0.0.0.0' }, true],
    ['away from loopback, with a setting', { host: '0.0.0.0', adminToken: 'mine' }, false],
    ['on loopback', {}, false],
    ['on loopback, behind a proxy', { trustedProxies: ['loopback'] }, true],
  ])('%s is printed: %2$s', async (_, options, isPrinted) => {
    const lines: string[] = [];
    const signet = await startSignet({ port: 0, seed: 'none', ...options, log: (line) => lines.push(line) });
    await signet.stop();
    expect(lines.some((line) => line.includes(signet.adminToken))).toBe(isPrinted);
    expect(signet.adminToken).toMatch('adminToken' in options ? /^mine$/ : /^[\w-]{32}$/);
  });
});
