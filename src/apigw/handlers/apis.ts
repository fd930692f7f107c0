import type { components } from '../../contract/openapi.ts';
import type { ApiFilter } from '../../store/store.ts';
import type { Apis } from '../apis.ts';
import type { Publishing } from '../publishing.ts';
import { draftOf } from '../wire/api-requests.ts';
import { versionBody, type ApiWire } from '../wire/apis.ts';
import { idOf, namedFilter, nameFilter, pageBody } from '../wire/generations.ts';
import type { Generation, NamedQuery, ScopedCall } from '../wire/generations.ts';

interface WriteCall extends ScopedCall {
  readonly body: components['schemas']['ApiRequest'] | components['schemas']['ApiRequestV1'];
}

interface ApiQuery extends NamedQuery {
  readonly group_id?: string;
  readonly req_protocol?: string;
  readonly req_method?: string;
  readonly req_uri?: string;
  readonly auth_type?: string;
  readonly env_id?: string;
  readonly type?: number;
}

export function apiHandlers<Query, Details>(
  apis: Apis,
  publishing: Publishing,
  { gateway, page }: Generation<Query>,
  wire: ApiWire<Details>,
) {
  return {
    async createApi(call: WriteCall) {
      return { body: wire.details(await apis.create(await gateway(call), call.body.group_id, draftOf(call.body))) };
    },

    async updateApi(call: WriteCall) {
      const { group_id: groupId } = call.body;
      return { body: wire.details(await apis.update(await gateway(call), idOf(call), groupId, draftOf(call.body))) };
    },

    async deleteApi(call: ScopedCall) {
      await apis.remove(await gateway(call), idOf(call));
      return { body: undefined };
    },

    async showApi(call: ScopedCall) {
      return { body: wire.details(await apis.find(await gateway(call), idOf(call))) };
    },

    async listApis(call: ScopedCall & { readonly query: Query & ApiQuery }) {
      const { offset, limit } = page(call.query);
      const { items, total } = await apis.list(await gateway(call), filterOf(call.query), offset, limit);
      return { body: pageBody('apis', items.map(wire.summary), total) };
    },

    async listApiVersions(
      call: ScopedCall & { readonly query: Query & { readonly env_id?: string; readonly env_name?: string } },
    ) {
      const { offset, limit } = page(call.query);
      const where = { environmentId: call.query.env_id, environmentName: call.query.env_name };
      const { items, total } = await publishing.history(await gateway(call), idOf(call), where, offset, limit);
      return { body: pageBody('api_versions', items.map(versionBody), total) };
    },
  };
}

const filterOf = (query: ApiQuery): ApiFilter => ({
  ...namedFilter(query),
  ...{ groupId: query.group_id, environmentId: query.env_id, type: query.type },
  ...{ method: query.req_method, protocol: query.req_protocol, authType: query.auth_type },
  path: nameFilter(query, 'req_uri'),
});
