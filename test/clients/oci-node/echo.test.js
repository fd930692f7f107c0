// Any method and any path, signed by the SDK: the echo service says what it got.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { admin, administrator, clientOf, echoUrl, providerOf, senderOf, tenancyId } from './signet.js';

const sender = senderOf(administrator);
const whole = ['x-date', '(request-target)', 'host'];
const withBody = [...whole, 'content-type', 'content-length', 'x-content-sha256'];
const caller = {
  tenancy: { id: tenancyId, name: 'signet' },
  user: { id: administrator.userId, name: 'signet' },
  fingerprint: administrator.fingerprint,
};
const headerOf = ({ headers }, name) =>
  headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);

const bodies = {
  GET: undefined,
  DELETE: undefined,
  POST: '{"a":"é","b":[1, 2]}',
  PUT: '{"a" : 1}',
  PATCH: 'null',
};

describe('the SDK calls the echo service', () => {
  for (const [method, body] of Object.entries(bodies)) {
    test(method, async () => {
      const uri = `${echoUrl}/any/path%20of%2Fmine?a=b%20c&a=d&e`;
      const headers = new Headers({ 'x-mine': 'one, two' });
      const response = await sender.send({ method, uri, headers, body });
      const echo = await response.json();
      assert.equal(response.status, 200, JSON.stringify(echo));
      assert.match(response.headers.get('opc-request-id'), /^[0-9A-F]{32}(\/[0-9A-F]{32}){2}$/);
      const { pathname, search, host } = new URL(uri);
      assert.deepEqual(
        [echo.method, echo.target, echo.path, echo.query],
        [method, pathname + search, pathname, search.slice(1)],
      );
      assert.deepEqual([echo.body, echo.body_length], [body ?? '', Buffer.byteLength(body ?? '')]);
      assert.deepEqual([echo.signed_headers, echo.warnings], [body === undefined ? whole : withBody, []]);
      assert.deepEqual(echo.caller, caller);
      assert.deepEqual([headerOf(echo, 'host'), headerOf(echo, 'x-mine')], [[host], ['one, two']]);
      assert.deepEqual(headerOf(echo, 'content-type'), body === undefined ? [] : ['application/json']);
    });
  }

  test('HEAD', async () => {
    const response = await sender.send({ method: 'HEAD', uri: `${echoUrl}/a`, headers: new Headers() });
    assert.equal(response.status, 200);
  });

  test('POST without a body', async () => {
    const response = await sender.send({ method: 'POST', uri: `${echoUrl}/a`, headers: new Headers() });
    const echo = await response.json();
    assert.deepEqual([echo.body, echo.signed_headers], ['', withBody]);
    assert.deepEqual(headerOf(echo, 'content-length'), ['0']);
  });

  test('POST with a charset', async () => {
    const type = 'application/json; charset=utf-8';
    const headers = new Headers({ 'content-type': type });
    const response = await sender.send({ method: 'POST', uri: `${echoUrl}/a`, headers, body: '{}' });
    assert.deepEqual(headerOf(await response.json(), 'content-type'), [type]);
  });
});

describe('the client of a service calls the echo service', () => {
  const client = clientOf(providerOf(administrator));
  client.endpoint = echoUrl;
  const { userId } = administrator;

  const calls = {
    GET: { call: () => client.getUser({ userId }), target: `/users/${userId}`, body: '' },
    POST: {
      call: () => client.createUser({ createUserDetails: { compartmentId: tenancyId, name: 'n', description: 'é' } }),
      ...{ target: '/users', body: JSON.stringify({ compartmentId: tenancyId, name: 'n', description: 'é' }) },
    },
    PUT: {
      call: () => client.updateUser({ userId, updateUserDetails: { description: 'é' } }),
      ...{ target: `/users/${userId}`, body: '{"description":"é"}' },
    },
  };
  for (const [method, { call, target, body }] of Object.entries(calls)) {
    test(method, async () => {
      // The model of the SDK keeps the fields that it does not know.
      const { user } = await call();
      assert.deepEqual([user.method, user.target, user.body], [method, `/oci/20160918${target}`, body]);
    });
  }

  test('DELETE', async () => {
    const { opcRequestId } = await client.deleteUser({ userId });
    assert.ok(opcRequestId);
  });
});

test('an endpoint with a slash at its end works, too', async () => {
  const client = clientOf(providerOf(administrator));
  client.endpoint = `${new URL(echoUrl).origin}/`;
  const { userId } = administrator;
  assert.deepEqual((await client.listApiKeys({ userId })).items, (await admin.listApiKeys({ userId })).items);
});
