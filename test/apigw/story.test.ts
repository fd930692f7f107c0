/** From nothing to a backend that believes what the gateway sends, and back: the whole way, by the vendor's API. */
import express from 'express';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { verifyGateway } from '../../src/verify-gateway/verify-gateway.ts';
import { gatewayClient, makerOf } from '../support/apigw.ts';
import { useBackend } from '../support/gateway-backend.ts';
import { ask } from '../support/gateway-client.ts';
import { verdictOf } from '../support/gateway-signature.ts';
import { send } from '../support/http.ts';
import { useSignet } from '../support/signet.ts';

type Schemas = components['schemas'];

const pair = { sign_key: 'storysignkey', sign_secret: 'storysecretstorysecret' };
const { url } = await useSignet();
const backend = await useBackend();
const client = gatewayClient(url);
const make = makerOf(client);

const api = {
  ...{ req_method: 'ANY', req_uri: '/shop', match_mode: 'SWA' },
  backend_api: {
    ...{ url_domain: backend.host, req_protocol: 'HTTP', req_method: 'ANY', req_uri: '/v1', timeout: 5000 },
  },
};

const lastForwarded = async (): Promise<Schemas['ForwardedRequest']> => {
  const { body } = await send(url, 'get', '/_signet/apigw/requests?limit=1');
  return (body as Schemas['ForwardedRequestList']).requests[0]!;
};

test('a key is created and bound, the backend can check what comes; it is unbound, and what comes is not signed', async () => {
  const groupId = await make.group();
  const apiId = await make.api({ ...api, group_id: groupId });
  const call = () =>
    ask(url, { method: 'POST', target: `/_apig/${groupId}/shop/orders?b=2&a=M%C3%BC`, body: '{"qty":3}' });

  expect(await call()).toMatchObject({ status: 404 });
  expect(backend.heard).toHaveLength(0);

  const { publish_id: publishId } = await make.publish(apiId);
  expect(await call()).toMatchObject({ status: 200, text: '{}' });
  expect(backend.last().rawHeaders.map((one) => one.toLowerCase())).not.toContain('authorization');
  expect((await lastForwarded()).explanation).toContain('no signature key is bound to this API');

  const keyId = await make.key(pair);
  const [binding] = await make.bind(keyId, publishId);
  expect(await call()).toMatchObject({ status: 200 });
  const signed = backend.last();
  expect(signed).toMatchObject({ method: 'POST', target: '/v1/orders?b=2&a=M%C3%BC', body: Buffer.from('{"qty":3}') });
  const { access, signature, expected, canonicalRequest } = verdictOf(signed, pair.sign_secret);
  expect([access, signature]).toEqual([pair.sign_key, expected]);
  expect(await lastForwarded()).toMatchObject({
    ...{ publish_id: publishId, key: { id: keyId, sign_type: 'hmac', sign_key: pair.sign_key } },
    signature: { canonical_request: canonicalRequest, signature },
  });

  await client.ask('put', `signs/${keyId}`, { name: 'renamed', ...pair, sign_secret: 'anothersecretanothersecret' });
  await call();
  const changed = verdictOf(backend.last(), 'anothersecretanothersecret');
  expect(changed.signature, 'the new secret counts at once').toBe(changed.expected);

  await make.takeOffline(apiId);
  expect(await call()).toMatchObject({ status: 404 });
  await make.publish(apiId);
  await call();
  expect(verdictOf(backend.last(), 'anothersecretanothersecret').access, 'the binding outlived it').toBe(pair.sign_key);

  await client.ask('delete', `sign-bindings/${binding!.id}`);
  expect(await call()).toMatchObject({ status: 200 });
  expect(backend.last().rawHeaders.map((one) => one.toLowerCase())).not.toContain('authorization');
});

describe('a backend with the middleware', async () => {
  const server = express()
    .use(verifyGateway({ keys: { [pair.sign_key]: pair.sign_secret } }), express.json())
    .use((req, res) => void res.json({ from: (req as { gatewayKey?: string }).gatewayKey, body: req.body as unknown }))
    .listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  const groupId = await make.group();
  const backend_api = { ...api.backend_api, url_domain: `127.0.0.1:${port}` };
  const { publish_id: publishId } = await make.publish(await make.api({ ...api, backend_api, group_id: groupId }));
  const target = `/_apig/${groupId}/shop/a?x=1`;
  const headers = ['Content-Type', 'application/json', 'Authorization', 'Bearer of-the-caller', 'X-Sdk-Date', '1'];
  const call = (...more: readonly string[]) =>
    ask(url, { method: 'POST', target, headers: [...headers, ...more], body: '{"qty":3}' });

  test('refuses what is not signed, and takes what is', async () => {
    expect(await call()).toMatchObject({ status: 401, text: 'Authorization not found.' });
    await make.bind(await make.key(pair), publishId);
    expect(await call()).toMatchObject({
      status: 200,
      text: JSON.stringify({ from: pair.sign_key, body: { qty: 3 } }),
    });
    const { host } = new URL(url);
    const byHost = await ask(url, { host: `${groupId}.apic.localhost:${host.split(':')[1]!}`, target: '/shop' });
    expect(byHost.status).toBe(200);
  });

  test.each([
    ['wrong-secret', 'Verify authroization failed.'],
    ['unknown-access', 'Signing key not found.'],
    ['tampered-body', 'Verify authroization failed.'],
    ['shifted-date', 'Signature expired.'],
    ['missing-header', 'Signed header x-sdk-date not found'],
  ])('refuses %s', async (defect, text) => {
    expect(await call('X-Signet-Defect', defect)).toMatchObject({ status: 401, text });
    expect(await lastForwarded()).toMatchObject({ defect, status: 401 });
  });

  test.each([
    ['a call that was signed', [], true, 'Signed with the key'],
    ['a call that was refused', ['X-Stage', 'NOWHERE'], false, 'APIG.0101'],
  ])('%s is explained', async (_name, more, accepted, words) => {
    const { headers: answered } = await call(...more);
    const { body } = await send(url, 'get', `/_signet/journal/${String(answered['x-request-id'])}/explanation`);
    expect(body).toMatchObject({ accepted, summary: expect.stringContaining(words) as string });
    expect((body as Schemas['Explanation']).checks.at(-1)).toMatchObject({
      ...{ check: 'gateway', verdict: accepted ? 'passed' : 'refused' },
      detail: expect.any(String) as string,
    });
  });

  /** What the backend received, as text, and the id of the call. */
  const received = async (...more: readonly string[]) => {
    await call(...more);
    const { request_id: id, sent, signature } = await lastForwarded();
    const lines = sent!.headers.map((header) => header.join(': '));
    const text = [`${sent!.method} ${sent!.target} HTTP/1.1`, ...lines, '', '{"qty":3}'].join('\n');
    return { id, text, canonical: signature!.canonical_request };
  };
  const verdict = async (body: object) => {
    const answer = await send(url, 'post', '/_signet/apigw/verify', { body });
    expect(answer.status, answer.text).toBe(200);
    return answer.body as Schemas['VerifyForBackendResponse'];
  };

  test('asks by the id of a call what is wrong with what it computed', async () => {
    const { id, canonical } = await received();
    const right = await verdict({ request_id: id, canonical_request: canonical });
    expect(right).toMatchObject({ accepted: true, computed_matches: true, signed: { request_id: id } });
    const wrong = await verdict({ request_id: id, canonical_request: canonical.replace('/a/', '/a') });
    expect(wrong).toMatchObject({ computed_matches: false, cause: { name: 'trailing-slash' } });
  });

  test.each([
    ['wrong-secret', 'Verify authroization failed.'],
    ['shifted-date', 'Signature expired.'],
  ])('is told that it was signed wrongly on purpose: %s', async (defect, refusal) => {
    const { id, text, canonical } = await received('X-Signet-Defect', defect);
    const answer = await verdict({ request: text, canonical_request: canonical });
    expect(answer).toMatchObject({ accepted: false, refusal, computed_matches: true, signed: { request_id: id } });
    expect(answer.summary).toContain(`X-Signet-Defect of the call ${id} asked for ${defect}.`);
  });

  test('is told that the body was changed on the way, where it read it rightly', async () => {
    const { text, canonical } = await received('X-Signet-Defect', 'tampered-body');
    const arrived = text.replace('{"qty":3}', '{"qty":3|');
    const { canonical_request: computed } = await verdict({ request: arrived });
    const answer = await verdict({ request: arrived, canonical_request: computed });
    expect(computed).not.toBe(canonical);
    expect(answer).toMatchObject({
      accepted: false,
      difference: { what: 'body hash', expected: canonical.split('\n').at(-1) },
    });
    expect(answer.summary).toContain('it was changed on the way');
    expect(answer.cause).toBeUndefined();
  });

  test('is told that it is the secret, where all else is as it was signed', async () => {
    const { text } = await received();
    const keys = [{ ...pair, sign_secret: 'the-secret-of-the-backend' }];
    const answer = await verdict({ request: text, keys });
    expect(answer).toMatchObject({ accepted: false, refusal: 'Verify authroization failed.' });
    expect(answer.summary).toContain('With the secret that this Signet has for the key it is right.');
    expect(JSON.stringify(answer)).not.toContain(pair.sign_secret);
  });

  test('is told so of a key that was given another secret since', async () => {
    const rotated = { sign_key: 'rotatedsignkey', sign_secret: 'secretbeforesecretbefore' };
    const keyId = await make.key(rotated);
    await make.bind(keyId, publishId);
    const { text } = await received();
    const change = { name: 'rotated_key', ...rotated, sign_secret: 'secretaftersecretafter' };
    await client.ask('put', `signs/${keyId}`, change);
    const answer = await verdict({ request: text });
    expect(answer).toMatchObject({ accepted: false, refusal: 'Verify authroization failed.' });
    expect(answer.summary).toContain('All that was signed is as it arrived, so it is the secret that differs.');
  });

  test('a call that was not made is not explained', async () => {
    const request = `GET ${target} HTTP/1.1\nHost: localhost\n\n`;
    const { body } = await send(url, 'post', '/_signet/explain', { body: { request } });
    expect(body).toMatchObject({
      summary: expect.stringContaining('what becomes of it is told when it is made') as string,
    });
  });

  test('is told what was signed, and where what it computed differs', async () => {
    await call();
    const { signature, sent } = await lastForwarded();
    const { canonical_request: canonical } = signature!;
    const lines = sent!.headers.map((header) => header.join(': '));
    const request = [`${sent!.method} ${sent!.target} HTTP/1.1`, ...lines, '', '{"qty":3}'].join('\n');
    const computed = canonical.replace('/v1/a/', '/v1/a');
    const { body } = await send(url, 'post', '/_signet/apigw/verify', {
      body: { request, canonical_request: computed },
    });
    expect(body).toMatchObject({
      accepted: true,
      signed: { canonical_request: canonical },
      difference: { line: 2, what: 'path', expected: '/v1/a/', received: '/v1/a' },
    });
  });
});
