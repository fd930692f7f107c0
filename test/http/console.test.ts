import { globSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { keySpecs } from '../../src/crypto/key-specs.ts';
import { signingAlgorithms } from '../../src/crypto/signing-algorithms.ts';
import { send } from '../support/http.ts';
import { useSignet } from '../support/signet.ts';

const folder = fileURLToPath(new URL('../../console/', import.meta.url));
const files = globSync('**/*.*', { cwd: folder });
const { url } = await useSignet();

describe('the files at /console', () => {
  it('begin with a page', async () => {
    const { status, headers, text } = await send(url, 'get', '/console/');
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('<title>Signet console</title>');
  });

  it('are at /console/, with a slash', async () => {
    const { status, headers } = await send(url, 'get', '/console');
    expect([status, headers['location']]).toEqual([301, '/console/']);
  });

  it.each(files)('%s: comes under a strict policy, and is asked for again each time', async (file) => {
    const { status, headers } = await send(url, 'get', `/console/${file}`);
    const policy = headers['content-security-policy']?.split(';');
    expect(status).toBe(200);
    expect(policy).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cache-control': 'no-cache',
    });
    const again = await send(url, 'get', `/console/${file}`, { headers: { 'If-None-Match': headers['etag'] ?? '' } });
    expect(again.status).toBe(304);
  });

  it('are small', () => {
    const bytes = files.reduce((sum, file) => sum + statSync(`${folder}${file}`).size, 0);
    expect(bytes).toBeLessThan(150_000);
  });

  it.each(['/console/none.js', '/console/../package.json', '/console/%2e%2e/package.json', '/console/%', '/Console/'])(
    'are all that is there: not %s',
    async (path) => {
      const { status } = await send(url, 'get', path);
      expect([400, 403, 404]).toContain(status);
    },
  );

  it('are read, not written', async () => {
    expect((await send(url, 'post', '/console/', { body: {} })).status).toBe(404);
  });
});

describe('who may have them', () => {
  it('is nobody by a name that is not ours', async () => {
    const { status, body } = await send(url, 'get', '/console/', { headers: { Host: 'evil.example' } });
    expect(status).toBe(403);
    expect(body).toMatchObject({ error: { error_code: 'Signet.ForeignHost' } });
  });

  it('is no page of another origin', async () => {
    const { status } = await send(url, 'get', '/console/main.js', { headers: { Origin: 'http://evil.example' } });
    expect(status).toBe(403);
  });

  it('is also another machine: there is no secret in them', async () => {
    const { status } = await send(url, 'get', '/console/', { headers: { 'X-Forwarded-For': '203.0.113.9' } });
    expect(status).toBe(200);
  });
});

it('offers what the emulator can do with each kind of key', async () => {
  const offered = (await import(`${folder}algorithms.js`)) as {
    signingAlgorithms: Readonly<Record<string, readonly string[]>>;
    usages: Readonly<Record<string, readonly string[]>>;
    takesDigest: (algorithm: string) => boolean;
  };
  const algorithms = Object.values(signingAlgorithms);
  const expected = Object.keys(keySpecs).map((spec) => [
    spec,
    algorithms.filter((one) => one.keySpecs.some((name) => name === spec)).map(({ name }) => name),
  ]);
  expect(offered.signingAlgorithms).toEqual(
    Object.fromEntries(expected.filter(([, names]) => names !== undefined && names.length > 0)),
  );
  expect(offered.usages).toEqual(Object.fromEntries(Object.values(keySpecs).map(({ name, usages }) => [name, usages])));
  for (const { name, digestLength } of algorithms) expect(offered.takesDigest(name)).toBe(digestLength !== null);
});
