/** Signet's own workbench knows the gateways: in the journal, and in the rules for faults. */
import { afterEach, describe, expect, test } from 'vitest';
import { gatewayClient, generations, makerOf, newName } from '../support/apigw.ts';
import { checksOf, journalClient } from '../emulator/journal.ts';
import { faultClient, type Rule } from '../support/faults.ts';
import { project } from '../support/identity.ts';
import { useSignet } from '../support/signet.ts';

const { url } = await useSignet();
const journal = journalClient(url);
const faults = faultClient(url);
afterEach(() => faults.clear());

const services = { v2: 'apigw', v1: 'apigwDedicated', 'v1.0': 'apigwShared' } as const;
const secrets = ['the_secret_of_a_new_key', 'the_secret_of_a_changed_key'] as const;

describe.each(generations)('the journal of %s', (generation) => {
  const gateway = gatewayClient(url, generation);
  const inV2 = makerOf(gatewayClient(url));

  test('has every operation by its name, and no sign_secret', async () => {
    const name = newName();
    const created = await gateway.send('post', 'signs', { name, sign_secret: secrets[0] });
    const { id } = created.body as { id: string };
    const apiId = await inV2.api();
    const { publish_id } = await inV2.publish(apiId);
    const binding = { sign_id: id, publish_ids: [publish_id] };
    const asked = [
      ['createSignatureKey', created],
      ['updateSignatureKey', await gateway.send('put', `signs/${id}`, { name, sign_secret: secrets[1] })],
      ['listSignatureKeys', await gateway.send('get', `signs?id=${id}`)],
      ['bindSignatureKey', await gateway.send('post', 'sign-bindings', binding)],
      ['listKeysBoundToApi', await gateway.send('get', `sign-bindings/binded-signs?api_id=${apiId}`)],
      ['listApisBoundToKey', await gateway.send('get', `sign-bindings/binded-apis?sign_id=${id}`)],
      ['createSignatureKey', await gateway.send('post', 'signs', { name: newName() })],
      ['createSignatureKey', await gateway.send('post', 'signs', { name: 'x', sign_secret: secrets[0] })],
      ['createSignatureKey', await gateway.send('post', 'signs', `{"sign_secret":"${secrets[0]}"`)],
    ] as const;
    for (const [operation, answer] of asked) {
      const entry = await journal.of(answer);
      expect(entry).toMatchObject({ operation: `${services[generation]}.${operation}`, project_id: project.id });
      const text = JSON.stringify(entry);
      for (const secret of [...secrets, ...secretsOf(answer.text)]) expect(text).not.toContain(secret);
    }
    const { request, answer } = await journal.of(created);
    expect(request.body).toEqual({ name, sign_secret: '***' });
    expect(answer?.body).toMatchObject({ id, name, sign_secret: '***' });
  });

  test('says how far a request came', async () => {
    const good = await gateway.send('post', 'signs', { name: newName() });
    expect(checksOf(await journal.of(good))).toBe('http, route, credential, token, admission, contract, operation');
    const refused = await gateway.send('post', 'signs', { name: 'x' });
    expect(checksOf(await journal.of(refused))).toBe('http, route, credential, token, admission, contract!');
    expect(await journal.of(refused)).toMatchObject({ refusal: { code: 'APIG.2011' } });
  });

  const secretsOf = (text: string): string[] =>
    Array.from(text.matchAll(/"sign_secret":"([^"]*)"/g), ([, value = '']) => value);
});

describe('a fault rule', () => {
  const gateway = gatewayClient(url);
  const create = () => gateway.send('post', 'signs', { name: newName() });
  const count = async (): Promise<number> => (await gateway.ask<{ total: number }>('get', 'signs')).total;

  test.each<[string, string, Rule, number, string, string]>([
    ['one operation', 'APIG.9999', {}, 500, 'APIG.9999', 'System error'],
    ['by the name of the refusal', 'internal', {}, 500, 'APIG.9999', 'System error'],
    ['all of its service', 'APIG.9999', { operation: 'apigw.*' }, 500, 'APIG.9999', 'System error'],
    [
      'one that it never gives itself',
      'APIG.1112',
      {},
      403,
      'APIG.1112',
      'No permissions to perform operations on this signature key',
    ],
    ['the gateway in front', 'throttled', {}, 429, 'APIGW.0308', 'The throttling threshold has been reached'],
    ['what is behind that', 'badGateway', {}, 502, 'APIGW.0202', 'Backend unavailable'],
  ])('acts: %s, %s', async (_what, error, rule, status, error_code, error_msg) => {
    const before = await count();
    const { id } = await faults.add({ operation: 'apigw.createSignatureKey', times: 1, error, ...rule });
    const answer = await create();
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error_code, error_msg });
    expect(await faults.show(id)).toMatchObject({ matched: 1, acted: 1 });
    expect((await journal.of(answer)).fault_id).toBe(id);
    await faults.clear();
    expect(await count()).toBe(before);
    expect((await create()).status).toBe(201);
  });

  test('acts afterwards: the key is there all the same', async () => {
    const before = await count();
    await faults.add({ operation: 'apigw.createSignatureKey', phase: 'after', error: 'APIG.9999' });
    expect((await create()).status).toBe(500);
    expect(await count()).toBe(before + 1);
  });

  test('for one generation leaves the others alone', async () => {
    await faults.add({ operation: 'apigwShared.listSignatureKeys', error: 'APIG.9999' });
    expect((await gatewayClient(url, 'v1.0').send('get', 'signs')).status).toBe(500);
    expect((await gatewayClient(url, 'v1').send('get', 'signs')).status).toBe(200);
    expect((await gateway.send('get', 'signs')).status).toBe(200);
  });

  test('in the words of the KMS is none for a gateway', async () => {
    const answer = await faults.post({ operation: 'apigw.createSignatureKey', error: 'KMS.0103' });
    expect(answer.status).toBe(400);
    expect((await create()).status).toBe(201);
  });

  test('may keep a client waiting', async () => {
    await faults.add({ operation: 'apigw.listSignatureKeys', latency: { fixed: 1 } });
    expect((await gateway.send('get', 'signs')).status).toBe(200);
  });
});
