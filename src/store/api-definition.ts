/**
 * What an API of a gateway is: how it is called, and what it is forwarded to. A document that is kept whole, in the vendor's words.
 * Source: https://docs.otc.t-systems.com/api-gateway/api-ref/dedicated_gateway_apis_v2/api_management/creating_an_api.html
 */
export interface ApiDefinition {
  readonly name: string;
  /** 1 public, 2 private. */
  readonly type: 1 | 2;
  readonly version: string;
  readonly req_protocol: 'HTTP' | 'HTTPS' | 'BOTH' | 'GRPCS';
  readonly req_method: ApiMethod;
  /** A path with names in braces: `/orders/{id}`. */
  readonly req_uri: string;
  /** The whole path, or what begins with it. */
  readonly match_mode: 'NORMAL' | 'SWA';
  readonly auth_type: 'NONE' | 'APP' | 'IAM' | 'AUTHORIZER';
  readonly cors: boolean;
  readonly remark: string;
  readonly body_remark: string;
  readonly result_normal_sample: string;
  readonly result_failure_sample: string;
  readonly tags: readonly string[];
  readonly backend_type: 'HTTP' | 'MOCK';
  /** Of the type HTTP. */
  readonly backend_api?: HttpBackend;
  /** Of the type MOCK. */
  readonly mock_info?: MockBackend;
  readonly req_params: readonly RequestParameter[];
  readonly backend_params: readonly BackendParameter[];
}

export type ApiMethod = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'PATCH' | 'OPTIONS' | 'ANY';

export interface HttpBackend {
  readonly id: string;
  /** Host, and a port where it is another than the protocol's. */
  readonly url_domain: string;
  readonly req_protocol: 'HTTP' | 'HTTPS';
  readonly req_method: ApiMethod;
  readonly req_uri: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** `-1`: once, and only where a method may be repeated. */
  readonly retry_count: string;
  readonly remark: string;
  readonly version: string;
}

export interface MockBackend {
  readonly id: string;
  readonly result_content: string;
  readonly remark: string;
  readonly version: string;
}

export type ParameterPlace = 'PATH' | 'QUERY' | 'HEADER';

export interface RequestParameter {
  readonly id: string;
  readonly name: string;
  readonly type: 'STRING' | 'NUMBER';
  readonly location: ParameterPlace;
  /** 1 yes, 2 no. */
  readonly required: 1 | 2;
  readonly valid_enable: 1 | 2;
  readonly pass_through: 1 | 2;
  readonly default_value: string;
  readonly sample_value: string;
  readonly remark: string;
  /** Values with commas; empty: any. */
  readonly enumerations: string;
  readonly regular: string;
  readonly json_schema: string;
  readonly min_num?: number;
  readonly max_num?: number;
  readonly min_size?: number;
  readonly max_size?: number;
}

export interface BackendParameter {
  readonly id: string;
  readonly name: string;
  /** Where the backend finds it. */
  readonly location: ParameterPlace;
  /** Of the caller, always the same, or what the gateway knows. */
  readonly origin: 'REQUEST' | 'CONSTANT' | 'SYSTEM';
  /** The name of the request's parameter, the constant, or the name of the system parameter: `$context.sourceIp`. */
  readonly value: string;
  readonly remark: string;
  /** Of the request's parameter. */
  readonly req_param_id: string;
}

/** Names of parameters that the gateway keeps to itself. */
export const reservedParameter = /^(?:x-apig-|x-sdk-|x-stage$)/i;

type Draft<Part, Needed extends keyof Part> = Partial<Omit<Part, 'id'>> & Pick<Part, Needed>;

/** A definition as somebody writes it: without ids, and perhaps without what has a default. */
export interface DefinitionDraft extends Draft<
  Omit<ApiDefinition, 'backend_api' | 'mock_info' | 'req_params' | 'backend_params'>,
  'name' | 'type' | 'req_protocol' | 'req_method' | 'req_uri' | 'auth_type' | 'backend_type'
> {
  readonly backend_api?: Draft<HttpBackend, 'url_domain' | 'req_protocol' | 'req_method' | 'req_uri' | 'timeout'>;
  readonly mock_info?: Draft<MockBackend, never>;
  readonly req_params?: readonly Draft<RequestParameter, 'name' | 'type' | 'location'>[];
  readonly backend_params?: readonly Draft<
    Omit<BackendParameter, 'req_param_id'>,
    'name' | 'location' | 'origin' | 'value'
  >[];
}

/** @param newId makes an id for each part */
export function completeDefinition(
  { backend_api: api, mock_info: mock, req_params = [], backend_params = [], ...draft }: DefinitionDraft,
  newId: () => string,
): ApiDefinition {
  const parameters = req_params.map((parameter) => ({
    ...{ default_value: '', sample_value: '', remark: '', enumerations: '', regular: '', json_schema: '' },
    ...({ valid_enable: 2, pass_through: 1, required: parameter.location === 'PATH' ? 1 : 2 } as const),
    ...parameter,
    id: newId(),
  }));
  return {
    ...{ version: 'V0.0.1', match_mode: 'NORMAL', cors: false, remark: '', body_remark: '' },
    ...{ result_normal_sample: '', result_failure_sample: '', tags: [] },
    ...draft,
    ...(api && { backend_api: { ...{ retry_count: '-1', remark: '', version: 'V0.0.1' }, ...api, id: newId() } }),
    ...(mock && { mock_info: { ...{ result_content: '', remark: '', version: 'V0.0.1' }, ...mock, id: newId() } }),
    req_params: parameters,
    backend_params: backend_params.map((parameter) => ({
      remark: '',
      ...parameter,
      id: newId(),
      req_param_id:
        parameter.origin === 'REQUEST' ? (parameters.find(({ name }) => name === parameter.value)?.id ?? '') : '',
    })),
  };
}
