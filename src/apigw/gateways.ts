/** The gateways of a project. */
import { v5 as uuidOf } from 'uuid';
import { refusalOf } from '../errors.ts';
import type { Gateway, Store } from '../store/store.ts';
import { apigRefusals as refusals } from './errors.ts';

/** Makes the id of the gateway that a project has from the project's own: a name space of ours (RFC 9562 5.5). */
const NAMESPACE = '6d0b6a3e-5d6e-4c0a-9a44-3b8f0f7a2c51';
/** When it was made, as far as anybody asks: 2020-01-01T00:00:00Z. */
const MADE_AT = 1_577_836_800_000;

/** Those of the seed; a project without any has one all the same, which is not stored. */
export async function gatewaysOf(store: Store, projectId: string): Promise<readonly [Gateway, ...Gateway[]]> {
  const [first, ...others] = await store.gateways.gateways(projectId);
  return [first ?? { id: uuidOf(projectId, NAMESPACE), projectId, name: 'signet', createdAt: MADE_AT }, ...others];
}

/** @param refusal where the project has no such gateway: those of the gateway itself and of what is in it differ */
export async function gatewayOf(
  store: Store,
  projectId: string,
  id: string,
  refusal = refusals.noSuchGateway,
): Promise<Gateway> {
  const gateway = (await gatewaysOf(store, projectId)).find((one) => one.id === id);
  if (gateway === undefined) throw refusalOf(refusal, id);
  return gateway;
}
