/** APIs and what is published of them, in the vendor's words. */
import type { components } from '../../contract/openapi.ts';
import type { Api, HttpBackend, Publication } from '../../store/store.ts';
import type { ShownApi } from '../apis.ts';
import { apiFields, picked } from './api-requests.ts';
import { freshTime, storedTime } from './times.ts';

type Schemas = components['schemas'];

export interface ApiWire<Details> {
  readonly details: (shown: ShownApi) => Details;
  readonly summary: (shown: ShownApi) => Schemas['ApiSummary'];
}

/** The same for every API. */
const constants = { status: 1, arrange_necessary: 2, auth_opt: { app_code_auth_type: 'DISABLE' } } as const;

export const apiWireV1: ApiWire<Schemas['ApiDetailsV1']> = {
  summary: summaryBody,
  details: (shown) => ({ ...summaryBody(shown), ...detailsBody(shown.api, { vpc_status: 2 }) }),
};

export const apiWireV2: ApiWire<Schemas['ApiDetails']> = {
  summary: (shown) => ({ ...summaryBody(shown), group_version: 'V1' }),
  details: (shown) => ({
    ...{ ...summaryBody(shown), group_version: 'V1' },
    ...detailsBody(shown.api, { vpc_channel_status: 2 }),
  }),
};

function summaryBody({ api, groupName, published, environmentNames }: ShownApi): Schemas['ApiSummary'] {
  const { definition } = api;
  return {
    ...{ id: api.id, group_id: api.groupId, group_name: groupName, ...picked(definition, apiFields) },
    ...{ tags: [...definition.tags], backend_type: definition.backend_type, ...constants },
    ...timesOf(api),
    ...(published.length > 0 && {
      run_env_id: joined(published, ({ environmentId }) => environmentId),
      run_env_name: joined(published, ({ environmentId }) => environmentNames.get(environmentId) ?? ''),
      publish_id: joined(published, ({ publishId }) => publishId),
      publish_time: joined(published, ({ publishedAt }) => storedTime(publishedAt)),
    }),
  };
}

const joined = (published: readonly Publication[], of: (publication: Publication) => string): string =>
  published.map(of).join('|');

/** @param channel that no load balance channel leads to the backend, as the generation says it */
function detailsBody<Channel extends object>(api: Api, channel: Channel) {
  const { backend_api: http, mock_info: mock, req_params, backend_params } = api.definition;
  const part = { status: 1, ...timesOf(api) };
  return {
    ...(http && { backend_api: { ...http, ...part, ...channel } satisfies HttpBackend }),
    ...(mock && { mock_info: { ...mock, ...part } }),
    req_params: req_params.map((parameter) => ({ ...parameter })),
    backend_params: backend_params.map((parameter) => ({ ...parameter })),
  };
}

/** An API that was changed was created before: that is read back. */
const timesOf = ({ createdAt, updatedAt }: Api) => ({
  register_time: storedTime(createdAt),
  update_time: storedTime(updatedAt),
});

export const publicationBody = ({
  id,
  publishId,
  apiId,
  environmentId,
  definition,
  remark,
  publishedAt,
}: Publication): Schemas['ApiPublication'] => ({
  ...{ publish_id: publishId, api_id: apiId, api_name: definition.name, env_id: environmentId },
  ...{ remark, publish_time: freshTime(publishedAt), version_id: id },
});

export const versionBody = ({
  id,
  apiId,
  environmentId,
  environmentName,
  remark,
  publishedAt,
  inForce,
}: Publication & { readonly environmentName: string }): Schemas['ApiVersion'] => ({
  ...{ version_id: id, version_no: digits(publishedAt), api_id: apiId },
  ...{ env_id: environmentId, env_name: environmentName, remark, publish_time: storedTime(publishedAt) },
  status: inForce === 1 ? 1 : 2,
});

/** An instant as a number of a version: `20200803093600`. */
const digits = (instant: number): string => storedTime(instant).replaceAll(/\D/g, '');
