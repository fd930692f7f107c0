/** The nine operations on signature keys and their bindings, in each of the three generations of their URLs. */
import { describe, expect, test } from 'vitest';
import { gatewayClient, gatewayOf, generations, makerOf, newName, release, type Generation } from '../support/apigw.ts';
import { expectApigRefusal } from '../support/apig-refusals.ts';
import { makeClock, second } from '../support/clock.ts';
import type { Answer } from '../support/http.ts';
import { useSignet } from '../support/signet.ts';

const clock = makeClock();
const signet = await useSignet({ now: clock.now });
const { url } = signet;
/** What was just written, and what is read back of it. */
const [written, stored] = ['2026-01-15T10:30:00.123Z', '2026-01-15T10:30:00Z'];

const isV2 = (generation: Generation): boolean => generation === 'v2';
/** What only keys of V2 have. */
const hmac = (generation: Generation): object => (isV2(generation) ? { sign_type: 'hmac' } : {});
const hex = expect.stringMatching(/^[0-9a-f]{32}$/) as string;

const pair = { sign_key: 'signkeysignkey', sign_secret: 'signsecretsignsecretsignsecretsignsecret' };
const said = ({ status, body }: Answer): unknown[] => [status, body];

describe.each(generations)('%s', (generation) => {
  const gateway = gatewayClient(url, generation);
  const make = makerOf(gateway);
  /** Groups and APIs, which v1 has not. */
  const inV2 = makerOf(gatewayClient(url));
  const shownKey = (id: string) => gateway.ask<{ signs: object[] }>('get', `signs?id=${id}`);

  test('a key is created with 201', async () => {
    const name = newName();
    const answer = await gateway.send('post', 'signs', { name, ...pair });
    const key = { id: hex, name, ...pair, ...hmac(generation), create_time: written, update_time: written };
    expect(said(answer)).toStrictEqual([201, key]);
  });

  test('it is changed with 200', async () => {
    const id = await make.key(pair);
    const change = { name: newName(), sign_key: 'another_key', sign_secret: 'another_secret_1' };
    const answer = await gateway.send('put', `signs/${id}`, change);
    expect(said(answer)).toStrictEqual([
      200,
      { id, ...change, ...hmac(generation), create_time: stored, update_time: written },
    ]);
  });

  test('keys are listed with 200', async () => {
    const name = newName();
    const id = await make.key({ name, ...pair });
    const totals = { total: 1, size: 1 };
    const times = { create_time: stored, update_time: stored };
    const counts = isV2(generation) ? { bind_num: 0, ldapi_bind_num: 0 } : { bind_num: 0 };
    const answer = await gateway.send('get', `signs?id=${id}`);
    expect(said(answer)).toStrictEqual([
      200,
      { ...totals, signs: [{ id, name, ...pair, ...hmac(generation), ...times, ...counts }] },
    ]);
  });

  test('it is deleted with 204 and nothing, once', async () => {
    const id = await make.key();
    const { status, text } = await gateway.send('delete', `signs/${id}`);
    expect([status, text]).toEqual([204, '']);
    expect(await shownKey(id)).toStrictEqual({ total: 0, size: 0, signs: [] });
    expectApigRefusal(await gateway.send('delete', `signs/${id}`), 'APIG.3017', id);
  });

  test('it is bound with 201; the answer is a bare array but in V2', async () => {
    const { answer, binding } = await bound();
    const bindings = [{ ...binding, ...pair, ...hmac(generation), binding_time: written }];
    expect(said(answer)).toStrictEqual([201, isV2(generation) ? { bindings } : bindings]);
  });

  test('the APIs of a key are listed with 200; in V2 without the pair of the key', async () => {
    const { key, binding } = await bound();
    const bindings = [{ ...binding, ...(isV2(generation) ? {} : pair), binding_time: stored }];
    const answer = await gateway.send('get', `sign-bindings/binded-apis?sign_id=${key.id}`);
    expect(said(answer)).toStrictEqual([200, { total: 1, size: 1, bindings }]);
  });

  test('the keys of an API are listed with 200', async () => {
    const { binding } = await bound();
    const bindings = [{ ...binding, ...pair, ...hmac(generation), binding_time: stored }];
    const answer = await gateway.send('get', `sign-bindings/binded-signs?api_id=${binding.api_id}`);
    expect(said(answer)).toStrictEqual([200, { total: 1, size: 1, bindings }]);
  });

  test('the published APIs that a key is not bound to are listed with 200', async () => {
    const { key, binding, api } = await bound();
    const other = await make.key();
    const row = {
      ...{ id: binding.api_id, name: api.name, type: 2, remark: 'An API', req_uri: api.req_uri, req_method: 'PUT' },
      ...{ group_id: api.group_id, group_name: binding.group_name, auth_type: 'APP', tags: ['one', 'two'] },
      ...{ run_env_id: release, run_env_name: 'RELEASE', publish_id: binding.publish_id },
    };
    const path = `sign-bindings/unbinded-apis?api_id=${binding.api_id}`;
    expect(said(await gateway.send('get', `${path}&sign_id=${other}`))).toStrictEqual([
      200,
      { total: 1, size: 1, apis: [{ ...row, signature_name: key.name }] },
    ]);
    expect(await gateway.ask('get', `${path}&sign_id=${key.id}`)).toStrictEqual({ total: 0, size: 0, apis: [] });
    await gateway.ask('delete', `sign-bindings/${binding.id}`);
    for (const id of [key.id, other])
      expect(await gateway.ask('get', `${path}&sign_id=${id}`)).toStrictEqual({ total: 1, size: 1, apis: [row] });
  });

  test('a binding is taken away with 204 and nothing, once', async () => {
    const { key, binding } = await bound();
    const { status, text } = await gateway.send('delete', `sign-bindings/${binding.id}`);
    expect([status, text]).toEqual([204, '']);
    const left = await gateway.ask('get', `sign-bindings/binded-apis?sign_id=${key.id}`);
    expect(left).toStrictEqual({ total: 0, size: 0, bindings: [] });
    expectApigRefusal(await gateway.send('delete', `sign-bindings/${binding.id}`), 'APIG.3018');
  });

  /** Binds a new key to a new API; with what every view of that binding has in common. */
  async function bound() {
    const key = { id: '', name: newName() };
    key.id = await make.key({ name: key.name, ...pair });
    const groupName = newName();
    const api = { name: newName(), req_uri: `/${newName()}`, group_id: await inV2.group({ name: groupName }) };
    const more = { type: 2, remark: 'An API', req_method: 'PUT', auth_type: 'APP', tags: ['one', 'two'] };
    const apiId = await inV2.api({ ...api, ...more });
    const { publish_id: publishId } = await inV2.publish(apiId);
    const answer = await gateway.send('post', 'sign-bindings', { sign_id: key.id, publish_ids: [publishId] });
    const [{ id } = { id: '' }] = isV2(generation)
      ? (answer.body as { bindings: { id: string }[] }).bindings
      : (answer.body as { id: string }[]);
    expect(id).toEqual(hex);
    const binding = {
      ...{ id, publish_id: publishId, api_id: apiId, api_name: api.name, api_type: 2, api_remark: 'An API' },
      ...{ group_name: groupName, env_id: release, env_name: 'RELEASE', req_method: 'PUT' },
      ...{ sign_id: key.id, sign_name: key.name },
    };
    return { key, api, answer, binding };
  }
});

describe("the vendor's samples", async () => {
  // Where nothing has their names yet.
  const project = await signet.createProject();
  const [v2, legacy] = [await gatewayOf(url, project), await gatewayOf(url, project, 'v1.0')];

  test('of v1.0: a pair of its own; its printed secret is no secret', async () => {
    const sample = { name: 'signature01', sign_key: 'abcd_123' };
    const printed = await legacy.send('post', 'signs', { ...sample, sign_secret: '******' });
    expectApigRefusal(printed, 'APIG.2011', 'sign_secret');
    const answer = await legacy.send('post', 'signs', { ...sample, sign_secret: 'sixteen_letters!' });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ ...sample, sign_secret: 'sixteen_letters!' });
  });

  test('of V2', async () => {
    const request = { name: 'signature_demo', ...pair };
    const answer = await v2.send('post', 'signs', request);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ ...request, sign_type: 'hmac', id: hex });
  });

  test('of V2: a change that names neither of the pair makes up both', async () => {
    const id = await makerOf(v2).key(pair);
    clock.advance(second);
    const key = await v2.ask<typeof pair>('put', `signs/${id}`, { name: 'signature_demo_renamed' });
    expect(key).toStrictEqual({
      ...{ id, name: 'signature_demo_renamed', sign_type: 'hmac', sign_key: hex, sign_secret: hex },
      ...{ create_time: stored, update_time: '2026-01-15T10:30:01.123Z' },
    });
    expect(Object.values(pair)).not.toContain(key.sign_key);
  });
});

test('all generations show the same keys', async () => {
  const [v2, v1, legacy] = generations.map((generation) => gatewayClient(url, generation));
  const id = await makerOf(legacy!).key(pair);
  const { signs } = await v2!.ask<{ signs: object[] }>('get', `signs?id=${id}`);
  expect(signs).toMatchObject([{ id, sign_type: 'hmac', ...pair }]);
  await v2!.ask('put', `signs/${id}`, {
    name: newName(),
    sign_type: 'basic',
    sign_key: 'user',
    sign_secret: 'password',
  });
  const seen = await v1!.ask<{ signs: object[] }>('get', `signs?id=${id}`);
  expect(seen.signs).toMatchObject([{ id, sign_key: 'user', sign_secret: 'password' }]);
});
