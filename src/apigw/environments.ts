import { refusalOf, ServiceError } from '../errors.ts';
import { release, type Environment, type Gateway, type NameFilter, type Store } from '../store/store.ts';
import type { ApigContext } from './context.ts';
import { apigRefusals as refusals } from './errors.ts';
import { refuseTaken } from './taken-names.ts';

/** Environments of a gateway. Source: https://docs.otc.t-systems.com/api-gateway/umn/service_overview/notes_and_constraints.html */
const QUOTA = 10;

export interface EnvironmentRequest {
  readonly name: string;
  readonly remark: string | undefined;
}

/** The environments of all gateways, RELEASE among them. Every method throws ServiceError with a refusal of API Gateway. */
export class Environments {
  readonly #context: ApigContext;

  constructor(context: ApigContext) {
    this.#context = context;
  }

  create(gateway: Gateway, { name, remark = '' }: EnvironmentRequest): Promise<Environment> {
    const { store, now, newId } = this.#context;
    const { id: gatewayId, projectId } = gateway;
    const environment: Environment = { id: newId(), projectId, gatewayId, name, remark, createdAt: now() };
    return store.transaction(async (inner) => {
      const all = await environmentsOf(inner, gateway);
      if (all.some((one) => one.name === name)) throw new ServiceError(refusals.environmentNameTaken);
      if (all.length >= QUOTA) throw new ServiceError(refusals.tooManyEnvironments);
      await refuseTaken(inner.gateways.addEnvironment(environment), taken);
      return environment;
    });
  }

  /** A remark that is left out stays. RELEASE is not changed by anybody. */
  update(gateway: Gateway, id: string, { name, remark }: EnvironmentRequest): Promise<Environment> {
    return this.#context.store.transaction(async (inner) => {
      const all = await environmentsOf(inner, gateway);
      const before = all.find((one) => one.id === id && one.id !== release.id);
      if (before === undefined) throw refusalOf(refusals.noSuchEnvironment, id);
      if (all.some((one) => one.name === name && one.id !== id)) throw taken();
      const environment = { ...before, name, remark: remark ?? before.remark };
      await refuseTaken(inner.gateways.updateEnvironment(environment), taken);
      return environment;
    });
  }

  remove(gateway: Gateway, id: string): Promise<void> {
    return this.#context.store.transaction(async ({ gateways }) => {
      const published = await gateways.inForce(gateway.id, { environmentId: id });
      if (published.length > 0) throw new ServiceError(refusals.environmentInUse);
      if (!(await gateways.removeEnvironment(gateway.id, id))) throw refusalOf(refusals.noSuchEnvironment, id);
    });
  }

  async list(gateway: Gateway, filter: NameFilter | undefined, offset: number, limit: number) {
    const all = await environmentsOf(this.#context.store, gateway);
    const { text, isExact } = filter ?? { text: '', isExact: false };
    const chosen = all.filter(({ name }) => (isExact ? name === text : name.includes(text)));
    return { items: chosen.slice(offset, offset + limit), total: chosen.length };
  }
}

const taken = (): ServiceError => new ServiceError(refusals.environmentNameTaken);

/** Newest first; RELEASE is the oldest. */
export async function environmentsOf({ gateways }: Store, gateway: Gateway): Promise<readonly Environment[]> {
  const { id: gatewayId, projectId, createdAt } = gateway;
  const predefined: Environment = { ...release, projectId, gatewayId, createdAt, remark: '' };
  return [...(await gateways.listEnvironments(gatewayId)), predefined];
}

/** By id. */
export const environmentNames = async (store: Store, gateway: Gateway): Promise<ReadonlyMap<string, string>> =>
  new Map((await environmentsOf(store, gateway)).map(({ id, name }) => [id, name]));
