/** Who is let in to the gateways of a project: by token, and by signature. */
import { describe, expect, test } from 'vitest';
import { basePath, gatewayClient, generations, newName, type Generation } from '../support/apigw.ts';
import { expectApigRefusal } from '../support/apig-refusals.ts';
import { makeClock } from '../support/clock.ts';
import type { Method } from '../support/http.ts';
import { project } from '../support/identity.ts';
import { tokens } from '../support/many-states.ts';
import { expectGatewayRefusal, type GatewayRefusal } from '../support/refusals.ts';
import { expectSignatureRefusal, signedClient, type Signed } from '../support/signed.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { gatewayStates, ids } from './gateway-states.ts';
import { ask, operations, wellFormed } from './refusal-rows.ts';

const seed = useSeed(gatewayStates);

describe('authErrors: gateway', async () => {
  const { url } = await useSignet({ seed, authErrors: 'gateway' });
  const bad: readonly (readonly [GatewayRefusal, string, string | null])[] = [
    ['tokenMissing', 'no token', null],
    ['tokenMissing', 'an empty token', ''],
    ['tokenInvalid', 'an unknown token', 'unknown'],
    ['tokenExpired', 'an expired token', tokens.expired],
  ];
  const asked = ['createSignatureKey', 'listSignatureKeys', 'showApi', 'listGateways'];
  const some = [...operations.values()].filter(({ name }) => asked.includes(name));
  test.each(bad)('%s for %s, whatever is asked', async (refusal, _why, secret) => {
    for (const { id, name } of some) {
      expectGatewayRefusal(await ask(url, id, wellFormed[name]!, { token: secret }), refusal);
    }
  });

  test('whom that gateway lets through, API Gateway refuses in its own words', async () => {
    const gateway = gatewayClient(url, 'v2', { gatewayId: ids.gateway });
    expectApigRefusal(await gateway.send('get', 'signs', undefined, { token: tokens.domain }), 'APIG.1003');
    expectApigRefusal(await gateway.send('get', 'signs', undefined, { token: tokens.otherProject }), 'APIG.1005');
    expectApigRefusal(await gateway.send('get', 'signs', undefined, { token: tokens.powerless }), 'APIG.1005');
    expectApigRefusal(await gateway.send('post', 'signs', '{'), 'APIG.2000');
    expect((await gateway.send('get', 'signs')).status).toBe(200);
  });
});

describe('a signature in the plain form', async () => {
  const clock = makeClock();
  const { url } = await useSignet({ now: clock.now });
  const signed = signedClient(url, clock.now);
  const headers = { 'X-Project-Id': project.id };
  const request = (generation: Generation, method: Method, path: string, body?: object): Signed => ({
    ...{ method: method.toUpperCase(), target: `${basePath(generation, {})}/${path}`, headers },
    ...(body && { body: JSON.stringify(body) }),
  });

  test.each(generations)('opens all of %s', async (generation) => {
    const name = newName();
    const created = await signed(request(generation, 'post', 'signs', { name }));
    expect(created.status, created.text).toBe(201);
    const { id } = created.body as { id: string };
    expect((await signed(request(generation, 'put', `signs/${id}`, { name }))).status).toBe(200);
    // The vendor signs the values of a query in order.
    const listed = await signed(request(generation, 'get', `signs?id=${id}&name=${name}`));
    expect([listed.status, (listed.body as { total: number }).total]).toEqual([200, 1]);
    expect((await signed(request(generation, 'delete', `signs/${id}`))).status).toBe(204);
  });

  test('knows the project by the path; where that has none, by X-Project-Id', async () => {
    for (const generation of ['v2', 'v1'] as const) {
      expect((await signed({ ...request(generation, 'get', 'signs'), headers: {} })).status).toBe(200);
    }
    expectApigRefusal(await signed({ ...request('v1.0', 'get', 'signs'), headers: {} }), 'APIG.1003');
    const nowhere = { ...request('v1.0', 'get', 'signs'), headers: { 'X-Project-Id': 'nowhere' } };
    expectApigRefusal(await signed(nowhere), 'APIG.1003');
    const foreign = { method: 'GET', target: `/v2/${ids.unknown}/apigw/instances` };
    expectApigRefusal(await signed(foreign), 'APIG.1005');
  });

  test.each(generations)('that is wrong is refused in %s as anywhere', async (generation) => {
    const asked = request(generation, 'post', 'signs', { name: newName() });
    const body = JSON.stringify({ name: newName() });
    const answer = await signed({ ...asked, sent: { body } });
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('APIGW.0301');
    expectSignatureRefusal(await signed({ ...asked, access: 'NOBODY' }), 'ak NOBODY not exist');
  });
});
