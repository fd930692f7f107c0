/** Requests that API Gateway refuses, operation by operation, and the code of the refusal. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { anApi, basePath, release, type GatewayCaller, type Generation } from '../support/apigw.ts';
import { send, type Method } from '../support/http.ts';
import { project, token } from '../support/identity.ts';
import { ids } from './gateway-states.ts';

export type Body = Readonly<Record<string, unknown>>;

/** What a request says, whatever its generation: the id at the end of its path, the query and the body. */
export interface Asking {
  readonly id?: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

export interface Caller extends GatewayCaller {
  /** In place of the operation's own. */
  readonly method?: Method;
}

export interface RefusalRow extends Asking {
  readonly operation: string;
  readonly why: string;
  /** Of API Gateway, or the name of a refusal of the gateway in front of it. */
  readonly refusal: string;
  /** What the text names. */
  readonly about: string;
  readonly caller: Caller;
}

interface Operation {
  readonly id: string;
  readonly service: string;
  readonly name: string;
  readonly method: Method;
  readonly path: string;
  readonly takesBody: boolean;
  /** All that the contract promises. */
  readonly refusals: readonly string[];
}

interface Contract {
  readonly tags: readonly { readonly name: string; readonly 'x-refusals'?: readonly string[] }[];
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { operationId?: string; requestBody?: unknown; 'x-refusals'?: string[] }>>>
  >;
}

const contract = parse(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')) as Contract;

/** The operations of the three services, by their ids. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries(contract.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { operationId: id = '', requestBody, 'x-refusals': own = [] }]) => {
      const [service = '', name = ''] = id.split('.');
      if (!service.startsWith('apigw')) return [];
      const ofTag = contract.tags.find((tag) => tag.name === service)?.['x-refusals'] ?? [];
      const takesBody = requestBody !== undefined;
      const refusals = [...ofTag.filter((code) => takesBody || code !== 'APIG.2000'), ...own];
      return [[id, { id, service, name, method: method as Method, path, takesBody, refusals }] as const];
    }),
  ),
);

const generationOf: Readonly<Record<string, Generation>> = {
  apigw: 'v2',
  apigwDedicated: 'v1',
  apigwShared: 'v1.0',
};

const apiBody = { ...anApi, group_id: ids.groups.full, name: 'never_made', req_uri: '/never-made' };
const binding = { sign_id: ids.keys.free, publish_ids: [ids.unknown] };
const [ofKey, ofApi] = [{ query: { sign_id: ids.keys.free } }, { query: { api_id: ids.apis.published } }];

/** A request for each operation that is well-formed. */
export const wellFormed: Readonly<Record<string, Asking>> = {
  createSignatureKey: { body: { name: 'never_made' } },
  updateSignatureKey: { id: ids.keys.free, body: { name: 'never_changed' } },
  deleteSignatureKey: { id: ids.unknown },
  listSignatureKeys: {},
  bindSignatureKey: { body: binding },
  unbindSignatureKey: { id: ids.unknown },
  listApisBoundToKey: ofKey,
  listApisNotBoundToKey: ofKey,
  listKeysBoundToApi: ofApi,
  createApi: { body: apiBody },
  updateApi: { id: ids.apis.offline, body: apiBody },
  deleteApi: { id: ids.unknown },
  showApi: { id: ids.apis.published },
  listApis: {},
  listApiVersions: { id: ids.apis.published },
  changeApiState: { body: { action: 'online', env_id: ids.unknown, api_id: ids.apis.offline } },
  publishApi: { id: ids.apis.offline, body: { env_id: ids.unknown } },
  takeApiOffline: { id: ids.apis.offline, query: { env_id: release } },
  createApiGroup: { body: { name: 'never_made' } },
  updateApiGroup: { id: ids.unknown, body: { name: 'never_changed' } },
  deleteApiGroup: { id: ids.unknown },
  showApiGroup: { id: ids.groups.full },
  listApiGroups: {},
  createEnvironment: { body: { name: 'never_made' } },
  updateEnvironment: { id: ids.unknown, body: { name: 'never_changed' } },
  deleteEnvironment: { id: ids.unknown },
  listEnvironments: {},
  listGateways: {},
  showGateway: {},
};

/** Sends a request for an operation; the seed's own gateway is asked. */
export function ask(url: string, operation: string, { id = '', query = {}, body }: Asking, caller: Caller = {}) {
  const { method: own, path: template, service } = operations.get(operation)!;
  const { method = own, token: secret = token, headers = {}, projectId = project.id, ...rest } = caller;
  const { gatewayId = ids.gateway } = rest;
  const stand: Readonly<Record<string, string>> = { project_id: projectId, instance_id: gatewayId };
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(stand[name] ?? id));
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const asked = given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
  const base = basePath(generationOf[service]!, { projectId, gatewayId });
  if (!path.startsWith(base) && !base.startsWith(path)) throw new Error(`${path} is not below ${base}`);
  const credential: Record<string, string> = secret === null ? {} : { 'X-Auth-Token': secret };
  const all = { 'Content-Type': 'application/json', ...credential, ...headers };
  return send(url, method, path + asked, { headers: all, body });
}

/** What a row changes of the well-formed request: fields of its query, fields of its body or the whole of it, or the id. */
export interface Change extends Omit<Asking, 'body'> {
  readonly fields?: Body;
  readonly body?: unknown;
  /** What the text names, where it is not what the others of the table name. */
  readonly about?: string;
}

export interface Of {
  readonly services?: readonly string[];
  readonly caller?: Caller;
}

/** Rows for one refusal: the same changes to the well-formed requests for some operations, in every generation that has them. */
export const rows = (
  refusal: string,
  about: string,
  names: readonly string[],
  changes: Readonly<Record<string, Change>>,
  { services = Object.keys(generationOf), caller = {} }: Of = {},
): RefusalRow[] =>
  [...operations.values()]
    .filter(({ name, service }) => names.includes(name) && services.includes(service))
    .flatMap(({ id: operation, name }) =>
      Object.entries(changes).map(([why, { fields, query, about: other = about, ...change }]) => {
        const whole = wellFormed[name]!;
        const body = fields === undefined ? whole.body : { ...(whole.body as Body), ...fields };
        const asking = { ...whole, body, query: { ...whole.query, ...query }, ...change };
        return { operation, why, refusal, about: other, caller, ...asking };
      }),
    );

export const names = Object.keys(wellFormed);
const withBody = (name: string): boolean => wellFormed[name]?.body !== undefined;
/** Those that take a body. */
export const takingBody = names.filter(withBody);
/** Those that are about gateways themselves. */
export const ofGateways = ['listGateways', 'showGateway'];
