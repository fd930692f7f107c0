/** The form of a project's API gateways as JSON Schema (draft 7). */
import { signatureTypes } from '../../crypto/signature-keys.ts';
import { entry, instant, listOf, name as anyName, text, type Schema } from './snapshot-schema-parts.ts';

/** As long as the contract lets a name be; several of them are in one index, whose entries Postgres bounds (2,704 bytes). */
const name: Schema = { ...anyName, maxLength: 255 };

/** What people write about an API is as long as a request may be. */
const prose: Schema = { type: 'string', maxLength: 2 ** 20 };
const yesOrNo: Schema = { enum: [1, 2] };
const number: Schema = { type: 'number' };
const place: Schema = { enum: ['PATH', 'QUERY', 'HEADER'] };
const method: Schema = { enum: ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'ANY'] };

/** Of what the gateway sends: no more than the contract lets in. */
const path: Schema = {
  ...{ type: 'string', maxLength: 512, pattern: '^/[^\\s?#]*$' },
  description: 'a path without a query, such as /orders/{id}',
};
const host: Schema = {
  ...{ type: 'string', maxLength: 1024, pattern: '^([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?$' },
  description: 'a host, with a port or without',
};
const retries: Schema = { type: 'string', pattern: '^(-1|[0-9]|10)$', description: '-1, or 0 to 10, in quotes' };
const parameterName: Schema = {
  ...{ type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_.-]{0,31}$' },
  description: '1 to 32 letters, digits and _.-, a letter first',
};

const httpBackend = entry({
  ...{ id: name, url_domain: host, req_protocol: { enum: ['HTTP', 'HTTPS'] }, req_method: method, req_uri: path },
  ...{ timeout: { type: 'integer', minimum: 1, maximum: 600_000 }, retry_count: retries, remark: prose, version: text },
});

const requestParameter = entry(
  {
    ...{ id: name, name: parameterName, type: { enum: ['STRING', 'NUMBER'] }, location: place },
    ...{ required: yesOrNo, valid_enable: yesOrNo, pass_through: yesOrNo, default_value: prose, sample_value: prose },
    ...{ remark: prose, enumerations: prose, regular: prose, json_schema: prose },
  },
  { min_num: number, max_num: number, min_size: number, max_size: number },
);

const backendParameter = entry({
  ...{ id: name, name: parameterName, location: place, origin: { enum: ['REQUEST', 'CONSTANT', 'SYSTEM'] } },
  ...{ value: prose, remark: prose, req_param_id: text },
});

const definition = entry(
  {
    ...{ name, type: yesOrNo, version: text, req_protocol: { enum: ['HTTP', 'HTTPS', 'BOTH', 'GRPCS'] } },
    ...{ req_method: method, req_uri: path, match_mode: { enum: ['NORMAL', 'SWA'] } },
    ...{ auth_type: { enum: ['NONE', 'APP', 'IAM', 'AUTHORIZER'] }, cors: { type: 'boolean' }, remark: prose },
    ...{ body_remark: prose, result_normal_sample: prose, result_failure_sample: prose, tags: listOf(text) },
    ...{ backend_type: { enum: ['HTTP', 'MOCK'] } },
    ...{ req_params: listOf(requestParameter), backend_params: listOf(backendParameter) },
  },
  {
    backend_api: httpBackend,
    mock_info: entry({ id: name, result_content: prose, remark: prose, version: text }),
  },
);

const signatureKey = entry(
  {
    ...{ id: name, name, sign_type: { enum: signatureTypes }, sign_key: name, sign_secret: anyName },
    ...{ created_at: instant, updated_at: instant },
  },
  { sign_algorithm: text },
);

const publication = entry(
  { version_id: name, publish_id: name, env_id: name, published_at: instant, definition },
  { in_force: { type: 'boolean' }, remark: prose },
);

const api = entry(
  { id: name, created_at: instant, updated_at: instant, definition },
  {
    publications: listOf(publication),
    signature_bindings: listOf(entry({ id: name, env_id: name, sign_id: name, bound_at: instant })),
  },
);

const group = entry({ id: name, name, created_at: instant, updated_at: instant }, { remark: prose, apis: listOf(api) });

export const gateway = entry(
  { id: name },
  {
    ...{ name, created_at: instant, signature_keys: listOf(signatureKey) },
    environments: listOf(entry({ id: name, name, created_at: instant }, { remark: prose })),
    groups: listOf(group),
  },
);
