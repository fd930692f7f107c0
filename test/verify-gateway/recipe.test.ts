import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { listen } from './backend.ts';
import { plain, signedAt } from './gateway-signer.ts';
import { app } from './recipe-backend.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/recipes/verify-gateway.md');

afterEach(() => {
  vi.useRealTimers();
});

/** Files that are compiled and run: here, and by `npm run test:clients`. */
test.each([
  ['ts', 'test/verify-gateway/recipe-backend.ts'],
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
