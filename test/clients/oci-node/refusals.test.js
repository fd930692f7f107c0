// What a program sees of a refusal: the SDK's own error object, after one request.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import common from 'oci-common';
import {
  admin,
  administrator,
  clientOf,
  exchanges,
  newPair,
  newUser,
  providerOf,
  senderOf,
  tenancyId,
  url,
} from './signet.js';

const other = newPair();
const generic = /^The required information to complete authentication was not provided or was incorrect\.$/;
const unknown = 'd0:93:98:e3:2f:34:f9:56:df:2a:03:3b:0d:e1:38:8e';
const upload = (userId, key) => admin.uploadApiKey({ userId, createApiKeyDetails: { key } });
const listAs = (caller) => clientOf(providerOf({ ...administrator, ...caller })).listApiKeys(administrator);

/** A user who is no administrator. */
async function plainUser(test) {
  const userId = await newUser(test);
  const { publicKey, privateKey } = newPair();
  const { apiKey } = await upload(userId, publicKey);
  return clientOf(providerOf({ userId, fingerprint: apiKey.fingerprint, privateKey }));
}

const refusals = {
  'a key of SSH': {
    act: (userId) => upload(userId, 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ signet'),
    ...{ status: 400, code: 'InvalidParameter', text: /SSH/ },
  },
  'a private key': {
    act: (userId) => upload(userId, other.privateKey),
    ...{ status: 400, code: 'InvalidParameter', text: /private/ },
  },
  'a body without fields, which the SDK sends as none': {
    act: (userId) => upload(userId, undefined),
    ...{ status: 400, code: 'MissingParameter', text: /key/ },
  },
  'a fourth key': {
    async act(userId) {
      for (let count = 0; count < 3; count++) await upload(userId, newPair().publicKey);
      exchanges.length = 0;
      await upload(userId, other.publicKey);
    },
    ...{ status: 400, code: 'LimitExceeded', text: /3 API keys/ },
  },
  'the same key again': {
    async act(userId) {
      await upload(userId, other.publicKey);
      exchanges.length = 0;
      await upload(userId, other.publicKey);
    },
    ...{ status: 409, code: 'Conflict', text: /already/ },
  },
  'an unknown key': {
    act: (userId) => admin.deleteApiKey({ userId, fingerprint: unknown }),
    ...{
      status: 404,
      code: 'NotAuthorizedOrNotFound',
      text: /^Authorization failed or requested resource not found\.$/,
    },
  },
  "another user's keys": {
    async act(userId, test) {
      const client = await plainUser(test);
      exchanges.length = 0;
      await client.listApiKeys({ userId });
    },
    ...{
      status: 404,
      code: 'NotAuthorizedOrNotFound',
      text: /^Authorization failed or requested resource not found\.$/,
    },
  },
  'an operation that Signet does not have': {
    act: (userId) => admin.getUser({ userId }),
    ...{ status: 404, code: 'NotFound', text: /operation/ },
  },
  'another etag': {
    async act(userId) {
      const { apiKey } = await upload(userId, other.publicKey);
      exchanges.length = 0;
      await admin.deleteApiKey({ userId, fingerprint: apiKey.fingerprint, ifMatch: 'another' });
    },
    ...{ status: 412, code: 'NoEtagMatch', text: /etag/ },
  },
  'the private key of another key': {
    act: () => listAs({ privateKey: other.privateKey }),
    ...{ status: 401, code: 'NotAuthenticated', text: /^Failed to verify the HTTP\(S\) Signature$/ },
  },
  'another fingerprint': {
    act: () => listAs({ fingerprint: unknown }),
    ...{ status: 401, code: 'NotAuthenticated', text: generic },
  },
  'another user': {
    act: (userId) => listAs({ userId }),
    ...{ status: 401, code: 'NotAuthenticated', text: generic },
  },
  'another tenancy': {
    act: () => listAs({ tenancy: tenancyId.replace(/a$/, 'b') }),
    ...{ status: 401, code: 'NotAuthenticated', text: generic },
  },
};

describe('the SDK shows', () => {
  for (const [name, { act, status, code, text }] of Object.entries(refusals)) {
    test(name, async (test) => {
      const userId = await newUser(test);
      exchanges.length = 0;
      const error = await act(userId, test).then(
        () => assert.fail('no refusal'),
        (reason) => reason,
      );
      assert.ok(error instanceof common.OciError, String(error));
      assert.deepEqual([error.statusCode, error.serviceCode], [status, code]);
      assert.match(error.message, text);
      // Not one of these is tried again.
      const [{ answeredId, requestId }, ...more] = exchanges;
      assert.deepEqual(more, []);
      assert.equal(error.opcRequestId, answeredId);
      assert.match(answeredId, new RegExp(`^${requestId}/[0-9A-F]{32}/[0-9A-F]{32}$`));
    });
  }
});

test('a date that is off is told with both times', async () => {
  const sent = new Date(Date.now() - 10 * 60_000).toUTCString();
  const response = await senderOf(administrator).send({
    ...{ method: 'GET', uri: `${url}/20160918/users/${administrator.userId}/apiKeys` },
    headers: new Headers({ 'x-date': sent }),
  });
  const { code, message } = await response.json();
  assert.deepEqual([response.status, code], [401, 'NotAuthenticated']);
  const instant = String.raw`'\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d UTC'`;
  const range = `valid datetime range: \\[${instant}, ${instant}\\]`;
  assert.match(
    message,
    new RegExp(
      `^Date '${sent.replace('GMT', 'UTC')}' is not within allowed clock skew\\. Current ${instant}, ${range}$`,
    ),
  );
});
