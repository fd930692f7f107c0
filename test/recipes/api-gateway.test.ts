/** docs/recipes/api-gateway.md: its commands, in their order, in bash and with curl. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { anApi, gatewayClient, makerOf, newName } from '../support/apigw.ts';
import { useBackend, valueOf } from '../support/gateway-backend.ts';
import { verdictOf } from '../support/gateway-signature.ts';
import { send } from '../support/http.ts';
import { useSignet } from '../support/signet.ts';

const page = readFileSync(new URL('../../docs/recipes/api-gateway.md', import.meta.url), 'utf8');
const signet = await useSignet();
const backend = await useBackend();

/** What comes before the page: curl keeps its answer, and a field can be taken from it. */
const prelude = `set -eu
curl() { answer=$(command curl "$@"); printf '%s\\0' "$answer"; }
taken() { "$NODE" -p 'JSON.parse(process.argv[1]).'"$1" "$answer"; }`;

/** The page with what its reader fills in; its commands as they stand, for this Signet and this backend. */
const script = Array.from(page.matchAll(/^( *)```sh\n([^]*?)^\1```$/gm), ([, , block = '']) => block)
  .join('')
  .replaceAll('http://127.0.0.1:5670', signet.url)
  .replaceAll('127.0.0.1:8080', backend.host)
  .replaceAll(/='<(.+)>'$/gm, `=$(taken '$1')`);

test('an API is made, bound, called and unbound as the page says', async () => {
  const env = { PATH: process.env['PATH'], NODE: process.execPath };
  const { stdout } = await promisify(execFile)('bash', ['-c', `${prelude}\n${script}`], { env });
  const [key, group, api, publication, binding, answer, forwarded, unbound, unsigned, changed] = stdout.split('\0');
  for (const made of [key, group, api]) expect(JSON.parse(made!)).toHaveProperty('id');
  const { publish_id } = JSON.parse(publication!) as { publish_id: string };
  expect(JSON.parse(binding!)).toMatchObject({ bindings: [{ publish_id, sign_name: 'shop_key' }] });
  expect([answer, unbound, unsigned]).toEqual(['{}', '', '{}']);

  const [first, second] = backend.heard;
  const { access, signature, expected, canonicalRequest } = verdictOf(first!, 'shopsecretshopsecret');
  expect([access, signature]).toEqual(['shopsignkey', expected]);
  expect(JSON.parse(forwarded!)).toMatchObject({ requests: [{ signature: { canonical_request: canonicalRequest } }] });
  expect(first).toMatchObject({ method: 'GET', target: '/v1/orders/42?state=open' });
  expect(second).toMatchObject({ target: '/v1/orders/42?state=open' });
  expect(valueOf(second!.rawHeaders, 'Authorization')).toBeUndefined();
  expect(JSON.parse(changed!)).toMatchObject({ sign_key: 'shopsignkey', sign_secret: 'anothersecretanothersecret' });
});

test('what counts when, as the page says', async () => {
  const client = gatewayClient(signet.url);
  const make = makerOf(client);
  const group_id = await make.group();
  const apiTo = (path: string) => ({
    ...{ ...anApi, name: 'orders', group_id, req_uri: '/orders' },
    backend_api: { ...anApi.backend_api, url_domain: backend.host, req_uri: path },
  });
  const call = async () => {
    await send(signet.url, 'get', `/_apig/${group_id}/orders`);
    return backend.heard.at(-1)!;
  };
  const accessOf = async () => verdictOf(await call(), '').access;
  const apiId = await make.api(apiTo('/v1'));
  const { publish_id } = await make.publish(apiId);
  const [one, other] = [await make.key({ sign_key: 'onesignkey' }), await make.key({ sign_key: 'othersignkey' })];

  const refused = await client.send('post', 'sign-bindings', { sign_id: one, publish_ids: [apiId] });
  expect(refused).toMatchObject({ status: 404, body: { error_code: 'APIG.3015' } });
  await make.bind(one, publish_id);
  expect(await accessOf()).toBe('onesignkey');
  await make.bind(other, publish_id);
  expect(await accessOf()).toBe('othersignkey');
  await client.ask('put', `signs/${other}`, { name: newName() });
  expect(await accessOf(), 'generated anew').toMatch(/^[0-9a-f]{32}$/);

  await client.ask('put', `apis/${apiId}`, apiTo('/v2'));
  expect(await call()).toMatchObject({ target: '/v1' });
  expect(await make.publish(apiId)).toMatchObject({ publish_id });
  const changed = await call();
  expect(changed).toMatchObject({ target: '/v2' });
  expect(verdictOf(changed, '').access, 'the binding stays').toMatch(/^[0-9a-f]{32}$/);
});
