import { refusalOf, ServiceError } from '../errors.ts';
import type { Gateway, Page, Publication, Store } from '../store/store.ts';
import { findApi } from './apis.ts';
import type { ApigContext } from './context.ts';
import { environmentNames, environmentsOf } from './environments.ts';
import { apigRefusals as refusals } from './errors.ts';

export interface PublishRequest {
  readonly apiId: string;
  readonly environmentId: string;
  readonly remark: string;
}

/** What of an API is called in which environment. Every method throws ServiceError with a refusal of API Gateway. */
export class Publishing {
  readonly #context: ApigContext;

  constructor(context: ApigContext) {
    this.#context = context;
  }

  /** The API as it is now. The record stays the same as long as the API is not taken offline in between. */
  publish(gateway: Gateway, { apiId, environmentId, remark }: PublishRequest): Promise<Publication> {
    const { store, now, newId } = this.#context;
    return store.transaction(async (inner) => {
      const { definition } = await findApi(inner, gateway, apiId);
      await assertEnvironment(inner, gateway, environmentId);
      const [before] = await inner.gateways.inForce(gateway.id, { apiIds: [apiId], environmentId });
      const { items } = await inner.gateways.history(apiId, environmentId, 0, 1);
      const publication: Publication = {
        ...{ id: newId(), publishId: before?.publishId ?? newId(), projectId: gateway.projectId },
        ...{ gatewayId: gateway.id, apiId, environmentId, definition, remark, inForce: 1 },
        publishedAt: behind(items[0]?.publishedAt, now()),
      };
      await inner.gateways.publish(publication);
      return publication;
    });
  }

  /** What was in force. Bindings stay. */
  takeOffline(gateway: Gateway, apiId: string, environmentId: string): Promise<Publication> {
    return this.#context.store.transaction(async (inner) => {
      await findApi(inner, gateway, apiId);
      await assertEnvironment(inner, gateway, environmentId);
      const [before] = await inner.gateways.inForce(gateway.id, { apiIds: [apiId], environmentId });
      if (before === undefined) throw new ServiceError(refusals.noSuchPublication);
      await inner.gateways.takeOffline(apiId, environmentId);
      return before;
    });
  }

  /** Also of an API that is not there any more: none. */
  async history(
    gateway: Gateway,
    apiId: string,
    {
      environmentId,
      environmentName,
    }: { readonly environmentId: string | undefined; readonly environmentName: string | undefined },
    offset: number,
    limit: number,
  ): Promise<Page<Publication & { readonly environmentName: string }>> {
    const { store } = this.#context;
    await findApi(store, gateway, apiId);
    const names = await environmentNames(store, gateway);
    const named = environmentName && [...names].find(([, name]) => name === environmentName)?.[0];
    if (environmentName !== undefined && named === undefined) return { items: [], total: 0 };
    const { items, total } = await store.gateways.history(apiId, named ?? environmentId, offset, limit);
    return { items: items.map((one) => ({ ...one, environmentName: names.get(one.environmentId) ?? '' })), total };
  }
}

/** Versions of one moment keep their order: each is a millisecond behind the one before. */
const behind = (latest = 0, now: number): number => (latest >= now && latest < now + 1000 ? latest + 1 : now);

async function assertEnvironment(store: Store, gateway: Gateway, id: string): Promise<void> {
  const all = await environmentsOf(store, gateway);
  if (!all.some((one) => one.id === id)) throw refusalOf(refusals.noSuchEnvironment, id);
}
