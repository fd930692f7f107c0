/** A project with something of everything, and how its ids, names and secrets are called in requests. */
import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import type { Signet } from '../../src/index.ts';
import { gatewayOf, makerOf, release } from '../support/apigw.ts';
import { send, type Method } from '../support/http.ts';
import { base64, bytesOf, kmsClient } from '../support/kms.ts';
import type { OciSigner } from '../support/oci-signer.ts';
import { makeOciPair } from '../support/oci-signer.ts';
import { asAdmin } from './sandboxes.ts';

const message = base64('a message');

export const signing = { message, message_type: 'RAW', signing_algorithm: 'ECDSA_SHA_256' } as const;
export const mac = { mac_algorithm: 'HMAC_SHA_256', message } as const;

/** None is part of another. */
const newName = (): string => `n${randomBytes(8).toString('hex')}`;

async function makeKeys(url: string, projectId: string, token: string) {
  const kms = kmsClient(url, { projectId, token });
  const make = (key_spec: string, more: object = {}) => kms.create({ key_alias: newName(), key_spec, ...more });
  const keyName = newName();
  const keyId = await make('EC_P256', { key_alias: keyName });
  const [aesKeyId, macKeyId, pairKeyId, doomedKeyId, waitingKeyId, importedKeyId, disabledKeyId, turningKeyId] = [
    await make('AES_256'),
    await make('HMAC_256'),
    await make('EC_P256'),
    await make('EC_P256'),
    await make('AES_256', { origin: 'external' }),
    await make('AES_256', { origin: 'external' }),
    await make('EC_P256'),
    await make('AES_256'),
  ];
  await kms.ask('schedule-key-deletion', { key_id: doomedKeyId, pending_days: '7' });
  await kms.ask('disable-key', { key_id: disabledKeyId });
  await kms.ask('enable-key-rotation', { key_id: turningKeyId });
  const alias = `alias/${newName()}`;
  await kms.ask('aliases', { key_id: aesKeyId, alias });
  const tag = { key: newName(), value: newName() };
  await kms.ask('{key_id}/tags', { key_id: aesKeyId, tag });

  const plainText = newName();
  const { cipher_text: cipherText } = await kms.ask('encrypt-data', { key_id: aesKeyId, plain_text: plainText });
  const dataKey = await kms.ask('create-datakey', { key_id: aesKeyId, datakey_length: '512' });
  const { signature } = await kms.ask('sign', { key_id: keyId, ...signing });
  const { mac: macText } = await kms.ask('generate-mac', { key_id: macKeyId, ...mac });

  const wrapping = { wrapping_algorithm: 'RSAES_OAEP_SHA_256' };
  const parcel = async (key_id: string) => {
    const { import_token: importToken, public_key: der } = await kms.ask('get-parameters-for-import', {
      ...{ key_id, ...wrapping },
    });
    const key = createPublicKey({ key: bytesOf(der), format: 'der', type: 'spki' });
    const padding = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
    return { importToken, wrappedMaterial: base64(publicEncrypt(padding, randomBytes(32))) };
  };
  const done = await parcel(importedKeyId);
  await kms.ask('import-key-material', {
    ...{ key_id: importedKeyId, import_token: done.importToken, encrypted_key_material: done.wrappedMaterial },
  });
  return {
    ...{ keyId, keyName, aesKeyId, macKeyId, pairKeyId, doomedKeyId, waitingKeyId, importedKeyId, disabledKeyId },
    ...{ turningKeyId, alias, tagKey: tag.key, tagValue: tag.value, plainText, cipherText, signature, mac: macText },
    ...{ wrappedDataKey: dataKey.cipher_text, ...(await parcel(waitingKeyId)) },
  };
}

async function makeGateway(url: string, project: { readonly id: string }, token: string) {
  const gateway = await gatewayOf(url, { project, token });
  const make = makerOf(gateway);
  const names = { signName: newName(), groupName: newName(), environmentName: newName(), apiName: newName() };
  const groupId = await make.group({ name: names.groupName });
  const signId = await make.key({
    name: names.signName,
    sign_key: randomBytes(8).toString('hex'),
    sign_secret: randomBytes(16).toString('hex'),
  });
  const environmentId = await make.environment({ name: names.environmentName });
  const backend_api = {
    ...{ url_domain: '127.0.0.1:9', req_protocol: 'HTTP', req_method: 'GET', req_uri: '/backend', timeout: 500 },
  };
  const apiId = await make.api({ name: names.apiName, req_uri: `/${names.apiName}`, group_id: groupId, backend_api });
  const { publish_id: publishId } = await make.publish(apiId);
  const [binding] = await make.bind(signId, publishId);
  const { signs } = await gateway.ask<{ signs: { sign_key: string }[] }>('get', `signs?id=${signId}`);
  // Published, and bound to nothing.
  const named = () => ({ name: newName() });
  const [freeKeyId, freeGroupId] = [await make.key(named()), await make.group(named())];
  const apiIn = (group_id: string, name = newName()) => make.api({ name, req_uri: `/${name}`, group_id });
  const freeApiId = await apiIn(freeGroupId);
  const { publish_id: freePublishId } = await make.publish(freeApiId);
  const [bareApiId, bareGroupId] = [await apiIn(groupId), await make.group(named())];
  const { instances } = (
    await send(url, 'get', `/v2/${project.id}/apigw/instances`, { headers: { 'X-Auth-Token': token } })
  ).body as { instances: { id: string }[] };
  return {
    ...{ gatewayId: instances[0]!.id, ...names, groupId, signId, environmentId, apiId, publishId },
    ...{ bindingId: binding!.id, signKey: signs[0]!.sign_key, freeKeyId, freePublishId, bareApiId, bareGroupId },
  };
}

async function makeOciAccount(url: string): Promise<OciSigner> {
  const own = async (method: Method, path: string, body: object) => {
    const answer = await send(url, method, `/_signet/oci/${path}`, { headers: asAdmin, body });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.text}`);
    return answer.body as { id: string };
  };
  const pair = makeOciPair();
  const { id: tenancyId } = await own('post', 'tenancies', { name: newName() });
  const { id: userId } = await own('post', 'users', { tenancy_id: tenancyId, name: newName(), is_administrator: true });
  await own('post', `users/${userId}/keys`, { public_key_pem: pair.publicKeyPem });
  return { tenancyId, userId, ...pair };
}

/** Requests of the project's own, which the journal and the list of forwarded requests tell of; their ids. */
async function leaveTraces(url: string, { projectId, token, keyId, groupId, apiName }: Traceable) {
  const described = await kmsClient(url, { projectId, token }).post('describe-key', { key_id: keyId });
  // Nothing listens there, and so nothing is sent; but it has been signed.
  const called = await send(url, 'get', `/_apig/${groupId}/${apiName}`);
  return { requestId: described.headers['x-request-id']!, forwardedId: called.headers['x-request-id']! };
}

type Traceable = Readonly<Record<'projectId' | 'token' | 'keyId' | 'groupId' | 'apiName', string>>;

/** Everything, by the names that recipes have for it. */
export type Belongings = Awaited<ReturnType<typeof makeBelongings>>;

export async function makeBelongings({ url, createProject }: Signet) {
  const { project, domain, user, token, accessKey, remove } = await createProject();
  const oci = await makeOciAccount(url);
  const keys = await makeKeys(url, project.id, token);
  const kms = kmsClient(url, { projectId: project.id, token });
  const grant = { key_id: keys.aesKeyId, grantee_principal: user.id, operations: ['describe-key'], name: newName() };
  const { grant_id: grantId } = await kms.ask('create-grant', { ...grant, retiring_principal: user.id });
  const things = {
    ...{ projectId: project.id, domainId: domain.id, domainName: domain.name, userId: user.id, userName: user.name },
    ...{ password: user.password, token, ...accessKey, grantId, ...keys, ...(await makeGateway(url, project, token)) },
    ...{ oci, tenancyId: oci.tenancyId, ociUserId: oci.userId, fingerprint: oci.fingerprint },
  };
  return {
    ...things,
    ...(await leaveTraces(url, things)),
    withTraces: async () => leaveTraces(url, things),
    /** With all that is in it. */
    remove: async () => {
      await remove();
      await send(url, 'delete', `/_signet/oci/tenancies/${oci.tenancyId}`, { headers: asAdmin });
    },
  };
}

export { release };
