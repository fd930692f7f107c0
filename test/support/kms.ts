import type { components } from '../../src/contract/openapi.ts';
import { project, token } from './identity.ts';
import { send, type Answer, type Asked, type Method } from './http.ts';

type Schemas = components['schemas'];

/** The operations of the KMS that take a body, and what they answer. */
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
}

export type KmsAction = keyof KmsAnswers;

/** What a request says besides its body; the default identity's where nothing is said. */
export interface KmsCaller extends Pick<Asked, 'headers'> {
  readonly method?: Method;
  readonly projectId?: string;
  /** null: no header. */
  readonly token?: string | null;
}

export interface KmsClient {
  readonly post: (action: KmsAction, body: unknown, more?: KmsCaller) => Promise<Answer>;
  /** The body of an answer; throws when it is a refusal. */
  readonly ask: <Action extends KmsAction>(action: Action, body: unknown) => Promise<KmsAnswers[Action]>;
  /** Creates a key and gives its id. */
  readonly create: (body: Readonly<Record<string, unknown>>) => Promise<string>;
  readonly describe: (keyId: string) => Promise<Schemas['KeyDetails']>;
}

export const kmsPath = (action: string, projectId: string = project.id): string => `/v1.0/${projectId}/kms/${action}`;

export function kmsClient(url: string, caller: KmsCaller = {}): KmsClient {
  const post: KmsClient['post'] = (action, body, more) => {
    const { method = 'post', projectId, token: secret = token, headers } = { ...caller, ...more };
    const credential = secret === null ? {} : { 'X-Auth-Token': secret };
    const all = { 'Content-Type': 'application/json', ...credential, ...headers };
    return send(url, method, kmsPath(action, projectId), { headers: all, body });
  };
  const ask: KmsClient['ask'] = async (action, body) => {
    const answer = await post(action, body);
    if (answer.status !== 200) throw new Error(`${action}: ${answer.status} ${answer.text}`);
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
