import { build } from 'esbuild';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { keyIdOf } from '../../src/crypto/oci/key-id.ts';
import { fingerprintOf } from '../../src/crypto/oci/public-keys.ts';
import { signOciRequest } from '../../src/crypto/oci/signing.ts';
import { createPublicKey } from 'node:crypto';
import { sending } from './service.ts';
import { app } from './recipe-service.ts';
import { refusalOf } from './recipe-check.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/recipes/verify-oci.md');

interface OfSeed<Part> {
  readonly id: string;
  readonly users: readonly Part[];
}
/** The first key of the default seed, with its private half. */
const [tenancy] = (
  parse(read('seeds/default.yaml')) as {
    readonly oci: {
      readonly tenancies: readonly OfSeed<{
        readonly id: string;
        readonly api_keys: readonly { readonly private_key_pem: string }[];
      }>[];
    };
  }
).oci.tenancies;
const [user] = tenancy!.users;
const privateKey = createPrivateKey(user!.api_keys[0]!.private_key_pem);
const publicKey = createPublicKey(privateKey);
const keyId = keyIdOf({ tenancyId: tenancy!.id, userId: user!.id, fingerprint: fingerprintOf(publicKey) });

/** A request as it would be signed now. */
const signed = (method: string, body = '') =>
  signOciRequest(
    { method, target: '/orders', headers: [['host', 'localhost:8080']], body: Buffer.from(body) },
    { keyId, privateKey, now: Date.now() },
  );

afterEach(() => {
  vi.restoreAllMocks();
});

test.each(['recipe-service', 'recipe-check'])('the page shows what is in %s.ts', (name) => {
  const code = read(`test/verify-oci/${name}.ts`).replace(
    '../../src/verify-oci/verify-oci.ts',
    'signet-kms/verify-oci',
  );
  expect(page).toContain(`\n\`\`\`ts\n${code}\`\`\`\n`);
});

test('the service of the page takes an order that is signed, and tells itself why it takes no other', async () => {
  const told = vi.spyOn(console, 'error').mockReturnValue();
  const send = await sending(app);
  const order = signed('POST', '{"name":"Grüße"}');
  expect(JSON.parse((await send(order)).text)).toEqual({ user: user!.id, ordered: { name: 'Grüße' } });
  expect(told).not.toHaveBeenCalled();
  const { status, text } = await send({ ...order, target: '/other' });
  const message = 'Failed to verify the HTTP(S) Signature';
  expect([status, JSON.parse(text)]).toEqual([401, { code: 'NotAuthenticated', message }]);
  const why = 'The signature is not one by this key over what was received.';
  expect(told.mock.calls).toEqual([['POST', '/other', why]]);
  expect(page).toContain(`"${why.slice(0, -1)}"`);
});

test('the check of the page, awaited, tells what is signed from what is not', async () => {
  const request = signed('GET');
  expect(await refusalOf(request, { [keyId]: publicKey })).toBeUndefined();
  expect(await refusalOf(request, {})).toMatchObject({ code: 'NotAuthenticated' });
});

test('the file to copy is made of our sources alone, and imports nothing but Node.js', async () => {
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: ['src/verify-oci/verify-oci.ts'],
    ...{ bundle: true, platform: 'node', format: 'esm', metafile: true, write: false },
  });
  expect(Object.keys(metafile.inputs).filter((path) => !path.startsWith('src/'))).toEqual([]);
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect(imported.filter((path) => !isBuiltin(path))).toEqual([]);
  expect(imported).toContain('node:crypto');
});
