import type { ApiGroup } from '../../store/store.ts';
import type { ApiGroups, GroupRequest } from '../api-groups.ts';
import { idOf, namedFilter, pageBody } from '../wire/generations.ts';
import type { Generation, NamedQuery, ScopedCall } from '../wire/generations.ts';

interface WriteCall extends ScopedCall {
  readonly body: { readonly name: string; readonly remark?: string };
}

const requestOf = ({ body: { name, remark } }: WriteCall): GroupRequest => ({ name, remark });

export function groupHandlers<Query, Body>(
  groups: ApiGroups,
  { gateway, page }: Generation<Query>,
  bodyOf: (group: ApiGroup) => Body,
) {
  return {
    async createApiGroup(call: WriteCall) {
      return { body: bodyOf(await groups.create(await gateway(call), requestOf(call))) };
    },

    async updateApiGroup(call: WriteCall) {
      return { body: bodyOf(await groups.update(await gateway(call), idOf(call), requestOf(call))) };
    },

    async deleteApiGroup(call: ScopedCall) {
      await groups.remove(await gateway(call), idOf(call));
      return { body: undefined };
    },

    async showApiGroup(call: ScopedCall) {
      return { body: bodyOf(await groups.find(await gateway(call), idOf(call))) };
    },

    async listApiGroups(call: ScopedCall & { readonly query: Query & NamedQuery }) {
      const { offset, limit } = page(call.query);
      const { items, total } = await groups.list(await gateway(call), namedFilter(call.query), offset, limit);
      return { body: pageBody('groups', items.map(bodyOf), total) };
    },
  };
}
