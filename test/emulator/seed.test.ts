/** What a store holds after it was seeded. */
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { keySpecs } from '../../src/crypto/key-specs.ts';
import { verifyPassword } from '../../src/crypto/passwords.ts';
import { applySeed, loadSeed, readSeed, signingExample } from '../../src/emulator/seeds/seed.ts';
import type { Seed } from '../../src/emulator/seeds/seed.ts';
import type { Store } from '../../src/store/store.ts';
import { opened, temporaryFolder } from '../store/databases.ts';
import { defaultText, pemOf, seedsFolder } from './default-seed.ts';

const now = Date.parse('2026-05-01T00:00:00Z');
const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
const projectId = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';

function counting(): () => string {
  let count = 0;
  return () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`;
}

async function seeded(seed: Seed): Promise<Store> {
  const store = await opened('sqlite::memory:');
  expect(await applySeed(seed, { store, now: () => now, hashToken })).toBe(true);
  return store;
}

const seededWith = async (text: string): Promise<Store> => seeded(await readSeed(text, 'seed.yaml', counting()));

describe('the default seed', () => {
  test('has the form that it is not checked for at start', async () => {
    expect(await readSeed(defaultText, 'default.yaml', counting())).toEqual(await loadSeed('', counting()));
  });

  test('says that its keys are public', () => {
    expect(defaultText).toContain('PUBLIC TEST KEYS');
  });

  test('names every id, so that nothing changes from start to start', () => {
    const newId = (): never => {
      throw new Error('an id is missing');
    };
    return expect(readSeed(defaultText, 'default.yaml', newId)).resolves.toMatchObject({ region: 'eu-de' });
  });

  test('identity', async () => {
    const store = await seeded(await loadSeed('', counting()));
    const domain = { id: 'd0d1d2d3d4d5d6d7d8d9dadbdcdddedf', name: 'OTC00000000001000000001' };
    expect(await store.identity.domain({ name: domain.name })).toEqual(domain);
    expect(await store.identity.projects({})).toEqual([{ id: projectId, name: 'eu-de', domainId: domain.id }]);
    const [user] = await store.identity.users({ name: 'signet', domainId: domain.id });
    expect(user).toMatchObject({ permissions: null, totpSecret: null, trustedDomainId: null });
    expect(await verifyPassword('signet', user?.passwordHash ?? '')).toBe(true);
    expect(await store.identity.accessKey('SIGNETACCESSKEY00001')).toEqual({
      access: 'SIGNETACCESSKEY00001',
      secret: 'SignetSecretAccessKeyForLocalUseOnly0001',
      userId: user?.id,
      ...{ securityTokenHash: null, expiresAt: null, failures: 0, lockedUntil: null },
      user: { id: user?.id, name: 'signet', domain, permissions: null },
    });
    expect(await store.tokens.find(hashToken('signet-token'))).toMatchObject({
      user: { name: 'signet', domain },
      project: { id: projectId, domain },
      expiresAt: null,
    });
  });

  test.each([
    ['RSA_2048', '968d6cf0-feb6-42c6-bb30-d69f74f2d5f9', 'rsa', 'sha256'],
    ['RSA_3072', '30720000-0000-4000-8000-000000003072', 'rsa', 'sha256'],
    ['RSA_4096', '0d0466b0-e727-4d9c-b35d-f84bb474a37f', 'rsa', 'sha256'],
    ['EC_P256', 'e2560000-0000-4000-8000-000000000256', 'ec', 'sha256'],
    ['EC_P384', 'e3840000-0000-4000-8000-000000000384', 'ec', 'sha384'],
    ['SECP256K1', '5ec25601-0000-4000-8000-000000256001', 'ec', 'sha256'],
    ['ED25519', 'ed255190-0000-4000-8000-000000025519', 'ed25519', null],
  ])('%s %s: a pair whose halves fit', async (spec, id, type, digest) => {
    const { keys } = await seeded(await loadSeed('', counting()));
    const key = await keys.find(projectId, id);
    expect(key).toMatchObject({
      spec,
      usage: 'SIGN_VERIFY',
      state: 2,
      name: `signet/${spec.toLowerCase().replace('_', '-')}`,
    });
    const secret = createPrivateKey({
      key: Buffer.from((await keys.material(id, 1)) ?? []),
      format: 'der',
      type: 'pkcs8',
    });
    const open = createPublicKey({ key: Buffer.from(key?.publicKey ?? []), format: 'der', type: 'spki' });
    expect(open.asymmetricKeyType).toBe(type);
    expect(verify(digest, Buffer.from('message'), open, sign(digest, Buffer.from('message'), secret))).toBe(true);
    expect(await keys.findByAlias(projectId, [`alias/${spec.toLowerCase().replace('_', '-')}`])).toEqual(key);
  });

  test.each([
    ['SM2', '5a200000-0000-4000-8000-0000000005a2', 'SIGN_VERIFY', true],
    ['AES_256', 'ae525600-0000-4000-8000-000000000256', 'ENCRYPT_DECRYPT', false],
    ['HMAC_256', '0ac25600-0000-4000-8000-000000000256', 'GENERATE_VERIFY_MAC', false],
  ])('%s %s', async (spec, id, usage, pair) => {
    const { keys } = await seeded(await loadSeed('', counting()));
    const key = await keys.find(projectId, id);
    expect(key).toMatchObject({ spec, usage, state: 2 });
    expect(key?.publicKey !== null).toBe(pair);
    if (!pair) expect(await keys.material(id, 1)).toHaveLength(32);
  });

  test('is listed in the order of the file', async () => {
    const { keys } = await seeded(await loadSeed('', counting()));
    const { items, total } = await keys.list(projectId, {}, 0, 100);
    expect(total).toBe(10);
    expect(items.map(({ spec }) => spec).slice(0, 3)).toEqual(['RSA_2048', 'RSA_3072', 'RSA_4096']);
  });
});

describe('what is loaded', () => {
  test('none: the identity and the gateway, without keys and all else', async () => {
    const all = await loadSeed('', counting());
    const nothing = { apis: [], publications: [], signatureBindings: [], ociDeployments: [] };
    expect(await loadSeed('none', counting())).toEqual({
      ...{ ...all, keys: [], signatureKeys: [], environments: [], apiGroups: [], ...nothing },
    });
  });

  test('a file', async () => {
    const file = join(temporaryFolder(), 'mine.yaml');
    writeFileSync(file, 'version: 1\nregion: elsewhere\ndomains: [{ name: Mine }]\n');
    expect(await loadSeed(file, counting())).toMatchObject({ region: 'elsewhere', domains: [{ name: 'Mine' }] });
    writeFileSync(file, 'version: 1\nregion: elsewhere\ndomains: [{ nam: Mine }]\n');
    await expect(loadSeed(file, counting())).rejects.toThrow(`${file}:3: domains[0].nam: there is no such field`);
  });

  test('the same from JSON', async () => {
    const json = JSON.stringify(parse(defaultText));
    expect(await readSeed(json, 'seed.json', counting())).toEqual(await loadSeed('', counting()));
  });
});

describe('a seed of one’s own', () => {
  const text = `
version: 1
region: moon-1
domains:
  - name: One
    users:
      - name: ann
        password: a
        tokens:
          - { token: forever, scope: { project: first } }
          - { token: over, scope: { project: first }, expires_at: '2026-04-30T00:00:00Z' }
          - { token: whole, scope: { domain: One }, expires_at: 2026-05-02T02:00:00+02:00 }
          - { token: nowhere }
    projects:
      - name: first
        keys:
          - { name: made, spec: EC_P256, usage: SIGN_VERIFY }
          - { name: off, spec: ED25519, state: disabled, description: switched off }
          - { name: going, spec: HMAC_384, state: pending-deletion, deletion_at: 2026-06-01T00:00:00Z, created_at: 2020-01-01T00:00:00Z }
          - { name: coming, spec: RSA_2048, state: pending-import }
  - name: Two
    users:
      - { name: ann, password: b, access_keys: [{ access: AK2, secret: SK2 }] }
    projects:
      - { name: first, id: my-project, keys: [{ name: made, spec: SM4, secret_hex: 00112233445566778899aabbccddeeff, aliases: [x, alias/x] }] }
`;

  test('makes up the ids, and sends names to where they stand', async () => {
    const store = await seededWith(text);
    const [one, two] = [await store.identity.domain({ name: 'One' }), await store.identity.domain({ name: 'Two' })];
    expect(one?.id).toMatch(/^[0-9a-f]{32}$/);
    expect(await store.identity.projects({ name: 'first', domainId: two?.id ?? '' })).toEqual([
      { id: 'my-project', name: 'first', domainId: two?.id },
    ]);
    const [ann, otherAnn] = await store.identity.users({ name: 'ann' });
    expect(new Set([ann?.domainId, otherAnn?.domainId])).toEqual(new Set([one?.id, two?.id]));
    expect((await store.tokens.find(hashToken('forever')))?.project?.domain).toEqual(one);
  });

  test.each([
    ['forever', { expiresAt: null, issuedAt: now, project: { name: 'first' }, domain: null }],
    ['over', { expiresAt: now - 86_400_000, issuedAt: now - 2 * 86_400_000, project: { name: 'first' }, domain: null }],
    ['whole', { expiresAt: now + 86_400_000, issuedAt: now, project: null, domain: { name: 'One' } }],
    ['nowhere', { project: null, domain: null }],
  ])('token %s', async (token, expected) => {
    const { tokens } = await seededWith(text);
    expect(await tokens.find(hashToken(token))).toMatchObject(expected);
  });

  test.each([
    ['made', { spec: 'EC_P256', state: 2, origin: 'kms', createdAt: now }, true],
    ['off', { spec: 'ED25519', state: 3, description: 'switched off' }, true],
    ['going', { state: 4, deletionAt: now + 31 * 86_400_000, createdAt: 1_577_836_800_000 }, true],
    ['coming', { spec: 'RSA_2048', state: 5, origin: 'external', publicKey: null }, false],
  ])('key %s', async (name, expected, hasMaterial) => {
    const store = await seededWith(text);
    const project = (await store.tokens.find(hashToken('forever')))?.project;
    const key = await store.keys.findByName(project?.id ?? '', name);
    expect(key).toMatchObject(expected);
    expect((await store.keys.material(key?.id ?? '', 1)) !== undefined).toBe(hasMaterial);
  });

  test('aliases stand with and without their prefix', async () => {
    const { keys } = await seededWith(text);
    expect((await keys.findByAlias('my-project', ['x']))?.name).toBe('made');
    expect((await keys.findByAlias('my-project', ['alias/x']))?.name).toBe('made');
  });

  const pair = createPrivateKey(pemOf('EC_P256'));
  const { d = '' } = pair.export({ format: 'jwk' });
  test.each([
    ['private_key_pem in PKCS#8', { private_key_pem: pair.export({ type: 'pkcs8', format: 'pem' }) }],
    ['private_key_pem in SEC1', { private_key_pem: pair.export({ type: 'sec1', format: 'pem' }) }],
    ['private_key_jwk', { private_key_jwk: pair.export({ format: 'jwk' }) }],
    ['private_key_hex', { private_key_hex: Buffer.from(d, 'base64url').toString('hex') }],
  ])('the same key as %s', async (_form, material) => {
    const keys = [{ name: 'k', spec: 'EC_P256', ...material }];
    const store = await seededWith(stringify({ version: 1, region: 'r', domains: [{ name: 'D', projects: [{ id: 'p', name: 'P', keys }] }] })); // prettier-ignore
    const { publicKey } = (await store.keys.findByName('p', 'k')) ?? {};
    expect(Buffer.from(publicKey ?? [])).toEqual(createPublicKey(pair).export({ type: 'spki', format: 'der' }));
  });
});

describe('what users may do, and as whom', () => {
  const text = `
version: 1
region: moon-1
domains:
  - name: One
    id: one
    users:
      - { name: all, password: a }
      - { name: some, password: b, permissions: [kms:cmk:sign, kms:*:*, '*:*:get*'], totp_secret: JBSWY3DPEHPK3PXPJBSWY3DPEH====== }
      - { name: nothing, password: c, permissions: [] }
    agencies:
      - { name: by-name, trusted_domain: Two }
      - { name: by-id, id: my-agency, trusted_domain: two, permissions: [kms:cmk:list] }
  - name: Two
    id: two
    agencies: [{ name: by-id, trusted_domain: one }]
`;

  test.each([
    ['all', { permissions: null, totpSecret: null, trustedDomainId: null }],
    ['some', { permissions: ['kms:cmk:sign', 'kms:*:*', '*:*:get*'], totpSecret: 'JBSWY3DPEHPK3PXPJBSWY3DPEH======', trustedDomainId: null }], // prettier-ignore
    ['nothing', { permissions: [], totpSecret: null, trustedDomainId: null }],
  ])('the user %s', async (name, expected) => {
    const { identity } = await seededWith(text);
    const [user] = await identity.users({ name, domainId: 'one' });
    expect(user).toMatchObject(expected);
    expect(user?.passwordHash).toMatch(/^\$scrypt\$/);
  });

  test.each([
    ['One/by-name', { domainId: 'one', permissions: null, trustedDomainId: 'two' }],
    ['One/by-id', { id: 'my-agency', domainId: 'one', permissions: ['kms:cmk:list'], trustedDomainId: 'two' }],
    ['Two/by-id', { domainId: 'two', permissions: null, trustedDomainId: 'one' }],
  ])('the agency %s', async (name, expected) => {
    const { identity } = await seededWith(text);
    const agencies = await identity.users({ name });
    expect(agencies).toEqual([expect.objectContaining({ ...expected, name, passwordHash: '', totpSecret: null })]);
  });
});

describe('what belongs to a key', () => {
  const text = `
version: 1
region: moon-1
domains:
  - name: One
    projects:
      - id: p
        name: P
        keys:
          - id: 00000000-0000-4000-8000-0000000000aa
            name: rotating
            spec: AES_256
            created_at: 2026-04-01T00:00:00Z
            rotation_interval: 30
            tags: { team: payments, env: '' }
            grants:
              - { grantee: ann, operations: [encrypt-data, decrypt-data] }
              - id: ${'0f'.repeat(32)}
                name: all-that-is-said
                grantee: one
                grantee_type: domain
                operations: [describe-key]
                issuer: bob
                retiring_principal: carl
          - { name: still, spec: AES_256 }
`;
  const id = '00000000-0000-4000-8000-0000000000aa';

  test('rotation, counted from its creation', async () => {
    const { keys } = await seededWith(text);
    const due = Date.parse('2026-05-01T00:00:00Z');
    expect(await keys.find('p', id)).toMatchObject({ rotationDays: 30, nextRotationAt: due, lastRotationAt: null });
    expect(await keys.findByName('p', 'still')).toMatchObject({ rotationDays: 365, nextRotationAt: null });
  });

  test('tags, in the order of their keys', async () => {
    const { tags } = await seededWith(text);
    expect(await tags.list([id])).toEqual([
      { keyId: id, key: 'env', value: '' },
      { keyId: id, key: 'team', value: 'payments' },
    ]);
  });

  test('grants', async () => {
    const { grants } = await seededWith(text);
    const { items } = await grants.list(id, 0, 10);
    const [said, short] = items.toSorted((one, other) => other.name.length - one.name.length);
    expect(said).toEqual({
      ...{ id: '0f'.repeat(32), keyId: id, name: 'all-that-is-said', createdAt: now, operations: ['describe-key'] },
      ...{ grantee: 'one', granteeType: 'domain', issuer: 'bob', retiringPrincipal: 'carl' },
    });
    expect(short).toMatchObject({ name: '', grantee: 'ann', granteeType: 'user', issuer: '', retiringPrincipal: '' });
    expect(short?.id).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a store that is not empty', () => {
  test('is left alone', async () => {
    const seed = await loadSeed('none', counting());
    const store = await seeded(seed);
    expect(await applySeed(await loadSeed('', counting()), { store, now: () => now, hashToken })).toBe(false);
    expect(await store.keys.count(projectId)).toBe(0);
  });

  test('is seeded once by two who come at once', async () => {
    const url = `sqlite:${join(temporaryFolder(), 'state.sqlite')}`;
    const stores = [await opened(url), await opened(url)];
    const seed = await loadSeed('', counting());
    const answers = await Promise.all(stores.map((store) => applySeed(seed, { store, now: () => now, hashToken })));
    expect(answers.toSorted()).toEqual([false, true]);
    expect(await stores[1]?.keys.count(projectId)).toBe(10);
  });
});

describe('the example for a first signature', () => {
  test('is the first signing key, as the store has it', async () => {
    const seed = await loadSeed('', counting());
    const store = await seeded(seed);
    const example = {
      projectId,
      token: 'signet-token',
      keyId: '968d6cf0-feb6-42c6-bb30-d69f74f2d5f9',
      signingAlgorithm: 'RSASSA_PSS_SHA_256',
    };
    const context = { store, now: () => now, hashToken };
    expect(await signingExample(context, ['signet-token'])).toEqual(example);
    expect(await signingExample(context)).toEqual(example);
    await store.keys.update(projectId, example.keyId, [2], { state: 3 });
    const next = await signingExample(context);
    expect(next?.keyId).not.toBe(example.keyId);
    expect(next?.signingAlgorithm).toBe('RSASSA_PSS_SHA_256');
    await store.tokens.remove(hashToken('signet-token'));
    expect(await signingExample(context)).toBeUndefined();
  });

  test('there is none without keys', async () => {
    const seed = await loadSeed('none', counting());
    expect(await signingExample({ store: await seeded(seed), now: () => now, hashToken })).toBeUndefined();
  });
});

test('the schema names every key spec and usage', () => {
  const schema = JSON.parse(readFileSync(new URL('seed.schema.json', seedsFolder), 'utf8')) as {
    definitions: { key: { properties: Record<'spec' | 'usage', { enum: string[] }> } };
  };
  const { spec, usage } = schema.definitions.key.properties;
  expect(spec.enum).toEqual(Object.keys(keySpecs));
  expect(new Set(usage.enum)).toEqual(new Set(Object.values(keySpecs).flatMap(({ usages }) => usages)));
});
