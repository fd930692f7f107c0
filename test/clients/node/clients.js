// The client, a client of another account, and keys.
import { Buffer } from 'node:buffer';
import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import { KmsClient } from './kms-client.js';
import * as signet from './signet.js';

const clientOf = ({ ak, sk, projectId }) =>
  KmsClient.newBuilder()
    .withCredential(new BasicCredentials().withAk(ak).withSk(sk).withProjectId(projectId))
    .withEndpoint(signet.url)
    .build();

export const client = clientOf(signet);
export const grantee = clientOf(signet.grantee);

/** Creates a key, and schedules its deletion after the test. */
export async function newKey(test, body = {}) {
  const { key_info: key } = await client.createKey({ key_alias: signet.newName(), ...body });
  test.after(() => client.deleteKey({ key_id: key.key_id, pending_days: '7' }));
  return key.key_id;
}

export async function stateOf(key_id) {
  const { key_info: key } = await client.listKeyDetail({ key_id });
  return key.key_state;
}

/** Imports material, under the public key that comes with the import parameters. */
export async function importMaterial(key_id, material, more = {}) {
  const { import_token, public_key } = await client.createParametersForImport({
    key_id,
    wrapping_algorithm: 'RSAES_OAEP_SHA_256',
  });
  const key = createPublicKey({ key: Buffer.from(public_key, 'base64'), format: 'der', type: 'spki' });
  const wrapped = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, material);
  const encrypted_key_material = wrapped.toString('base64');
  await client.importKeyMaterial({ key_id, import_token, encrypted_key_material, ...more });
}

/** How the SDK shows a refusal of the KMS: without its code. */
export const refusal = (httpStatusCode) => ({ name: 'ClientRequestException', httpStatusCode });
