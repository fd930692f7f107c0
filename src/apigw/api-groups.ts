import { refusalOf, ServiceError } from '../errors.ts';
import type { ApiGroup, Gateway, NamedFilter, Page, Store } from '../store/store.ts';
import type { ApigContext } from './context.ts';
import { apigRefusals as refusals } from './errors.ts';
import { refuseTaken } from './taken-names.ts';

/** Groups of a gateway. Source: https://docs.otc.t-systems.com/api-gateway/umn/service_overview/notes_and_constraints.html */
const QUOTA = 1500;

export interface GroupRequest {
  readonly name: string;
  readonly remark: string | undefined;
}

/** The API groups of all gateways. Every method throws ServiceError with a refusal of API Gateway. */
export class ApiGroups {
  readonly #context: ApigContext;

  constructor(context: ApigContext) {
    this.#context = context;
  }

  create(gateway: Gateway, { name, remark = '' }: GroupRequest): Promise<ApiGroup> {
    const { store, now, newId } = this.#context;
    const at = now();
    const { id: gatewayId, projectId } = gateway;
    const group: ApiGroup = { id: newId(), projectId, gatewayId, name, remark, createdAt: at, updatedAt: at };
    return store.transaction(async ({ gateways }) => {
      const { total } = await gateways.listGroups(gatewayId, {}, 0, 1);
      if (total >= QUOTA) throw new ServiceError(refusals.tooManyGroups);
      await refuseTaken(gateways.addGroup(group), () => new ServiceError(refusals.groupNameTaken));
      return group;
    });
  }

  /** A remark that is left out stays. */
  async update(gateway: Gateway, id: string, { name, remark }: GroupRequest): Promise<ApiGroup> {
    const { store, now } = this.#context;
    const before = await this.find(gateway, id);
    const group = { ...before, name, remark: remark ?? before.remark, updatedAt: now() };
    const taken = (): ServiceError => new ServiceError(refusals.groupNameTaken);
    if (!(await refuseTaken(store.gateways.updateGroup(group), taken))) throw refusalOf(refusals.noSuchGroup, id);
    return group;
  }

  remove(gateway: Gateway, id: string): Promise<void> {
    return this.#context.store.transaction(async ({ gateways }) => {
      const { total } = await gateways.listApis(gateway.id, { groupId: id }, 0, 1);
      if (total > 0) throw refusalOf(refusals.groupNotEmpty, id);
      if (!(await gateways.removeGroup(gateway.id, id))) throw refusalOf(refusals.noSuchGroup, id);
    });
  }

  find(gateway: Gateway, id: string): Promise<ApiGroup> {
    return findGroup(this.#context.store, gateway, id);
  }

  list(gateway: Gateway, filter: NamedFilter, offset: number, limit: number): Promise<Page<ApiGroup>> {
    return this.#context.store.gateways.listGroups(gateway.id, filter, offset, limit);
  }
}

/** @throws ServiceError where the gateway has no such group */
export async function findGroup({ gateways }: Store, gateway: Gateway, id: string): Promise<ApiGroup> {
  const group = await gateways.findGroup(gateway.id, id);
  if (group === undefined) throw refusalOf(refusals.noSuchGroup, id);
  return group;
}
