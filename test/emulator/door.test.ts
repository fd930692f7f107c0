import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { contract, methods } from '../../src/contract/document.ts';
import { startSignet } from '../../src/index.ts';
import { iamClient } from '../iam/tokens.ts';
import { send, type Answer, type Method } from '../support/http.ts';
import { domain } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
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

describe('every operation of the contract', async () => {
  const adminToken = 'the-admin-token';
  const own = await useSignet({ adminToken, log: () => undefined });
  const { project, token } = await own.createProject();
  const values: Readonly<Record<string, string>> = { project_id: project.id, request_id: '0'.repeat(32), name: 'none' };
  const rows = Object.entries(contract.paths)
    .filter(([template]) => template.startsWith('/_signet/'))
    .flatMap(([template, item]) =>
      methods.flatMap((method) => {
        const door = item[method]?.['x-door'] ?? 'admin';
        const place = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'none');
        return item[method] === undefined ? [] : [{ method, place, door }];
      }),
    );
  const elsewhere = { 'X-Forwarded-For': '10.1.2.3' };
  const asked = (method: Method, place: string, headers: Record<string, string>): Promise<Answer> =>
    send(own.url, method, place, { headers });
  /** The refusal of the door, or that there is none. */
  const doorOf = async (method: Method, place: string, headers: Record<string, string>): Promise<string> => {
    const answer = await asked(method, place, headers);
    const { error } = (answer.body ?? {}) as { error?: { error_code: string } };
    const code = error?.error_code ?? '';
    const isOfDoor = ['Signet.AdminTokenMissing', 'Signet.ForeignHost', 'Signet.ForeignOrigin'].includes(code);
    return isOfDoor ? code : 'passes';
  };

  test('stands in this table, for all four doors', () => {
    expect(rows.length).toBeGreaterThan(25);
    expect(Object.keys(Object.groupBy(rows, ({ door }) => door)).sort()).toEqual(['about', 'admin', 'open', 'project']);
  });

  describe.each(rows)('$method $place ($door)', ({ method, place, door }) => {
    const guarded = (refusal: string): string => (['open', 'about'].includes(door) ? 'passes' : refusal);

    test('is not for a page of another origin, nor for one whose name points here', async () => {
      for (const Origin of ['http://evil.example', 'null', `https://${new URL(own.url).host}`])
        expect(await doorOf(method, place, { Origin }), Origin).toBe(guarded('Signet.ForeignOrigin'));
      for (const Host of ['evil.example', `evil.example:${new URL(own.url).port}`])
        expect(await doorOf(method, place, { Host }), Host).toBe(guarded('Signet.ForeignHost'));
    });

    test('is not for such a page either when it knows a token', async () => {
      for (const credential of [{ 'X-Signet-Token': adminToken }, { 'X-Auth-Token': token }]) {
        const page = { ...credential, Origin: 'http://evil.example' };
        expect(await doorOf(method, place, page)).toBe(guarded('Signet.ForeignOrigin'));
      }
    });

    test('lets no page know that it might: a preflight gets no leave, and nothing happens', async () => {
      const { host } = new URL(own.url);
      for (const Origin of ['http://evil.example', `http://${host}`]) {
        const answer = await asked('options', place, {
          ...{ Origin, 'Access-Control-Request-Method': method.toUpperCase() },
          'Access-Control-Request-Headers': 'content-type,x-signet-token',
        });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      }
    });

    test('is for another machine as its door says', async () => {
      const expected = {
        admin: ['Signet.AdminTokenMissing', 'Signet.AdminTokenMissing'],
        project: ['Signet.AdminTokenMissing', 'passes'],
        open: ['passes', 'passes'],
        about: ['passes', 'passes'],
      }[door as 'admin' | 'project' | 'open' | 'about'];
      const bare = await doorOf(method, place, elsewhere);
      const withToken = await doorOf(method, place, { ...elsewhere, 'X-Auth-Token': token });
      expect([bare, withToken]).toEqual(expected);
      for (const wrong of ['wrong', `${adminToken} `, ''])
        expect(await doorOf(method, place, { ...elsewhere, Authorization: `Bearer ${wrong}x` })).toBe(
          guarded('Signet.AdminTokenMissing'),
        );
    });
  });

  test('answers another machine with the admin token, in either header', async () => {
    for (const credential of [{ 'X-Signet-Token': adminToken }, { Authorization: `Bearer ${adminToken}` }])
      for (const { method, place } of rows.filter((row) => row.method === 'get'))
        expect(await doorOf(method, place, { ...elsewhere, ...credential }), place).toBe('passes');
  });

  test.each(rows.filter(({ door }) => door === 'project'))(
    '$method $place looks at the token that let it in, on this machine too',
    async ({ method, place }) => {
      const domainsOnly = await iamClient(own.url).issue({ domain: { id: domain.id } });
      for (const secret of ['unknown', domainsOnly.secret])
        for (const headers of [{ 'X-Auth-Token': secret }, { ...elsewhere, 'X-Auth-Token': secret }]) {
          const body = { request: 'GET / HTTP/1.1\n\n', sign_key: 'key', sign_secret: 'secret' };
          const answer = await send(own.url, method, place, { headers, ...(method === 'post' && { body }) });
          expect(answer.body).toMatchObject({ error: { error_code: 'Signet.InvalidToken' } });
          expect(answer.status).toBe(401);
        }
    },
  );

  test('that was refused to a page has changed nothing', async () => {
    const kms = kmsClient(own.url, { projectId: project.id, token });
    const keyId = await kms.create({ key_alias: 'stays' });
    const evil = { Origin: 'http://evil.example', 'Content-Type': 'text/plain' };
    const before = await asked('get', '/_signet/clock', {});
    for (const { method, place } of rows.filter((row) => row.method !== 'get')) await asked(method, place, evil);
    expect((await kms.describe(keyId)).key_alias).toBe('stays');
    const after = await asked('get', '/_signet/clock', {});
    expect(after.body).toMatchObject({ frozen: (before.body as { frozen: boolean }).frozen });
    const { entries } = (await asked('get', '/_signet/journal', {})).body as { entries: unknown[] };
    expect(entries.length).toBeGreaterThan(0);
  });
});
