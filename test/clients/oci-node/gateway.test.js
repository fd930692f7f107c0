// A call through the OCI-style gateway: what the client signed is not what the back end gets, until something behind it signs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { administrator, senderOf, tenancyId, url, workbench } from './signet.js';

const sender = senderOf(administrator);
const service = 'https://inference.generativeai.us-chicago-1.oci.oraclecloud.com/20231130/${request.path[rest]}';

/** @returns where it is, for as long as the test takes */
async function deploy(test, backend) {
  const path_prefix = '/client-oci-node';
  const specification = { routes: [{ path: '/genai/{rest*}', methods: ['POST'], backend }] };
  const made = await workbench('POST', '/oci/deployments', { path_prefix, specification });
  test.after(() => workbench('DELETE', `/oci/deployments/${made.id}`));
  return made.url;
}

const call = async (deployed) => {
  const response = await sender.send({
    ...{ method: 'POST', uri: `${deployed}/genai/actions/chat`, headers: new Headers(), body: '{"a":1}' },
  });
  return { response, body: await response.json() };
};

describe('a call that is signed for the gateway', () => {
  test('is refused by the back end, and explained', async (test) => {
    const deployed = await deploy(test, { type: 'HTTP_BACKEND', url: service });
    assert.equal(deployed, `${url}/_oci/client-oci-node`);
    const { response, body } = await call(deployed);
    assert.deepEqual([response.status, body.code], [401, 'NotAuthenticated']);
    const id = encodeURIComponent(response.headers.get('opc-request-id'));
    const { oci } = await workbench('GET', `/journal/${id}/explanation`);
    assert.equal(oci.diagnosis.proved, true);
    const lines = oci.diagnosis.signed.split('\n');
    assert.ok(lines.includes(`host: ${new URL(url).host}`), oci.diagnosis.signed);
    assert.ok(lines.includes('(request-target): post /_oci/client-oci-node/genai/actions/chat'), oci.diagnosis.signed);
    const differing = oci.forwarded.checklist
      .filter(({ answer }) => answer === 'differs')
      .map(({ question }) => question);
    assert.deepEqual(differing, [
      'Was it signed for the final path and query?',
      'Did host reach the back end as it was signed?',
    ]);
  });

  test('is accepted where a function behind it signs', async (test) => {
    const { userId, fingerprint, privateKey } = administrator;
    const signer = { url: service, keyId: `${tenancyId}/${userId}/${fingerprint}`, privateKeyPem: privateKey };
    const { response, body } = await call(await deploy(test, { type: 'ORACLE_FUNCTIONS_BACKEND', signer }));
    assert.equal(response.status, 200, JSON.stringify(body));
    assert.deepEqual([body.method, body.target, body.body], ['POST', '/20231130/actions/chat', '{"a":1}']);
    const [[, host]] = body.headers.filter(([name]) => name.toLowerCase() === 'host');
    assert.equal(host, new URL(service).host);
    assert.equal(body.caller.user.id, userId);
  });
});
