/** What is no state, or does not fit together: 400 with the place of the mistake, and nothing changes. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { StateFile } from '../../src/emulator/states/snapshot-format.ts';
import { openStore } from '../../src/store/sql.ts';
import { join } from 'node:path';
import { makeClock } from '../support/clock.ts';
import { send, type Answer } from '../support/http.ts';
import { kmsClient } from '../support/kms.ts';
import { useFolder, useSignet } from '../support/signet.ts';
import { oddText } from '../support/wild-bodies.ts';
import { pemOf } from './default-seed.ts';
import { fullContents } from './full-state.ts';
import { changed, parsed, stateClient, stateOf, type Snapshot } from './state-client.ts';

const databaseUrl = `sqlite:${join(useFolder(), 'state.sqlite')}`;
const masterKey = Buffer.alloc(32, 7);
const store = await openStore({ url: databaseUrl, masterKey });
await store.contents.replace(await fullContents());
await store.close();
const clock = makeClock();
const { url } = await useSignet({ databaseUrl, masterKey: masterKey.toString('hex'), now: clock.now });
const state = stateClient(url);
await send(url, 'put', '/_signet/clock', { body: { frozen: true } });
const text = await state.text();

afterAll(async () => expect(await state.text()).toBe(text));

const codeOf = ({ body }: Answer): string => (body as { error: { error_code: string } }).error.error_code;
const wordsOf = ({ body }: Answer): string => (body as { error: { error_msg: string } }).error.error_msg;

/** For tests that put what no type allows where it does not belong. */
type Loose = { [field: string]: Loose } & Loose[];
const home = (file: StateFile): Loose => file.domains[0] as unknown as Loose;
const keyOf = (file: StateFile, id: string): Loose =>
  file.domains[0]?.projects?.[0]?.keys?.find((key) => key.id === id) as unknown as Loose;
const set = (target: Loose | undefined, fields: object): void => void Object.assign(target ?? {}, fields);
const key =
  (id: string, fields: object) =>
  (file: StateFile): void =>
    set(keyOf(file, id), fields);
/** The gateway that is stored, and all in it. */
const gatewayOf = (file: StateFile): Loose =>
  home(file)['projects']![0]!['gateways']!.find(({ id }) => (id as unknown) === 'g1')!;
const gateway =
  (fields: object) =>
  (file: StateFile): void =>
    set(gatewayOf(file), fields);
const apiOf = (file: StateFile): Loose | undefined => gatewayOf(file)['groups']?.[0]?.['apis']?.[0];
/** The first tenancy's user, who has two keys. */
const adaOf = (file: StateFile): Loose => file.oci?.tenancies?.[0]?.users?.[0] as unknown as Loose;
const eveOf = (file: StateFile): Loose => file.oci?.tenancies?.[1]?.users?.[0] as unknown as Loose;
const keyOfAda = (file: StateFile, index: number): Loose => adaOf(file)['api_keys']![index]!;
const deployment =
  (fields: object) =>
  (file: StateFile): void =>
    set(file.oci?.deployments?.[0] as unknown as Loose, fields);
const without = (target: Loose | undefined, field: string): void => void Reflect.deleteProperty(target ?? {}, field);

/** Every secret in the file: no answer may repeat one. */
const secretFields =
  /"(?:private_key_pem|secret_hex|secret|sign_secret|totp_secret|password_hash)": "(?:-----[A-Z ]+-----\\n)?([^"\\]+)/g;
const secrets = [...text.matchAll(secretFields)].map(([, secret = '']) => secret);

type Mistake = readonly [string, (file: StateFile) => void, RegExp];
const mistakes: readonly Mistake[] = [
  [
    'a field that there is not',
    (file) => set(home(file), { surplus: 1 }),
    /: domains\[0\]\.surplus: there is no such field$/,
  ],
  ['no region', (file) => without(file as never, 'region'), /: the field region is missing$/],
  ['a list of domains that is none', (file) => set(file as never, { domains: {} }), /: domains: must be a list$/],
  [
    'an entry that is null',
    (file) => set(file as never, { domains: [null] }),
    /domains\[0\]: must be a group of fields/,
  ],
  ['a number for an id', (file) => set(home(file), { id: 7 }), /domains\[0\]\.id: must be text/],
  [
    'two domains of one id',
    (file) => set(file.domains[1] as never, { id: 'd1' }),
    /domains\[1\]\.id: there is a domain id d1 already/,
  ],
  ['two domains of one name', (file) => set(file.domains[1] as never, { name: 'Domain One' }), /domains\[1\]\.name/],
  [
    'two users of one id',
    (file) => set(file.domains[1]?.users?.[0] as never, { id: 'u1' }),
    /there is a user id u1 already/,
  ],
  ['an agency of a user’s name', (file) => set(home(file)['agencies']?.[0], { name: 'ann' }), /agencies\[0\]\.name/],
  ['two projects of one id', (file) => set(file.domains[1]?.projects?.[0] as never, { id: 'p1' }), /project id p1/],
  [
    'two projects of one name',
    (file) => home(file)['projects']?.push({ id: 'p3', name: 'eu-de' } as never),
    /projects\[1\]\.name/,
  ],
  [
    'two keys of one id',
    (file) => set(file.domains[1]?.projects?.[0]?.keys?.[0] as never, { id: 'k-RSA' }),
    /key id k-RSA/,
  ],
  ['two keys of one name', key('k-RSA', { name: 'name of k-SM2' }), /there is a key name name of k-SM2 already/],
  ['an alias twice', (file) => set(keyOf(file, 'k-RSA')['aliases']?.[1], { alias: 'alias/a' }), /aliases\[1\]\.alias/],
  ['a tag twice', (file) => set(keyOf(file, 'k-RSA')['tags']?.[0], { key: 'stage' }), /tags\[1\]\.key/],
  ['a grant twice', (file) => set(keyOf(file, 'k-RSA')['grants']?.[1], { id: 'e'.repeat(64) }), /grants\[1\]\.id/],
  [
    'a token twice',
    (file) => set(home(file)['users']?.[0]?.['tokens']?.[0], { sha256: '1'.repeat(64) }),
    /tokens?\[0\]\.sha256/,
  ],
  [
    'an agency for nobody',
    (file) => set(home(file)['agencies']?.[0], { trusted_domain_id: 'd9' }),
    /trusted_domain_id: there is no domain d9/,
  ],
  [
    'a token for no project',
    (file) => set(home(file)['agencies']?.[0]?.['tokens']?.[0], { project_id: 'p9' }),
    /project_id: there is no project p9/,
  ],
  [
    'a token of no user',
    (file) => set(home(file)['agencies']?.[0]?.['tokens']?.[0], { assumed_by: 'u9' }),
    /assumed_by: there is no user u9/,
  ],
  [
    'a project that is not there',
    (file) => set(file as never, { project_id: 'p9' }),
    /project_id: must be the one project/,
  ],
  ['one project of two', (file) => set(file as never, { project_id: 'p1' }), /project_id: must be the one project/],
  [
    'a password in clear',
    (file) => set(home(file)['users']?.[0], { password_hash: 'ann' }),
    /password_hash: must be a hash/,
  ],
  [
    'a hash that takes for ever',
    (file) =>
      set(home(file)['users']?.[0], { password_hash: `$scrypt$ln=30,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}` }),
    /password_hash/,
  ],
  ['a spec that there is not', key('k-RSA', { spec: 'RSA_1024' }), /spec: must be one of/],
  [
    'a usage of another spec',
    key('k-AES_256', { usage: 'SIGN_VERIFY' }),
    /usage: a key of this spec is for something else/,
  ],
  ['a state that there is not', key('k-RSA', { state: 'asleep' }), /state: must be one of/],
  [
    'a deletion of a key that stays',
    key('k-RSA', { deletion_at: '2030-01-01T00:00:00.000Z' }),
    /deletion_at: belongs to/,
  ],
  ['a key that leaves, never', (file) => without(keyOf(file, 'k-leaving'), 'deletion_at'), /deletion_at: belongs to/],
  [
    'a day that there is not',
    key('k-RSA', { created_at: '2030-02-30T00:00:00.000Z' }),
    /created_at: there is no such instant/,
  ],
  ['an instant in words', key('k-RSA', { created_at: 'yesterday' }), /created_at: must be an instant/],
  [
    'a key of spec AES that rotates though it was imported',
    key('k-imported', { next_rotation_at: '2030-01-01T00:00:00.000Z' }),
    /next_rotation_at/,
  ],
  ['a key pair that rotates', key('k-SM2', { next_rotation_at: '2030-01-01T00:00:00.000Z' }), /next_rotation_at/],
  [
    'an enabled key without material',
    (file) =>
      ['materials', 'material_version', 'public_key_pem'].forEach((field) => without(keyOf(file, 'k-SM2'), field)),
    /material_version: a key has material/,
  ],
  [
    'a waiting key with material',
    key('k-waiting', { material_version: 1, materials: [{ version: 1, secret_hex: '00'.repeat(32) }] }),
    /material_version/,
  ],
  ['a key made here that waits', key('k-waiting', { origin: 'kms' }), /origin/],
  ['a version that is not there', key('k-rotated', { material_version: 6 }), /material_version: must be the greatest/],
  [
    'a version twice',
    (file) => set(keyOf(file, 'k-rotated')['materials']?.[0], { version: 2 }),
    /materials: a version stands there twice/,
  ],
  ['no public key', (file) => without(keyOf(file, 'k-SM2'), 'public_key_pem'), /public_key_pem: belongs to a key pair/],
  [
    'a public key of a secret',
    (file) => set(keyOf(file, 'k-AES_256'), { public_key_pem: keyOf(file, 'k-SM2')['public_key_pem'] }),
    /public_key_pem/,
  ],
  [
    'another’s public key',
    (file) => set(keyOf(file, 'k-leaving'), { public_key_pem: keyOf(file, 'k-EC_P256')['public_key_pem'] }),
    /public_key_pem: belongs to another private key/,
  ],
  [
    'another’s private key',
    (file) =>
      set(keyOf(file, 'k-leaving')['materials']?.[0], {
        private_key_pem: keyOf(file, 'k-EC_P256')['materials']?.[0]?.['private_key_pem'],
      }),
    /public_key_pem: belongs to another private key/,
  ],
  [
    'a private key of another spec',
    (file) => set(keyOf(file, 'k-SM2'), { materials: keyOf(file, 'k-EC_P256')['materials'] }),
    /private_key_pem: not a key for SM2/,
  ],
  [
    'a private key that is none',
    (file) =>
      set(keyOf(file, 'k-SM2')['materials']?.[0], {
        private_key_pem: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
      }),
    /private_key_pem: not a key for SM2/,
  ],
  [
    'a private key of no form',
    (file) => set(keyOf(file, 'k-SM2')['materials']?.[0], { private_key_pem: 'mine' }),
    /private_key_pem: must be a private key in PEM/,
  ],
  [
    'a secret of another length',
    (file) => set(keyOf(file, 'k-AES_256')['materials']?.[0], { secret_hex: '00'.repeat(31) }),
    /secret_hex: .*32 bytes, got 31/,
  ],
  [
    'a secret for a pair',
    (file) => set(keyOf(file, 'k-SM2'), { materials: [{ version: 1, secret_hex: '00'.repeat(32) }] }),
    /materials\[0\]: the material of SM2 is given by private_key_pem/,
  ],
  [
    'a ticket of another kind',
    (file) => set(keyOf(file, 'k-waiting')['import_tickets']?.[0], { algorithm: 'SM2_ENCRYPT' }),
    /import_tickets\[0\]\.private_key_pem/,
  ],
  [
    'a fault that there is not',
    (file) => set(file as never, { faults: [{ operation: 'kms.sign', error: 'KMS.9999' }] }),
    /faults\[0\]\.error/,
  ],
  [
    'a fault of no form',
    (file) => set(file as never, { faults: [{ operation: 'kms.sign', sequence: 'abc' }] }),
    /faults\[0\]/,
  ],
  [
    'a clock that runs and stands',
    (file) => set(file as never, { clock: { offset_milliseconds: 1, frozen_at: '2030-01-01T00:00:00.000Z' } }),
    /clock/,
  ],
  [
    'a clock of no time',
    (file) => set(file as never, { clock: { frozen_at: '2030-13-01T00:00:00.000Z' } }),
    /clock\.frozen_at/,
  ],
  [
    'a gateway that was never made',
    (file) => without(gatewayOf(file), 'created_at'),
    /gateways\[1\]\.name: belongs to/,
  ],
  ['a gateway without a name', (file) => without(gatewayOf(file), 'name'), /gateways\[1\]\.name: belongs to/],
  ['two gateways of one name', gateway({ name: 'empty' }), /there is a gateway name empty already/],
  [
    'a gateway of two projects',
    (file) => set(file.domains[1]?.projects?.[0]?.gateways?.[0] as never, { id: 'g1' }),
    /there is a gateway id g1 already/,
  ],
  [
    'two signature keys of one name',
    (file) => set(gatewayOf(file)['signature_keys']?.[0], { name: 'aes_key' }),
    /signature key name aes_key/,
  ],
  [
    'a signature key of two gateways',
    (file) => set(file.domains[1]?.projects?.[0]?.gateways?.[0]?.signature_keys?.[0] as never, { id: 's1' }),
    /there is a signature key id s1 already/,
  ],
  [
    'a signature key of no type',
    (file) => set(gatewayOf(file)['signature_keys']?.[0], { sign_type: 'public_key' }),
    /sign_type: must be one of hmac, basic, aes/,
  ],
  [
    'a cipher for HMAC',
    (file) => set(gatewayOf(file)['signature_keys']?.[0], { sign_algorithm: 'aes-128-cfb' }),
    /sign_algorithm: does not go with the type hmac/,
  ],
  [
    'a key that is too short for its cipher',
    (file) => set(gatewayOf(file)['signature_keys']?.[1], { sign_algorithm: 'aes-256-cfb' }),
    /sign_key: is no key of the type aes/,
  ],
  [
    'a secret that is too short',
    (file) => set(gatewayOf(file)['signature_keys']?.[0], { sign_secret: 'short' }),
    /sign_secret: is no secret of the type hmac/,
  ],
  [
    'an environment named RELEASE',
    (file) => set(gatewayOf(file)['environments']?.[0], { name: 'RELEASE' }),
    /environments\[0\]: RELEASE is there without this/,
  ],
  [
    'an environment with the id of RELEASE',
    (file) => set(gatewayOf(file)['environments']?.[0], { id: 'DEFAULT_ENVIRONMENT_RELEASE_ID' }),
    /environments\[0\]: RELEASE is there without this/,
  ],
  [
    'an environment of two gateways',
    (file) => set(file.domains[1]?.projects?.[0]?.gateways?.[0]?.environments?.[0] as never, { id: 'e1' }),
    /there is a environment id e1 already/,
  ],
  [
    'a group of two gateways',
    (file) => set(gatewayOf(file)['groups']?.[0], { id: 'group2' }),
    /there is a group id group2 already/,
  ],
  ['an API of two groups', (file) => set(apiOf(file), { id: 'api3' }), /there is a API id api3 already/],
  [
    'two APIs of one name',
    (file) => set(apiOf(file)?.['definition'], { name: 'hello' }),
    /definition\.name: there is a API name hello already/,
  ],
  [
    'two APIs of one route',
    (file) => set(apiOf(file)?.['definition'], { req_uri: '/hello/{other}' }),
    /definition\.req_uri: there is a API ANY \/hello\/\{\} already/,
  ],
  [
    'an API without what it is forwarded to',
    (file) => without(apiOf(file)?.['definition'], 'backend_api'),
    /definition\.backend_api: belongs to the backend_type HTTP/,
  ],
  [
    'an API of another backend',
    (file) => set(apiOf(file)?.['definition'], { backend_type: 'MOCK' }),
    /definition\.mock_info: belongs to the backend_type MOCK/,
  ],
  [
    'an API that has more to it',
    (file) => set(apiOf(file)?.['definition'], { surplus: 1 }),
    /definition\.surplus: there is no such field/,
  ],
  ...(
    [
      ['timeout', -1, /backend_api\.timeout: must be >= 1/],
      ['timeout', 600_001, /backend_api\.timeout: must be <= 600000/],
      ['retry_count', '11', /backend_api\.retry_count: must be -1, or 0 to 10, in quotes/],
      ['url_domain', 'a b', /backend_api\.url_domain: must be a host/],
      ['req_uri', '/x?y', /backend_api\.req_uri: must be a path without a query/],
    ] as const
  ).map(([field, value, complaint]): Mistake => [
    `a backend with ${field} ${value}`,
    (file) => set(apiOf(file)?.['definition']?.['backend_api'], { [field]: value }),
    complaint,
  ]),
  [
    'a version twice in an API',
    (file) => set(apiOf(file)?.['publications']?.[0], { version_id: 'v3' }),
    /there is a version v3 already/,
  ],
  [
    'two versions in force',
    (file) => set(apiOf(file)?.['publications']?.[0], { in_force: true }),
    /in_force: there is a version in force in DEFAULT_ENVIRONMENT_RELEASE_ID already/,
  ],
  [
    'a version in no environment',
    (file) => set(apiOf(file)?.['publications']?.[2], { env_id: 'e2' }),
    /env_id: the gateway has no environment e2/,
  ],
  [
    'a binding of no key',
    (file) => set(apiOf(file)?.['signature_bindings']?.[0], { sign_id: 's3' }),
    /sign_id: the gateway has no signature key s3/,
  ],
  [
    'a binding in no environment',
    (file) => set(apiOf(file)?.['signature_bindings']?.[1], { env_id: 'e2' }),
    /env_id: the gateway has no environment e2/,
  ],
  [
    'two bindings in one place',
    (file) => set(apiOf(file)?.['signature_bindings']?.[1], { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID' }),
    /there is a binding in DEFAULT_ENVIRONMENT_RELEASE_ID already/,
  ],
  [
    'a binding twice',
    (file) => set(apiOf(file)?.['signature_bindings']?.[1], { id: 'b1' }),
    /there is a binding id b1 already/,
  ],
  [
    'two tenancies of one id',
    (file) => set(file.oci?.tenancies?.[1] as never, { id: 'ocid1.tenancy.oc1..one' }),
    /oci\.tenancies\[1\]\.id: there is a tenancy id ocid1\.tenancy\.oc1\.\.one already/,
  ],
  [
    'two OCI users of one id',
    (file) => set(eveOf(file), { id: 'ocid1.user.oc1..ada' }),
    /oci\.tenancies\[1\]\.users\[0\]\.id: there is a OCI user id ocid1\.user\.oc1\.\.ada already/,
  ],
  [
    'two OCI users of one name in a tenancy',
    (file) =>
      file.oci?.tenancies?.[0]?.users?.forEach((user, _, users) => (users as object[]).push({ ...user, id: 'u' })),
    /users\[1\]\.name: there is a OCI user name ada already/,
  ],
  [
    'an OCI user of no tenancy',
    (file) => set(eveOf(file), { tenancy_id: 'ocid1.tenancy.oc1..none' }),
    /users\[0\]\.tenancy_id: there is no such field/,
  ],
  [
    'an API key twice',
    (file) => adaOf(file)['api_keys']?.push(keyOfAda(file, 0)),
    /api_keys\[2\]\.fingerprint: there is a API key [0-9a-f:]{47} already/,
  ],
  [
    'four API keys',
    (file) => set(adaOf(file), { api_keys: Array.from({ length: 4 }, () => keyOfAda(file, 0)) }),
    /users\[0\]\.api_keys: a user has at most 3 API keys/,
  ],
  [
    'the fingerprint of another key',
    (file) => set(keyOfAda(file, 0), { public_key_pem: keyOfAda(file, 1)['public_key_pem'] }),
    /api_keys\[0\]\.fingerprint: is that of another public key/,
  ],
  [
    'a fingerprint in capitals',
    (file) => set(keyOfAda(file, 0), { fingerprint: 'AB'.repeat(16) }),
    /fingerprint: must be 16 bytes in lower-case hex between colons/,
  ],
  [
    'a private API key',
    (file) => set(keyOfAda(file, 0), { public_key_pem: pemOf('RSA_2048') }),
    /api_keys\[0\]\.public_key_pem: This is a private key/,
  ],
  [
    'an API key that is none',
    (file) => set(keyOfAda(file, 0), { public_key_pem: 'mine' }),
    /api_keys\[0\]\.public_key_pem: This is not PEM/,
  ],
  [
    'an API key that is active on no day',
    (file) => set(keyOfAda(file, 0), { active_at: '2030-02-30T00:00:00.000Z' }),
    /api_keys\[0\]\.active_at: there is no such instant/,
  ],
  ...[0.5, 2 ** 53, '7'].map((inactive_status): Mistake => [
    `an API key of the status ${inactive_status}`,
    (file) => set(keyOfAda(file, 0), { inactive_status }),
    /api_keys\[0\]\.inactive_status: must be (a whole number|<= 9007199254740991)/,
  ]),
  [
    'a retry twice',
    (file) => adaOf(file)['retries']?.push(adaOf(file)['retries']![0]!),
    /retries\[1\]\.token: there is a retry token upload already/,
  ],
  [
    'a retry that never ends',
    (file) => without(adaOf(file)['retries']?.[0], 'expires_at'),
    /retries\[0\]: the field expires_at is missing/,
  ],
  [
    'two deployments of one id',
    deployment({ id: 'ocid1.apideployment.oc1..v2' }),
    /deployments\[1\]\.id: there is a deployment id ocid1\.apideployment\.oc1\.\.v2 already/,
  ],
  [
    'two deployments of one path prefix',
    deployment({ path_prefix: '/v2' }),
    /deployments\[1\]\.path_prefix: there is a path prefix \/v2 already/,
  ],
  ['a specification in JSON', deployment({ specification: '{}' }), /specification: must be a group of fields/],
  [
    'a specification without end',
    deployment({ specification: JSON.parse(`${'{"a":'.repeat(101)}1${'}'.repeat(101)}`) as object }),
    /deployments\[0\]\.specification: has more than 100 levels/,
  ],
  ...[8.64e15, -8.64e15, 2.6e14].map((offset_milliseconds): (typeof mistakes)[number] => [
    `a clock that is ahead by ${offset_milliseconds}`,
    (file) => set(file as never, { clock: { offset_milliseconds } }),
    /clock\.offset_milliseconds: the clock knows the years 1970 to 9998$/,
  ]),
  ...['9999-01-01T00:00:00.000Z', '1969-12-31T23:59:59.999Z'].map((frozen_at): (typeof mistakes)[number] => [
    `a clock at ${frozen_at}`,
    (file) => set(file as never, { clock: { frozen_at } }),
    /clock\.frozen_at: the clock knows the years 1970 to 9998$/,
  ]),
  [
    'a version that no ciphertext has room for',
    (file) => {
      set(keyOf(file, 'k-rotated'), { material_version: 2 ** 32 });
      set(keyOf(file, 'k-rotated')['materials']?.[2], { version: 2 ** 32 });
    },
    /material_version: must be <= 2147483647$/,
  ],
  [
    'one of a material',
    (file) => set(keyOf(file, 'k-rotated')['materials']?.[0], { version: 2 ** 31 }),
    /materials\[0\]\.version: must be <= 2147483647$/,
  ],
  [
    'failures without end',
    (file) => set(home(file)['users']?.[0]?.['access_keys']?.[0], { failures: 2 ** 31 }),
    /access_keys\[0\]\.failures: must be <= 2147483647$/,
  ],
];

describe('a state with', () => {
  test.each(mistakes)('%s', async (_, spoil, words) => {
    const answer = await state.import(changed(text, spoil));
    expect([answer.status, codeOf(answer)]).toEqual([400, 'Signet.InvalidSnapshot']);
    expect(wordsOf(answer)).toMatch(words);
    expect(secrets.filter((secret) => answer.text.includes(secret))).toEqual([]);
    expect(await state.text()).toBe(text);
  });
});

describe('a file that', async () => {
  const sealed = parsed((await state.export({ passphrase: 'right' })).text);
  const spoilt = (fields: object): Snapshot => ({ ...sealed, sealed: { ...sealed.sealed, ...fields } as never });
  const data = Buffer.from(sealed.sealed?.data ?? '', 'base64');
  const flipped = (at: number): string => {
    const bytes = Buffer.from(data);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes.toString('base64');
  };
  const files: readonly (readonly [string, object, string])[] = [
    ['is of a later version', { ...parsed(text), signet_snapshot: 2 }, 'Signet.InvalidSnapshot'],
    ['is of no version', { state: parsed(text).state }, 'Signet.MissingParameter'],
    ['is of a version in words', { ...parsed(text), signet_snapshot: 'one' }, 'Signet.InvalidParameter'],
    ['has neither state nor sealed', { signet_snapshot: 1 }, 'Signet.InvalidSnapshot'],
    ['has both', { ...parsed(text), ...sealed }, 'Signet.InvalidSnapshot'],
    ['has a list for a state', { signet_snapshot: 1, state: [] }, 'Signet.InvalidParameter'],
    ['has nothing in it', {}, 'Signet.MissingParameter'],
    ['has an empty state', { signet_snapshot: 1, state: {} }, 'Signet.InvalidSnapshot'],
    ['names another derivation', spoilt({ kdf: 'pbkdf2' }), 'Signet.InvalidSnapshot'],
    ['wants 128 GiB', spoilt({ kdf: 'scrypt$ln=27,r=8,p=1' }), 'Signet.InvalidSnapshot'],
    ['wants a lot at once', spoilt({ kdf: 'scrypt$ln=17,r=99,p=1' }), 'Signet.InvalidSnapshot'],
    ['wants more than RFC 7914 allows', spoilt({ kdf: 'scrypt$ln=20,r=1,p=1' }), 'Signet.InvalidSnapshot'],
    ['wants one step more', spoilt({ kdf: 'scrypt$ln=16,r=1,p=1' }), 'Signet.InvalidSnapshot'],
    ['wants just as much', spoilt({ kdf: 'scrypt$ln=15,r=1,p=4' }), 'Signet.WrongPassphrase'],
    ['wants to go on for ever', spoilt({ kdf: 'scrypt$ln=15,r=8,p=9' }), 'Signet.InvalidSnapshot'],
    ['is derived in another way than it was', spoilt({ kdf: 'scrypt$ln=14,r=8,p=1' }), 'Signet.WrongPassphrase'],
    ['names another cipher', spoilt({ cipher: 'aes-128-cbc' }), 'Signet.InvalidSnapshot'],
    ['has another salt', spoilt({ salt: 'AAAA' }), 'Signet.WrongPassphrase'],
    ['has no Base64', spoilt({ data: 'not Base64!' }), 'Signet.InvalidSnapshot'],
    ['is cut short', spoilt({ data: data.subarray(0, -20).toString('base64') }), 'Signet.WrongPassphrase'],
    ['is empty', spoilt({ data: '' }), 'Signet.MissingParameter'],
    ['has a bit changed at its beginning', spoilt({ data: flipped(0) }), 'Signet.WrongPassphrase'],
    ['has a bit changed in its middle', spoilt({ data: flipped(100) }), 'Signet.WrongPassphrase'],
    ['has a bit changed at its end', spoilt({ data: flipped(data.length - 1) }), 'Signet.WrongPassphrase'],
  ];
  test.each(files)('%s', async (_, file, code) => {
    const answer = await state.import(file, 'right');
    expect([answer.status, codeOf(answer)]).toEqual([400, code === 'Signet.MissingParameter' ? codeOf(answer) : code]);
    expect(codeOf(answer)).toMatch(/^Signet\./);
    expect(await state.text()).toBe(text);
  });

  test.each([
    ['is cut off', text.slice(0, -200)],
    ['nests without end', `{"signet_snapshot":1,"state":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['nests in a specification', text.replace('"specification": {', `"specification": { "a": ${'['.repeat(50_000)}${']'.repeat(50_000)},`)], // prettier-ignore
    ['nests in a field', `{"signet_snapshot":1,"state":{"region":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}}`],
  ])('%s', async (_, body) => {
    const answer = await send(url, 'post', '/_signet/state/import', { body });
    expect(answer.status).toBe(400);
    expect(await state.text()).toBe(text);
  });

  test.each([
    ['export', {}],
    ['import', parsed(text)],
    ['import', sealed],
  ])('is given an empty passphrase: %s', async (what, more) => {
    const answer = await send(url, 'post', `/_signet/state/${what}`, { body: { ...more, passphrase: '' } });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'Signet.InvalidParameter']);
    expect(wordsOf(answer)).toContain("'passphrase'");
    expect(await state.text()).toBe(text);
  });

  test('has a key of another project than the one that it is of', async () => {
    const mine = parsed((await state.export({ project_id: 'p2' })).text) as unknown as { state: StateFile };
    set(mine.state.domains[0]?.projects?.[0]?.keys?.[0] as never, { id: 'k-RSA', name: 'stolen' });
    const answer = await state.import(mine);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'Signet.InvalidSnapshot']);
    expect(wordsOf(answer)).toContain('The key k-RSA is another project');
    expect(await state.text()).toBe(text);
  });

  test('has OCI in it, though it is of one project', async () => {
    const mine = (await state.export({ project_id: 'p2' })).text;
    expect(stateOf(mine).oci).toBeUndefined();
    for (const oci of [{}, stateOf(text).oci]) {
      const answer = await state.import(changed(mine, (file) => void Object.assign(file, { oci })));
      expect([answer.status, codeOf(answer)]).toEqual([400, 'Signet.InvalidSnapshot']);
      expect(wordsOf(answer)).toMatch(/: oci: belongs to no project$/);
    }
    expect(await state.text()).toBe(text);
  });

  test('has something in a gateway of another project than the one that it is of', async () => {
    const mine = parsed((await state.export({ project_id: 'p2' })).text) as unknown as { state: StateFile };
    set(mine.state.domains[0]?.projects?.[0]?.gateways?.[0] as never, { id: 'g1' });
    const answer = await state.import(mine);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'Signet.InvalidSnapshot']);
    expect(wordsOf(answer)).toContain('The gateway g1 is another project');
    expect(await state.text()).toBe(text);
  });
});

/** Every place in a JSON value, as a path. */
function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, part]) => placesOf(part, [...path, name]))];
}

function spoiltAt(snapshot: Snapshot, path: readonly string[], value: unknown): Snapshot {
  const last = path.at(-1) ?? '';
  const target = path
    .slice(0, -1)
    .reduce<Loose | undefined>((part, step) => part?.[step], snapshot as unknown as Loose);
  if (value === undefined) without(target, last);
  else set(target, { [last]: value });
  return snapshot;
}

test('whatever stands anywhere in the file: it is taken in whole, or refused and nothing changes', async () => {
  const places = placesOf(parsed(text)).filter((path) => path.length > 0);
  const values = fc.oneof(
    oddText,
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(
      undefined,
      null,
      '',
      0,
      -1,
      1e308,
      [],
      {},
      'p1',
      'u1',
      '9999-12-31T23:59:59.999Z',
      '-271821-04-20T00:00:00.000Z',
    ),
  );
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), values, async (path, value) => {
      const answer = await state.import(spoiltAt(parsed(text), path, value));
      statuses.add(answer.status);
      expect([204, 400], answer.text).toContain(answer.status);
      if (answer.status === 400) {
        expect(await state.text()).toBe(text);
        return;
      }
      // What was taken in is a state that can be written, and worked with.
      const other = await state.export();
      expect(other.status).toBe(200);
      expect((await kmsClient(url).post('list-keys', {})).status).toBeLessThan(500);
      await send(url, 'put', '/_signet/clock', { body: { now: new Date(clock.now()).toISOString(), frozen: true } });
      expect((await state.import(parsed(text))).status).toBe(204);
      expect(await state.text()).toBe(text);
    }),
    { numRuns: 300 },
  );
  expect([...statuses].toSorted()).toEqual([204, 400]);
}, 120_000);
