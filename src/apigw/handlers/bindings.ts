import type { SignatureBindings } from '../signature-bindings.ts';
import { unboundBody, type BindingWire } from '../wire/bindings.ts';
import { idOf, pageBody, type Generation, type ScopedCall } from '../wire/generations.ts';

interface BindCall extends ScopedCall {
  readonly body: { readonly sign_id: string; readonly publish_ids: readonly string[] };
}

interface ApiQuery {
  readonly sign_id: string;
  readonly env_id?: string;
  readonly api_id?: string;
  readonly api_name?: string;
  readonly group_id?: string;
}

interface KeyQuery {
  readonly api_id: string;
  readonly sign_id?: string;
  readonly sign_name?: string;
  readonly env_id?: string;
}

export function bindingHandlers<Query, Bound, Binding, Answer>(
  bindings: SignatureBindings,
  { gateway, page }: Generation<Query>,
  wire: BindingWire<Bound, Binding, Answer>,
) {
  return {
    async bindSignatureKey(call: BindCall) {
      const { sign_id: keyId, publish_ids: publishIds } = call.body;
      return { body: wire.answer(await bindings.bind(await gateway(call), keyId, publishIds)) };
    },

    async unbindSignatureKey(call: ScopedCall) {
      await bindings.unbind(await gateway(call), idOf(call));
      return { body: undefined };
    },

    async listApisBoundToKey(call: ScopedCall & { readonly query: Query & ApiQuery }) {
      const { offset, limit } = page(call.query);
      const { sign_id: keyId } = call.query;
      const found = await bindings.apisOf(await gateway(call), keyId, filterOf(call.query), offset, limit);
      return { body: pageBody('bindings', found.items.map(wire.bound), found.total) };
    },

    async listKeysBoundToApi(call: ScopedCall & { readonly query: Query & KeyQuery }) {
      const { offset, limit } = page(call.query);
      const { api_id: apiId, sign_id: keyId, sign_name: keyName, env_id: environmentId } = call.query;
      const filter = { keyId, keyName, environmentId };
      const found = await bindings.keysOf(await gateway(call), apiId, filter, offset, limit);
      return { body: pageBody('bindings', found.items.map(wire.binding), found.total) };
    },

    async listApisNotBoundToKey(call: ScopedCall & { readonly query: Query & ApiQuery }) {
      const { offset, limit } = page(call.query);
      const { sign_id: keyId } = call.query;
      const found = await bindings.apisWithout(await gateway(call), keyId, filterOf(call.query), offset, limit);
      return { body: pageBody('apis', found.items.map(unboundBody), found.total) };
    },
  };
}

const filterOf = ({ env_id: environmentId, api_id: apiId, api_name: apiName, group_id: groupId }: ApiQuery) => ({
  ...{ environmentId, apiId, apiName, groupId },
});
