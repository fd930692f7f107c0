// What a program sees of a refusal: the SDK's own error object.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import { ClientRequestException } from '@huaweicloud/huaweicloud-sdk-core/exception/ClientRequestException.js';
import { KmsClient } from './kms-client.js';
import * as signet from './signet.js';

const clientWith = (ak, sk) => {
  const credentials = new BasicCredentials().withAk(ak).withSk(sk).withProjectId(signet.projectId);
  return KmsClient.newBuilder().withCredential(credentials).withEndpoint(signet.url).build();
};

const unknownKey = { key_id: '00000000-0000-4000-8000-000000000000' };
const rightKeys = [signet.ak, signet.sk];
const describeKey = `/v1.0/${signet.projectId}/kms/describe-key/`;

const refusals = [
  {
    name: 'an unknown key (KMS.0207)',
    keys: rightKeys,
    body: unknownKey,
    status: 404,
    // The SDK looks for {"error":{"code","message"}} and {"error_code","error_msg"}. The KMS, the real one too, says
    // {"error":{"error_code","error_msg"}}, so that neither its code nor its text gets through.
    code: undefined,
    text: /^Request failed with status code 404$/,
  },
  {
    name: 'a malformed key id (KMS.0205)',
    keys: rightKeys,
    body: { key_id: 'not-a-key-id' },
    status: 400,
    code: undefined,
    text: /^Request failed with status code 400$/,
  },
  {
    name: 'a wrong secret key',
    keys: [signet.ak, 'a wrong secret key'],
    body: unknownKey,
    status: 401,
    code: 'APIGW.0301',
    text: new RegExp(
      `^Incorrect IAM authentication information: verify aksk signature fail, canonicalRequest:POST\\|${describeKey}\\|\\|`,
    ),
  },
  {
    name: 'an unknown access key',
    keys: ['UNKNOWNACCESSKEY', 'any'],
    body: unknownKey,
    status: 401,
    code: 'APIGW.0301',
    text: /^Incorrect IAM authentication information: ak UNKNOWNACCESSKEY not exist$/,
  },
];

for (const { name, keys, body, status, code, text } of refusals) {
  test(name, async () => {
    const error = await clientWith(...keys)
      .listKeyDetail(body)
      .then(
        () => assert.fail('no refusal'),
        (reason) => reason,
      );
    assert.ok(error instanceof ClientRequestException, String(error));
    assert.equal(error.httpStatusCode, status);
    assert.equal(error.errorCode, code);
    assert.match(error.errorMsg, text);
    assert.match(error.requestId, /^[0-9a-f]{32}$/);
    assert.equal(error.requestId, signet.exchanges.at(-1).requestId);
  });
}
