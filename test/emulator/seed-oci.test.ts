/** What of OCI a store holds after it was seeded. */
import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { applySeed, hasPublicIdentity, loadSeed, readSeed, type Seed } from '../../src/emulator/seeds/seed.ts';
import type { Store } from '../../src/store/store.ts';
import { opened } from '../store/databases.ts';
import { ociIdentity } from '../support/oci-identity.ts';
import { pemOf } from './default-seed.ts';

const now = Date.parse('2026-05-01T00:00:00Z');
const context = (store: Store) => ({ store, now: () => now, hashToken: (token: string) => token });
const newId = (): string => crypto.randomUUID();

async function seeded(seed: Seed): Promise<Store> {
  const store = await opened('sqlite::memory:');
  expect(await applySeed(seed, context(store))).toBe(true);
  return store;
}

/** The seed of OCI alone, in JSON. */
const read = (oci: object): Promise<Seed> =>
  readSeed(JSON.stringify({ version: 1, region: 'r', domains: [{ name: 'D' }], oci }), 'seed.json', newId);
const seededWith = async (oci: object): Promise<Store> => seeded(await read(oci));
/** One user of one tenancy with these keys. */
const withKeys = (...api_keys: readonly object[]): Promise<Store> =>
  seededWith({ tenancies: [{ name: 'T', users: [{ name: 'u', api_keys }] }] });

const publicHalf = (privateKey: string): string =>
  createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();

/** As the vendor's documentation has it made. */
function fingerprintOf(privateKey: string): string {
  const der = execFileSync('openssl', ['rsa', '-pubout', '-outform', 'DER'], { input: privateKey, stdio: 'pipe' });
  const words = execFileSync('openssl', ['md5', '-c'], { input: der }).toString();
  return /([0-9a-f]{2}:){15}[0-9a-f]{2}/.exec(words)?.[0] ?? '';
}

describe('the default seed', () => {
  const { tenancyId, userId, fingerprint, privateKeyPem } = ociIdentity;

  test('has a tenancy, an administrator and a key, whose other half stands in it', async () => {
    const { oci } = await seeded(await loadSeed('', newId));
    expect(fingerprintOf(privateKeyPem)).toBe(fingerprint);
    expect(await oci.apiKey(userId, fingerprint)).toMatchObject({
      ...{ publicKey: publicHalf(privateKeyPem), createdAt: now, activeAt: now, inactiveStatus: null },
      user: { id: userId, tenancyId, name: 'signet', isAdministrator: true },
      tenancy: { id: tenancyId, name: 'signet' },
    });
    expect([(await oci.tenancies()).length, (await oci.users()).length, (await oci.anyApiKeys(9)).length]).toEqual([
      1, 1, 1,
    ]);
    expect(await oci.deployments()).toEqual([]);
  });

  test('has the private key as a file, too, in the form that the vendor recommends', () => {
    const file = readFileSync(new URL('../../seeds/oci_api_key.pem', import.meta.url), 'utf8');
    expect(file).toBe(`${privateKeyPem}OCI_API_KEY\n`);
  });

  test('is public, each part of it', async () => {
    const store = await seeded(await loadSeed('', newId));
    await store.tokens.remove('signet-token');
    expect(await hasPublicIdentity(context(store))).toBe(true);
    const oci = { tenancies: [{ id: tenancyId, name: 'T', users: [{ id: userId, name: 'u', api_keys: [{ private_key_pem: privateKeyPem }] }] }] }; // prettier-ignore
    const alone = await seededWith(oci);
    expect(await hasPublicIdentity(context(alone))).toBe(true);
    await alone.oci.removeApiKey(userId, fingerprint);
    expect(await hasPublicIdentity(context(alone))).toBe(false);
  });

  test('none: the same identity', async () => {
    const { oci } = await seeded(await loadSeed('none', newId));
    expect((await oci.apiKey(userId, fingerprint))?.tenancy.id).toBe(tenancyId);
  });
});

describe('tenancies and users of one’s own', () => {
  const oci = {
    tenancies: [
      {
        name: 'One',
        users: [
          { name: 'ada', administrator: true },
          { name: 'bob', administrator: false },
        ],
      },
      { name: 'Two', id: 'ocid1.tenancy.oc1..two', users: [{ name: 'ada', id: 'ocid1.user.oc2.eu-frankfurt-1.ada' }] },
      { name: 'Three' },
    ],
  };

  test('have the ids of the file, or such as stay the same from start to start', async () => {
    const ids = async () => {
      const store = await seededWith(oci);
      const tenancies = await store.oci.tenancies();
      return { tenancies, users: await store.oci.users() };
    };
    const { tenancies, users } = await ids();
    expect(await ids()).toEqual({ tenancies, users });
    const [one] = tenancies.filter(({ name }) => name === 'One');
    expect(one?.id).toMatch(/^ocid1\.tenancy\.oc1\.\.[a-z2-7]{60}$/);
    expect(tenancies.map(({ name }) => name).toSorted()).toEqual(['One', 'Three', 'Two']);
    const shown = users.map((user) => [user.name, user.tenancyId, user.isAdministrator, user.createdAt]);
    expect(shown).toHaveLength(3);
    expect(shown).toEqual(
      expect.arrayContaining([
        ['ada', one?.id, true, now],
        ['bob', one?.id, false, now],
        ['ada', 'ocid1.tenancy.oc1..two', false, now],
      ]),
    );
    expect(users.find(({ tenancyId }) => tenancyId !== one?.id)?.id).toBe('ocid1.user.oc2.eu-frankfurt-1.ada');
    for (const user of users.filter(({ tenancyId }) => tenancyId === one?.id))
      expect(user.id).toMatch(/^ocid1\.user\.oc1\.\.[a-z2-7]{60}$/);
  });

  test('of the same name in two tenancies are two', async () => {
    const users = await (await seededWith({ tenancies: ['A', 'B'].map((name) => ({ name, users: [{ name: 'u' }] })) })).oci.users(); // prettier-ignore
    expect(new Set(users.map(({ id }) => id)).size).toBe(2);
  });

  test.each([[{}], [{ tenancies: [] }], [{ deployments: [] }]])('%j: none', async (nothing) => {
    const { ociTenancies, ociDeployments } = await (await seededWith(nothing)).contents.read();
    expect([ociTenancies, ociDeployments]).toEqual([[], []]);
  });
});

describe('API keys of one’s own', () => {
  const privateKey = pemOf('RSA_2048');
  const publicKey = publicHalf(privateKey);
  const fingerprint = fingerprintOf(privateKey);
  const userOf = async ({ oci }: Store): Promise<string> => (await oci.users())[0]?.id ?? '';
  const pkcs1 = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });

  test.each([
    ['public_key_pem', publicKey, privateKey],
    ['public_key_pem', publicKey.replaceAll('\n', '\r\n'), privateKey],
    ['public_key_pem', `\n  ${publicKey.trim()}`, privateKey],
    ['private_key_pem', privateKey, privateKey],
    ['private_key_pem', `${privateKey}OCI_API_KEY\n`, privateKey],
    ['private_key_pem', pkcs1.privateKey, pkcs1.privateKey],
  ])('by %s %j', async (field, text, pair) => {
    const store = await withKeys({ [field]: text });
    const [key] = await store.oci.apiKeys(await userOf(store));
    expect(key).toMatchObject({ fingerprint: fingerprintOf(pair), publicKey: publicHalf(pair), inactiveStatus: null });
    expect(JSON.stringify(await store.contents.read())).not.toContain('PRIVATE KEY');
  });

  test('are created at the start unless said otherwise, and are not CREATING then', async () => {
    const store = await withKeys(
      { private_key_pem: pemOf('RSA_2048'), created_at: '2030-01-01T00:00:00Z' },
      { private_key_pem: pemOf('RSA_3072') },
      { private_key_pem: pemOf('RSA_4096'), inactive_status: 3 },
    );
    const keys = await store.oci.apiKeys(await userOf(store));
    expect(keys.map(({ fingerprint: digits }) => digits)).toEqual(
      ['RSA_3072', 'RSA_4096', 'RSA_2048'].map((spec) => fingerprintOf(pemOf(spec))),
    );
    expect(keys.map(({ createdAt, activeAt, inactiveStatus }) => [createdAt, activeAt, inactiveStatus])).toEqual([
      [now - 1, now - 1, null],
      [now, now, 3],
      [Date.parse('2030-01-01T00:00:00Z'), Date.parse('2030-01-01T00:00:00Z'), null],
    ]);
  });

  test('have an etag each, the same from start to start', async () => {
    const etags = async () => {
      const keys = [{ public_key_pem: publicKey }, { private_key_pem: pemOf('RSA_3072') }];
      const store = await withKeys(...keys);
      return (await store.oci.apiKeys(await userOf(store))).map(({ etag }) => etag);
    };
    const [one = '', other = ''] = await etags();
    expect(one).toMatch(/^[0-9a-f]{32}$/);
    expect(other).not.toBe(one);
    expect(await etags()).toEqual([one, other]);
  });

  test('may be those of another user, too', async () => {
    const api_keys = [{ public_key_pem: publicKey }];
    const users = ['u', 'v'].map((name) => ({ name, api_keys }));
    const { oci } = await seededWith({ tenancies: [{ name: 'T', users }] });
    expect((await oci.anyApiKeys(9)).map((key) => key.fingerprint)).toEqual([fingerprint, fingerprint]);
  });
});

test('deployments of one’s own, to the letter', async () => {
  const specification = { routes: [{ path: '/{rest*}', methods: ['ANY'], backend: { type: 'X', '10': 0.5 } }] };
  const { oci } = await seededWith({
    deployments: [
      { path_prefix: '/v2/a_b.c-d$', specification },
      { id: 'ocid1.apideployment.oc1.phx.mine', name: 'mine', path_prefix: '/v1', specification: {} },
    ],
  });
  const [mine, derived] = await oci.deployments();
  expect(mine).toEqual({
    ...{ id: 'ocid1.apideployment.oc1.phx.mine', name: 'mine', pathPrefix: '/v1', specification: '{}', createdAt: now },
  });
  expect(derived).toMatchObject({ name: '/v2/a_b.c-d$', pathPrefix: '/v2/a_b.c-d$' });
  expect(derived?.id).toMatch(/^ocid1\.apideployment\.oc1\.\.[a-z2-7]{60}$/);
  expect(JSON.parse(derived?.specification ?? '')).toEqual(specification);
});
