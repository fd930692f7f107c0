import { describe, expect, test } from 'vitest';
import { makeClock } from '../support/clock.ts';
import type { Answer } from '../support/http.ts';
import { kmsPath, type KmsAction } from '../support/kms.ts';
import { expectIamRefusal, expectKmsRefusal } from '../support/refusals.ts';
import { signedClient, type Signed } from '../support/signed.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { send } from '../support/http.ts';
import { byAgency, byToken, issueKey, type TemporaryKey } from './credentials.ts';
import { iamClient, withPair } from './tokens.ts';

const clock = makeClock();
const home = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const abroad = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
const unknownKey = { key_id: '00000000-0000-4000-8000-00000000000f' };
const datakey = { ...unknownKey, plain_text: 'AA'.repeat(33) };
const mac = { ...unknownKey, mac_algorithm: 'HMAC_SHA_256', message: 'AAAA' };
const grant = { ...unknownKey, grant_id: '0'.repeat(64) };
const message = { ...unknownKey, message: 'AAAA', signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW' };

/** The operations that are asked for by POST, with nothing but the project in their path. */
type Action = Exclude<KmsAction, `${'GET' | 'DELETE'} ${string}` | `{key_id}${string}` | '/keystores'>;

/** What each operation asks for, how it refuses, and a request that it answers so when the caller may ask. */
const operations: Readonly<
  Record<Action, readonly [permission: string, refusal: string, body: object, allowed: string]>
> = {
  sign: ['kms:cmk:sign', 'KMS.0306', message, 'KMS.0207'],
  verify: ['kms:cmk:verify', 'KMS.0306', { ...message, signature: 'AAAA' }, 'KMS.0207'],
  'get-publickey': ['kms:cmk:getPublicKey', 'KMS.0306', unknownKey, 'KMS.0207'],
  'describe-key': ['kms:cmk:get', 'KMS.0306', unknownKey, 'KMS.0207'],
  'list-keys': ['kms:cmk:list', 'KMS.0307', { limit: '0' }, 'KMS.1601'],
  'create-key': ['kms:cmk:create', 'KMS.0307', { key_alias: '?' }, 'KMS.1101'],
  'enable-key': ['kms:cmk:enable', 'KMS.0306', unknownKey, 'KMS.0207'],
  'disable-key': ['kms:cmk:disable', 'KMS.0306', unknownKey, 'KMS.0207'],
  'schedule-key-deletion': ['kms:cmk:update', 'KMS.0306', { ...unknownKey, pending_days: '7' }, 'KMS.0207'],
  'cancel-key-deletion': ['kms:cmk:update', 'KMS.0306', unknownKey, 'KMS.0207'],
  'update-key-alias': ['kms:cmk:update', 'KMS.0306', { ...unknownKey, key_alias: 'new' }, 'KMS.0207'],
  'update-key-description': ['kms:cmk:update', 'KMS.0306', { ...unknownKey, key_description: 'new' }, 'KMS.0207'],
  'encrypt-data': ['kms:cmk:crypto', 'KMS.0306', { ...unknownKey, plain_text: 'a' }, 'KMS.0207'],
  'decrypt-data': ['kms:cmk:crypto', 'KMS.0306', { cipher_text: 'A'.repeat(188) }, 'KMS.2201'],
  're-encrypt': ['kms:cmk:crypto', 'KMS.0306', { destination_key_id: unknownKey.key_id, cipher_text: '?' }, 'KMS.2201'],
  'create-datakey': ['kms:dek:create', 'KMS.0306', unknownKey, 'KMS.0207'],
  'create-datakey-without-plaintext': ['kms:dek:create', 'KMS.0306', unknownKey, 'KMS.0207'],
  'encrypt-datakey': ['kms:dek:crypto', 'KMS.0306', { ...datakey, datakey_plain_length: '1' }, 'KMS.0207'],
  'decrypt-datakey': [
    'kms:dek:crypto',
    'KMS.0306',
    { ...unknownKey, cipher_text: 'AA', datakey_cipher_length: '1' },
    'KMS.0207',
  ],
  'gen-random': ['kms:cmk:generate', 'KMS.0307', { random_data_length: '7' }, 'KMS.1801'],
  'create-rsa-datakey-pair': [
    'kms:cmk:createDataKeyPair',
    'KMS.0306',
    { ...unknownKey, key_spec: 'RSA_2048' },
    'KMS.0207',
  ],
  'create-ec-datakey-pair': ['kms:cmk:createDataKeyPair', 'KMS.0306', { ...unknownKey, key_spec: 'SM2' }, 'KMS.0207'],
  'derive-shared-secret': [
    'kms:cmk:deriveSharedSecret',
    'KMS.0306',
    { ...unknownKey, key_agreement_algorithm: 'ECDH', public_key: 'AAAA' },
    'KMS.0207',
  ],
  'generate-mac': ['kms:cmk:generateMac', 'KMS.0306', mac, 'KMS.0207'],
  'verify-mac': ['kms:cmk:verifyMac', 'KMS.0306', { ...mac, mac: 'AA' }, 'KMS.0207'],
  'get-parameters-for-import': [
    'kms:cmk:getMaterial',
    'KMS.0306',
    { ...unknownKey, wrapping_algorithm: 'RSAES_OAEP_SHA_256' },
    'KMS.0207',
  ],
  'import-key-material': [
    'kms:cmk:importMaterial',
    'KMS.0306',
    { ...unknownKey, import_token: 'A'.repeat(2236), encrypted_key_material: 'A'.repeat(344) },
    'KMS.0207',
  ],
  'delete-imported-key-material': ['kms:cmk:deleteMaterial', 'KMS.0306', unknownKey, 'KMS.0207'],
  'enable-key-rotation': ['kms:cmk:enableRotation', 'KMS.0306', unknownKey, 'KMS.0207'],
  'disable-key-rotation': ['kms:cmk:disableRotation', 'KMS.0306', unknownKey, 'KMS.0207'],
  'update-key-rotation-interval': [
    'kms:cmk:updateRotation',
    'KMS.0306',
    { ...unknownKey, rotation_interval: 30 },
    'KMS.0207',
  ],
  'get-key-rotation-status': ['kms:cmk:getRotation', 'KMS.0306', unknownKey, 'KMS.0207'],
  'rotate-on-demand': ['kms:cmk:rotateOnDemand', 'KMS.0306', unknownKey, 'KMS.0207'],
  'create-grant': [
    'kms:grant:create',
    'KMS.0306',
    { ...unknownKey, grantee_principal: home, operations: ['describe-key'] },
    'KMS.0207',
  ],
  'revoke-grant': ['kms:grant:revoke', 'KMS.0306', grant, 'KMS.0207'],
  'retire-grant': ['kms:grant:retire', 'KMS.0306', grant, 'KMS.0207'],
  'list-grants': ['kms:grant:list', 'KMS.0306', unknownKey, 'KMS.0207'],
  'list-retirable-grants': ['kms:grant:list', 'KMS.0307', { limit: '0' }, 'KMS.1601'],
  aliases: ['kms:alias:create', 'KMS.0306', { ...unknownKey, alias: 'new' }, 'KMS.0207'],
  'alias/associate': [
    'kms:alias:associate',
    'KMS.0306',
    { target_key_id: unknownKey.key_id, alias: 'new' },
    'KMS.0207',
  ],
  'resource_instances/action': ['kms:cmkTag:listInstance', 'KMS.0307', { action: '?' }, 'KMS.0404'],
};
const actions = Object.keys(operations) as Action[];
const asking = (wanted: RegExp): Action[] => actions.filter((action) => wanted.test(operations[action][0]));

/** Users by their permissions, as a seed writes them, and what they may ask for. */
const users: readonly (readonly [permissions: string | undefined, allowed: readonly Action[]])[] = [
  [undefined, actions],
  ['[]', []],
  ['[kms:cmk:sign]', ['sign']],
  ['[kms:cmk:sign, kms:cmk:verify]', ['sign', 'verify']],
  ['[kms:cmk:*]', asking(/^kms:cmk:/)],
  ['[kms:*:*]', actions],
  ['["*:*:*"]', actions],
  ['["*:*:sign"]', ['sign']],
  ['["*:*:create"]', asking(/:create$/)],
  ['[kms:cmk:get]', ['describe-key']],
  ['[kms:cmk:get*]', asking(/^kms:cmk:get/)],
  ['[kms:cmk:list, kms:cmk:create]', ['list-keys', 'create-key']],
  ['[kms:cmk:update]', asking(/^kms:cmk:update$/)],
  ['[kms:dek:crypto]', ['encrypt-datakey', 'decrypt-datakey']],
  ['[kms:cmk:Sign, kms:grant:*, obs:*:*]', asking(/^kms:grant:/)],
  ['[iam:agencies:assume]', []],
];
/** Those who may act as an agency, by index, and those who may not. */
const agents = users.flatMap(([permissions], index) =>
  permissions === undefined || /\*:\*:\*|iam:/.test(permissions) ? [index] : [],
);
const nobodies = users.map((_, index) => index).filter((index) => !agents.includes(index));
const credentialOf = (index: number) => ({ token: `token-${index}`, access: `AK${index}`, secret: `secret-${index}` });

const seed = `
version: 1
region: eu-de
domains:
  - id: ${home}
    name: Home
    projects: [{ id: ${home}, name: eu-de }]
    users:${users
      .map(([permissions], index) => {
        const { token, access, secret } = credentialOf(index);
        return `
      - name: user-${index}
        password: password
        ${permissions === undefined ? '' : `permissions: ${permissions}`}
        tokens: [{ token: ${token}, scope: { project: eu-de } }]
        access_keys: [{ access: ${access}, secret: ${secret} }]`;
      })
      .join('')}
  - id: ${abroad}
    name: Abroad
    projects: [{ id: ${abroad}, name: eu-de }]
    agencies:
      - { name: mighty, trusted_domain: Home }
      - { name: lister, trusted_domain: Home, permissions: [kms:cmk:list] }
`;
const { url } = await useSignet({ seed: useSeed(seed), now: clock.now });
const ask = signedClient(url, clock.now);

type Ask = (target: string, body: string) => Promise<Answer>;

const byTokenOf =
  (token: string): Ask =>
  (target, body) =>
    send(url, 'post', target, { body, headers: { 'X-Auth-Token': token } });
const byKey =
  ({ access, secret, securityToken }: TemporaryKey | (Signed & { securityToken?: undefined })): Ask =>
  (target, body) =>
    ask({
      target,
      body,
      access: access!,
      secret: secret!,
      headers: securityToken ? { 'X-Security-Token': securityToken } : {},
    });

/** All operations are asked for; those that are allowed get as far as the key or the fields. */
async function expectAllowed(request: Ask, allowed: readonly Action[], projectId = home): Promise<void> {
  for (const action of actions) {
    const [, refusal, body, beyond] = operations[action];
    const answer = await request(kmsPath(action, projectId), JSON.stringify(body));
    expectKmsRefusal(answer, allowed.includes(action) ? beyond : refusal);
  }
}

describe.each(users.map(([permissions, allowed], index) => ({ permissions, allowed, ...credentialOf(index) })))(
  'permissions $permissions allow $allowed',
  ({ allowed, token, access, secret }) => {
    test('by token', () => expectAllowed(byTokenOf(token), allowed));
    test('by signature', () => expectAllowed(byKey({ access, secret }), allowed));
    test('by temporary key', async () => expectAllowed(byKey(await issueKey(url, byToken(), token)), allowed));
    test('by a token for the access key', async () => {
      const answer = await iamClient(url).post(withPair(access, secret, { project: { id: home } }));
      await expectAllowed(byTokenOf(answer.headers['x-subject-token']!), allowed);
    });
  },
);

describe.each([
  { agency: 'mighty', allowed: actions },
  { agency: 'lister', allowed: asking(/^kms:cmk:list$/) },
])('the agency $agency may do what it may do, whoever acts as it', ({ agency, allowed }) => {
  const role = { agency_name: agency, domain_name: 'Abroad' };
  const assume = (index: number) => {
    const identity = { methods: ['assume_role'], assume_role: role };
    const body = { auth: { identity, scope: { project: { id: abroad } } } };
    return iamClient(url).post(body, '', { 'X-Auth-Token': credentialOf(index).token });
  };

  test.each(nobodies)('but not user %i', async (index) => {
    expectIamRefusal(await assume(index), 403, 'Forbidden', 'Forbidden operation');
  });

  test.each(agents)('user %i', async (index) => {
    const { token } = credentialOf(index);
    const answer = await assume(index);
    await expectAllowed(byTokenOf(answer.headers['x-subject-token']!), allowed, abroad);
    await expectAllowed(byKey(await issueKey(url, byAgency(role), token)), allowed, abroad);
  });
});

describe('a user who may do nothing', () => {
  const { token } = credentialOf(1);
  const request = byTokenOf(token);

  test('hears so before what is wrong with the body, and after what is wrong with the project', async () => {
    expectKmsRefusal(await request(kmsPath('sign', home), '{'), 'KMS.0306');
    expectKmsRefusal(await request(kmsPath('list-keys', home), '{'), 'KMS.0307');
    expectKmsRefusal(await request(kmsPath('sign', abroad), '{'), 'KMS.0321');
  });

  test.each(['/v3/auth/catalog', '/v3/projects', '/v3/auth/projects', '/v3/auth/domains'])(
    'may get %s',
    async (path) => {
      expect((await send(url, 'get', path, { headers: { 'X-Auth-Token': token } })).status).toBe(200);
    },
  );
});
