/** What an API gateway knows: its signature keys, and the APIs, publications and bindings that give them a meaning. */
import type { ApiDefinition } from './api-definition.ts';
import type { Page } from './key-store.ts';

export interface Gateway {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly createdAt: number;
}

/** A thing of one gateway; it goes with the project. */
interface OfGateway {
  readonly id: string;
  readonly projectId: string;
  /** A project's first gateway need not be stored (apigw/gateways.ts), so this may point at none. */
  readonly gatewayId: string;
}

export interface SignatureKey extends OfGateway {
  /** Unique in the gateway. */
  readonly name: string;
  readonly type: 'hmac' | 'basic' | 'aes';
  /** sign_key: who signs. */
  readonly key: string;
  /** In clear here, sealed at rest. */
  readonly secret: string;
  /** Of type aes: the cipher; empty for the others. */
  readonly algorithm: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A stored environment; RELEASE is always there and never stored. */
export interface Environment extends OfGateway {
  /** Unique in the gateway. */
  readonly name: string;
  readonly remark: string;
  readonly createdAt: number;
}

export interface ApiGroup extends OfGateway {
  /** Unique in the gateway. */
  readonly name: string;
  readonly remark: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** An API as it is edited; its name is unique in its group, and so are method and route (`routeOf`) together. */
export interface Api extends OfGateway {
  readonly groupId: string;
  readonly definition: ApiDefinition;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A version of an API in an environment, as it was when it was published. */
export interface Publication {
  /** version_id. */
  readonly id: string;
  /** publish_id: the record that bindings name; the same for the versions that follow one another without a gap. */
  readonly publishId: string;
  readonly projectId: string;
  readonly gatewayId: string;
  readonly apiId: string;
  readonly environmentId: string;
  readonly definition: ApiDefinition;
  readonly remark: string;
  readonly publishedAt: number;
  /** 1 for the one that is called; 0 for those before it, and all of an API that is offline. */
  readonly inForce: 0 | 1;
}

/** An API has at most one key in an environment, whether or not it is published there now. */
export interface SignatureBinding extends OfGateway {
  readonly apiId: string;
  readonly environmentId: string;
  readonly keyId: string;
  readonly boundAt: number;
}

/** The one environment that every gateway has. */
export const release = { id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', name: 'RELEASE' } as const;

/** A path with all its names in braces alike: `/orders/{}`. What has the same one is called in the same way. */
export const routeOf = (path: string): string => path.replaceAll(/\{[^/{}]*\}/g, '{}');

/** A part of a name, to the letter, or all of it. */
export interface NameFilter {
  readonly text: string;
  readonly isExact: boolean;
}

export interface NamedFilter {
  readonly id?: string | undefined;
  readonly name?: NameFilter | undefined;
}

export interface ApiFilter extends NamedFilter {
  readonly groupId?: string | undefined;
  /** Published there now. */
  readonly environmentId?: string | undefined;
  readonly method?: string | undefined;
  readonly type?: number | undefined;
  readonly protocol?: string | undefined;
  readonly authType?: string | undefined;
  readonly path?: NameFilter | undefined;
}

export interface BindingFilter {
  readonly keyId?: string | undefined;
  readonly keyName?: string | undefined;
  readonly apiId?: string | undefined;
  /** A part of the API's name. */
  readonly apiName?: string | undefined;
  readonly groupId?: string | undefined;
  readonly environmentId?: string | undefined;
}

/** A publication with the names that lists show beside it. */
export interface PublishedApi {
  readonly publication: Publication;
  readonly groupId: string;
  readonly groupName: string;
  readonly environmentName: string;
}

/** A binding with its key and the API's latest publication in that environment, in force or not. */
export interface BoundApi extends PublishedApi {
  readonly binding: SignatureBinding;
  readonly key: SignatureKey;
}

/** Not bound to the key that was asked for. */
export interface UnboundApi extends PublishedApi {
  /** The key that it is bound to instead; empty for none. */
  readonly keyName: string;
}

/** What a gateway needs for one call of a group's APIs. */
export interface GroupRoutes {
  readonly group: ApiGroup;
  /** By name: those of the gateway, RELEASE among them. */
  readonly environments: ReadonlyMap<string, string>;
  /** Everything in force, newest first. */
  readonly routes: readonly Route[];
}

export interface Route {
  readonly publication: Publication;
  /** Undefined where none is bound. */
  readonly key: SignatureKey | undefined;
}

/** Each write throws DuplicateName for a name that the gateway has already, and OwnerGone when the project is gone. Lists: newest first. */
export interface GatewayStore {
  /** Those that are stored, oldest first. */
  gateways(projectId: string): Promise<readonly Gateway[]>;

  addKey(key: SignatureKey): Promise<void>;
  /** Everything but id, gateway and createdAt; false when there is no such key. */
  updateKey(key: SignatureKey): Promise<boolean>;
  /** With its bindings. */
  removeKey(gatewayId: string, id: string): Promise<boolean>;
  findKey(gatewayId: string, id: string): Promise<SignatureKey | undefined>;
  listKeys(gatewayId: string, filter: NamedFilter, offset: number, limit: number): Promise<Page<SignatureKey>>;
  /** Those with this sign_key, of one project or of all. */
  keysFor(key: string, projectId?: string): Promise<readonly SignatureKey[]>;
  /** How many APIs are bound to each of these keys; a key that is not in it has none. */
  countBindings(keyIds: readonly string[]): Promise<ReadonlyMap<string, number>>;

  addGroup(group: ApiGroup): Promise<void>;
  updateGroup(group: ApiGroup): Promise<boolean>;
  /** Rejects for one that has APIs. */
  removeGroup(gatewayId: string, id: string): Promise<boolean>;
  findGroup(gatewayId: string, id: string): Promise<ApiGroup | undefined>;
  listGroups(gatewayId: string, filter: NamedFilter, offset: number, limit: number): Promise<Page<ApiGroup>>;

  addEnvironment(environment: Environment): Promise<void>;
  updateEnvironment(environment: Environment): Promise<boolean>;
  /** With all that was published there, and its bindings. */
  removeEnvironment(gatewayId: string, id: string): Promise<boolean>;
  listEnvironments(gatewayId: string): Promise<readonly Environment[]>;

  addApi(api: Api): Promise<void>;
  updateApi(api: Api): Promise<boolean>;
  /** With its publications and bindings. */
  removeApi(gatewayId: string, id: string): Promise<boolean>;
  findApi(gatewayId: string, id: string): Promise<Api | undefined>;
  listApis(gatewayId: string, filter: ApiFilter, offset: number, limit: number): Promise<Page<Api>>;

  /** Puts it in the place of the one in force; kept are that one and the ten latest. */
  publish(publication: Publication): Promise<void>;
  /** Nothing of the API is in force there any more; false when nothing was. */
  takeOffline(apiId: string, environmentId: string): Promise<boolean>;
  /** Versions of an API, in one environment or all. */
  history(apiId: string, environmentId: string | undefined, offset: number, limit: number): Promise<Page<Publication>>;
  /** What is in force: of these APIs, or under these publish_ids. */
  inForce(
    gatewayId: string,
    of: {
      readonly apiIds?: readonly string[];
      readonly publishIds?: readonly string[];
      readonly environmentId?: string;
    },
  ): Promise<readonly Publication[]>;

  /** Each takes the place of the binding that its API has in that environment. */
  bind(bindings: readonly SignatureBinding[]): Promise<void>;
  unbind(gatewayId: string, id: string): Promise<boolean>;
  /** Those of these bindings that there are, in any order. */
  bound(gatewayId: string, ids: readonly string[]): Promise<readonly BoundApi[]>;
  listBound(gatewayId: string, filter: BindingFilter, offset: number, limit: number): Promise<Page<BoundApi>>;
  /** What is in force and not bound to this key. */
  listUnbound(
    gatewayId: string,
    keyId: string,
    filter: Omit<BindingFilter, 'keyId' | 'keyName'>,
    offset: number,
    limit: number,
  ): Promise<Page<UnboundApi>>;

  /** Undefined when no gateway has such a group. */
  routes(groupId: string): Promise<GroupRoutes | undefined>;
}
