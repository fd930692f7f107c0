import type { components } from '../../src/contract/openapi.ts';
import { project, token } from './identity.ts';
import { send, type Answer, type Asked, type Method } from './http.ts';

type Schemas = components['schemas'];

/**
 * The operations of the KMS by their paths below `/v1.0/{project_id}/kms/` (below the project, where they begin with a slash), with the
 * method in front unless it is POST; and what they answer.
 */
export interface KmsAnswers {
  sign: Schemas['SignResponse'];
  verify: Schemas['VerifyResponse'];
  'get-publickey': Schemas['PublicKeyResponse'];
  'describe-key': Schemas['DescribeKeyResponse'];
  'list-keys': Schemas['ListKeysResponse'];
  'create-key': Schemas['CreateKeyResponse'];
  'enable-key': Schemas['KeyStateResponse'];
  'disable-key': Schemas['KeyStateResponse'];
  'schedule-key-deletion': Schemas['KeyState'];
  'cancel-key-deletion': Schemas['KeyState'];
  'update-key-alias': Schemas['UpdateKeyAliasResponse'];
  'update-key-description': Schemas['UpdateKeyDescriptionResponse'];
  'encrypt-data': Schemas['EncryptDataResponse'];
  'decrypt-data': Schemas['DecryptDataResponse'];
  're-encrypt': Schemas['ReEncryptResponse'];
  'create-datakey': Schemas['CreateDatakeyResponse'];
  'create-datakey-without-plaintext': Schemas['CreateDatakeyWithoutPlaintextResponse'];
  'encrypt-datakey': Schemas['EncryptDatakeyResponse'];
  'decrypt-datakey': Schemas['DecryptDatakeyResponse'];
  'gen-random': Schemas['GenRandomResponse'];
  'create-rsa-datakey-pair': Schemas['DatakeyPairResponse'];
  'create-ec-datakey-pair': Schemas['DatakeyPairResponse'];
  'derive-shared-secret': Schemas['DeriveSharedSecretResponse'];
  'generate-mac': Schemas['GenerateMacResponse'];
  'verify-mac': Schemas['VerifyMacResponse'];
  'get-parameters-for-import': Schemas['ImportParametersResponse'];
  'import-key-material': Schemas['Empty'];
  'delete-imported-key-material': Schemas['Empty'];
  'enable-key-rotation': Schemas['Empty'];
  'disable-key-rotation': Schemas['Empty'];
  'update-key-rotation-interval': Schemas['Empty'];
  'get-key-rotation-status': Schemas['RotationStatusResponse'];
  'rotate-on-demand': Schemas['RotatedKeyResponse'];
  'create-grant': Schemas['CreateGrantResponse'];
  'revoke-grant': Schemas['Empty'];
  'retire-grant': Schemas['Empty'];
  'list-grants': Schemas['ListGrantsResponse'];
  'list-retirable-grants': Schemas['ListGrantsResponse'];
  aliases: Schemas['AliasObject'];
  'GET aliases': Schemas['ListAliasesResponse'];
  'DELETE aliases': null;
  'alias/associate': Schemas['AliasObject'];
  'GET tags': Schemas['ProjectTagsResponse'];
  'resource_instances/action': Schemas['ListKeysByTagResponse'];
  '{key_id}/tags': null;
  'GET {key_id}/tags': Schemas['KeyTagsResponse'];
  '{key_id}/tags/action': null;
  'DELETE {key_id}/tags/{key}': null;
  'GET user-instances': Schemas['UserInstancesResponse'];
  'GET user-quotas': Schemas['UserQuotasResponse'];
  '/keystores': Schemas['CreateKeystoreResponse'];
  'GET /keystores': Schemas['KeystoresResponse'];
}

export type KmsAction = keyof KmsAnswers;

/** What a request says besides its body; the default identity's where nothing is said. */
export interface KmsCaller extends Pick<Asked, 'headers'> {
  readonly method?: Method;
  readonly projectId?: string;
  /** null: no header. */
  readonly token?: string | null;
  /** Parts of the path, where the body does not say them. */
  readonly path?: Readonly<Record<string, string>>;
}

export interface KmsClient {
  /** Fields that the path names go there; of a GET, all others into the query. */
  readonly post: (action: KmsAction, body: unknown, more?: KmsCaller) => Promise<Answer>;
  /** The body of an answer; throws when it is a refusal. */
  readonly ask: <Action extends KmsAction>(action: Action, body: unknown) => Promise<KmsAnswers[Action]>;
  /** Creates a key and gives its id. */
  readonly create: (body: Readonly<Record<string, unknown>>) => Promise<string>;
  readonly describe: (keyId: string) => Promise<Schemas['KeyDetails']>;
}

export const kmsPath = (path: string, projectId: string = project.id): string =>
  `/v1.0/${projectId}${path.startsWith('/') ? '' : '/kms/'}${path}`;

function targetOf(action: KmsAction, body: unknown, parts: KmsCaller['path'] = {}) {
  const [, method = 'POST', template = ''] = /^(?:([A-Z]+) )?(.*)$/.exec(action) ?? [];
  const fields = isRecord(body) ? { ...body } : {};
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = name in fields ? fields[name] : parts[name];
    Reflect.deleteProperty(fields, name);
    return encodeURIComponent(String(value));
  });
  const rest = isRecord(body) ? fields : body;
  const target = { method: method.toLowerCase() as Method };
  if (method !== 'GET') return { ...target, path, body: rest };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) query.set(name, `${value as string | number}`);
  return {
    ...target,
    path: query.size === 0 ? path : `${path}?${query.toString()}`,
    body: isRecord(body) ? undefined : body,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);

export function kmsClient(url: string, caller: KmsCaller = {}): KmsClient {
  const post: KmsClient['post'] = (action, body, more) => {
    const { method, projectId, token: secret = token, headers, path } = { ...caller, ...more };
    const credential = secret === null ? {} : { 'X-Auth-Token': secret };
    const all = { 'Content-Type': 'application/json', ...credential, ...headers };
    const target = targetOf(action, body, path);
    return send(url, method ?? target.method, kmsPath(target.path, projectId), { headers: all, body: target.body });
  };
  const ask: KmsClient['ask'] = async (action, body) => {
    const answer = await post(action, body);
    if (answer.status >= 300) throw new Error(`${action}: ${answer.status} ${answer.text}`);
    return answer.body as KmsAnswers[typeof action];
  };
  return {
    post,
    ask,
    create: async (body) => (await ask('create-key', body)).key_info.key_id,
    describe: async (keyId) => (await ask('describe-key', { key_id: keyId })).key_info,
  };
}

export const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64');
export const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');
