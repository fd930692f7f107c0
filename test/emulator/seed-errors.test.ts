/** Every mistake in a seed is told with its line, all at once. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readSeed, SeedError } from '../../src/emulator/seeds/seed.ts';
import { ociIdentity } from '../support/oci-identity.ts';
import { pemOf } from './default-seed.ts';

const newId = (): string => crypto.randomUUID();

async function complaints(text: string): Promise<string> {
  const error: unknown = await readSeed(text, 's.yaml', newId).then(() => 'no complaint', (reason: unknown) => reason); // prettier-ignore
  expect(error).toBeInstanceOf(SeedError);
  return (error as SeedError).message;
}

/** The lines of the seed from line 3 on. */
const seed = (...lines: readonly string[]): string => ['version: 1', 'region: eu-de', ...lines].join('\n');

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `          ${line}`);

/** One domain with one project, whose keys begin on line 7. */
const keys = (...lines: readonly string[]): string =>
  seed('domains:', '  - name: D', '    projects:', '      - { name: P, keys: [', ...indented([...lines, '] }']));

/** One domain with one project and one user, whose fields begin on line 7. */
const user = (...lines: readonly string[]): string =>
  seed(
    'domains:',
    '  - name: D',
    '    projects: [{ name: P, id: p }]',
    '    users: [{ name: u, password: p,',
    ...indented([...lines, '}]']),
  );

/** One domain with one user, whose agencies begin on line 6. */
const agencies = (...lines: readonly string[]): string =>
  seed(
    'domains:',
    '  - { name: D, id: d, users: [{ name: D/x, id: u, password: p }],',
    '      agencies: [',
    ...indented([...lines, ']}']),
  );

/** One gateway, whose fields begin on line 8. */
const gateway = (...lines: readonly string[]): string =>
  seed(
    'domains:',
    '  - name: D',
    '    projects: [{ name: P, gateways: [',
    '      { name: g0, environments: [{ name: ELSEWHERE }], signature_keys: [{ name: elsewhere }] },',
    '      { name: g,',
    ...indented([...lines, '} ] }]']),
  );

/** One API, whose further fields begin on line 10. */
const api = (...lines: readonly string[]): string =>
  gateway(
    'environments: [{ name: TEST }], signature_keys: [{ name: key }],',
    'groups: [{ name: group, apis: [{ name: api, req_method: GET, req_uri: /,',
    ...lines,
    '}] }]',
  );

/** Two tenancies; what the second one has besides its name begins on line 7. */
const tenancy = (...lines: readonly string[]): string =>
  seed('domains: [{ name: D }]', 'oci: { tenancies: [', '  { name: T, id: ocid1.tenancy.oc1..t },', '  { name: V,', ...indented([...lines, '}] }'])); // prettier-ignore

/** A user of the second tenancy, whose API keys begin on line 8. */
const apiKeys = (...lines: readonly string[]): string => tenancy('users: [{ name: u, api_keys: [', ...lines, '] }]');

/** One deployment, whose fields begin on line 6. */
const deployment = (...lines: readonly string[]): string =>
  seed('domains: [{ name: D }]', 'oci:', '  deployments: [{ ', ...indented([...lines, '}]']));

/** Both halves of a pair of another length or kind, as YAML takes them. */
const short = generateKeyPairSync('rsa', {
  modulusLength: 1024,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const encrypted = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'secret' },
});

const grant = `{ id: '${'0f'.repeat(32)}', grantee: g, operations: [describe-key] }`;
const id = '968d6cf0-feb6-42c6-bb30-d69f74f2d5f9';
const quotedPem = (spec: string): string => JSON.stringify(pemOf(spec));

describe('syntax', () => {
  test.each([
    ['a bracket that stays open', seed('domains: [', '  { name: D }'), /^s\.yaml:\d: .*flow/i],
    ['a tab', seed('domains:', '\t- name: D'), /^s\.yaml:4: /],
    ['a field twice', seed('domains: [{ name: D,', '  name: E }]'), 's.yaml:4: Map keys must be unique'],
    ['an anchor that is missing', seed('domains: *none'), 's.yaml:3: there is no anchor &none'],
    ['two documents', seed('domains: [{ name: D }]', '---', 'more: 1'), /^s\.yaml:4: .*multiple documents/],
  ])('%s', async (_what, text, message) => {
    expect(await complaints(text)).toMatch(message);
  });
});

describe('form', () => {
  test.each([
    ['nothing', '', 's.yaml:1: must be a group of fields'],
    ['a list', '- a', 's.yaml:1: must be a group of fields'],
    ['another version', 'version: 2\nregion: r\ndomains: [{ name: D }]', 's.yaml:1: version: must be 1'],
    ['no domains', seed('domains: []'), 's.yaml:3: domains: must not be empty'],
    ['a field that is missing', seed('domains:', '  - id: x'), 's.yaml:4: domains[0]: the field name is missing'],
    [
      'a field too many',
      seed('domains:', '  - name: D', '    colour: red'),
      's.yaml:5: domains[0].colour: there is no such field',
    ],
    [
      'a number as a name',
      seed('domains:', '  - name: 12'),
      's.yaml:4: domains[0].name: must be text: put it in quotes',
    ],
    ['text for a list', seed('domains:', '  - name: D', '    users: u'), 's.yaml:5: domains[0].users: must be a list'],
    ['an empty name', seed("domains: [{ name: '' }]"), 's.yaml:3: domains[0].name: must not be empty'],
    [
      'an id with a slash',
      seed('domains: [{ name: D, id: a/b }]'),
      's.yaml:3: domains[0].id: must be an id: up to 64 letters, digits, hyphens and underscores (the clouds use 32 lower-case hex digits)',
    ],
    [
      'an unknown spec',
      keys('{ name: k,', 'spec: RSA_1024 }'),
      's.yaml:8: domains[0].projects[0].keys[0].spec: must be one of AES_256, SM4, RSA_2048, RSA_3072, RSA_4096, EC_P256, EC_P384, ' +
        'SECP256K1, SM2, ED25519, HMAC_256, HMAC_384, HMAC_512, HMAC_SM3',
    ],
    [
      'a key id that is no UUID',
      keys('{ id: one, name: k, spec: SM4 }'),
      's.yaml:7: domains[0].projects[0].keys[0].id: must be a UUID in lower case',
    ],
    [
      'two scopes',
      user('tokens: [{ token: t,', 'scope: { project: P, domain: D } }]'),
      's.yaml:8: domains[0].users[0].tokens[0].scope: one field is enough',
    ],
    [
      'a date without a time',
      user('tokens: [{ token: t, expires_at: 2030-01-01 }]'),
      's.yaml:7: domains[0].users[0].tokens[0].expires_at: must be an instant such as 2030-01-31T12:00:00Z',
    ],
    ...['kms:sign', 'KMS:cmk:sign', 'kms:cmk:sign:twice', 'kms::sign'].map((action): [string, string, string] => [
      `the action ${action}`,
      user('permissions: [kms:cmk:sign,', `${action}]`),
      's.yaml:8: domains[0].users[0].permissions[1]: must be an action as service:resource:action, * for any, ' +
        'such as kms:cmk:sign or kms:*:* (in quotes where it begins with *)',
    ]),
    ['one action', user('permissions: kms:cmk:sign'), 's.yaml:7: domains[0].users[0].permissions: must be a list'],
    ...['JBSWY3DPEHPK3PX', 'jbswy3dpehpk3pxp', 'JBSWY3DPEHPK3PX0', 'JBSWY3DP EHPK3PXP', "''"].map(
      (secret): [string, string, string] => [
        `${secret} for an MFA device`,
        user(`totp_secret: ${secret}`),
        's.yaml:7: domains[0].users[0].totp_secret: must be the secret of a virtual MFA device in Base32, at least 16 of A-Z and 2-7; ' +
          'the user must then give a passcode with the password',
      ],
    ),
    [
      'a gateway with no name',
      gateway('groups: [', '{ remark: r } ]'),
      's.yaml:9: domains[0].projects[0].gateways[1].groups[0]: the field name is missing',
    ],
    [
      'an id of a gateway’s part that no client can name',
      gateway('environments: [', '{ name: TEST, id: test } ]'),
      's.yaml:9: domains[0].projects[0].gateways[1].environments[0].id: must be 32 lower-case hex digits, or a UUID in lower case',
    ],
    [
      'an environment of two letters',
      gateway('environments: [', '{ name: QA } ]'),
      's.yaml:9: domains[0].projects[0].gateways[1].environments[0].name: must be 3 to 64 letters, digits and underscores, a letter first',
    ],
    [
      'a signature key of a type that Signet has not',
      gateway('signature_keys: [{ name: key,', 'sign_type: public_key }]'),
      's.yaml:9: domains[0].projects[0].gateways[1].signature_keys[0].sign_type: must be one of hmac, basic, aes',
    ],
    [
      'an API with a query in its path',
      api('published: [], req_params: [],', 'backend_api: { url_domain: b, req_uri: /x?y }'),
      's.yaml:11: domains[0].projects[0].gateways[1].groups[0].apis[0].backend_api.req_uri: ' +
        'must be a path such as /orders/{id}, without a query',
    ],
    [
      'a backend with its protocol',
      api('published: [],', 'backend_api: { url_domain: "http://b" }'),
      's.yaml:11: domains[0].projects[0].gateways[1].groups[0].apis[0].backend_api.url_domain: ' +
        "must be a host, with a port where it is another than the protocol's",
    ],
    [
      'an agency for nobody',
      agencies('{ name: x }'),
      's.yaml:6: domains[0].agencies[0]: the field trusted_domain is missing',
    ],
    [
      'an agency with a password',
      agencies('{ name: y, trusted_domain: D,', 'password: p }'),
      's.yaml:7: domains[0].agencies[0].password: there is no such field',
    ],
    [
      'a tenancy without a name',
      seed('domains: [{ name: D }]', 'oci:', '  tenancies:', '    - users: []'),
      's.yaml:6: oci.tenancies[0]: the field name is missing',
    ],
    [
      'an OCID of another kind',
      tenancy('users: [{ name: u,', 'id: ocid1.tenancy.oc1..u }]'),
      's.yaml:8: oci.tenancies[1].users[0].id: must be an OCID such as ocid1.user.oc1..aaaaaaaa and 52 of a-z and 2-7; ' +
        'without it, one that follows from tenancy and name',
    ],
    [
      'an administrator in words',
      tenancy('users: [{ name: u,', 'administrator: yes }]'),
      's.yaml:8: oci.tenancies[1].users[0].administrator: must be boolean',
    ],
    [
      'a fingerprint, which follows from the key',
      apiKeys("{ public_key_pem: x, fingerprint: '00:11' }"),
      's.yaml:8: oci.tenancies[1].users[0].api_keys[0].fingerprint: there is no such field',
    ],
    [
      'a status in words',
      apiKeys('{ public_key_pem: x,', 'inactive_status: retired }'),
      's.yaml:9: oci.tenancies[1].users[0].api_keys[0].inactive_status: must be a whole number',
    ],
    ...['v1', '//', '/v1/', '/a//b', '/v1?x', '/{name}', '/a b'].map((prefix): [string, string, string] => [
      `the path prefix ${prefix}`,
      deployment('specification: {},', `path_prefix: '${prefix}'`),
      's.yaml:7: oci.deployments[0].path_prefix: must be a path such as /v1 without a query or a slash at its end, or / alone; unique',
    ]),
    [
      'a specification in JSON',
      deployment('path_prefix: /v1,', "specification: '{}'"),
      's.yaml:7: oci.deployments[0].specification: must be a group of fields',
    ],
    [
      'all at once, through an anchor too',
      seed('domains:', '  - &d', '    name: 1', '    size: 2', '  - *d'),
      [
        's.yaml:5: domains[0].name: must be text: put it in quotes',
        's.yaml:5: domains[1].name: must be text: put it in quotes',
        's.yaml:6: domains[0].size: there is no such field',
        's.yaml:6: domains[1].size: there is no such field',
      ].join('\n'),
    ],
  ])('%s', async (_what, text, message) => {
    expect(await complaints(text)).toBe(message);
  });
});

describe('meaning', () => {
  const key = 'domains[0].projects[0].keys';
  const g = 'domains[0].projects[0].gateways[1]';
  const a = `${g}.groups[0].apis[0]`;
  const k = 'oci.tenancies[1].users[0].api_keys';
  test.each([
    ['domain ids', seed('domains:', '- { name: D, id: d }', '- { name: E, id: d }'), 's.yaml:5: domains[1].id: this domain id stands on line 4 already'], // prettier-ignore
    ['grant ids', keys(`{ name: k, spec: SM4, grants: [`, `  ${grant},`, `  ${grant}] }`), 's.yaml:9: domains[0].projects[0].keys[0].grants[1].id: this grant id stands on line 8 already'], // prettier-ignore
    ['domain names', seed('domains:', '- { name: D }', '- { name: D }'), 's.yaml:5: domains[1].name: this domain name stands on line 4 already'], // prettier-ignore
    ['project ids', seed('domains:', '- { name: D, projects: [{ id: p, name: P }] }', '- { name: E, projects: [{ id: p, name: P }] }'), 's.yaml:5: domains[1].projects[0].id: this project id stands on line 4 already'], // prettier-ignore
    ['project names', seed('domains:', '- name: D', '  projects:', '  - name: P', '  - name: P'), 's.yaml:7: domains[0].projects[1].name: this project name stands on line 6 already'], // prettier-ignore
    ['user names', seed('domains:', '- name: D', '  users:', '  - { name: u, password: p }', '  - { name: u, password: q }'), 's.yaml:7: domains[0].users[1].name: this user name stands on line 6 already'], // prettier-ignore
    ['access keys', user('access_keys: [{ access: A, secret: s },', '{ access: A, secret: t }]'), 's.yaml:8: domains[0].users[0].access_keys[1].access: this access key stands on line 7 already'], // prettier-ignore
    ['tokens', user('tokens: [{ token: t },', '{ token: t }]'), 's.yaml:8: domains[0].users[0].tokens[1].token: this token stands on line 7 already'], // prettier-ignore
    ['key ids', keys(`{ id: ${id}, name: k, spec: SM4 },`, `{ id: ${id}, name: l, spec: SM4 }`), `s.yaml:8: ${key}[1].id: this key id stands on line 7 already`], // prettier-ignore
    ['key names', keys('{ name: k, spec: SM4 },', '{ name: k, spec: SM4 }'), `s.yaml:8: ${key}[1].name: this key name stands on line 7 already`], // prettier-ignore
    ['aliases', keys('{ name: k, spec: SM4, aliases: [a] },', '{ name: l, spec: SM4, aliases: [b,', 'a] }'), `s.yaml:9: ${key}[1].aliases[1]: this alias stands on line 7 already`], // prettier-ignore
    ['agency names', agencies('{ name: y, trusted_domain: D },', '{ name: y, trusted_domain: D }'), 's.yaml:7: domains[0].agencies[1].name: this agency name stands on line 6 already'], // prettier-ignore
    ['gateway names', gateway('}, { name: g'), `s.yaml:8: domains[0].projects[0].gateways[2].name: this gateway name stands on line 7 already`], // prettier-ignore
    ['signature key names', gateway('signature_keys: [{ name: key },', '{ name: key }]'), `s.yaml:9: ${g}.signature_keys[1].name: this signature key name stands on line 8 already`], // prettier-ignore
    ['signature key ids', gateway(`signature_keys: [{ name: one, id: '${'1'.repeat(32)}' },`, `{ name: two, id: '${'1'.repeat(32)}' }]`), `s.yaml:9: ${g}.signature_keys[1].id: this signature key id stands on line 8 already`], // prettier-ignore
    ['environment names', gateway('environments: [{ name: TEST },', '{ name: TEST }]'), `s.yaml:9: ${g}.environments[1].name: this environment name stands on line 8 already`], // prettier-ignore
    ['an environment that is always there', gateway('environments: [{ name: TEST },', '{ name: RELEASE }]'), `s.yaml:9: ${g}.environments[1].name: every gateway has RELEASE already`], // prettier-ignore
    ['group names', gateway('groups: [{ name: group },', '{ name: group }]'), `s.yaml:9: ${g}.groups[1].name: this group name stands on line 8 already`], // prettier-ignore
    ['API names', api('}, { name: api, req_method: GET, req_uri: /other'), `s.yaml:10: ${g}.groups[0].apis[1].name: this API name stands on line 9 already`], // prettier-ignore
    ['routes', api('}, { name: other, req_method: GET, req_uri: /'), `s.yaml:10: ${g}.groups[0].apis[1].req_uri: this route stands on line 9 already`], // prettier-ignore
    ['a key name with a hyphen', gateway('signature_keys: [', '{ name: my-key }]'), `s.yaml:9: ${g}.signature_keys[0].name: must be 3 to 64 letters, Chinese ones too, digits and underscores, a letter first`], // prettier-ignore
    ['a cipher for HMAC', gateway('signature_keys: [{ name: key,', 'sign_algorithm: aes-128-cfb }]'), `s.yaml:9: ${g}.signature_keys[0].sign_algorithm: hmac takes none`], // prettier-ignore
    ['AES without a cipher', gateway('signature_keys: [{ name: key,', 'sign_type: aes }]'), `s.yaml:8: ${g}.signature_keys[0].sign_algorithm: aes takes one of aes-128-cfb, aes-256-cfb`], // prettier-ignore
    ['a key that is too short', gateway('signature_keys: [{ name: key,', 'sign_key: short }]'), `s.yaml:9: ${g}.signature_keys[0].sign_key: of the type hmac it is 8 to 32 letters, digits, hyphens and underscores, a letter or a digit first`], // prettier-ignore
    ['a password that is too short', gateway('signature_keys: [{ name: key, sign_type: basic,', 'sign_secret: short }]'), `s.yaml:9: ${g}.signature_keys[0].sign_secret: of the type basic it is 8 to 64 letters, digits and _-!@#$%, a letter or a digit first`], // prettier-ignore
    ['an API that is published nowhere', api('published: [{ environment: RELEASE },', '{ environment: ELSEWHERE }]'), `s.yaml:11: ${a}.published[1].environment: the gateway has no environment ELSEWHERE`], // prettier-ignore
    ['an API that is published twice', api('published: [{ environment: TEST },', '{ environment: TEST }]'), `s.yaml:11: ${a}.published[1].environment: this publication stands on line 10 already`], // prettier-ignore
    ['a key of another gateway', api('published: [{ environment: TEST,', 'signature_key: elsewhere }]'), `s.yaml:11: ${a}.published[0].signature_key: the gateway has no signature key elsewhere`], // prettier-ignore
    ['HTTP to nowhere', api('remark: r,', 'backend_type: HTTP'), `s.yaml:11: ${a}.backend_type: HTTP takes a backend_api`], // prettier-ignore
    ['two backends', api('backend_api: { url_domain: b },', 'mock_info: {}'), `s.yaml:11: ${a}.mock_info: the backend_type is HTTP`], // prettier-ignore
    ['a mock with a backend', api('backend_type: MOCK,', 'backend_api: { url_domain: b }'), `s.yaml:11: ${a}.backend_api: the backend_type is MOCK`], // prettier-ignore
    ['a path of unknown parts', api("}, { name: other, req_method: GET,", "req_uri: '/orders/{id}'"), `s.yaml:11: ${g}.groups[0].apis[1].req_uri: the API has no parameter id with location PATH`], // prettier-ignore
    ['a backend path of unknown parts', api("backend_api: { url_domain: b,", "req_uri: '/orders/{id}' }"), `s.yaml:11: ${a}.backend_api.req_uri: backend_params have no id with location PATH`], // prettier-ignore
    ['a parameter of nobody', api('backend_params: [', '{ name: q, location: QUERY, origin: REQUEST, value: page }]'), `s.yaml:11: ${a}.backend_params[0].value: the API has no parameter page`], // prettier-ignore
    ['a parameter of the gateway', api('req_params: [{ name: X-Stage,', 'type: STRING, location: HEADER }]'), `s.yaml:10: ${a}.req_params[0].name: the gateway keeps X-Stage to itself`], // prettier-ignore
    ['a parameter twice', api('req_params: [{ name: q, type: STRING, location: QUERY },', '{ name: q, type: NUMBER, location: QUERY }]'), `s.yaml:11: ${a}.req_params[1]: this parameter stands on line 10 already`], // prettier-ignore
    ['an agency by the name of a user', agencies('{ name: y, trusted_domain: D },', '{ name: x, trusted_domain: D }'), 's.yaml:7: domains[0].agencies[1].name: the agency is the user D/x, and there is a user of that name'], // prettier-ignore
    ['an agency by the id of a user', agencies('{ name: y, trusted_domain: D },', '{ name: z, id: u, trusted_domain: D }'), 's.yaml:7: domains[0].agencies[1].id: this user id stands on line 4 already'], // prettier-ignore
    ['an agency for an unknown domain', agencies('{ name: y,', 'trusted_domain: E }'), 's.yaml:7: domains[0].agencies[0].trusted_domain: there is no domain E'], // prettier-ignore
    ['an unknown project', user('tokens: [{ token: t, scope: {', 'project: Q } }]'), 's.yaml:8: domains[0].users[0].tokens[0].scope.project: the domain D has no project Q'], // prettier-ignore
    ['another domain', user('tokens: [{ token: t, scope: {', 'domain: E } }]'), 's.yaml:8: domains[0].users[0].tokens[0].scope.domain: the user belongs to the domain D'], // prettier-ignore
    ['an instant of month 13', user('tokens: [{ token: t,', 'expires_at: 2030-13-01T00:00:00Z }]'), 's.yaml:8: domains[0].users[0].tokens[0].expires_at: there is no such instant'], // prettier-ignore
    ['a usage of others', keys('{ name: k, spec: EC_P256,', 'usage: ENCRYPT_DECRYPT }'), `s.yaml:8: ${key}[0].usage: EC_P256 is for SIGN_VERIFY`], // prettier-ignore
    ['a deletion without its date', keys('{ name: k, spec: SM4,', 'state: pending-deletion }'), `s.yaml:8: ${key}[0].state: deletion_at belongs to the state pending-deletion, and that state to it`], // prettier-ignore
    ['a date without its deletion', keys('{ name: k, spec: SM4, deletion_at: 2030-01-01T00:00:00Z }'), `s.yaml:7: ${key}[0].state: deletion_at belongs to the state pending-deletion, and that state to it`], // prettier-ignore
    ['material twice', keys('{ name: k, spec: ED25519,', `private_key_hex: '${'11'.repeat(32)}',`, `private_key_pem: ${quotedPem('ED25519')} }`), `s.yaml:9: ${key}[0].private_key_pem: the material is given by private_key_hex already`], // prettier-ignore
    ['material of a key to come', keys('{ name: k, spec: SM4, state: pending-import,', `secret_hex: '${'11'.repeat(16)}' }`), `s.yaml:8: ${key}[0].secret_hex: a key that is pending import has no material`], // prettier-ignore
    ['rotation of a pair', keys('{ name: k, spec: EC_P256,', 'rotation_interval: 30 }'), `s.yaml:8: ${key}[0].rotation_interval: only symmetric keys of your own that are in use rotate`], // prettier-ignore
    ["rotation of the vendor's own key", keys('{ name: obs/default, spec: AES_256,', 'rotation_interval: 30 }'), `s.yaml:8: ${key}[0].rotation_interval: only symmetric keys of your own that are in use rotate`], // prettier-ignore
    ['rotation of a key to come', keys('{ name: k, spec: SM4, state: pending-import,', 'rotation_interval: 30 }'), `s.yaml:8: ${key}[0].rotation_interval: only symmetric keys of your own that are in use rotate`], // prettier-ignore
    ['a secret for a pair', keys('{ name: k, spec: EC_P256,', `secret_hex: '${'11'.repeat(32)}' }`), `s.yaml:8: ${key}[0].secret_hex: the material of EC_P256 is given by private_key_pem, private_key_jwk, private_key_hex`], // prettier-ignore
    ['a pair for a secret', keys('{ name: k, spec: HMAC_256,', `private_key_pem: ${quotedPem('RSA_2048')} }`), `s.yaml:8: ${key}[0].private_key_pem: the material of HMAC_256 is given by secret_hex`], // prettier-ignore
    ['tenancy ids', tenancy('id: ocid1.tenancy.oc1..t'), `s.yaml:7: oci.tenancies[1].id: this tenancy id stands on line 5 already`], // prettier-ignore
    ['tenancy names', tenancy('}, {', 'name: T'), `s.yaml:8: oci.tenancies[2].name: this tenancy name stands on line 5 already`], // prettier-ignore
    ['OCI user ids', tenancy('users: [{ name: u, id: ocid1.user.oc1..u },', '{ name: v, id: ocid1.user.oc1..u }]'), `s.yaml:8: oci.tenancies[1].users[1].id: this OCI user id stands on line 7 already`], // prettier-ignore
    ['OCI user names', tenancy('users: [{ name: u, id: ocid1.user.oc1..u },', '{ name: u, id: ocid1.user.oc1..v }]'), `s.yaml:8: oci.tenancies[1].users[1].name: this OCI user name stands on line 7 already`], // prettier-ignore
    ['API keys', apiKeys(`{ private_key_pem: ${quotedPem('RSA_2048')} },`, `{ private_key_pem: ${quotedPem('RSA_2048')} }`), `s.yaml:9: ${k}[1].private_key_pem: this API key stands on line 8 already`], // prettier-ignore
    ['a fourth API key', apiKeys(...['RSA_2048', 'RSA_3072', 'RSA_4096'].map((spec) => `{ private_key_pem: ${quotedPem(spec)} },`), `{ private_key_pem: ${JSON.stringify(ociIdentity.privateKeyPem)} }`), `s.yaml:11: ${k}[3]: a user has at most 3 API keys`], // prettier-ignore
    ['an API key of nothing', apiKeys('{', 'inactive_status: 1 }'), `s.yaml:8: ${k}[0]: an API key is given by one of public_key_pem and private_key_pem`], // prettier-ignore
    ['an API key of two halves', apiKeys(`{ private_key_pem: ${quotedPem('RSA_2048')}, public_key_pem: x }`), `s.yaml:8: ${k}[0]: an API key is given by one of public_key_pem and private_key_pem`], // prettier-ignore
    ['an API key of month 13', apiKeys(`{ private_key_pem: ${quotedPem('RSA_2048')},`, 'created_at: 2030-13-01T00:00:00Z }'), `s.yaml:9: ${k}[0].created_at: there is no such instant`], // prettier-ignore
    ['a private API key in place of a public one', apiKeys('{', `public_key_pem: ${quotedPem('RSA_2048')} }`), `s.yaml:9: ${k}[0].public_key_pem: This is a private key, which never leaves its owner: make another pair, and upload what \`openssl rsa -pubout\` makes of it.`], // prettier-ignore
    ['a public API key in place of a private one', apiKeys('{', `private_key_pem: ${JSON.stringify(short.publicKey)} }`), `s.yaml:9: ${k}[0].private_key_pem: The private key is not in PEM: the line -----BEGIN PRIVATE KEY----- is missing.`], // prettier-ignore
    ['an API key that is too short', apiKeys('{', `public_key_pem: ${JSON.stringify(short.publicKey)} }`), `s.yaml:9: ${k}[0].public_key_pem: The key has 1024 bits; an RSA key of at least 2048 bits is required.`], // prettier-ignore
    ['half of an API key that is too short', apiKeys('{', `private_key_pem: ${JSON.stringify(short.privateKey)} }`), `s.yaml:9: ${k}[0].private_key_pem: The key has 1024 bits; an RSA key of at least 2048 bits is required.`], // prettier-ignore
    ['an API key on a curve', apiKeys('{', `private_key_pem: ${quotedPem('EC_P256')} }`), `s.yaml:9: ${k}[0].private_key_pem: The key is not RSA but ec.`], // prettier-ignore
    ['an API key under a passphrase', apiKeys('{', `private_key_pem: ${JSON.stringify(encrypted.privateKey)} }`), `s.yaml:9: ${k}[0].private_key_pem: The private key is encrypted, and there is no passphrase.`], // prettier-ignore
    ['an SSH key', apiKeys('{', 'public_key_pem: ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ== me@here }'), `s.yaml:9: ${k}[0].public_key_pem: This is an SSH public key; PEM is required. \`ssh-keygen -e -m PKCS8 -f key.pub\` writes an RSA key as PEM.`], // prettier-ignore
    ['deployment ids', deployment('path_prefix: /v1, id: ocid1.apideployment.oc1..d, specification: {} },', '{ path_prefix: /v2, specification: {},', 'id: ocid1.apideployment.oc1..d'), 's.yaml:8: oci.deployments[1].id: this deployment id stands on line 6 already'], // prettier-ignore
    ['path prefixes', deployment('path_prefix: /v1, id: ocid1.apideployment.oc1..d, specification: {} },', '{ specification: {},', 'path_prefix: /v1'), 's.yaml:8: oci.deployments[1].path_prefix: this path prefix stands on line 6 already'], // prettier-ignore
  ])('%s', async (_what, text, message) => {
    expect(await complaints(text)).toBe(message);
  });

  test.each([
    ['a secret of another length', 'AES_256', `secret_hex: '${'11'.repeat(16)}'`],
    ['a modulus of another length', 'RSA_3072', `private_key_pem: ${quotedPem('RSA_2048')}`],
    ['another curve', 'EC_P384', `private_key_pem: ${quotedPem('EC_P256')}`],
    ['another kind of key', 'RSA_2048', `private_key_pem: ${quotedPem('ED25519')}`],
    ['no PEM', 'RSA_2048', 'private_key_pem: Dear diary'],
    ['half a JWK', 'EC_P256', 'private_key_jwk: { kty: EC, crv: P-256 }'],
    ['a scalar of nothing', 'EC_P256', `private_key_hex: '${'00'.repeat(32)}'`],
    ['hex for RSA', 'RSA_2048', `private_key_hex: '${'11'.repeat(32)}'`],
  ])('material that does not fit: %s', async (_what, spec, material) => {
    const [field = ''] = material.split(':');
    const message = await complaints(keys(`{ name: k, spec: ${spec},`, `${material} }`));
    expect(message).toMatch(
      new RegExp(`^s\\.yaml:8: domains\\[0\\]\\.projects\\[0\\]\\.keys\\[0\\]\\.${field}: not a .+$`),
    );
  });

  test('all at once, in the order of the lines', async () => {
    const text = keys(
      `{ name: k, spec: SM4, secret_hex: '00' },`,
      '{ name: k, spec: SM4, usage: SIGN_VERIFY },',
      `{ name: m, spec: EC_P256, state: pending-deletion, private_key_pem: x }`,
    );
    expect((await complaints(text)).split('\n').map((line) => line.slice(0, 44))).toEqual([
      's.yaml:7: domains[0].projects[0].keys[0].sec',
      's.yaml:8: domains[0].projects[0].keys[1].nam',
      's.yaml:8: domains[0].projects[0].keys[1].usa',
      's.yaml:9: domains[0].projects[0].keys[2].sta',
      's.yaml:9: domains[0].projects[0].keys[2].pri',
    ]);
  });

  test('never with a secret in the words', async () => {
    const secret = 'c0ffee'.repeat(8);
    const text = keys(
      `{ name: k, spec: SM4, secret_hex: '${secret}' },`,
      `{ name: l, spec: SM4, secret_hex: '${secret}x' }`,
    );
    expect(await complaints(text)).not.toContain('c0ffee');
    const pairs = ['c0ffee', 'c0 ffee'].map(
      (pair) => `{ name: ${pair.slice(3)}, sign_secret: ${pair}, sign_key: ${pair} },`,
    );
    expect(await complaints(gateway('signature_keys: [', ...pairs, ']'))).not.toMatch(/c0 ?ffee/);
    const half = pemOf('EC_P256').split('\n')[1] ?? '';
    expect(await complaints(apiKeys('{', `private_key_pem: ${quotedPem('EC_P256')} }`))).not.toContain(half);
    expect(await complaints(user('totp_secret: c0ffee,', 'tokens: [{ token: c0 ffee }]'))).not.toMatch(/c0 ?ffee/);
  });
});
