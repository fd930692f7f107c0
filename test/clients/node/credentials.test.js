// How the SDK is pointed at Signet, and the keys that it signs requests with.
import assert from 'node:assert/strict';
import process from 'node:process';
import { describe, test } from 'node:test';
import { BasicCredentials, Region } from '@huaweicloud/huaweicloud-sdk-core';
import { KmsClient } from './kms-client.js';
import * as signet from './signet.js';

// The SDK remembers the project of each access key and region: a row has its access key for itself.
describe('a region, and no project id: the SDK asks for the project', () => {
  const clients = {
    'permanent keys'() {
      const credentials = new BasicCredentials().withAk(signet.ak).withSk(signet.sk).withIamEndpoint(signet.url);
      return KmsClient.newBuilder()
        .withCredential(credentials)
        .withRegion(new Region(signet.region, signet.url))
        .build();
    },
    'temporary keys, from the environment'() {
      process.env.HUAWEICLOUD_SDK_AK = signet.temporary.ak;
      process.env.HUAWEICLOUD_SDK_SK = signet.temporary.sk;
      process.env.HUAWEICLOUD_SDK_SECURITY_TOKEN = signet.temporary.securityToken;
      process.env.HUAWEICLOUD_SDK_IAM_ENDPOINT = signet.url;
      return KmsClient.newBuilder().withRegion(new Region(signet.region, signet.url)).build();
    },
  };

  for (const [name, build] of Object.entries(clients)) {
    test(name, async () => {
      const lines = await exchangesOf(() => creates(build()));
      assert.deepEqual(lines.slice(0, 2), [
        `GET /v3/projects?name=${signet.region} SDK-HMAC-SHA256`,
        `POST /v1.0/${signet.projectId}/kms/create-key SDK-HMAC-SHA256`,
      ]);
    });
  }
});

describe('an endpoint and a project id', () => {
  const clients = {
    'permanent keys': {
      scheme: 'SDK-HMAC-SHA256',
      build() {
        const credentials = new BasicCredentials().withAk(signet.ak).withSk(signet.sk).withProjectId(signet.projectId);
        return KmsClient.newBuilder().withCredential(credentials).withEndpoint(signet.url).build();
      },
    },
    'temporary keys': {
      scheme: 'SDK-HMAC-SHA256',
      build() {
        const credentials = new BasicCredentials()
          .withAk(signet.temporary.ak)
          .withSk(signet.temporary.sk)
          .withSecurityToken(signet.temporary.securityToken)
          .withProjectId(signet.projectId);
        return KmsClient.newBuilder().withCredential(credentials).withEndpoint(signet.url).build();
      },
    },
    'a key derived for region and service': {
      scheme: 'V11-HMAC-SHA256',
      build() {
        const credentials = new BasicCredentials()
          .withAk(signet.ak)
          .withSk(signet.sk)
          .withProjectId(signet.projectId)
          .withDerivedPredicate((request) => BasicCredentials.getDefaultDerivedPredicate(request));
        return KmsClient.newBuilder()
          .withCredential(credentials)
          .withRegion(new Region(signet.region, signet.url))
          .withDerivedAuthServiceName('kms')
          .build();
      },
    },
  };

  for (const [name, { scheme, build }] of Object.entries(clients)) {
    test(name, async () => {
      const lines = await exchangesOf(() => creates(build()));
      assert.equal(lines[0], `POST /v1.0/${signet.projectId}/kms/create-key ${scheme}`);
    });
  }
});

async function creates(client) {
  const { httpStatusCode, key_info: key } = await client.createKey({ key_alias: signet.newName() });
  await client.deleteKey({ key_id: key.key_id, pending_days: '7' });
  assert.equal(httpStatusCode, 200);
  assert.equal(key.domain_id, signet.domainId);
}

async function exchangesOf(action) {
  const before = signet.exchanges.length;
  await action();
  return signet.exchanges.slice(before).map(({ line, authorization }) => `${line} ${authorization.split(' ')[0]}`);
}
