import type { ProjectCaller } from '../contract/caller.ts';
import type { Handlers } from '../contract/operations.ts';
import { randomHex } from '../crypto/random-hex.ts';
import type { Store } from '../store/store.ts';
import { ApiGroups } from './api-groups.ts';
import { Apis } from './apis.ts';
import { Environments } from './environments.ts';
import { gatewayOf, gatewaysOf } from './gateways.ts';
import { apigRefusals as refusals } from './errors.ts';
import { apiHandlers } from './handlers/apis.ts';
import { bindingHandlers } from './handlers/bindings.ts';
import { environmentHandlers } from './handlers/environments.ts';
import { groupHandlers } from './handlers/groups.ts';
import { signatureKeyHandlers } from './handlers/signature-keys.ts';
import { Publishing } from './publishing.ts';
import { SignatureBindings } from './signature-bindings.ts';
import { SignatureKeyRing } from './signature-key-ring.ts';
import { apiWireV1, apiWireV2, publicationBody } from './wire/apis.ts';
import { bindingWireV1, bindingWireV2 } from './wire/bindings.ts';
import { dedicated, pageBody, shared, v2 } from './wire/generations.ts';
import { gatewayBody, gatewayDetails, groupBody, groupBodyV2, isListed } from './wire/groups.ts';
import { keyWireV1, keyWireV2, maskedSecret } from './wire/signature-keys.ts';

export interface ApigServiceOptions {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A UUID, new every time. */
  readonly newId: () => string;
  /** What the host names of groups end with. */
  readonly domain: string;
  /** Whether answers show secrets of signature keys in part only. */
  readonly masksSecrets: boolean;
}

export interface ApigService {
  readonly v2: Handlers<'apigw', ProjectCaller>;
  readonly dedicated: Handlers<'apigwDedicated', ProjectCaller>;
  readonly shared: Handlers<'apigwShared', ProjectCaller>;
}

/** Every operation of API Gateway's control plane, in its three generations. */
export function apigService({ store, now, newId, domain, masksSecrets }: ApigServiceOptions): ApigService {
  const context = { store, now, newId: () => randomHex(newId, 32) };
  const keys = new SignatureKeyRing(context);
  const bindings = new SignatureBindings(context);
  const groups = new ApiGroups(context);
  const environments = new Environments(context);
  const apis = new Apis(context);
  const publishing = new Publishing(context);
  const secretOf = masksSecrets ? maskedSecret : (secret: string): string => secret;
  const [second, first, legacy] = [v2(store), dedicated(store), shared(store)];
  return {
    v2: {
      ...signatureKeyHandlers(keys, second, keyWireV2(secretOf)),
      ...bindingHandlers(bindings, second, bindingWireV2(secretOf)),
      ...groupHandlers(groups, second, (group) => groupBodyV2(group, domain)),
      ...environmentHandlers(environments, second),
      ...apiHandlers(apis, publishing, second, apiWireV2),

      async changeApiState(call) {
        const { action, api_id: apiId, env_id: environmentId, remark = '' } = call.body;
        const gateway = await second.gateway(call);
        const publication = await (action === 'online'
          ? publishing.publish(gateway, { apiId, environmentId, remark })
          : publishing.takeOffline(gateway, apiId, environmentId));
        return { body: publicationBody(publication) };
      },

      async listGateways({ caller, query }) {
        const { offset, limit } = second.page(query);
        const all = (await gatewaysOf(store, caller.project.id)).map(gatewayBody);
        const chosen = all.filter((body) => isListed(body, query));
        return { body: pageBody('instances', chosen.slice(offset, offset + limit), chosen.length) };
      },

      async showGateway({ caller, path }) {
        const { noSuchInstance } = refusals;
        return { body: gatewayDetails(await gatewayOf(store, caller.project.id, path.instance_id, noSuchInstance)) };
      },
    },
    dedicated: {
      ...signatureKeyHandlers(keys, first, keyWireV1(secretOf)),
      ...bindingHandlers(bindings, first, bindingWireV1(secretOf)),
    },
    shared: {
      ...signatureKeyHandlers(keys, legacy, keyWireV1(secretOf)),
      ...bindingHandlers(bindings, legacy, bindingWireV1(secretOf)),
      ...groupHandlers(groups, legacy, (group) => groupBody(group, domain)),
      ...environmentHandlers(environments, legacy),
      ...apiHandlers(apis, publishing, legacy, apiWireV1),

      async publishApi(call) {
        const { env_id: environmentId, remark = '' } = call.body;
        const request = { apiId: call.path.api_id, environmentId, remark };
        return { body: publicationBody(await publishing.publish(await legacy.gateway(call), request)) };
      },

      async takeApiOffline(call) {
        await publishing.takeOffline(await legacy.gateway(call), call.path.api_id, call.query.env_id);
        return { body: undefined };
      },
    },
  };
}
