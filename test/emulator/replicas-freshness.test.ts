/** What one replica has done, the other one knows when it is asked next, whatever it remembers; and it remembers as long as nothing is done. */
import { StatementSync } from 'node:sqlite';
import pg from 'pg';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { nobodysPassword } from '../../src/crypto/passwords.ts';
import { iamClient } from '../iam/tokens.ts';
import { gatewayClient, release } from '../support/apigw.ts';
import { ask } from '../support/gateway-client.ts';
import { send } from '../support/http.ts';
import { domain, project, seededKeys } from '../support/identity.ts';
import { base64, kmsClient, type KmsAction, type KmsCaller } from '../support/kms.ts';
import { ociIdentity } from '../support/oci-identity.ts';
import { makeOciPair, ociServer } from '../support/oci-signer.ts';
import { startPostgres } from '../support/postgres.ts';
import { bothWays, manyCanUse, useReplicas } from '../support/replicas.ts';
import { sign } from '../support/sdk-signer.ts';
import { gateway } from '../support/seeded-gateway.ts';
import { stateClient } from './state-client.ts';

type Schemas = components['schemas'];
type Url = string;

/** Something that can be seen at any replica: a status, or more. */
type Look = (url: Url) => Promise<unknown>;
type Change = (url: Url) => Promise<unknown>;

/** What is there to be changed, made at one replica. */
interface Thing {
  readonly look: Look;
  readonly before: unknown;
  /** Each with what is seen after it. */
  readonly changes: readonly (readonly [change: Change, after: unknown])[];
}

let made = 0;
const newName = (): string => `thing-${(made += 1)}`;
const newKey = (url: Url): Promise<string> => kmsClient(url).create({ key_alias: newName(), key_spec: 'EC_P256' });

const kms =
  (action: KmsAction, body: object, caller?: KmsCaller): Change =>
  async (url) => {
    const { status, text } = await kmsClient(url, caller).post(action, body);
    if (status >= 300) throw new Error(`${action}: ${status} ${text}`);
  };
const seen =
  (action: KmsAction, body: object, caller?: KmsCaller): Look =>
  async (url) =>
    (await kmsClient(url, caller).post(action, body)).status;
const signature = { signing_algorithm: 'ECDSA_SHA_256', message_type: 'RAW', message: base64('hello') };

const signing = (key_id: string, caller?: KmsCaller): Look => seen('sign', { key_id, ...signature }, caller);

const isolated = async (url: Url): Promise<Schemas['NewProjectResponse']> =>
  (await send(url, 'post', '/_signet/projects')).body as Schemas['NewProjectResponse'];
const callerOf = ({ project: { id: projectId }, token }: Schemas['NewProjectResponse']): KmsCaller => ({
  projectId,
  token,
});
const withAccessKey =
  ({ access_key: { access, secret } }: Schemas['NewProjectResponse'], wrong = ''): Look =>
  async (url) => {
    const request = { method: 'GET', target: '/v3/projects', headers: {}, at: Date.now() };
    const headers = sign({ ...request, access, secret: `${secret}${wrong}` });
    return (await send(url, 'get', '/v3/projects', { headers })).status;
  };
const removal =
  (path: string): Change =>
  async (url) => {
    const { status, text } = await send(url, 'delete', path);
    if (status !== 204) throw new Error(`${path}: ${status} ${text}`);
  };

/** By name; each makes what it looks at. */
const things: Readonly<Record<string, (url: Url) => Promise<Thing>>> = {
  'a key: disabled, enabled, about to be deleted, and not any more': async (url) => {
    const key_id = await newKey(url);
    return {
      ...{ look: signing(key_id), before: 200 },
      changes: [
        [kms('disable-key', { key_id }), 400],
        [kms('enable-key', { key_id }), 200],
        [kms('schedule-key-deletion', { key_id, pending_days: '7' }), 400],
        [kms('cancel-key-deletion', { key_id }), 400],
        [kms('enable-key', { key_id }), 200],
      ],
    };
  },
  'the words about a key': async (url) => {
    const key_id = await newKey(url);
    return {
      look: async (at) => (await kmsClient(at).describe(key_id)).key_description,
      before: '',
      changes: [[kms('update-key-description', { key_id, key_description: 'later' }), 'later']],
    };
  },
  'an alias: made, given to another key, taken away': async (url) => {
    const [alias, one, other] = [`alias/${newName()}`, await newKey(url), await newKey(url)];
    return {
      look: async (at) => {
        const { body } = await kmsClient(at).post('describe-key', { key_id: alias });
        return (body as { key_info?: Schemas['KeyDetails'] }).key_info?.key_id;
      },
      before: undefined,
      changes: [
        [kms('aliases', { alias, key_id: one }), one],
        [kms('alias/associate', { alias, target_key_id: other }), other],
        [kms('DELETE aliases', { key_id: other, aliases: [alias] }), undefined],
      ],
    };
  },
  'a grant: given and revoked': async (url) => {
    const key_id = await newKey(url);
    const friend = await isolated(url);
    let grant_id = '';
    const give: Change = async (at) => {
      const wanted = { key_id, grantee_principal: friend.user.id, operations: ['describe-key'] };
      ({ grant_id } = await kmsClient(at).ask('create-grant', wanted));
    };
    return {
      ...{ look: seen('describe-key', { key_id }, callerOf(friend)), before: 404 },
      changes: [
        [give, 200],
        [(at) => kms('revoke-grant', { key_id, grant_id })(at), 404],
      ],
    };
  },
  'a token: revoked': async (url) => {
    const { secret: token } = await iamClient(url).issue();
    return {
      ...{ look: seen('list-keys', {}, { token }), before: 200 },
      changes: [[async (at) => iamClient(at).about('delete', token), 403]],
    };
  },
  'an access key: gone with its project, and so is the token': async (url) => {
    const friend = await isolated(url);
    const look: Look = async (at) => [
      await withAccessKey(friend)(at),
      await seen('list-keys', {}, callerOf(friend))(at),
    ];
    return {
      ...{ look, before: [200, 200] },
      changes: [[removal(`/_signet/projects/${friend.project.id}`), [401, 403]]],
    };
  },
  'an access key: locked after five failures elsewhere': async (url) => {
    const friend = await isolated(url);
    const fail: Change = async (at) => {
      for (let failures = 0; failures < 5; failures++) await withAccessKey(friend, 'wrong')(at);
    };
    return { look: withAccessKey(friend), before: 200, changes: [[fail, 401]] };
  },
  'a project with its region: replaced by a reset': async (url) => {
    const friend = await isolated(url);
    return {
      ...{ look: seen('list-keys', {}, callerOf(friend)), before: 200 },
      changes: [[async (at) => stateClient(at).reset(), 403]],
    };
  },
  'the password of a user: another one after an import': async (url) => {
    const before = await stateClient(url).text();
    const login: Look = async (at) => {
      const person = { name: 'signet', password: 'signet', domain: { name: domain.name } };
      const identity = { methods: ['password'], password: { user: person } };
      return (await send(at, 'post', '/v3/auth/tokens', { body: { auth: { identity } } })).status;
    };
    const other = before.replaceAll(/"password_hash": ?"\$scrypt[^"]+"/g, `"password_hash":"${nobodysPassword}"`);
    const importing =
      (text: string): Change =>
      async (at) => {
        const { status, text: answer } = await stateClient(at).import(JSON.parse(text) as object);
        if (status !== 204) throw new Error(`${status} ${answer}`);
      };
    return {
      ...{ look: login, before: 201 },
      changes: [
        [importing(other), 401],
        [importing(before), 201],
      ],
    };
  },
  'an API of a gateway: offline, and published again': async () => {
    const look: Look = async (at) => (await ask(at, { target: `/_apig/${gateway.mockGroupId}/hello` })).status;
    const action =
      (name: string): Change =>
      (at) =>
        gatewayClient(at).ask('post', 'apis/action', { action: name, api_id: gateway.helloId, env_id: release });
    return {
      ...{ look, before: 200 },
      changes: [
        [action('offline'), 404],
        [action('online'), 200],
      ],
    };
  },
  'an API key of OCI: uploaded and deleted': async (url) => {
    const { tenancyId, userId } = ociIdentity;
    const pair = makeOciPair();
    const path = `/_signet/oci/users/${userId}/keys`;
    const look: Look = async (at) => {
      const signer = { tenancyId, userId, ...pair };
      return (await ociServer(at, Date.now).send(signer, { target: '/oci/anything' })).status;
    };
    const upload: Change = async (at) => {
      const { status, text } = await send(at, 'post', path, { body: { public_key_pem: pair.publicKeyPem } });
      if (status !== 201) throw new Error(`${status} ${text}`);
    };
    await upload(url);
    return {
      ...{ look, before: 200 },
      changes: [
        [removal(`${path}/${encodeURIComponent(pair.fingerprint)}`), 401],
        [upload, 200],
        [removal(`${path}/${encodeURIComponent(pair.fingerprint)}`), 401],
      ],
    };
  },
  'a deployment of the gateway of OCI': async () => {
    const path_prefix = `/${newName()}`;
    const look: Look = async (at) => (await ask(at, { target: `/_oci${path_prefix}/x` })).status;
    let id = '';
    const deploy: Change = async (at) => {
      const backend = { type: 'STOCK_RESPONSE_BACKEND', status: 200, body: 'here' };
      const specification = { routes: [{ path: '/x', methods: ['GET'], backend }] };
      const body = { name: newName(), path_prefix, specification };
      const answer = await send(at, 'post', '/_signet/oci/deployments', { body });
      if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
      ({ id } = answer.body as { id: string });
    };
    return {
      ...{ look, before: 404 },
      changes: [
        [deploy, 200],
        [(at) => removal(`/_signet/oci/deployments/${id}`)(at), 404],
      ],
    };
  },
};

describe.each(manyCanUse)('over %s', async (_name, newState) => {
  const replicas = await useReplicas(newState, { accessKeyLock: true });

  describe.each(bothWays(replicas))('%s', (_direction, { url: changing }, { url: looking }) => {
    test.each(Object.entries(things))('%s', async (_what, make) => {
      const { look, before, changes } = await make(changing);
      // Twice: the second time out of its memory, where it has one.
      expect([await look(looking), await look(looking)]).toEqual([before, before]);
      for (const [change, after] of changes) {
        await change(changing);
        expect([await look(looking), await look(looking)]).toEqual([after, after]);
      }
    });
  });

  test('a key that is disabled here and enabled there, many times', async () => {
    const key_id = await newKey(replicas[0].url);
    const look = signing(key_id);
    for (let turn = 0; turn < 20; turn++) {
      const [changing, looking] = turn % 4 < 2 ? replicas : replicas.toReversed();
      await kms(turn % 2 === 0 ? 'disable-key' : 'enable-key', { key_id })(changing.url);
      expect(await look(looking.url)).toBe(turn % 2 === 0 ? 400 : 200);
    }
  });

  test('of many at the same time, one gets an alias', async () => {
    const [alias, ids] = [`alias/${newName()}`, await Promise.all(replicas.map(({ url }) => newKey(url)))];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, turn) =>
        kmsClient(replicas[turn % 2]!.url).post('aliases', { alias, key_id: ids[turn % 2] }),
      ),
    );
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
  });

  test('a project gets the name of the region that another replica has brought in', async () => {
    const [one, other] = replicas;
    const text = await stateClient(one.url).text();
    await stateClient(one.url).import(JSON.parse(text.replace('"region": "eu-de"', '"region": "eu-nl"')) as object);
    expect((await other.createProject()).region).toBe('eu-nl');
    expect((await isolated(other.url)).region).toBe('eu-nl');
    await stateClient(other.url).reset();
    expect((await one.createProject()).region).toBe('eu-de');
  });
});

test('over a file, nothing is asked of it while nothing changes', async () => {
  const [one, other] = await useReplicas(manyCanUse[0]![1]);
  const look = signing(seededKeys.EC_P256);
  expect([await look(other.url), await look(other.url)]).toEqual([200, 200]);
  const [all, run] = [vi.spyOn(StatementSync.prototype, 'all'), vi.spyOn(StatementSync.prototype, 'run')];
  expect(await look(other.url)).toBe(200);
  expect([all.mock.calls.length, run.mock.calls.length]).toEqual([0, 0]);
  await kms('update-key-description', { key_id: seededKeys.SM2, key_description: 'later' })(one.url);
  all.mockClear();
  expect(await look(other.url)).toBe(200);
  const asked = all.mock.contexts.map((statement) => (statement as StatementSync).sourceSQL).join('\n');
  expect(asked).toMatch(/from "tokens"[^]*from "keys"/);
});

test('over Postgres, it is asked for nothing else than whether anything has changed', async () => {
  // A server of its own: for what other tests commit on theirs, anything may have changed.
  const server = await startPostgres();
  afterAll(() => server.close());
  const masterKey = Buffer.alloc(32, 7).toString('base64');
  const [, other] = await useReplicas(async () => ({ databaseUrl: await server.newDatabase(), masterKey }));
  const look = signing(seededKeys.EC_P256);
  expect([await look(other.url), await look(other.url)]).toEqual([200, 200]);
  const query = vi.spyOn(pg.Client.prototype, 'query');
  expect(await look(other.url)).toBe(200);
  const asked = query.mock.calls.map(([question]) => (question as { readonly text?: string }).text ?? question);
  expect(asked).toEqual([expect.stringMatching(/pg_current_snapshot/)]);
});

test('a gateway forwards as its routes are now', async () => {
  const [one, other] = await useReplicas(manyCanUse[0]![1]);
  const target = `/_apig/${gateway.mockGroupId}/hello`;
  expect((await ask(other.url, { target })).status).toBe(200);
  const offline = { action: 'offline', api_id: gateway.helloId, env_id: release };
  await gatewayClient(one.url).ask('post', 'apis/action', offline);
  expect((await ask(other.url, { target })).status).toBe(404);
  expect((await kmsClient(other.url).post('list-keys', {}, { projectId: project.id })).status).toBe(200);
});
