import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { listen } from './backend.ts';
import { plain, signedAt } from './gateway-signer.ts';
import { app } from './recipe-backend.ts';
import { refusalOf } from './recipe-check.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/recipes/verify-gateway.md');

afterEach(() => {
  vi.useRealTimers();
});

/** Files that are compiled and run: here, and by `npm run test:clients`. */
test.each([
  ['ts', 'test/verify-gateway/recipe-backend.ts'],
  ['ts', 'test/verify-gateway/recipe-check.ts'],
  ['python', 'test/clients/python/verify_gateway.py'],
  ['java', 'test/clients/java/src/test/java/backend/VerifyGateway.java'],
  ['go', 'test/clients/go/verifygateway/verify.go'],
])('the page shows in %s what is in %s', (language, path) => {
  const code = read(path).replace('../../src/verify-gateway/verify-gateway.ts', 'signet-kms/verify-gateway');
  expect(page).toContain(`\n\`\`\`${language}\n${code}\`\`\`\n`);
});

test('the backend of the page takes an order that is signed', async () => {
  vi.useFakeTimers({ now: signedAt, toFake: ['Date'] });
  const send = await listen(app);
  const headers = { 'Content-Type': 'application/json' };
  const order = plain({ method: 'POST', body: Buffer.from('{"name":"Grüße"}'), headers });
  const answer = await send(order);
  expect(JSON.parse(answer.text)).toEqual({ signedWith: 'signkeysignkey', ordered: { name: 'Grüße' } });
  expect(await send({ ...order, body: Buffer.from('{}') })).toMatchObject({ status: 401 });
});

test('the check of the page, awaited, tells what is signed from what is not', async () => {
  vi.useFakeTimers({ now: signedAt, toFake: ['Date'] });
  expect(await refusalOf(plain())).toBeUndefined();
  expect(await refusalOf({ ...plain(), target: '/other' })).toBe('Verify authroization failed.');
});

test('the file to copy is made of our sources alone, and imports nothing but Node.js', async () => {
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: ['src/verify-gateway/verify-gateway.ts'],
    ...{ bundle: true, platform: 'node', format: 'esm', metafile: true, write: false },
  });
  expect(Object.keys(metafile.inputs).filter((path) => !path.startsWith('src/'))).toEqual([]);
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect(imported.filter((path) => !isBuiltin(path))).toEqual([]);
  expect(imported).toContain('node:crypto');
});
