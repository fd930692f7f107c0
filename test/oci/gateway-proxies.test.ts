import { expect, test } from 'vitest';
import { expectOciRefusal } from '../support/oci-refusals.ts';
import { at, useOciGateway } from '../support/oci-gateway.ts';

const gateway = await useOciGateway({ trustedProxies: ['loopback'] });
const { bob } = gateway.signers;

test.each([
  ['2001:db8::1', 'for="[2001:db8::1]"', '2001:db8::1'],
  ['192.0.2.1', 'for=192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', 'for=192.0.2.1', '192.0.2.1'],
])('the back end is told of the client behind a trusted proxy: %s', async (address, forwarded, realIp) => {
  await gateway.deploy('/v1', { path: '/{rest*}', backend: at('https://api.test/${request.path[rest]}') });
  await gateway.oci.send(bob, { target: '/_oci/v1/x', headers: [['X-Forwarded-For', address]] });
  const { received } = await gateway.last();
  expect(received?.headers).toContainEqual(['X-Real-IP', realIp]);
  expect(received?.headers).toContainEqual(['Forwarded', forwarded]);
});

test('a signature for the host before a trusted proxy is one for the gateway’s host', async () => {
  const items = [{ name: 'Host', values: ['${request.host}'] }];
  const requestPolicies = { headerTransformations: { setHeaders: { items } } };
  const url = 'https://api.test/_oci/v1/${request.path[rest]}';
  await gateway.deploy('/v1', { path: '/{rest*}', backend: at(url), requestPolicies });
  const answer = await gateway.oci.send(bob, {
    ...{ target: '/_oci/v1/x', signedAs: { host: 'gateway.example.com' } },
    headers: [['X-Forwarded-Host', 'gateway.example.com']],
  });
  expect(answer.status, answer.text).toBe(200);
  expect((await gateway.last()).sent.headers).toContainEqual(['Host', 'gateway.example.com']);
});

test('where the service verifies over bare media types, so do diagnosis and checklist', async () => {
  const { oci, deploy, last, signers } = await useOciGateway({ ociContentType: 'media-type' });
  await deploy('/v1', { path: '/{rest*}', backend: at('https://api.test/_oci/v1/${request.path[rest]}') });
  const answer = await oci.send(signers.bob, {
    ...{ method: 'POST', target: '/_oci/v1/x', body: '{}' },
    headers: [['Content-Type', 'application/json; charset=utf-8']],
    signedAs: { headers: [['Content-Type', 'application/json']] },
  });
  expectOciRefusal(answer, 401, 'NotAuthenticated', /^Failed to verify/);
  const { diagnosis, checklist = [] } = await last();
  expect(diagnosis?.causes.map(({ name }) => name)).toEqual(['host-changed']);
  expect(checklist.filter(({ answer: one }) => one === 'differs').map(({ question }) => question)).toEqual([
    'Did host reach the back end as it was signed?',
  ]);
});
