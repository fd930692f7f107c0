// What Oracle's own sample does with API keys: upload, poll, use, delete.
import assert from 'node:assert/strict';
import { createHash, createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import { admin, clientOf, exchangesOf, newPair, newUser, providerOf, tenancyId } from './signet.js';

const fingerprintOf = (pem) => {
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  return createHash('md5').update(der).digest('hex').match(/../g).join(':');
};

/** Lists until the key can be used. */
async function poll(client, userId, fingerprint) {
  for (let tries = 0; tries < 10; tries++) {
    const { items } = await client.listApiKeys({ userId });
    const found = items.find((key) => key.fingerprint === fingerprint && key.lifecycleState === 'ACTIVE');
    if (found) return found;
  }
  return assert.fail('the key did not become ACTIVE');
}

test('a key is uploaded, polled, used and deleted', async (test) => {
  const userId = await newUser(test);
  const { publicKey, privateKey } = newPair();
  const fingerprint = fingerprintOf(publicKey);

  let uploaded;
  const [exchange] = await exchangesOf(async () => {
    uploaded = await admin.uploadApiKey({ userId, createApiKeyDetails: { key: publicKey } });
  });
  const { timeCreated, ...rest } = uploaded.apiKey;
  assert.deepEqual(rest, {
    keyId: `${tenancyId}/${userId}/${fingerprint}`,
    keyValue: publicKey,
    fingerprint,
    userId,
    lifecycleState: 'ACTIVE',
    inactiveStatus: null,
  });
  // A Date by its type, and really what the answer says.
  assert.ok(Math.abs(Date.parse(timeCreated) - Date.now()) < 60_000, timeCreated);
  assert.ok(uploaded.etag);
  assert.equal(uploaded.opcRequestId, exchange.answeredId);
  assert.match(exchange.answeredId, new RegExp(`^${exchange.requestId}/[0-9A-F]{32}/[0-9A-F]{32}$`));

  assert.deepEqual(await poll(admin, userId, fingerprint), uploaded.apiKey);

  const user = clientOf(providerOf({ userId, fingerprint, privateKey }));
  const own = await user.listApiKeys({ userId });
  assert.deepEqual(own.items, [uploaded.apiKey]);

  await user.deleteApiKey({ userId, fingerprint, ifMatch: uploaded.etag });
  assert.deepEqual((await admin.listApiKeys({ userId })).items, []);
  await assert.rejects(user.listApiKeys({ userId }), { statusCode: 401, serviceCode: 'NotAuthenticated' });
});

test('an upload with the same retry token is the same upload', async (test) => {
  const userId = await newUser(test);
  const upload = (key) => admin.uploadApiKey({ userId, opcRetryToken: 'again', createApiKeyDetails: { key } });
  const { publicKey } = newPair();
  const first = await upload(publicKey);
  const second = await upload(publicKey);
  assert.deepEqual([second.apiKey, second.etag], [first.apiKey, first.etag]);
  assert.equal((await admin.listApiKeys({ userId })).items.length, 1);
  await assert.rejects(upload(newPair().publicKey), { statusCode: 409, serviceCode: 'InvalidatedRetryToken' });
});
