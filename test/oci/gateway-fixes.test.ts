import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { converse, readAnswer } from '../http/socket.ts';
import { second } from '../support/clock.ts';
import { ask } from '../support/gateway-client.ts';
import { send } from '../support/http.ts';
import { at, useOciGateway } from '../support/oci-gateway.ts';
import { expectOciRefusal } from '../support/oci-refusals.ts';
import type { OciAsking, OciSigner } from '../support/oci-signer.ts';

const gateway = await useOciGateway();
const { url, oci, signers, clock } = gateway;
const { bob, cyd } = signers;

const backEnd = 'https://inference.test/${request.path[rest]}';
const through = '/_oci/v1/20231130/actions/chat?a=%2F&b';
const final = { target: '/20231130/actions/chat?a=%2F&b', host: 'inference.test' } as const;
const post = { method: 'POST', body: '{"message":"hello"}' } as const;

const keyIdOf = ({ tenancyId, userId, fingerprint }: OciSigner): string => `${tenancyId}/${userId}/${fingerprint}`;
const pemOf = ({ privateKey }: OciSigner): string => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const signing = (signer: OciSigner, more: object = {}) => ({
  type: 'ORACLE_FUNCTIONS_BACKEND',
  functionId: 'ocid1.fnfunc.oc1..aaaaaaaa',
  signer: { url: backEnd, keyId: keyIdOf(signer), privateKeyPem: pemOf(signer), ...more },
});

describe('a client that signs the request that the back end will receive', () => {
  const rows: readonly (readonly [string, Partial<OciAsking>])[] = [
    ['GET', {}],
    ['DELETE', { method: 'DELETE' }],
    ['POST', post],
    ['an empty PUT', { method: 'PUT', body: '' }],
  ];
  test.each(rows)('gets through: %s', async (_what, asking) => {
    await gateway.deploy('/v1', { path: '/{rest*}', backend: at(backEnd) });
    const direct = await oci.send(bob, { target: through, ...asking });
    expectOciRefusal(direct, 401, 'NotAuthenticated', /^Failed to verify/);
    const answer = await oci.send(bob, { target: through, ...asking, signedAs: final });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json).toMatchObject({ target: final.target, caller: { user: { name: 'bob' } }, warnings: [] });
    expect(await gateway.last()).toMatchObject({
      status: 200,
      received: { url: `https://inference.test${final.target}` },
    });
  });

  test('does not where the gateway changes something else', async () => {
    const items = [{ name: 'api-version', values: ['1'] }];
    const requestPolicies = { queryParameterTransformations: { setQueryParameters: { items } } };
    await gateway.deploy('/v1', { path: '/{rest*}', backend: at(backEnd), requestPolicies });
    const answer = await oci.send(bob, { target: through, signedAs: final });
    expectOciRefusal(answer, 401, 'NotAuthenticated', /^Failed to verify/);
    const { diagnosis } = await gateway.last();
    expect(diagnosis).toMatchObject({ proved: true });
    expect(diagnosis?.signed).toContain(`get ${final.target}\n`);
  });
});

describe('a function that signs the request that it sends', () => {
  const rows: readonly (readonly [string, Partial<OciAsking>])[] = [
    ['no signature', { authorization: null }],
    ['a signature for the gateway', {}],
    ['a wrong signature', { signedAs: { host: 'x' } }],
    ['an old signature', { at: clock.now() - 1000 * second }],
    ['another scheme', { authorization: 'Bearer x' }],
    ['a body, and no signature', { ...post, authorization: null }],
    ['a body with another digest', { ...post, headers: [['x-content-sha256', 'AAAA']] }],
    ['DELETE', { method: 'DELETE', authorization: null }],
    ['an empty PUT', { method: 'PUT', body: '', authorization: null }],
  ];
  test.each(rows)('gets through, whatever the client sends: %s', async (_what, asking) => {
    await gateway.deploy('/v1', { path: '/{rest*}', backend: signing(cyd) });
    const answer = await oci.send(bob, { target: through, ...asking });
    expect(answer.status, answer.text).toBe(200);
    const { method = 'GET', body = '' } = asking;
    expect(answer.json).toMatchObject({
      ...{ method, target: final.target, body, warnings: [] },
      caller: { user: { id: cyd.userId }, fingerprint: cyd.fingerprint },
    });
    const record = await gateway.last();
    expect(record).toMatchObject({ status: 200, backend: 'ORACLE_FUNCTIONS_BACKEND', signed_by: keyIdOf(cyd) });
    const entry = await gateway.entryOf(answer);
    expect(entry.caller).toMatchObject({ user: 'cyd', fingerprint: cyd.fingerprint });
  });

  test('sends nothing of what the client signed with, and nothing of the gateway’s', async () => {
    await gateway.deploy('/v1', { path: '/{rest*}', backend: signing(cyd) });
    const headers = [
      ['X-Other', 'stays'],
      ['Date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
    ] as const;
    const { json } = await oci.send(bob, { target: through, ...post, headers });
    expect((json as { headers: unknown }).headers).toEqual([
      ['Host', 'inference.test'],
      ['Content-Type', 'application/json'],
      ['X-Other', 'stays'],
      ['Content-Length', String(post.body.length)],
      ['date', new Date(clock.now()).toUTCString()],
      ['x-content-sha256', 'my1Dr/v0mjZwKN8uFBT4TA4JmsmMPVSoqAFX/XdxryU='],
      ['authorization', expect.stringContaining(`keyId="${keyIdOf(cyd)}"`)],
    ]);
  });

  test('knows how long a body is that came in chunks', async () => {
    await gateway.deploy('/v1', { path: '/{rest*}', backend: signing(cyd) });
    const head = `POST ${through} HTTP/1.1\r\nHost: ${gateway.host}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const { status, body } = readAnswer(await converse(url, `${head}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`));
    expect([status, body]).toMatchObject([200, { body: 'abcde' }]);
    const { headers } = body as { headers: [string, string][] };
    expect(headers).toContainEqual(['Content-Length', '5']);
    expect(headers.map(([name]) => name.toLowerCase())).not.toContain('transfer-encoding');
  });

  test('calls the host of its URL, whatever the route does with Host', async () => {
    const items = [{ name: 'Host', values: ['other.test'] }];
    const requestPolicies = { headerTransformations: { setHeaders: { items } } };
    await gateway.deploy('/v1', { path: '/{rest*}', backend: signing(cyd), requestPolicies });
    const { json } = await oci.send(bob, { target: through });
    const { headers } = json as { headers: [string, string][] };
    expect(headers.filter(([name]) => name.toLowerCase() === 'host')).toEqual([['Host', 'inference.test']]);
  });

  test('goes the way of Signet’s clock', async () => {
    await gateway.deploy('/v1', { path: '/{rest*}', backend: signing(cyd) });
    clock.advance(3600 * second);
    expect((await ask(url, { target: through })).status).toBe(200);
  });

  test('does not with a key that is nobody’s any more, and the gateway passes on what the service says', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { text } = await gateway.create('/wrong', {
      routes: [{ path: '/{rest*}', backend: signing({ ...cyd, privateKey }) }],
    });
    expect(text).toContain('routes[0].backend.signer.keyId: is of another key');
    await gateway.deploy('/v1', { path: '/{rest*}', backend: signing(signers.fay) });
    await send(url, 'delete', `/_signet/oci/users/${signers.fay.userId}`);
    const answer = await oci.send(bob, { target: through });
    expectOciRefusal(answer, 401, 'NotAuthenticated');
    const { explanation, checklist = [], signed_by: signedBy } = await gateway.last();
    expect(explanation).toContain(`There is no user "${signers.fay.userId}"`);
    expect(signedBy).toBe(keyIdOf(signers.fay));
    const notOk = checklist.filter(({ answer: one }) => one !== 'ok');
    expect(notOk.map(({ question }) => question)).toEqual(['Which opc-request-id has it?']);
  });

  const forms = [
    ['PKCS#1', { type: 'pkcs1' }, {}],
    [
      'PKCS#8 with a passphrase',
      { type: 'pkcs8', cipher: 'aes-128-cbc', passphrase: 'open sesame' },
      { passphrase: 'open sesame' },
    ],
    [
      'PKCS#1 with a passphrase',
      { type: 'pkcs1', cipher: 'aes-128-cbc', passphrase: 'open sesame' },
      { passphrase: 'open sesame' },
    ],
  ] as const;
  test.each(forms)('takes its key as %s, and nobody is ever shown it', async (_form, type, more) => {
    const privateKeyPem = `${cyd.privateKey.export({ format: 'pem', ...type }).toString()}OCI_API_KEY\n`;
    await gateway.deploy('/v1', { path: '/{rest*}', backend: signing(cyd, { privateKeyPem, ...more }) });
    expect((await ask(url, { target: through })).status).toBe(200);
    const list = await send(url, 'get', '/_signet/oci/deployments');
    const { deployments } = list.body as { deployments: { id: string; path_prefix: string }[] };
    const { id } = deployments.find(({ path_prefix: prefix }) => prefix === '/v1')!;
    const shown = await send(url, 'get', `/_signet/oci/deployments/${id}`);
    const requests = await send(url, 'get', '/_signet/oci/requests');
    for (const { status, text } of [list, shown, requests]) {
      expect(status).toBe(200);
      expect(text).not.toMatch(/PRIVATE KEY|open sesame/);
    }
    expect(shown.body).toMatchObject({
      specification: { routes: [{ backend: { signer: { privateKeyPem: '***' } } }] },
    });
  });
});
