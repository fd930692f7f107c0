/** Who gets into a sandbox: by its own name and with the admin token, wherever they are; and whoever has a project's token, to what is for projects. */
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { contract, methods } from '../../src/contract/document.ts';
import { startSignet } from '../../src/index.ts';
import { createClient } from '../../src/client/client.ts';
import { send, type Answer, type Method } from '../support/http.ts';
import { useSeed } from '../support/signet.ts';
import { adminToken, asAdmin, basic, emptySeed, useSandbox } from './sandboxes.ts';

const sandbox = await useSandbox({ tls: 'auto', tlsPort: 0 });
const { url } = sandbox;
const { token } = await sandbox.createProject();

const codeOf = ({ body }: Answer): string =>
  (body as { error?: { error_code: string } } | undefined)?.error?.error_code ?? 'passes';
/** The refusal of the door; anything else comes from behind it. */
const doorOf = async (method: Method, path: string, headers: Readonly<Record<string, string>> = {}) => {
  const answer = await send(url, method, path, { headers });
  const code = codeOf(answer);
  const isOfDoor = ['Signet.AdminTokenMissing', 'Signet.ForeignHost', 'Signet.ForeignOrigin'].includes(code);
  return isOfDoor ? code : 'passes';
};

const rows = Object.entries(contract.paths)
  .filter(([template]) => template.startsWith('/_signet/'))
  .flatMap(([template, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      const path = template.replaceAll(/\{\w+\}/g, 'none');
      return operation === undefined ? [] : [{ method, path, door: operation['x-door'] ?? 'admin' }];
    }),
  );

describe.each(rows)('$method $path ($door)', ({ method, path, door }) => {
  const guarded = door === 'open' ? 'passes' : 'Signet.AdminTokenMissing';

  it('asks for the admin token on this machine too', async () => {
    expect(await doorOf(method, path)).toBe(guarded);
  });

  it('takes no other', async () => {
    const others = ['wrong', adminToken.slice(1), `${adminToken}x`, adminToken.toUpperCase()];
    for (const other of others) {
      const headers = [
        { 'X-Signet-Token': other },
        { Authorization: `Bearer ${other}` },
        { Authorization: basic(other) },
      ];
      for (const one of headers) expect(await doorOf(method, path, one), JSON.stringify(one)).toBe(guarded);
    }
  });

  it("takes a project's token only where it is for projects", async () => {
    expect(await doorOf(method, path, { 'X-Auth-Token': token })).toBe(door === 'project' ? 'passes' : guarded);
  });

  it('is not for a page of another origin, whatever the browser sends with it', async () => {
    const credentials = [asAdmin, { Authorization: basic(adminToken) }, { 'X-Auth-Token': token }];
    for (const credential of credentials)
      for (const Origin of ['http://evil.example', 'null', `https://${new URL(url).host}`])
        expect(await doorOf(method, path, { ...credential, Origin })).toBe(
          door === 'open' ? 'passes' : 'Signet.ForeignOrigin',
        );
  });

  it('does not take what a browser sends of its own accord for a page of another site', async () => {
    const Authorization = basic(adminToken);
    for (const site of ['cross-site', 'same-site'])
      expect(await doorOf(method, path, { Authorization, 'Sec-Fetch-Site': site })).toBe(guarded);
  });
});

test('open are only the probe of load balancers and containers, and the certificate that clients begin with', () => {
  expect(rows.filter(({ door }) => door === 'open').map(({ path }) => path)).toEqual([
    '/_signet/health',
    '/_signet/ca.pem',
  ]);
});

const readable = rows.filter(({ method, path }) => method === 'get' && !path.includes('none'));

describe('the admin token', () => {
  const forms = {
    'in X-Signet-Token': asAdmin,
    'as a bearer token': { Authorization: `Bearer ${adminToken}` },
    'as the password of HTTP Basic': { Authorization: basic(adminToken) },
    'as that of nobody': { Authorization: basic(adminToken, '') },
    'as a browser sends it from its address bar': { Authorization: basic(adminToken), 'Sec-Fetch-Site': 'none' },
    'as the console sends it': { Authorization: basic(adminToken), 'Sec-Fetch-Site': 'same-origin' },
  };

  it.each(Object.entries(forms))('%s opens everything', async (_, headers) => {
    for (const { path } of readable) expect((await send(url, 'get', path, { headers })).status, path).toBe(200);
    expect((await send(url, 'get', '/console/', { headers })).status).toBe(200);
  });

  it('is asked of a browser in words that it understands', async () => {
    for (const path of ['/console/', '/_signet/clock']) {
      const { status, headers } = await send(url, 'get', path);
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toBe('Basic realm="Signet", charset="UTF-8"');
    }
  });

  it.each([
    '',
    'Basic',
    'Basic ',
    'Basic %%%',
    'Basic Og==',
    `Basic ${Buffer.from(adminToken).toString('hex')}`,
    'Digest a',
  ])('is not in %j', async (Authorization) => {
    expect(await doorOf('get', '/_signet/clock', { Authorization })).toBe('Signet.AdminTokenMissing');
  });

  it('is all that the client library needs', async () => {
    const client = createClient({ url, adminToken });
    expect((await client.emulator.showClock()).frozen).toBe(false);
    await expect(createClient({ url }).emulator.showClock()).rejects.toMatchObject({
      code: 'Signet.AdminTokenMissing',
    });
  });
});

describe('the console', () => {
  const folder = fileURLToPath(new URL('../../console/', import.meta.url));

  it.each(['', ...globSync('**/*.*', { cwd: folder })])('/console/%s is for the admin', async (file) => {
    const path = `/console/${file}`;
    for (const headers of [{}, { 'X-Auth-Token': token }, { Authorization: basic('wrong') }])
      expect((await send(url, 'get', path, { headers })).status).toBe(401);
    expect((await send(url, 'get', path, { headers: { Authorization: basic(adminToken) } })).status).toBe(200);
  });

  it('may be reached by a link on another site: its pages change nothing', async () => {
    const headers = { Authorization: basic(adminToken), 'Sec-Fetch-Site': 'cross-site' };
    expect((await send(url, 'get', '/console/', { headers })).status).toBe(200);
  });

  it('is not for a name that is not ours', async () => {
    const headers = { Authorization: basic(adminToken), Host: 'evil.example' };
    expect(codeOf(await send(url, 'get', '/console/', { headers }))).toBe('Signet.ForeignHost');
  });
});

describe('at the start', () => {
  it('an admin token is made and printed where none is given, and no command with credentials', async () => {
    const lines: string[] = [];
    const seed = useSeed(`
version: 1
region: eu-de
domains:
  - name: sandbox
    users:
      - name: team
        password: 41c9b1a0c5a94c6f
        tokens: [{ token: 9f6b7c1e-team-token, scope: { project: eu-de } }]
    projects: [{ name: eu-de, keys: [{ name: first, spec: EC_P256 }] }]
`);
    for (const isSandbox of [true, false]) {
      const signet = await startSignet({ port: 0, sandbox: isSandbox, seed, log: (line) => lines.push(line) });
      await signet.stop();
      expect(signet.signCommand === undefined).toBe(isSandbox);
      expect(lines.some((line) => line.includes(signet.adminToken))).toBe(isSandbox);
    }
    expect(lines.filter((line) => line.includes('9f6b7c1e'))).toEqual([]);
  });

  it('a short admin token is refused', async () => {
    const seed = useSeed(emptySeed);
    for (const short of ['admin', 'fifteen-letters'])
      await expect(startSignet({ port: 0, sandbox: true, seed, adminToken: short })).rejects.toThrow(
        'SIGNET_ADMIN_TOKEN has at least 16 characters',
      );
  });

  it('the list of versions says nothing of anybody', async () => {
    const { status, text } = await send(url, 'get', '/');
    expect(status).toBe(200);
    expect(text).not.toContain(token);
    expect(text).not.toContain(adminToken);
  });
});
