import type { SignatureKeyRing } from '../signature-key-ring.ts';
import { idOf, namedFilter, pageBody } from '../wire/generations.ts';
import type { Generation, NamedQuery, ScopedCall } from '../wire/generations.ts';
import type { KeyWire } from '../wire/signature-keys.ts';

interface WriteCall<Body> extends ScopedCall {
  readonly body: Body;
}

export function signatureKeyHandlers<Query, Body, Key, Listed>(
  keys: SignatureKeyRing,
  { gateway, page }: Generation<Query>,
  wire: KeyWire<Body, Key, Listed>,
) {
  return {
    async createSignatureKey(call: WriteCall<Body>) {
      return { body: wire.created(await keys.create(await gateway(call), wire.request(call.body))) };
    },

    async updateSignatureKey(call: WriteCall<Body>) {
      return { body: wire.changed(await keys.update(await gateway(call), idOf(call), wire.request(call.body))) };
    },

    async deleteSignatureKey(call: ScopedCall) {
      await keys.remove(await gateway(call), idOf(call));
      return { body: undefined };
    },

    async listSignatureKeys(call: ScopedCall & { readonly query: Query & NamedQuery }) {
      const { offset, limit } = page(call.query);
      const { items, total } = await keys.list(await gateway(call), namedFilter(call.query), offset, limit);
      return { body: pageBody('signs', items.map(wire.listed), total) };
    },
  };
}
