import { refusalOf, ServiceError } from '../errors.ts';
import { completeDefinition, type Api, type ApiFilter, type DefinitionDraft } from '../store/store.ts';
import type { Gateway, Page, Publication, Store } from '../store/store.ts';
import { findGroup } from './api-groups.ts';
import { assertDefinition } from './api-rules.ts';
import type { ApigContext } from './context.ts';
import { environmentNames } from './environments.ts';
import { apigRefusals as refusals } from './errors.ts';
import { refuseTaken } from './taken-names.ts';

/** APIs of a gateway of the edition Enterprise. Source: https://docs.otc.t-systems.com/api-gateway/umn/service_overview/notes_and_constraints.html */
const QUOTA = 2000;

/** An API with what answers show beside it. */
export interface ShownApi {
  readonly api: Api;
  readonly groupName: string;
  /** What is in force, newest first. */
  readonly published: readonly Publication[];
  /** By id. */
  readonly environmentNames: ReadonlyMap<string, string>;
}

/** The APIs of all gateways, as they are edited. Every method throws ServiceError with a refusal of API Gateway. */
export class Apis {
  readonly #context: ApigContext;

  constructor(context: ApigContext) {
    this.#context = context;
  }

  create(gateway: Gateway, groupId: string, draft: DefinitionDraft): Promise<ShownApi> {
    assertDefinition(draft);
    const { store, now, newId } = this.#context;
    const at = now();
    const { id: gatewayId, projectId } = gateway;
    const definition = completeDefinition(draft, newId);
    const api: Api = { id: newId(), projectId, gatewayId, groupId, definition, createdAt: at, updatedAt: at };
    return store.transaction(async (inner) => {
      await findGroup(inner, gateway, groupId);
      const { total } = await inner.gateways.listApis(gatewayId, {}, 0, 1);
      if (total >= QUOTA) throw new ServiceError(refusals.tooManyApis);
      await refuseTwins(inner, api);
      await refuseTaken(inner.gateways.addApi(api), () => new ServiceError(refusals.apiTaken));
      return shown(inner, gateway, api);
    });
  }

  /** What is published stays as it was published. */
  update(gateway: Gateway, id: string, groupId: string, draft: DefinitionDraft): Promise<ShownApi> {
    assertDefinition(draft);
    const { store, now, newId } = this.#context;
    return store.transaction(async (inner) => {
      const before = await findApi(inner, gateway, id);
      await findGroup(inner, gateway, groupId);
      const api = { ...before, groupId, definition: completeDefinition(draft, newId), updatedAt: now() };
      await refuseTwins(inner, api);
      await refuseTaken(inner.gateways.updateApi(api), () => new ServiceError(refusals.apiTaken));
      return shown(inner, gateway, api);
    });
  }

  /** With its bindings; only while it is published nowhere. */
  remove(gateway: Gateway, id: string): Promise<void> {
    return this.#context.store.transaction(async ({ gateways }) => {
      const published = await gateways.inForce(gateway.id, { apiIds: [id] });
      if (published.length > 0) throw new ServiceError(refusals.apiPublished);
      if (!(await gateways.removeApi(gateway.id, id))) throw refusalOf(refusals.noSuchApi, id);
    });
  }

  async find(gateway: Gateway, id: string): Promise<ShownApi> {
    const { store } = this.#context;
    return shown(store, gateway, await findApi(store, gateway, id));
  }

  async list(gateway: Gateway, filter: ApiFilter, offset: number, limit: number): Promise<Page<ShownApi>> {
    const { store } = this.#context;
    const { items, total } = await store.gateways.listApis(gateway.id, filter, offset, limit);
    return { items: await allShown(store, gateway, items), total };
  }
}

async function shown(store: Store, gateway: Gateway, api: Api): Promise<ShownApi> {
  const [one] = await allShown(store, gateway, [api]);
  if (one === undefined) throw refusalOf(refusals.noSuchApi, api.id);
  return one;
}

async function allShown(store: Store, gateway: Gateway, apis: readonly Api[]): Promise<readonly ShownApi[]> {
  const groupIds = [...new Set(apis.map(({ groupId }) => groupId))];
  const groups = await Promise.all(groupIds.map((id) => store.gateways.findGroup(gateway.id, id)));
  const groupNames = new Map(groups.map((group) => [group?.id, group?.name ?? '']));
  const published = await store.gateways.inForce(gateway.id, { apiIds: apis.map(({ id }) => id) });
  const byApi = Map.groupBy(published, ({ apiId }) => apiId);
  const names = await environmentNames(store, gateway);
  return apis.map((api) => ({
    ...{ api, groupName: groupNames.get(api.groupId) ?? '', published: byApi.get(api.id) ?? [] },
    environmentNames: names,
  }));
}

/** @throws ServiceError where the gateway has no such API */
export async function findApi({ gateways }: Store, gateway: Gateway, id: string): Promise<Api> {
  const api = await gateways.findApi(gateway.id, id);
  if (api === undefined) throw refusalOf(refusals.noSuchApi, id);
  return api;
}

/** A name can be told from what else is unique only before the API is kept. */
async function refuseTwins({ gateways }: Store, { id, gatewayId, groupId, definition }: Api): Promise<void> {
  const name = { text: definition.name, isExact: true };
  const { items } = await gateways.listApis(gatewayId, { groupId, name }, 0, 2);
  if (items.some((one) => one.id !== id)) throw refusalOf(refusals.apiNameTaken, definition.name);
}
