/** API Gateway's control plane, as a client of one generation of its URLs asks it. */
import type { components } from '../../src/contract/openapi.ts';
import { send, type Answer, type Asked, type Method } from './http.ts';
import { project, token } from './identity.ts';
import { gateway } from './seeded-gateway.ts';

type Schemas = components['schemas'];
export type Key = Schemas['SignatureKey'];
export type Publication = Schemas['ApiPublication'];

export const generations = ['v2', 'v1', 'v1.0'] as const;
export type Generation = (typeof generations)[number];

export const gatewayId = gateway.id;
/** The environment that every gateway has. */
export const release = 'DEFAULT_ENVIRONMENT_RELEASE_ID';

/** Who asks whom; the default identity its own gateway where nothing is said. */
export interface GatewayCaller extends Pick<Asked, 'headers'> {
  readonly projectId?: string;
  readonly gatewayId?: string;
  /** null: no header. */
  readonly token?: string | null;
}

export interface GatewayClient {
  /** The path stands below the gateway, as in `signs`. */
  readonly send: (method: Method, path: string, body?: unknown, more?: GatewayCaller) => Promise<Answer>;
  /** The body of an answer; throws when it is a refusal. */
  readonly ask: <T>(method: Method, path: string, body?: unknown) => Promise<T>;
  readonly url: string;
  readonly generation: Generation;
}

/** Where a generation has its gateway. */
export const basePath = (
  generation: Generation,
  { projectId = project.id, gatewayId: id = gatewayId }: GatewayCaller,
): string => (generation === 'v1.0' ? '/v1.0/apigw' : `/${generation}/${projectId}/apigw/instances/${id}`);

export function gatewayClient(url: string, generation: Generation = 'v2', caller: GatewayCaller = {}): GatewayClient {
  const ask: GatewayClient['send'] = (method, path, body, more) => {
    const { token: secret = token, headers, ...where } = { ...caller, ...more };
    const credential = secret === null ? {} : { 'X-Auth-Token': secret };
    const all = { 'Content-Type': 'application/json', ...credential, ...headers };
    return send(url, method, `${basePath(generation, where)}/${path}`, { headers: all, body });
  };
  return {
    ...{ url, generation, send: ask },
    async ask<T>(method: Method, path: string, body?: unknown) {
      const answer = await ask(method, path, body);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
      return answer.body as T;
    },
  };
}

/** The gateway of a project that has been made for a test. */
export async function gatewayOf(
  url: string,
  { project: { id: projectId }, token: secret }: { readonly project: { readonly id: string }; readonly token: string },
  generation: Generation = 'v2',
): Promise<GatewayClient> {
  const path = `/v2/${projectId}/apigw/instances`;
  const { body } = await send(url, 'get', path, { headers: { 'X-Auth-Token': secret } });
  const [first] = (body as Schemas['ListGatewaysResponse']).instances;
  return gatewayClient(url, generation, { projectId, token: secret, gatewayId: first!.id });
}

let made = 0;
/** A name that nothing has yet. */
export const newName = (): string => `name_${(made += 1)}`;

/** An API that could be called; name, group and path are to be given. */
export const anApi = {
  ...{ type: 1, req_protocol: 'HTTP', req_method: 'GET', auth_type: 'NONE', backend_type: 'HTTP' },
  backend_api: {
    url_domain: '127.0.0.1:9000',
    ...{ req_protocol: 'HTTP', req_method: 'GET', req_uri: '/backend', timeout: 5000 },
  },
} as const;

/** Makes what a test needs; each gives the id of what it made. */
export interface Maker {
  readonly key: (body?: object) => Promise<string>;
  readonly group: (body?: object) => Promise<string>;
  readonly environment: (body?: object) => Promise<string>;
  readonly api: (body?: object) => Promise<string>;
  readonly publish: (apiId: string, environmentId?: string, remark?: string) => Promise<Publication>;
  readonly takeOffline: (apiId: string, environmentId?: string) => Promise<void>;
  /** The publish_id of an API of its own, in RELEASE. */
  readonly published: () => Promise<string>;
  readonly bind: (keyId: string, ...publishIds: readonly string[]) => Promise<readonly Schemas['SignatureBinding'][]>;
}

export function makerOf({ ask, generation }: GatewayClient): Maker {
  const isV2 = generation === 'v2';
  const idOf = async (path: string, body: object): Promise<string> =>
    (await ask<{ id: string }>('post', path, { name: newName(), ...body })).id;
  let commonGroup: Promise<string> | undefined;
  const maker: Maker = {
    key: (body = {}) => idOf('signs', body),
    group: (body = {}) => idOf('api-groups', body),
    environment: (body = {}) => idOf('envs', body),
    async api(body = {}) {
      const name = newName();
      const given = { name, req_uri: `/${name}`, ...anApi, ...body };
      if ('group_id' in given) return idOf('apis', given);
      return idOf('apis', { ...given, group_id: await (commonGroup ??= maker.group()) });
    },
    publish: (apiId, environmentId = release, remark = '') => {
      const where = { env_id: environmentId, remark };
      return isV2
        ? ask('post', 'apis/action', { action: 'online', api_id: apiId, ...where })
        : ask('post', `apis/publish/${apiId}`, where);
    },
    async takeOffline(apiId, environmentId = release) {
      if (isV2) await ask('post', 'apis/action', { action: 'offline', api_id: apiId, env_id: environmentId });
      else await ask('delete', `apis/publish/${apiId}?env_id=${environmentId}`);
    },
    published: async () => (await maker.publish(await maker.api())).publish_id,
    async bind(keyId, ...publishIds) {
      const body = { sign_id: keyId, publish_ids: publishIds };
      const answer = await ask<Schemas['BindSignatureKeyResponse'] | Schemas['SignatureBinding'][]>(
        ...(['post', 'sign-bindings', body] as const),
      );
      return Array.isArray(answer) ? answer : answer.bindings;
    },
  };
  return maker;
}
