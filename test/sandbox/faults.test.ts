/** Nobody but the admin makes anything go wrong in a sandbox: no credential, and no header of a request. */
import { expect, test } from 'vitest';
import { defects } from '../../src/crypto/backend-signature.ts';
import { useBackend, valueOf } from '../support/gateway-backend.ts';
import { gatewayOf, makerOf, newName } from '../support/apigw.ts';
import { verdictOf } from '../support/gateway-signature.ts';
import { send } from '../support/http.ts';
import { kmsClient } from '../support/kms.ts';
import { adminToken, asAdmin, useSandbox } from './sandboxes.ts';

const { url, createProject } = await useSandbox();
const backend = await useBackend();
const team = await createProject();
const make = makerOf(await gatewayOf(url, team));
const secret = 'a-secret-of-the-team';
const name = newName();
const groupId = await make.group();
const apiId = await make.api({
  ...{ name, group_id: groupId, req_uri: '/called' },
  backend_api: {
    ...{ url_domain: backend.host, req_protocol: 'HTTP', req_method: 'GET', req_uri: '/backend', timeout: 5000 },
  },
});
const { publish_id: published } = await make.publish(apiId);
await make.bind(await make.key({ sign_key: 'key-of-the-team', sign_secret: secret }), published);
const call = (headers: Readonly<Record<string, string>> = {}) =>
  send(url, 'get', `/_apig/${groupId}/called`, { headers });

test('the gateway signs rightly', async () => {
  expect((await call()).status).toBe(200);
  const heard = backend.last();
  const { signature, expected } = verdictOf(heard, secret);
  expect(signature).toBe(expected);
  expect(valueOf(heard.rawHeaders, 'x-signet-defect')).toBeUndefined();
});

test.each([...defects, 'unknown'])('and takes no wish for %s, from nobody and from the admin', async (defect) => {
  const before = backend.heard.length;
  for (const headers of [{}, asAdmin, { 'X-Auth-Token': team.token }]) {
    const { status, text } = await call({ ...headers, 'X-Signet-Defect': defect });
    expect([status, text]).toEqual([400, expect.stringContaining('A sandbox takes no X-Signet-Defect.')]);
  }
  expect(backend.heard).toHaveLength(before);
});

test('headers that look as if they did something do nothing', async () => {
  const kms = kmsClient(url, { projectId: team.project.id, token: team.token });
  const headers = {
    ...{ 'X-Signet-Fault': 'KMS.0103', 'X-Signet-Clock': '2040-01-01T00:00:00Z', 'X-Signet-Latency': '60000' },
    ...{ 'X-Signet-Console': 'view', 'X-Signet-Token': 'wrong' },
  };
  expect((await kms.post('create-key', { key_alias: newName() }, { headers })).status).toBe(200);
  const clock = await send(url, 'get', '/_signet/clock', { headers: { 'X-Signet-Token': adminToken } });
  expect(clock.body).toMatchObject({ frozen: false, offset_milliseconds: 0 });
});
