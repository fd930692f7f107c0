/** What a request says of an API; fields that Signet does not know are not kept. */
import type { components } from '../../contract/openapi.ts';
import { refusalOf } from '../../errors.ts';
import type { DefinitionDraft } from '../../store/store.ts';
import { apigRefusals as refusals } from '../errors.ts';

type Schemas = components['schemas'];

/** Of a definition, but for its backend and its parameters. */
export const apiFields = [
  ...(['name', 'type', 'version', 'req_protocol', 'req_method', 'req_uri', 'match_mode', 'auth_type', 'cors'] as const),
  ...(['remark', 'body_remark', 'result_normal_sample', 'result_failure_sample', 'tags'] as const),
];
const backendFields = [
  ...(['url_domain', 'req_protocol', 'req_method', 'req_uri', 'timeout', 'retry_count', 'remark', 'version'] as const),
];
const mockFields = ['result_content', 'remark', 'version'] as const;
const requestParameterFields = [
  ...(['name', 'type', 'location', 'required', 'valid_enable', 'pass_through', 'default_value'] as const),
  ...(['sample_value', 'remark', 'enumerations', 'regular', 'json_schema'] as const),
  ...(['min_num', 'max_num', 'min_size', 'max_size'] as const),
];
const backendParameterFields = ['name', 'location', 'origin', 'value', 'remark'] as const;

/** @throws ServiceError for a type of backend that Signet cannot reach */
export function draftOf(body: Schemas['ApiRequest'] | Schemas['ApiRequestV1']): DefinitionDraft {
  const { backend_type: type, backend_api: api, mock_info: mock, req_params: taken, backend_params: given } = body;
  if (type !== 'HTTP' && type !== 'MOCK') throw refusalOf(refusals.invalidValue, 'backend_type');
  return {
    ...picked(body, apiFields),
    backend_type: type,
    ...(type === 'HTTP' && api && { backend_api: picked(api, backendFields) }),
    ...(type === 'MOCK' && mock && { mock_info: picked(mock, mockFields) }),
    ...(taken && { req_params: taken.map((parameter) => picked(parameter, requestParameterFields)) }),
    ...(given && { backend_params: given.map((parameter) => picked(parameter, backendParameterFields)) }),
  };
}

/** Those of its fields that are there. */
export const picked = <Whole extends object, Name extends keyof Whole>(
  whole: Whole,
  names: readonly Name[],
): Pick<Whole, Name> =>
  Object.fromEntries(names.filter((name) => whole[name] !== undefined).map((name) => [name, whole[name]])) as Pick<
    Whole,
    Name
  >;
