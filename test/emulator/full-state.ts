/** Contents with a value in every column of every table, and material of every kind. */
import { createHash, createPublicKey } from 'node:crypto';
import { keySpecs, type KeySpecName } from '../../src/crypto/key-specs.ts';
import { newWrappingPair } from '../../src/crypto/material-unwrapping.ts';
import { hashPassword } from '../../src/crypto/passwords.ts';
import { completeDefinition, release, type ApiDefinition, type DefinitionDraft } from '../../src/store/store.ts';
import type { Contents, Key, Material, OciContents } from '../../src/store/store.ts';
import { pemOf } from './default-seed.ts';

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

/** A stored gateway, and what is in one that is not. */
const [ours, theirs] = [
  { projectId: 'p1', gatewayId: 'g1' },
  { projectId: 'p2', gatewayId: 'g2' },
] as const;

function definitionOf(name: string, draft: Partial<DefinitionDraft> = {}): ApiDefinition {
  let parts = 0;
  return completeDefinition(
    {
      ...{ name, type: 1, req_protocol: 'HTTPS', req_method: 'ANY', req_uri: `/${name}/{id}`, auth_type: 'NONE' },
      ...{ backend_type: 'HTTP', match_mode: 'SWA', cors: true, remark: 'Grüße 🔑', tags: ['one', 'two'] },
      backend_api: {
        ...{ url_domain: 'localhost:8080', req_protocol: 'HTTP', req_method: 'ANY', req_uri: '/x/{id}', timeout: 1 },
      },
      req_params: [
        { name: 'id', type: 'STRING', location: 'PATH' },
        { name: 'page', type: 'NUMBER', location: 'QUERY', min_num: 1, max_num: 10.5, default_value: '1' },
        { name: 'x-tag', type: 'STRING', location: 'HEADER', min_size: 0, max_size: 9, enumerations: 'a,b' },
      ],
      backend_params: [
        { name: 'id', location: 'PATH', origin: 'REQUEST', value: 'id' },
        { name: 'fixed', location: 'QUERY', origin: 'CONSTANT', value: ' &=' },
      ],
      ...draft,
    },
    () => `part-${name}-${(parts += 1)}`,
  );
}

const made = { createdAt: instant, updatedAt: instant + 1 };
const mock: Partial<DefinitionDraft> = { backend_type: 'MOCK', mock_info: { result_content: '{"a":\n1}' } };

const gatewayContents = {
  gateways: [
    { id: 'g1', projectId: 'p1', name: 'signet', createdAt: instant },
    { id: 'g0', projectId: 'p1', name: 'empty', createdAt: instant - 1 },
  ],
  signatureKeys: [
    {
      ...{ id: 's1', ...ours, name: 'hmac_key', type: 'hmac', key: 'signkeysignkey' },
      ...{ secret: 'hmac-secret-of-one', algorithm: '', ...made },
    },
    {
      ...{ id: 's2', ...ours, name: 'aes_key', type: 'aes', key: 'etWoMAzS6aYwydgD' },
      ...{ secret: '7ddwhkMyocfNFpdd', algorithm: 'aes-128-cfb', ...made },
    },
    {
      ...{ id: 's3', ...theirs, name: 'hmac_key', type: 'basic', key: 'user' },
      ...{ secret: 'basic-secret-of-three', algorithm: '', ...made },
    },
  ],
  environments: [
    { id: 'e1', ...ours, name: 'TEST', remark: 'for tests', createdAt: instant },
    { id: 'e2', ...theirs, name: 'TEST', remark: '', createdAt: instant },
  ],
  apiGroups: [
    { id: 'group1', ...ours, name: 'demo', remark: 'a group', ...made },
    { id: 'group2', ...theirs, name: 'demo', remark: '', ...made },
  ],
  apis: [
    { id: 'api1', ...ours, groupId: 'group1', definition: definitionOf('orders'), ...made },
    { id: 'api2', ...ours, groupId: 'group1', definition: definitionOf('hello', mock), ...made },
    { id: 'api3', ...theirs, groupId: 'group2', definition: definitionOf('orders', mock), ...made },
  ],
  publications: [
    {
      ...{ id: 'v2', publishId: 'r1', ...ours, apiId: 'api1', environmentId: release.id, remark: 'the second' },
      ...{ definition: definitionOf('orders'), publishedAt: instant + 1, inForce: 1 },
    },
    {
      ...{ id: 'v1', publishId: 'r1', ...ours, apiId: 'api1', environmentId: release.id, remark: '' },
      ...{ definition: definitionOf('before', mock), publishedAt: instant, inForce: 0 },
    },
    {
      ...{ id: 'v3', publishId: 'r3', ...ours, apiId: 'api1', environmentId: 'e1', remark: '' },
      ...{ definition: definitionOf('orders'), publishedAt: instant, inForce: 1 },
    },
    {
      ...{ id: 'v4', publishId: 'r4', ...theirs, apiId: 'api3', environmentId: 'e2', remark: '' },
      ...{ definition: definitionOf('orders', mock), publishedAt: instant, inForce: 0 },
    },
  ],
  signatureBindings: [
    { id: 'b1', ...ours, apiId: 'api1', environmentId: release.id, keyId: 's1', boundAt: instant },
    { id: 'b2', ...ours, apiId: 'api1', environmentId: 'e1', keyId: 's2', boundAt: instant },
    { id: 'b3', ...theirs, apiId: 'api3', environmentId: 'e2', keyId: 's3', boundAt: instant },
  ],
} as const satisfies Partial<Contents>;

/** The public half of a key of the default seed, as somebody might have uploaded it. */
function ociKey(spec: string, around: (pem: string) => string = (pem) => pem) {
  const half = createPublicKey(pemOf(spec));
  const digits = createHash('md5')
    .update(half.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  const pem = half.export({ type: 'spki', format: 'pem' }).toString();
  return { fingerprint: digits.match(/../g)?.join(':') ?? '', publicKey: around(pem) };
}

const [small, large] = [ociKey('RSA_2048'), ociKey('RSA_4096', (pem) => ` \n${pem.replaceAll('\n', '\r\n')}`)];

const ociContents: OciContents = {
  ociTenancies: [
    { id: 'ocid1.tenancy.oc1..one', name: 'One', createdAt: instant },
    { id: 'ocid1.tenancy.oc1..two', name: 'Grüße 🔑', createdAt: instant + 1 },
  ],
  ociUsers: [
    {
      ...{ id: 'ocid1.user.oc1..ada', tenancyId: 'ocid1.tenancy.oc1..one', name: 'ada' },
      ...{ isAdministrator: true, createdAt: instant },
    },
    {
      ...{ id: 'ocid1.user.oc1..eve', tenancyId: 'ocid1.tenancy.oc1..two', name: 'ada' },
      ...{ isAdministrator: false, createdAt: instant },
    },
  ],
  ociApiKeys: [
    {
      ...{ userId: 'ocid1.user.oc1..ada', ...small, createdAt: instant, activeAt: instant + day },
      ...{ inactiveStatus: null, etag: 'etag of one' },
    },
    {
      ...{ userId: 'ocid1.user.oc1..ada', ...large, createdAt: instant + 1, activeAt: instant + 1 },
      ...{ inactiveStatus: 2 ** 53 - 1, etag: 'etag of two' },
    },
    {
      ...{ userId: 'ocid1.user.oc1..eve', ...small, createdAt: instant, activeAt: instant },
      ...{ inactiveStatus: 0, etag: '"e"' },
    },
  ],
  ociRetries: [
    {
      ...{ userId: 'ocid1.user.oc1..ada', token: 'upload', requestHash: sha('d'), fingerprint: small.fingerprint },
      ...{ etag: 'etag of one', expiresAt: instant + day },
    },
  ],
  ociDeployments: [
    {
      ...{ id: 'ocid1.apideployment.oc1..v1', name: 'first', pathPrefix: '/v1', createdAt: instant },
      specification: '{"routes":[{"10":0.5,"path":"/{rest*}"}],"secret":"deployment-secret-of-one"}',
    },
    {
      ...{ id: 'ocid1.apideployment.oc1..v2', name: '/v2', pathPrefix: '/v2', createdAt: instant + 1 },
      specification: '{}',
    },
  ],
};

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
    ...gatewayContents,
    ...ociContents,
  };
}
