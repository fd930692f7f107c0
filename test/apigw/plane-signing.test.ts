import { describe, expect, test } from 'vitest';
import { useBackend, valueOf, valuesOf } from '../support/gateway-backend.ts';
import { ask } from '../support/gateway-client.ts';
import { aesKey, basicKey, hmacKey, prefix, publish, testEnvironment, useGateway } from '../support/gateway-plane.ts';
import type { Api } from '../support/gateway-plane.ts';
import { verdictOf } from '../support/gateway-signature.ts';

const backend = await useBackend();
const gateway = await useGateway();
const { url } = gateway;
const body = '{"a":1}';

const api = (key: Api['key'], environment?: Api['environment']): Api => ({
  definition: { backend_api: { url_domain: backend.host } },
  key,
  ...(environment && { environment }),
});
const post = (headers: readonly string[] = []) => ask(url, { target: prefix, method: 'POST', headers, body });
const defect = (name: string) => ['X-Signet-Defect', name];

const boundHmac =
  'Signed with the key hmac_key, which is bound to this API in the environment RELEASE: it is of the type hmac, and signed are the body and the headers host, x-sdk-date.';
const boundBasic =
  'Signed with the key basic_key, which is bound to this API in the environment RELEASE: it is of the type basic, and it has the key for a user name and the secret for a password.';

describe('hmac', () => {
  test('is what the backend computes, at Signet’s time', async () => {
    gateway.publish(api(hmacKey));
    expect((await post()).status).toBe(200);
    const heard = backend.last();
    expect(valueOf(heard.rawHeaders, 'x-sdk-date')).toBe('20260115T103000Z');
    expect(verdictOf(heard, hmacKey.secret)).toMatchObject({ access: hmacKey.key, signedHeaders: 'host;x-sdk-date' });
    expect(gateway.records.at(-1)).toMatchObject({
      explanation: boundHmac,
      key: { name: 'hmac_key', type: 'hmac', access: hmacKey.key },
      status: 200,
      sent: { bodyLength: body.length },
    });
    expect(gateway.records.at(-1)).not.toHaveProperty('defect');
  });

  const defects: readonly (readonly [
    string,
    (verdict: ReturnType<typeof verdictOf>, heard: ReturnType<typeof backend.last>) => unknown,
    unknown,
  ])[] = [
    ['wrong-secret', ({ signature }, heard) => signature === verdictOf(heard, `${hmacKey.secret}x`).expected, true],
    ['unknown-access', ({ access }) => access, 'unknownaccess'],
    [
      'tampered-body',
      (_verdict, heard) => [heard.body.toString(), valueOf(heard.rawHeaders, 'content-length')],
      ['{"a":1|', '7'],
    ],
    ['shifted-date', (_verdict, heard) => valueOf(heard.rawHeaders, 'x-sdk-date'), '20260115T101400Z'],
    ['missing-header', (_verdict, heard) => valueOf(heard.rawHeaders, 'x-sdk-date'), undefined],
  ];
  test.each(defects)('is wrong on purpose: %s', async (name, seen, expected) => {
    gateway.publish(api(hmacKey));
    expect((await post(defect(name))).status).toBe(200);
    const heard = backend.last();
    const verdict = verdictOf(heard, hmacKey.secret);
    expect(seen(verdict, heard)).toEqual(expected);
    // A verifier that looks at the time, or knows the key, refuses the others.
    expect(verdict.signature === verdict.expected).toBe(name === 'shifted-date' || name === 'unknown-access');
    expect(valueOf(heard.rawHeaders, 'x-signet-defect')).toBeUndefined();
    expect(gateway.records.at(-1)).toMatchObject({
      defect: name,
      explanation: `${boundHmac} It is wrong on purpose: ${name}.`,
    });
  });

  test('a tampered body where there was none', async () => {
    gateway.publish(api(hmacKey));
    await ask(url, { target: prefix, headers: defect('tampered-body') });
    const heard = backend.last();
    expect([heard.body.toString(), valueOf(heard.rawHeaders, 'content-length')]).toEqual(['x', '1']);
  });
});

describe('basic', () => {
  const rows: readonly (readonly [string | undefined, string | undefined, string])[] = [
    [undefined, 'Basic dXNlcjE6UGFzc3cwcmQh', boundBasic],
    [
      'wrong-secret',
      `Basic ${Buffer.from('user1:Passw0rd!x').toString('base64')}`,
      `${boundBasic} It is wrong on purpose: wrong-secret.`,
    ],
    [
      'unknown-access',
      `Basic ${Buffer.from('unknownaccess:Passw0rd!').toString('base64')}`,
      `${boundBasic} It is wrong on purpose: unknown-access.`,
    ],
    ['missing-header', undefined, `${boundBasic} It is wrong on purpose: missing-header.`],
    [
      'tampered-body',
      'Basic dXNlcjE6UGFzc3cwcmQh',
      `${boundBasic} The defect tampered-body changes nothing with a key of this type.`,
    ],
    [
      'shifted-date',
      'Basic dXNlcjE6UGFzc3cwcmQh',
      `${boundBasic} The defect shifted-date changes nothing with a key of this type.`,
    ],
  ];
  test.each(rows)('with the defect %s: %s', async (name, expected, explanation) => {
    gateway.publish(api(basicKey));
    await post([...(name === undefined ? [] : defect(name)), 'Authorization', 'Bearer of-the-caller']);
    const heard = backend.last();
    expect(valuesOf(heard.rawHeaders, 'authorization')).toEqual(expected === undefined ? [] : [expected]);
    expect(valueOf(heard.rawHeaders, 'x-sdk-date')).toBeUndefined();
    expect(heard.body.toString()).toBe(body);
    const record = gateway.records.at(-1)!;
    expect(record).toMatchObject({ explanation, key: { type: 'basic', access: 'user1' } });
    expect(record).not.toHaveProperty('signature');
    // Streamed.
    expect(record.sent).not.toHaveProperty('body');
    expect('defect' in record).toBe(explanation.includes('on purpose'));
  });
});

describe('no signature', () => {
  const nowhere = 'None is bound to it in another environment where it is published, either.';
  const unsigned = 'Not signed: no signature key is bound to this API in the environment RELEASE.';

  test('where no key is bound: nor does what the caller says of itself stand in its place', async () => {
    gateway.publish(api(undefined));
    await post(['Authorization', 'Bearer of-the-caller']);
    const heard = backend.last();
    expect(valuesOf(heard.rawHeaders, 'authorization')).toEqual([]);
    expect(valueOf(heard.rawHeaders, 'x-sdk-date')).toBeUndefined();
    const record = gateway.records.at(-1)!;
    expect(record.explanation).toBe(`${unsigned} ${nowhere}`);
    expect(record).not.toHaveProperty('key');
    expect(record).not.toHaveProperty('signature');
  });

  test('where one is bound in another environment', async () => {
    const released = publish(api(undefined));
    const tested = publish(api(hmacKey, testEnvironment));
    const { apiId } = released.publication;
    gateway.publish(released, { ...tested, publication: { ...tested.publication, apiId } });
    await post(defect('wrong-secret'));
    backend.last();
    const record = gateway.records.at(-1)!;
    expect(record.explanation).toBe(
      `${unsigned} One is bound to it in TEST (hmac_key). So the defect wrong-secret changes nothing.`,
    );
    expect(record).not.toHaveProperty('defect');
    await post(['X-Stage', 'TEST']);
    expect(verdictOf(backend.last(), hmacKey.secret).access).toBe(hmacKey.key);
  });

  test('of a mock, whatever is bound', async () => {
    gateway.publish({ definition: { backend_type: 'MOCK', mock_info: {} }, key: hmacKey });
    await post();
    expect(gateway.records.at(-1)!.explanation).toBe(
      'Nothing was sent and nothing signed: the backend of this API is a mock. The key hmac_key, which is bound to it in the environment RELEASE, has nothing to do.',
    );
  });
});

test('aes: refused, for nobody knows what it would look like', async () => {
  gateway.publish(api(aesKey));
  const given = await post();
  expect([given.status, JSON.parse(given.text)]).toEqual([
    500,
    {
      error_code: 'APIG.0705',
      error_msg: 'Backend signature calculation failed.',
      request_id: given.headers['x-request-id'],
    },
  ]);
  const record = gateway.records.at(-1)!;
  expect(record.explanation).toBe(
    'Not sent: the key aes_key, which is bound to this API, is of the type aes. What the gateway encrypts with such a key, and where it puts that, is not public.',
  );
  expect(record).toMatchObject({ key: { type: 'aes' }, refusal: { code: 'APIG.0705' } });
  expect(record).not.toHaveProperty('sent');
});

test.each([hmacKey, basicKey, undefined])('a defect that there is not is refused', async (key) => {
  gateway.publish(api(key));
  const given = await post(defect('upside-down'));
  expect([given.status, JSON.parse(given.text)]).toMatchObject([
    400,
    {
      error_code: 'APIG.0201',
      error_msg:
        'API request error. X-Signet-Defect may be wrong-secret, unknown-access, tampered-body, shifted-date, missing-header.',
    },
  ]);
});

describe('settings', () => {
  test('the headers that are signed: those that are there once, in order, with the date in any case', async () => {
    const other = await useGateway({
      signedHeaders: ['X-B', 'x-a', 'x-absent', 'X-TWICE', 'Authorization', 'content-type'],
    });
    other.publish(api(hmacKey));
    const headers = [
      'X-B',
      ' b  b ',
      'x-a',
      'Gr\u00fc\u00dfe',
      'X-Twice',
      '1',
      'x-twice',
      '2',
      'Content-Type',
      'text/plain',
    ];
    expect((await ask(other.url, { target: prefix, method: 'POST', headers, body })).status).toBe(200);
    const { signedHeaders, signature, expected } = verdictOf(backend.last(), hmacKey.secret);
    expect([signedHeaders, signature]).toEqual(['content-type;x-a;x-b;x-sdk-date', expected]);
    expect(other.records.at(-1)!.signature!.signedHeaders).toBe('content-type;x-a;x-b;x-sdk-date');
  });

  test('another header for the signature: the caller’s Authorization goes on', async () => {
    const other = await useGateway({ signatureHeader: 'X-Gateway-Auth' });
    const headers = ['Authorization', 'Bearer of-the-caller', 'x-gateway-auth', 'of the caller'];
    other.publish(api(hmacKey));
    await ask(other.url, { target: prefix, method: 'POST', headers, body });
    const heard = backend.last();
    const { access, signature, expected } = verdictOf(heard, hmacKey.secret, 'x-gateway-auth');
    expect([access, signature]).toEqual([hmacKey.key, expected]);
    expect(valuesOf(heard.rawHeaders, 'authorization')).toEqual(['Bearer of-the-caller']);
    expect(valuesOf(heard.rawHeaders, 'x-gateway-auth')).toHaveLength(1);
    other.publish(api(basicKey));
    await ask(other.url, { target: prefix, method: 'POST', headers, body });
    expect(valuesOf(backend.last().rawHeaders, 'x-gateway-auth')).toEqual(['Basic dXNlcjE6UGFzc3cwcmQh']);
  });
});

test('the journal is told why it was signed, and of the body where it was read', async () => {
  gateway.publish(api(hmacKey));
  const given = await post();
  backend.last();
  expect(gateway.observations.at(-1)).toMatchObject({
    ...{ operation: undefined, checks: ['http', 'gateway'], outcome: 'answered', status: 200, bodyLength: body.length },
    ...{ complaints: [boundHmac], path: { project_id: gateway.records.at(-1)!.projectId }, target: prefix },
    ...{ requestId: given.headers['x-request-id'], refusal: undefined },
  });
  expect(gateway.observations.at(-1)!.answerHeaders).toMatchObject({ server: 'api-gateway' });
});
