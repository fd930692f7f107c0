/** Contents with a value in every column of every table, and material of every kind. */
import { keySpecs, type KeySpecName } from '../../src/crypto/key-specs.ts';
import { newWrappingPair } from '../../src/crypto/material-unwrapping.ts';
import { hashPassword } from '../../src/crypto/passwords.ts';
import type { Contents, Key, Material } from '../../src/store/store.ts';

const instant = Date.parse('2026-01-15T10:30:00.123Z');
const day = 86_400_000;
const sha = (digit: string): string => digit.repeat(64);

const home = { id: 'd1', name: 'Domain One' };
const abroad = { id: 'd2', name: 'Domain "Two" – ドメイン' };
const projects = [
  { id: 'p1', name: 'eu-de', domainId: home.id },
  { id: 'p2', name: 'eu-de', domainId: abroad.id },
];

function keyRow(id: string, spec: KeySpecName, differences: Partial<Key> = {}): Key {
  return {
    ...{ id, projectId: 'p1', domainId: home.id, name: `name of ${id}`, description: 'Grüße 🔑', spec },
    ...{ usage: keySpecs[spec].usages[0], state: 2, origin: 'kms', enterpriseProjectId: 'enterprise' },
    ...{ createdAt: instant, deletionAt: null, expiresAt: null, publicKey: null, materialVersion: 1 },
    ...{ importedHash: null, rotationDays: 90, nextRotationAt: null, lastRotationAt: null },
    ...differences,
  };
}

async function keyOf(id: string, spec: KeySpecName, versions: readonly number[], differences: Partial<Key> = {}) {
  const materials: Material[] = [];
  let publicKey: Key['publicKey'] = null;
  for (const version of versions) {
    const made = await keySpecs[spec].generate();
    publicKey = made.publicKey;
    materials.push({ keyId: id, version, secret: made.secret });
  }
  return { key: keyRow(id, spec, { publicKey, materialVersion: versions.at(-1) ?? 0, ...differences }), materials };
}

export async function fullContents(): Promise<Contents> {
  const specs = (Object.keys(keySpecs) as KeySpecName[]).filter((spec) => !spec.startsWith('RSA_'));
  const keys = await Promise.all([
    ...specs.map((spec) => keyOf(`k-${spec}`, spec, [1])),
    keyOf('k-RSA', 'RSA_2048', [1], { usage: 'ENCRYPT_DECRYPT', state: 3 }),
    keyOf('k-rotated', 'AES_256', [1, 2, 5], { nextRotationAt: instant + day, lastRotationAt: instant - day }),
    keyOf('k-leaving', 'EC_P256', [1], { state: 4, deletionAt: instant + 7 * day }),
    keyOf('k-imported', 'SM4', [1], { origin: 'external', expiresAt: instant + day, importedHash: sha('c') }),
    keyOf('k-waiting', 'AES_256', [], { origin: 'external', state: 5 }),
    keyOf('k-abroad', 'EC_P256', [1], { projectId: 'p2', domainId: abroad.id }),
  ]);
  const { secret: privateKey } = await newWrappingPair('RSAES_OAEP_SHA_256');
  const passwordHash = await hashPassword('a password');
  const nobody = { permissions: null, totpSecret: null, trustedDomainId: null };
  return {
    region: 'eu-nl',
    domains: [home, abroad],
    projects,
    users: [
      { ...nobody, id: 'u1', name: 'ann', domainId: home.id, passwordHash, totpSecret: 'THESECRETOFTWO22' },
      { ...nobody, id: 'u2', name: 'ann', domainId: abroad.id, passwordHash, permissions: ['kms:cmk:sign', 'kms:*:*'] },
      {
        ...nobody,
        id: 'a1',
        name: 'Domain One/readers',
        domainId: home.id,
        passwordHash: '',
        permissions: [],
        trustedDomainId: abroad.id,
      },
    ],
    accessKeys: [
      {
        access: 'AK1',
        secret: 'secret of one',
        userId: 'u1',
        securityTokenHash: null,
        expiresAt: null,
        failures: 2,
        lockedUntil: instant,
      },
      {
        access: 'AK2',
        secret: 'secret of two',
        userId: 'a1',
        securityTokenHash: sha('a'),
        expiresAt: instant,
        failures: 0,
        lockedUntil: null,
      },
    ],
    tokens: [
      {
        hash: sha('1'),
        userId: 'a1',
        projectId: 'p1',
        domainId: null,
        methods: ['assume_role'],
        issuedAt: instant,
        expiresAt: instant + day,
        assumedBy: 'u2',
      },
      {
        hash: sha('2'),
        userId: 'u1',
        projectId: null,
        domainId: home.id,
        methods: ['password', 'totp'],
        issuedAt: instant,
        expiresAt: null,
        assumedBy: null,
      },
    ],
    keys: keys.map(({ key }) => key),
    materials: keys.flatMap(({ materials }) => materials),
    aliases: [
      { projectId: 'p1', alias: 'alias/z', keyId: 'k-RSA', createdAt: instant, updatedAt: instant + 1 },
      { projectId: 'p1', alias: 'alias/a', keyId: 'k-RSA', createdAt: instant, updatedAt: instant },
    ],
    tags: [
      { keyId: 'k-RSA', key: 'stage', value: 'test' },
      { keyId: 'k-RSA', key: '__proto__', value: '' },
    ],
    grants: [
      {
        id: sha('f'),
        keyId: 'k-RSA',
        name: 'reading',
        grantee: 'u2',
        granteeType: 'user',
        operations: ['describe-key'],
        issuer: 'u1',
        retiringPrincipal: 'd2',
        createdAt: instant,
      },
      {
        id: sha('e'),
        keyId: 'k-RSA',
        name: '',
        grantee: 'd2',
        granteeType: 'domain',
        operations: ['describe-key', 'create-grant'],
        issuer: '',
        retiringPrincipal: '',
        createdAt: instant,
      },
    ],
    importTickets: [
      { hash: sha('b'), keyId: 'k-waiting', algorithm: 'RSAES_OAEP_SHA_256', privateKey, expiresAt: instant + day },
    ],
  };
}
