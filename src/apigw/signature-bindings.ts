import { refusalOf, ServiceError } from '../errors.ts';
import type {
  BindingFilter,
  BoundApi,
  Gateway,
  GatewayStore,
  Page,
  SignatureBinding,
  UnboundApi,
} from '../store/store.ts';
import { findApi } from './apis.ts';
import type { ApigContext } from './context.ts';
import { apigRefusals as refusals } from './errors.ts';

/** Which key signs the calls of which published API. Every method throws ServiceError with a refusal of API Gateway. */
export class SignatureBindings {
  readonly #context: ApigContext;

  constructor(context: ApigContext) {
    this.#context = context;
  }

  /** All of these, or none; each takes the place of what was bound before. In the order of the publish_ids. */
  bind(gateway: Gateway, keyId: string, publishIds: readonly string[]): Promise<readonly BoundApi[]> {
    const { store, now, newId } = this.#context;
    const at = now();
    const { id: gatewayId, projectId } = gateway;
    return store.transaction(async ({ gateways }) => {
      await assertKey(gateways, gatewayId, keyId);
      const wanted = [...new Set(publishIds)];
      const found = await gateways.inForce(gatewayId, { publishIds: wanted });
      const byRecord = new Map(found.map((publication) => [publication.publishId, publication]));
      const bindings = wanted.map((publishId): SignatureBinding => {
        const publication = byRecord.get(publishId);
        if (publication === undefined) throw new ServiceError(refusals.noSuchPublication);
        const { apiId, environmentId } = publication;
        return { id: newId(), projectId, gatewayId, apiId, environmentId, keyId, boundAt: at };
      });
      await gateways.bind(bindings);
      const ids = bindings.map(({ id }) => id);
      const bound = await gateways.bound(gatewayId, ids);
      const byId = new Map(bound.map((one) => [one.binding.id, one]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    });
  }

  async unbind(gateway: Gateway, id: string): Promise<void> {
    if (!(await this.#context.store.gateways.unbind(gateway.id, id))) throw new ServiceError(refusals.noSuchBinding);
  }

  async apisOf(
    gateway: Gateway,
    keyId: string,
    filter: Omit<BindingFilter, 'keyId' | 'keyName'>,
    offset: number,
    limit: number,
  ): Promise<Page<BoundApi>> {
    const { gateways } = this.#context.store;
    await assertKey(gateways, gateway.id, keyId);
    return gateways.listBound(gateway.id, { ...filter, keyId }, offset, limit);
  }

  async keysOf(
    gateway: Gateway,
    apiId: string,
    filter: Pick<BindingFilter, 'keyId' | 'keyName' | 'environmentId'>,
    offset: number,
    limit: number,
  ): Promise<Page<BoundApi>> {
    const { store } = this.#context;
    await findApi(store, gateway, apiId);
    return store.gateways.listBound(gateway.id, { ...filter, apiId }, offset, limit);
  }

  async apisWithout(
    gateway: Gateway,
    keyId: string,
    filter: Omit<BindingFilter, 'keyId' | 'keyName'>,
    offset: number,
    limit: number,
  ): Promise<Page<UnboundApi>> {
    const { gateways } = this.#context.store;
    await assertKey(gateways, gateway.id, keyId);
    return gateways.listUnbound(gateway.id, keyId, filter, offset, limit);
  }
}

async function assertKey(gateways: GatewayStore, gatewayId: string, id: string): Promise<void> {
  if ((await gateways.findKey(gatewayId, id)) === undefined) throw refusalOf(refusals.noSuchSignatureKey, id);
}
