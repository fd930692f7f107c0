// The vendor's IAM client: projects, tokens, and temporary keys made of a token.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BasicCredentials, GlobalCredentials, Region } from '@huaweicloud/huaweicloud-sdk-core';
// Its v3 by name: what the package exports as a whole does not load.
import { IamClient } from '@huaweicloud/huaweicloud-sdk-iam/v3/IamClient.js';
import { KmsClient } from './kms-client.js';
import * as signet from './signet.js';

const credentials = new GlobalCredentials().withAk(signet.ak).withSk(signet.sk).withDomainId(signet.domainId);
const client = IamClient.newBuilder().withCredential(credentials).withEndpoint(signet.url).build();

const issueToken = (password) =>
  client.keystoneCreateUserTokenByPassword({
    body: {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { domain: { name: signet.domainName }, name: signet.user, password } },
        },
        scope: { project: { name: signet.projectName } },
      },
    },
  });

describe('domain and projects', () => {
  const shown = ({ projects }) =>
    projects.map(({ id, name, domain_id, enabled }) => ({ id, name, domain_id, enabled }));
  const project = { id: signet.projectId, name: signet.projectName, domain_id: signet.domainId, enabled: true };

  test('a region, and no domain id: the SDK asks for the domain', async () => {
    const credentials = new GlobalCredentials().withAk(signet.ak).withSk(signet.sk).withIamEndpoint(signet.url);
    const client = IamClient.newBuilder()
      .withCredential(credentials)
      .withRegion(new Region(signet.region, signet.url))
      .build();
    assert.deepEqual(shown(await client.keystoneListAuthProjects({})), [project]);
    assert.deepEqual(
      signet.exchanges.slice(-2).map(({ line }) => line),
      ['GET /v3/auth/domains', 'GET /v3/auth/projects'],
    );
  });

  const names = {
    [signet.projectName]: [project],
    'no-such-project': [],
    // The SDK signs %2A and sends *.
    'no such project: *é/~': [],
  };
  for (const [name, projects] of Object.entries(names)) {
    test(`projects of the name ${name}`, async () => {
      assert.deepEqual(shown(await client.keystoneListProjects({ name })), projects);
    });
  }
});

describe('tokens', () => {
  test('one for a password, with the catalogue', async () => {
    const { httpStatusCode, token } = await issueToken(signet.password);
    assert.equal(httpStatusCode, 201);
    assert.equal(token.user.name, signet.user);
    assert.equal(token.project.id, signet.projectId);
    const endpoints = token.catalog.map(({ type, endpoints: [{ region, url }] }) => [type, region, url]);
    assert.deepEqual(endpoints.sort(), [
      ['apigv2', signet.region, `${signet.url}/v2/${signet.projectId}`],
      ['identity', signet.region, `${signet.url}/v3`],
      ['kms', signet.region, `${signet.url}/v1.0`],
      ['kmsv1', signet.region, `${signet.url}/v1.0/${signet.projectId}`],
      ['volumev2', signet.region, `${signet.url}/v2/${signet.projectId}`],
    ]);
  });

  test('temporary keys for one, and a request signed with them', async () => {
    const { 'X-Subject-Token': id } = await issueToken(signet.password);
    const { httpStatusCode, credential } = await client.createTemporaryAccessKeyByToken({
      body: { auth: { identity: { methods: ['token'], token: { id, duration_seconds: 900 } } } },
    });
    assert.equal(httpStatusCode, 201);

    const temporary = new BasicCredentials()
      .withAk(credential.access)
      .withSk(credential.secret)
      .withSecurityToken(credential.securitytoken)
      .withProjectId(signet.projectId);
    const kms = KmsClient.newBuilder().withCredential(temporary).withEndpoint(signet.url).build();
    const { key_info: key } = await kms.createKey({ key_alias: signet.newName() });
    assert.equal(key.domain_id, signet.domainId);
    await kms.deleteKey({ key_id: key.key_id, pending_days: '7' });
  });

  test('none for a wrong password', async () => {
    await assert.rejects(issueToken('a wrong password'), {
      name: 'ClientRequestException',
      httpStatusCode: 401,
      errorCode: 401,
      errorMsg: 'Unauthorized.',
    });
  });
});
