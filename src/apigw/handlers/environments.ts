import type { EnvironmentRequest, Environments } from '../environments.ts';
import { idOf, nameFilter, pageBody } from '../wire/generations.ts';
import type { Generation, NamedQuery, ScopedCall } from '../wire/generations.ts';
import { environmentBody } from '../wire/groups.ts';

interface WriteCall extends ScopedCall {
  readonly body: { readonly name: string; readonly remark?: string };
}

const requestOf = ({ body: { name, remark } }: WriteCall): EnvironmentRequest => ({ name, remark });

export function environmentHandlers<Query>(environments: Environments, { gateway, page }: Generation<Query>) {
  return {
    async createEnvironment(call: WriteCall) {
      return { body: environmentBody(await environments.create(await gateway(call), requestOf(call))) };
    },

    async updateEnvironment(call: WriteCall) {
      return { body: environmentBody(await environments.update(await gateway(call), idOf(call), requestOf(call))) };
    },

    async deleteEnvironment(call: ScopedCall) {
      await environments.remove(await gateway(call), idOf(call));
      return { body: undefined };
    },

    async listEnvironments(call: ScopedCall & { readonly query: Query & NamedQuery }) {
      const { offset, limit } = page(call.query);
      const filter = nameFilter(call.query, 'name');
      const { items, total } = await environments.list(await gateway(call), filter, offset, limit);
      return { body: pageBody('envs', items.map(environmentBody), total) };
    },
  };
}
