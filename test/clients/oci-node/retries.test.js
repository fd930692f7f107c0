// What the SDK tries again, and what of a request stays the same then.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import common from 'oci-common';
import { administrator, clientOf, exchangesOf, newPair, newUser, providerOf, workbench } from './signet.js';

const client = clientOf(providerOf(administrator), {
  retryConfiguration: {
    terminationStrategy: new common.MaxAttemptsTerminationStrategy(3),
    delayStrategy: new common.FixedTimeDelayStrategy(0),
  },
});

const rows = [
  { status: 503, code: 'ServiceUnavailable', isTriedAgain: true },
  { status: 500, code: 'InternalServerError', isTriedAgain: true },
  { status: 429, code: 'TooManyRequests', isTriedAgain: true },
  { status: 409, code: 'IncorrectState', isTriedAgain: true },
  { status: 409, code: 'Conflict', isTriedAgain: false },
  { status: 404, code: 'NotAuthorizedOrNotFound', isTriedAgain: false },
  { status: 401, code: 'NotAuthenticated', isTriedAgain: false },
  { status: 400, code: 'InvalidParameter', isTriedAgain: false },
];

describe('two refusals, and then an answer', () => {
  for (const { status, code, isTriedAgain } of rows) {
    test(`${status} ${code} is ${isTriedAgain ? '' : 'not '}tried again`, async (test) => {
      const userId = await newUser(test);
      const { id } = await workbench('POST', '/faults', { operation: 'oci.listApiKeys', error: code, times: 2 });
      test.after(() => workbench('DELETE', `/faults/${id}`));
      let outcome;
      const exchanges = await exchangesOf(async () => {
        outcome = await client.listApiKeys({ userId }).then(
          ({ items }) => items,
          ({ statusCode, serviceCode }) => [statusCode, serviceCode],
        );
      });
      assert.deepEqual(outcome, isTriedAgain ? [] : [status, code]);
      assert.deepEqual(
        exchanges.map((exchange) => exchange.status),
        isTriedAgain ? [status, status, 200] : [status],
      );
      assert.equal(new Set(exchanges.map(({ requestId }) => requestId)).size, 1);
      assert.equal(new Set(exchanges.map(({ answeredId }) => answeredId)).size, exchanges.length);
    });
  }
});

test('an upload whose answer is lost is tried again with its token, and is one upload', async (test) => {
  const userId = await newUser(test);
  const fault = { operation: 'oci.uploadApiKey', phase: 'after', error: 'ServiceUnavailable', times: 1 };
  const { id } = await workbench('POST', '/faults', fault);
  test.after(() => workbench('DELETE', `/faults/${id}`));
  let uploaded;
  const exchanges = await exchangesOf(async () => {
    uploaded = await client.uploadApiKey({ userId, createApiKeyDetails: { key: newPair().publicKey } });
  });
  assert.deepEqual(
    exchanges.map(({ status }) => status),
    [503, 200],
  );
  assert.deepEqual((await client.listApiKeys({ userId })).items, [uploaded.apiKey]);
});
