/** A store that remembers what the hot paths ask for, as long as nobody changes it. */
import { LRUCache } from 'lru-cache';
import { makeCatchUp, type FreshnessOptions } from './freshness.ts';
import type {
  AccessKeyDetails,
  ContentsStore,
  GatewayStore,
  GroupRoutes,
  IdentityStore,
  Key,
  KeyStore,
  OciApiKeyDetails,
  OciStore,
} from './store.ts';
import type { ProjectDetails, Store, TokenDetails, TokenStore } from './store.ts';

/** Rows of each kind that are remembered. */
const most = 1000;

/**
 * Projects, access keys and keys by id, tokens by hash, the routes of groups, and OCI's API keys come from memory until anything is written
 * through this store, or `catchUp` finds that somebody else has written: either forgets all. An answer that was under way meanwhile is not
 * remembered, for it may be older than the write.
 * @param revision of a store that others may change too
 */
export function remembering(store: Store, revision?: FreshnessOptions['revision']): Store {
  const projects = new LRUCache<string, ProjectDetails>({ max: most });
  const accessKeys = new LRUCache<string, AccessKeyDetails>({ max: most });
  const tokens = new LRUCache<string, TokenDetails>({ max: most });
  const keys = new LRUCache<string, Key>({ max: most });
  const routes = new LRUCache<string, GroupRoutes>({ max: most });
  const apiKeys = new LRUCache<string, OciApiKeyDetails>({ max: most });
  const memories = [projects, accessKeys, tokens, keys, routes, apiKeys];
  let generation = 0;
  let load = (): Promise<void> => Promise.resolve();

  function forget(): void {
    generation++;
    for (const memory of memories) memory.clear();
  }

  async function read<Found extends object>(
    memory: LRUCache<string, Found>,
    name: string,
    ask: () => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    const known = memory.get(name);
    if (known !== undefined) return known;
    const before = generation;
    const found = await ask();
    if (found !== undefined && generation === before) memory.set(name, found);
    return found;
  }

  const write =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      try {
        return await work(...args);
      } finally {
        forget();
      }
    };

  // Named one by one: a new method is a read or a write, and somebody has to say which.
  const identity: IdentityStore = {
    domain: (by) => store.identity.domain(by),
    projects: (by) => store.identity.projects(by),
    users: (by) => store.identity.users(by),
    everyProject: () => store.identity.everyProject(),
    project: (id) => read(projects, id, () => store.identity.project(id)),
    accessKeys: (by, most) => store.identity.accessKeys(by, most),
    accessKey: (access) => read(accessKeys, access, () => store.identity.accessKey(access)),
    addDomain: write((domain) => store.identity.addDomain(domain)),
    addProject: write((project) => store.identity.addProject(project)),
    addUser: write((user) => store.identity.addUser(user)),
    addAccessKey: write((key) => store.identity.addAccessKey(key)),
    countFailure: write((access, limit, lockedUntil) => store.identity.countFailure(access, limit, lockedUntil)),
    clearFailures: write((access) => store.identity.clearFailures(access)),
    removeExpiredAccessKeys: write((before) => store.identity.removeExpiredAccessKeys(before)),
    removeProject: write((id) => store.identity.removeProject(id)),
  };
  const tokenStore: TokenStore = {
    add: write((token) => store.tokens.add(token)),
    find: (hash) => read(tokens, hash, () => store.tokens.find(hash)),
    remove: write((hash) => store.tokens.remove(hash)),
    removeExpired: write((before, except) => store.tokens.removeExpired(before, except)),
  };
  const keyStore: KeyStore = {
    findByName: (projectId, name) => store.keys.findByName(projectId, name),
    findByAlias: (projectId, aliases) => store.keys.findByAlias(projectId, aliases),
    list: (projectId, filter, offset, limit) => store.keys.list(projectId, filter, offset, limit),
    count: (projectId) => store.keys.count(projectId),
    material: (id, version) => store.keys.material(id, version),
    findAnywhere: (id) => store.keys.findAnywhere(id),
    hasDue: (now) => store.keys.hasDue(now),
    due: (until, most) => store.keys.due(until, most),
    add: write((key) => store.keys.add(key)),
    find: (projectId, id) => read(keys, `${projectId} ${id}`, () => store.keys.find(projectId, id)),
    removeDue: write((now) => store.keys.removeDue(now)),
    expireDue: write((now) => store.keys.expireDue(now)),
    addMaterial: write((id, version, secret) => store.keys.addMaterial(id, version, secret)),
    removeMaterial: write((id) => store.keys.removeMaterial(id)),
    update: write((projectId, id, states, change) => store.keys.update(projectId, id, states, change)),
  };
  const gateways: GatewayStore = {
    gateways: (projectId) => store.gateways.gateways(projectId),
    findKey: (gatewayId, id) => store.gateways.findKey(gatewayId, id),
    listKeys: (gatewayId, filter, offset, limit) => store.gateways.listKeys(gatewayId, filter, offset, limit),
    keysFor: (key, projectId) => store.gateways.keysFor(key, projectId),
    countBindings: (keyIds) => store.gateways.countBindings(keyIds),
    findGroup: (gatewayId, id) => store.gateways.findGroup(gatewayId, id),
    listGroups: (gatewayId, filter, offset, limit) => store.gateways.listGroups(gatewayId, filter, offset, limit),
    listEnvironments: (gatewayId) => store.gateways.listEnvironments(gatewayId),
    findApi: (gatewayId, id) => store.gateways.findApi(gatewayId, id),
    listApis: (gatewayId, filter, offset, limit) => store.gateways.listApis(gatewayId, filter, offset, limit),
    history: (apiId, environmentId, offset, limit) => store.gateways.history(apiId, environmentId, offset, limit),
    inForce: (gatewayId, of) => store.gateways.inForce(gatewayId, of),
    bound: (gatewayId, ids) => store.gateways.bound(gatewayId, ids),
    listBound: (gatewayId, filter, offset, limit) => store.gateways.listBound(gatewayId, filter, offset, limit),
    listUnbound: (gatewayId, keyId, filter, offset, limit) =>
      store.gateways.listUnbound(gatewayId, keyId, filter, offset, limit),
    routes: (groupId) => read(routes, groupId, () => store.gateways.routes(groupId)),
    addKey: write((key) => store.gateways.addKey(key)),
    updateKey: write((key) => store.gateways.updateKey(key)),
    removeKey: write((gatewayId, id) => store.gateways.removeKey(gatewayId, id)),
    addGroup: write((group) => store.gateways.addGroup(group)),
    updateGroup: write((group) => store.gateways.updateGroup(group)),
    removeGroup: write((gatewayId, id) => store.gateways.removeGroup(gatewayId, id)),
    addEnvironment: write((environment) => store.gateways.addEnvironment(environment)),
    updateEnvironment: write((environment) => store.gateways.updateEnvironment(environment)),
    removeEnvironment: write((gatewayId, id) => store.gateways.removeEnvironment(gatewayId, id)),
    addApi: write((api) => store.gateways.addApi(api)),
    updateApi: write((api) => store.gateways.updateApi(api)),
    removeApi: write((gatewayId, id) => store.gateways.removeApi(gatewayId, id)),
    publish: write((publication) => store.gateways.publish(publication)),
    takeOffline: write((apiId, environmentId) => store.gateways.takeOffline(apiId, environmentId)),
    bind: write((bindings) => store.gateways.bind(bindings)),
    unbind: write((gatewayId, id) => store.gateways.unbind(gatewayId, id)),
  };
  const oci: OciStore = {
    tenancies: () => store.oci.tenancies(),
    tenancy: (id) => store.oci.tenancy(id),
    users: (tenancyId) => store.oci.users(tenancyId),
    user: (id) => store.oci.user(id),
    apiKeys: (userId) => store.oci.apiKeys(userId),
    apiKey: (userId, fingerprint) =>
      read(apiKeys, `${userId} ${fingerprint}`, () => store.oci.apiKey(userId, fingerprint)),
    anyApiKeys: (limit) => store.oci.anyApiKeys(limit),
    retry: (userId, token, at) => store.oci.retry(userId, token, at),
    deployments: () => store.oci.deployments(),
    deployment: (id) => store.oci.deployment(id),
    deploymentAt: (pathPrefixes) => store.oci.deploymentAt(pathPrefixes),
    addTenancy: write((tenancy) => store.oci.addTenancy(tenancy)),
    removeTenancy: write((id) => store.oci.removeTenancy(id)),
    addUser: write((user) => store.oci.addUser(user)),
    removeUser: write((id) => store.oci.removeUser(id)),
    addApiKey: write((key, limit) => store.oci.addApiKey(key, limit)),
    removeApiKey: write((userId, fingerprint, etag) => store.oci.removeApiKey(userId, fingerprint, etag)),
    setInactive: write((userId, fingerprint, status) => store.oci.setInactive(userId, fingerprint, status)),
    addRetry: write((retry, at) => store.oci.addRetry(retry, at)),
    addDeployment: write((deployment) => store.oci.addDeployment(deployment)),
    removeDeployment: write((id) => store.oci.removeDeployment(id)),
  };
  const contents: ContentsStore = {
    read: (projectId) => store.contents.read(projectId),
    replace: write((all) => store.contents.replace(all)),
    replaceProject: write((some, projectId) => store.contents.replaceProject(some, projectId)),
  };
  const transaction: Store['transaction'] = (work) => write(() => store.transaction(work))();
  const onChange = async (): Promise<void> => {
    forget();
    await load();
  };
  return {
    // Nothing of what belongs to keys, and no document, is remembered, and writing them changes nothing that is.
    ...store,
    ...{ identity, tokens: tokenStore, keys: keyStore, gateways, oci, contents, transaction },
    catchUp: revision === undefined ? () => undefined : makeCatchUp({ revision, onChange }),
    onChange: (reload) => (load = reload),
  };
}
