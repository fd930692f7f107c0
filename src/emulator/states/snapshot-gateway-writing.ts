/** The API gateways of a store as a snapshot has them. */
import type { Api, ApiGroup, Contents, Environment, Gateway } from '../../store/store.ts';
import type { Publication, SignatureBinding, SignatureKey } from '../../store/store.ts';
import type { ApiEntry, EnvironmentEntry, GatewayEntry, GroupEntry } from './snapshot-gateway-format.ts';
import type { PublicationEntry, SignatureBindingEntry, SignatureKeyEntry } from './snapshot-gateway-format.ts';
import { groupedBy, inOrder, present, written, type Groups } from './snapshot-values.ts';

interface Things {
  readonly keys: Groups<SignatureKey>;
  readonly environments: Groups<Environment>;
  readonly groups: Groups<ApiGroup>;
  readonly apis: Groups<Api>;
  readonly publications: Groups<Publication>;
  readonly bindings: Groups<SignatureBinding>;
}

/** By project: gives the entries of one. */
export function gatewayWriter(contents: Contents): (projectId: string) => readonly GatewayEntry[] | null {
  const { gateways, signatureKeys, environments, apiGroups, apis, publications, signatureBindings } = contents;
  const stored = new Map(gateways.map((gateway) => [gateway.id, gateway]));
  const ids = new Map<string, Set<string>>();
  const places = gateways.map(({ id: gatewayId, projectId }) => ({ gatewayId, projectId }));
  for (const { projectId, gatewayId } of [...places, ...signatureKeys, ...environments, ...apiGroups]) {
    ids.set(projectId, (ids.get(projectId) ?? new Set()).add(gatewayId));
  }
  const things: Things = {
    keys: groupedBy(signatureKeys, gatewayIdOf),
    environments: groupedBy(environments, gatewayIdOf),
    groups: groupedBy(apiGroups, gatewayIdOf),
    apis: groupedBy(apis, ({ groupId }) => groupId),
    publications: groupedBy(publications, apiIdOf),
    bindings: groupedBy(signatureBindings, apiIdOf),
  };
  return (projectId) =>
    inOrder(
      [...(ids.get(projectId) ?? [])],
      (id) => id,
      (id) => writeGateway(id, stored.get(id), things),
    );
}

const idOf = ({ id }: { readonly id: string }): string => id;
const gatewayIdOf = ({ gatewayId }: { readonly gatewayId: string }): string => gatewayId;
const apiIdOf = ({ apiId }: { readonly apiId: string }): string => apiId;

const writeGateway = (id: string, gateway: Gateway | undefined, things: Things): GatewayEntry =>
  present<GatewayEntry>({
    ...{ id, name: gateway?.name ?? null, created_at: gateway ? written(gateway.createdAt) : null },
    signature_keys: inOrder(things.keys.get(id), idOf, writeKey),
    environments: inOrder(things.environments.get(id), idOf, writeEnvironment),
    groups: inOrder(things.groups.get(id), idOf, (group) => writeGroup(group, things)),
  });

const writeKey = (key: SignatureKey): SignatureKeyEntry =>
  present<SignatureKeyEntry>({
    ...{ id: key.id, name: key.name, sign_type: key.type, sign_key: key.key, sign_secret: key.secret },
    ...{ sign_algorithm: key.algorithm || null, ...instantsOf(key) },
  });

const writeEnvironment = ({ id, name, remark, createdAt }: Environment): EnvironmentEntry =>
  present<EnvironmentEntry>({ id, name, remark: remark || null, created_at: written(createdAt) });

const writeGroup = (group: ApiGroup, things: Things): GroupEntry =>
  present<GroupEntry>({
    ...{ id: group.id, name: group.name, remark: group.remark || null, ...instantsOf(group) },
    apis: inOrder(things.apis.get(group.id), idOf, (api) => writeApi(api, things)),
  });

const writeApi = (api: Api, { publications, bindings }: Things): ApiEntry =>
  present<ApiEntry>({
    ...{ id: api.id, ...instantsOf(api), definition: api.definition },
    publications: inOrder(publications.get(api.id), idOf, writePublication),
    signature_bindings: inOrder(bindings.get(api.id), idOf, writeBinding),
  });

const writePublication = (publication: Publication): PublicationEntry =>
  present<PublicationEntry>({
    ...{ version_id: publication.id, publish_id: publication.publishId, env_id: publication.environmentId },
    ...{ in_force: publication.inForce === 1 || null, remark: publication.remark || null },
    ...{ published_at: written(publication.publishedAt), definition: publication.definition },
  });

const writeBinding = ({ id, environmentId, keyId, boundAt }: SignatureBinding): SignatureBindingEntry => ({
  ...{ id, env_id: environmentId, sign_id: keyId, bound_at: written(boundAt) },
});

const instantsOf = ({ createdAt, updatedAt }: { readonly createdAt: number; readonly updatedAt: number }) => ({
  created_at: written(createdAt),
  updated_at: written(updatedAt),
});
