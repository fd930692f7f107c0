/** What the operations on APIs, groups and environments refuse. */
import { anApi, release } from '../support/apigw.ts';
import { ids } from './gateway-states.ts';
import { rows, type Change, type RefusalRow } from './refusal-rows.ts';

const writing = ['createApi', 'updateApi'];
const onlyV2 = { services: ['apigw'] };
const { backend_api: backend } = anApi;
const { strangers } = ids;

const missing = (...fields: readonly string[]): RefusalRow[] =>
  fields.flatMap((name) => rows('APIG.2001', name, writing, { [`no ${name}`]: { fields: { [name]: undefined } } }));
/** Values that a field does not take. */
const wrong = (name: string, ...values: readonly unknown[]): RefusalRow[] =>
  rows(
    'APIG.2011',
    name,
    writing,
    Object.fromEntries(values.map((value) => [JSON.stringify(value).slice(0, 60), { fields: { [name]: value } }])),
  );

const parameter = { name: 'id', type: 'STRING', location: 'PATH' };
const query = { name: 'max', type: 'NUMBER', location: 'QUERY' };
const constant = { name: 'source', location: 'QUERY', origin: 'CONSTANT', value: 'x' };
const fields = (body: object): Change => ({ fields: body as Record<string, unknown> });

export const ofDefinitions: readonly RefusalRow[] = [
  ...missing('group_id', 'name', 'type', 'req_method', 'req_uri', 'auth_type', 'backend_type', 'backend_api'),
  ...rows('APIG.2001', 'req_protocol', writing, { 'no req_protocol': fields({ req_protocol: undefined }) }, onlyV2),
  ...rows('APIG.2001', 'mock_info', writing, { 'no mock': fields({ backend_type: 'MOCK' }) }),
  ...['url_domain', 'req_protocol', 'req_method', 'req_uri', 'timeout'].flatMap((name) =>
    rows('APIG.2001', name, writing, {
      [`a backend without ${name}`]: fields({ backend_api: { ...backend, [name]: null } }),
    }),
  ),
  ...wrong('name', 'ab', 'a b', 'a'.repeat(256), {}),
  ...wrong('type', 0, 3, 'public'),
  ...wrong('req_protocol', 'FTP', 'http'),
  ...wrong('req_method', 'TRACE', 'get', 1),
  ...wrong('req_uri', 'orders', '/a b', '/a?b', '/a#b', `/${'a'.repeat(512)}`),
  ...wrong('match_mode', 'PREFIX'),
  ...wrong('auth_type', 'BASIC'),
  ...wrong('cors', 'perhaps'),
  ...wrong('remark', 'a'.repeat(256)),
  ...wrong('version', 'a'.repeat(17)),
  ...wrong('tags', {}),
  ...wrong('backend_type', 'HTTPS', 'FUNCTION', 'GRPC'),
  ...wrong('req_params', {}, [{ ...query, name: 'x-apig-mode' }], [{ ...query, name: 'X-Stage' }]),
  ...wrong(
    'req_params',
    Array.from({ length: 51 }, (_, index) => ({ ...query, name: `p${index}` })),
  ),
  ...wrong('backend_params', {}, [{ ...constant, location: 'HEADER', name: 'x-sdk-date' }]),
  ...Object.entries({
    url_domain: ['', 'http://a.example', 'a b', 'host:port', 'user@host', 'a'.repeat(256)],
    req_protocol: ['TCP'],
    req_method: ['TRACE'],
    req_uri: ['x'],
    timeout: [0, 600_001, 1.5],
    retry_count: ['11', '-2', 'x'],
  }).flatMap(([name, values]) =>
    values.flatMap((value) =>
      rows('APIG.2011', name, writing, {
        [`a backend with ${name} ${JSON.stringify(value).slice(0, 40)}`]: fields({
          backend_api: { ...backend, [name]: value },
        }),
      }),
    ),
  ),
  ...rows('APIG.2012', 'group_id', writing, { 'no id of a group': fields({ group_id: 'x' }) }),
  ...rows('APIG.2026', '', writing, {
    'a name in the path that is no parameter': fields({ req_uri: '/{id}' }),
    'one that is in the query': fields({ req_uri: '/{max}', req_params: [query] }),
    'no name at all': fields({ req_uri: '/{}', req_params: [parameter] }),
  }),
  ...rows('APIG.2027', '', writing, {
    "a name in the backend's path": fields({ backend_api: { ...backend, req_uri: '/{id}' } }),
  }),
  ...rows('APIG.2028', '', writing, {
    'a request parameter that is none': fields({
      backend_params: [{ ...constant, origin: 'REQUEST', value: 'nobody' }],
    }),
  }),
  ...rows('APIG.3209', '', writing, {
    'a request parameter twice': fields({ req_params: [query, query] }),
    'a backend parameter twice': fields({ backend_params: [constant, { ...constant, value: 'y' }] }),
  }),
  ...Object.entries({ unknown: ids.unknown, "another project's": strangers.group }).flatMap(([why, id]) =>
    rows('APIG.3001', id, writing, { [why]: fields({ group_id: id }) }),
  ),
  ...rows('APIG.3202', 'published', writing, { 'the name of another': fields({ name: 'published' }) }),
  ...rows('APIG.3301', '', writing, { 'method and path of another': fields({ req_uri: '/published' }) }),
];

export const ofApis: readonly RefusalRow[] = [
  ...Object.entries({ unknown: ids.unknown, "another project's": strangers.api }).flatMap(([why, id]) =>
    rows('APIG.3002', id, ['updateApi', 'deleteApi', 'showApi', 'listApiVersions', 'publishApi', 'takeApiOffline'], {
      [why]: { id },
    }),
  ),
  ...rows('APIG.3416', '', ['deleteApi'], { 'while it is published': { id: ids.apis.published } }),
  ...['id', 'group_id', 'env_id'].flatMap((name) =>
    rows('APIG.2012', name, ['listApis'], { 'no id': { query: { [name]: 'x' } } }),
  ),
  ...rows('APIG.2012', 'type', ['listApis'], { 'no number': { query: { type: 'public' } } }),
  ...rows('APIG.2012', 'env_id', ['listApiVersions'], { 'no id': { query: { env_id: 'x' } } }),

  ...['action', 'env_id', 'api_id'].flatMap((name) =>
    rows('APIG.2001', name, ['changeApiState'], { [`no ${name}`]: fields({ [name]: undefined }) }),
  ),
  ...rows('APIG.2011', 'action', ['changeApiState'], { 'another action': fields({ action: 'publish' }) }),
  ...rows('APIG.2012', 'api_id', ['changeApiState'], { 'no id': fields({ api_id: 'x' }) }),
  ...rows('APIG.3002', ids.unknown, ['changeApiState'], { 'an unknown API': fields({ api_id: ids.unknown }) }),
  ...rows('APIG.3002', strangers.api, ['changeApiState'], { "another project's": fields({ api_id: strangers.api }) }),
  ...rows('APIG.3015', '', ['changeApiState'], { 'not online': fields({ action: 'offline', env_id: release }) }),
  ...rows('APIG.2001', 'env_id', ['publishApi'], { 'no environment': fields({ env_id: undefined }) }),
  ...rows('APIG.2001', 'env_id', ['takeApiOffline'], { 'no environment': { query: { env_id: undefined } } }),
  ...rows('APIG.3015', '', ['takeApiOffline'], { 'not online': {} }),
  ...rows('APIG.2012', 'env_id', ['takeApiOffline'], { 'no id': { query: { env_id: 'RELEASE' } } }),
  ...['changeApiState', 'publishApi'].flatMap((name) => [
    ...rows('APIG.2011', 'remark', [name], { 'a long remark': fields({ remark: 'a'.repeat(256) }) }),
    ...rows('APIG.2012', 'env_id', [name], { 'the name of one': fields({ env_id: 'RELEASE' }) }),
    ...Object.entries({ unknown: ids.unknown, "another project's": strangers.environment }).flatMap(([why, id]) =>
      rows('APIG.3003', id, [name], { [why]: fields({ env_id: id }) }),
    ),
  ]),
  ...rows('APIG.3003', ids.unknown, ['takeApiOffline'], { unknown: { query: { env_id: ids.unknown } } }),
];

const groups = ['createApiGroup', 'updateApiGroup'];
const environments = ['createEnvironment', 'updateEnvironment'];

export const ofGroups: readonly RefusalRow[] = [
  ...rows('APIG.2001', 'name', [...groups, ...environments], { 'no name': fields({ name: undefined }) }),
  ...rows('APIG.2011', 'name', groups, { 'two characters': fields({ name: 'ab' }), 'no text': fields({ name: {} }) }),
  ...rows('APIG.2011', 'remark', groups, { 'a long remark': fields({ remark: 'a'.repeat(1001) }) }),
  ...rows('APIG.2012', 'name', environments, { 'a digit first': fields({ name: '1ST' }), empty: fields({ name: '' }) }),
  ...rows('APIG.2012', 'remark', environments, { 'a long remark': fields({ remark: 'a'.repeat(256) }) }),
  ...rows('APIG.2012', 'id', ['listApiGroups'], { 'no id': { query: { id: 'x' } } }),
  ...rows('APIG.2012', 'id', ['listSignatureKeys'], { 'no id': { query: { id: 'x' } } }),
  ...rows('APIG.3201', '', ['createApiGroup'], { 'the name of another': fields({ name: 'full' }) }),
  ...rows('APIG.3201', '', ['updateApiGroup'], {
    'the name of another': { id: ids.groups.empty, fields: { name: 'full' } },
  }),
  ...Object.entries({ unknown: ids.unknown, "another project's": strangers.group }).flatMap(([why, id]) =>
    rows('APIG.3001', id, ['updateApiGroup', 'deleteApiGroup', 'showApiGroup'], { [why]: { id } }),
  ),
  ...rows('APIG.3415', ids.groups.full, ['deleteApiGroup'], { 'with APIs in it': { id: ids.groups.full } }),
  ...rows('APIG.3205', '', ['createEnvironment'], {
    'the name of another': fields({ name: 'USED' }),
    'the name of the first': fields({ name: 'RELEASE' }),
  }),
  ...rows('APIG.3205', '', ['updateEnvironment'], {
    'the name of another': { id: ids.environments.free, fields: { name: 'USED' } },
    'the name of the first': { id: ids.environments.free, fields: { name: 'RELEASE' } },
  }),
  ...Object.entries({ unknown: ids.unknown, predefined: release, "another project's": strangers.environment }).flatMap(
    ([why, id]) =>
      rows('APIG.3003', id, ['updateEnvironment', ...(id === release ? [] : ['deleteEnvironment'])], { [why]: { id } }),
  ),
  ...rows('APIG.3418', '', ['deleteEnvironment'], { 'with something in it': { id: ids.environments.used } }),
];

export const beyondTheQuotas: readonly RefusalRow[] = [
  ...rows('APIG.3101', '', ['createApiGroup'], { 'more than 1500 groups': {} }),
  ...rows('APIG.3102', '', ['createApi'], { 'more than 2000 APIs': fields({ group_id: ids.groups.empty }) }),
  ...rows('APIG.3104', '', ['createEnvironment'], { 'more than 10 environments': {} }),
];
