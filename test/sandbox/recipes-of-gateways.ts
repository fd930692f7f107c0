import type { OperationId } from '../../src/contract/operations.ts';
import { anApi } from '../support/apigw.ts';
import { release, type Belongings } from './belongings.ts';
import type { Recipe, Recipes } from './recipes.ts';
import type { Attempt } from './requests.ts';

type GatewayId = Extract<OperationId, `apigw${string}.${string}`>;
type NameOf<Service extends string> = GatewayId extends infer Id
  ? Id extends `${Service}.${infer Name}`
    ? Name
    : never
  : never;

/** A name that nothing has in any project. */
let made = 0;
const newName = (): string => `taken_over_${(made += 1)}`;

const at = (path: Record<string, string>, body?: object): Attempt => ({ path, ...(body !== undefined && { body }) });
const asked = (query: Record<string, string>): Attempt => ({ query });
const apiOf = (group_id: string): object => {
  const name = newName();
  return { ...anApi, name, req_uri: `/${name}`, group_id };
};

/** The last part of the path is called `id` in the older generations. */
const id = (name: string, value: string): Record<string, string> => ({ [name]: value, id: value });

const keys = {
  listSignatureKeys: (of) => [{}, asked({ id: of.signId }), asked({ name: of.signName })],
  // The name is free in every project.
  createSignatureKey: (of) => ({ body: { name: `${of.signName}_too`, sign_key: of.signKey } }),
  updateSignatureKey: (of) =>
    at(id('sign_id', of.signId), { name: newName(), sign_key: newName(), sign_secret: 'x'.repeat(16) }),
  deleteSignatureKey: (of) => at(id('sign_id', of.freeKeyId)),
  bindSignatureKey: (of, own) => [
    { body: { sign_id: of.freeKeyId, publish_ids: [of.freePublishId] } },
    { body: { sign_id: own.freeKeyId, publish_ids: [of.freePublishId] } },
    { body: { sign_id: of.freeKeyId, publish_ids: [own.freePublishId] } },
    { body: { sign_id: own.freeKeyId, publish_ids: [own.freePublishId, of.publishId] } },
  ],
  listApisBoundToKey: (of, own) => [
    asked({ sign_id: of.signId }),
    asked({ sign_id: own.signId, api_id: of.apiId }),
    asked({ sign_id: own.signId, group_id: of.groupId }),
    asked({ sign_id: own.signId, env_id: of.environmentId }),
  ],
  listKeysBoundToApi: (of, own) => [
    asked({ api_id: of.apiId }),
    asked({ api_id: own.apiId, sign_id: of.signId }),
    asked({ api_id: own.apiId, env_id: of.environmentId }),
  ],
  listApisNotBoundToKey: (of, own) => [
    asked({ sign_id: of.freeKeyId }),
    asked({ sign_id: own.freeKeyId, api_id: of.apiId }),
    asked({ sign_id: own.freeKeyId, group_id: of.groupId }),
  ],
  unbindSignatureKey: (of) => at(id('sign_bindings_id', of.bindingId)),
} as const satisfies Record<string, Recipe>;

const apis = {
  listApis: (of) => [{}, asked({ id: of.apiId }), asked({ group_id: of.groupId }), asked({ name: of.apiName })],
  createApi: (of) => ({ body: apiOf(of.groupId) }),
  listApiVersions: (of) => at(id('api_id', of.apiId)),
  showApi: (of) => at(id('api_id', of.apiId)),
  updateApi: (of, own) => [
    at(id('api_id', of.apiId), apiOf(of.groupId)),
    at(id('api_id', of.apiId), apiOf(own.groupId)),
    at(id('api_id', own.bareApiId), apiOf(of.groupId)),
  ],
  deleteApi: (of) => at(id('api_id', of.bareApiId)),
  listApiGroups: (of) => [{}, asked({ id: of.groupId }), asked({ name: of.groupName })],
  createApiGroup: (of) => ({ body: { name: `${of.groupName}_too` } }),
  showApiGroup: (of) => at(id('group_id', of.groupId)),
  updateApiGroup: (of) => at(id('group_id', of.groupId), { name: newName() }),
  deleteApiGroup: (of) => at(id('group_id', of.bareGroupId)),
  listEnvironments: (of) => [{}, asked({ name: of.environmentName })],
  createEnvironment: (of) => ({ body: { name: `${of.environmentName}_too` } }),
  updateEnvironment: (of) => at(id('env_id', of.environmentId), { name: newName() }),
  deleteEnvironment: (of) => at(id('env_id', of.environmentId)),
} as const satisfies Record<string, Recipe>;

const whereOf = ({ apiId, bareApiId, environmentId }: Belongings, own: Belongings) => ({
  online: [
    { api_id: bareApiId, env_id: environmentId },
    { api_id: own.bareApiId, env_id: environmentId },
    { api_id: bareApiId, env_id: release },
  ],
  offline: [{ api_id: apiId, env_id: release }],
});

const ofService = <Service extends string, Row extends Record<string, Recipe>>(service: Service, rows: Row) =>
  Object.fromEntries(Object.entries(rows).map(([name, recipe]) => [`${service}.${name}`, recipe])) as {
    [Name in keyof Row & string as `${Service}.${Name}`]: Recipe;
  };

const dedicated: Record<NameOf<'apigw'>, Recipe> = {
  ...keys,
  ...apis,
  changeApiState: (of, own) =>
    Object.entries(whereOf(of, own)).flatMap(([action, places]) =>
      places.map((where) => ({ body: { action, ...where } })),
    ),
  listGateways: (of) => [{}, asked({ instance_id: of.gatewayId }), asked({ instance_name: of.gatewayId })],
  showGateway: () => ({}),
};
const older: Record<NameOf<'apigwDedicated'>, Recipe> = keys;
const legacy: Record<NameOf<'apigwShared'>, Recipe> = {
  ...keys,
  ...apis,
  publishApi: (of, own) => whereOf(of, own).online.map(({ api_id, env_id }) => at({ api_id }, { env_id })),
  takeApiOffline: (of) => ({ path: { api_id: of.apiId }, query: { env_id: release } }),
};

export const gatewayRecipes: Recipes<GatewayId> = {
  ...ofService('apigw', dedicated),
  ...ofService('apigwDedicated', older),
  ...ofService('apigwShared', legacy),
};
