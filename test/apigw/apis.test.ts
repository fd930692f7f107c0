/** APIs as they are defined: in V2 and, with some fields of other names, in v1.0. */
import { describe, expect, test } from 'vitest';
import { anApi, gatewayClient, gatewayOf, makerOf, newName } from '../support/apigw.ts';
import { expectApigRefusal } from '../support/apig-refusals.ts';
import { makeClock, second } from '../support/clock.ts';
import { useSignet } from '../support/signet.ts';

const clock = makeClock();
const signet = await useSignet({ now: clock.now });
const { url } = signet;
const hex = expect.stringMatching(/^[0-9a-f]{32}$/) as string;
const now = (): string => new Date(clock.now()).toISOString().replace(/\.\d+/, '');

/** What an answer has of an API that says no more than it must. */
const defaults = {
  ...{ version: 'V0.0.1', match_mode: 'NORMAL', cors: false, remark: '', body_remark: '', tags: [] },
  ...{ result_normal_sample: '', result_failure_sample: '' },
};
const constants = { status: 1, arrange_necessary: 2, auth_opt: { app_code_auth_type: 'DISABLE' } };
const { backend_api: backend, ...front } = anApi;
const pathId = { name: 'id', type: 'STRING', location: 'PATH' };

describe.each(['v2', 'v1.0'] as const)('%s', (generation) => {
  const gateway = gatewayClient(url, generation);
  const make = makerOf(gateway);
  const isV2 = generation === 'v2';
  const only = isV2 ? { group_version: 'V1' } : {};
  const channel = isV2 ? { vpc_channel_status: 2 } : { vpc_status: 2 };

  /** A group, and a request for an API in it, with the parts of the answer that lists have as well. */
  async function aRequest(more: object = {}, behind: object = { backend_api: backend }) {
    const group = { name: newName(), id: '' };
    group.id = await make.group({ name: group.name });
    const shown = { name: newName(), group_id: group.id, req_uri: `/${newName()}`, ...front, ...more };
    const request = { ...shown, ...behind };
    const times = { register_time: now(), update_time: now() };
    const summary = { ...defaults, ...shown, id: hex, group_name: group.name, ...constants, ...only, ...times };
    const part = { id: hex, status: 1, ...times };
    return { group, request, times, part, summary };
  }

  test('one is created with 201, shown with 200 and listed', async () => {
    const { request, summary, part } = await aRequest();
    const more = { retry_count: '-1', remark: '', version: 'V0.0.1' };
    const details = {
      ...{ ...summary, req_params: [], backend_params: [] },
      backend_api: { ...backend, ...more, ...part, ...channel },
    };
    const created = await gateway.send('post', 'apis', request);
    expect([created.status, created.body]).toStrictEqual([201, details]);
    const { id } = created.body as { id: string };
    const shown = await gateway.send('get', `apis/${id}`);
    expect([shown.status, shown.body]).toStrictEqual([200, created.body]);
    const listed = await gateway.send('get', `apis?id=${id}`);
    expect([listed.status, listed.body]).toStrictEqual([200, { total: 1, size: 1, apis: [{ ...summary, id }] }]);
  });

  test('one with everything that may be said', async () => {
    const said = {
      ...{ version: 'V2.0', match_mode: 'SWA', cors: true, remark: 'All', body_remark: 'Any', tags: ['a', 'b'] },
      ...{ result_normal_sample: 'good', result_failure_sample: 'bad', auth_type: 'IAM', type: 2 },
      ...{ req_protocol: 'HTTPS', req_method: 'ANY', req_uri: '/{id}/orders' },
    };
    const parameter = {
      default_value: '',
      sample_value: '',
      remark: '',
      enumerations: '',
      regular: '',
      json_schema: '',
    };
    const yes = { required: 1, valid_enable: 2, pass_through: 1 };
    const inQuery = { name: 'max', type: 'NUMBER', location: 'QUERY', min_num: 1, max_num: 9, default_value: '5' };
    const given = { name: 'X-Max', location: 'HEADER', origin: 'REQUEST', value: 'max' };
    const constant = { name: 'source', location: 'QUERY', origin: 'CONSTANT', value: 'gateway', remark: 'Always' };
    const { request, summary, part } = await aRequest(
      { ...said, req_params: [pathId, inQuery], backend_params: [given, constant] },
      { backend_api: { ...backend, retry_count: '3', remark: 'Slow', version: 'V9' } },
    );
    const answer = await gateway.ask<{ req_params: { id: string }[] }>('post', 'apis', request);
    expect(answer).toStrictEqual({
      ...{ ...summary, ...said },
      req_params: [
        { ...parameter, ...yes, ...pathId, id: hex },
        { ...parameter, ...yes, required: 2, ...inQuery, id: hex },
      ],
      backend_params: [
        { remark: '', ...given, id: hex, req_param_id: answer.req_params[1]!.id },
        { ...constant, id: hex, req_param_id: '' },
      ],
      backend_api: { ...backend, retry_count: '3', remark: 'Slow', version: 'V9', ...part, ...channel },
    });
  });

  test('one that is answered by the gateway itself', async () => {
    const mock = { result_content: 'mock success', remark: 'Mocked', version: 'V1' };
    const { request, summary, part } = await aRequest({ backend_type: 'MOCK' }, { mock_info: mock });
    const answer = await gateway.ask('post', 'apis', request);
    expect(answer).toStrictEqual({ ...summary, req_params: [], backend_params: [], mock_info: { ...mock, ...part } });
  });

  test('one is changed with 200, all of it, and may go to another group', async () => {
    const { request } = await aRequest({ remark: 'Before', tags: ['before'] });
    const { id } = await gateway.ask<{ id: string }>('post', 'apis', request);
    const since = now();
    clock.advance(2 * second);
    const { request: change, summary } = await aRequest({ req_method: 'POST' });
    const answer = await gateway.send('put', `apis/${id}`, change);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ ...summary, id, register_time: since });
    expect(await gateway.ask('get', `apis/${id}`)).toStrictEqual(answer.body);
    expect(await gateway.ask('put', `apis/${id}`, change)).toMatchObject({ ...summary, id, register_time: since });
  });

  test('one is deleted with 204 and nothing, once', async () => {
    const id = await make.api();
    const { status, text } = await gateway.send('delete', `apis/${id}`);
    expect([status, text]).toEqual([204, '']);
    expectApigRefusal(await gateway.send('get', `apis/${id}`), 'APIG.3002', id);
    expectApigRefusal(await gateway.send('delete', `apis/${id}`), 'APIG.3002', id);
  });

  test('what a client sends beside all this is not kept', async () => {
    const { request } = await aRequest({ is_send_fg_body_base64: true, roma_app_id: 'x', custom: { a: 1 } });
    const answer = await gateway.ask<Record<string, unknown>>('post', 'apis', request);
    expect(Object.keys(answer)).not.toEqual(expect.arrayContaining(['custom']));
    expect(Object.keys(answer).filter((name) => name.startsWith('is_') || name.startsWith('roma'))).toEqual([]);
  });

  describe('a list', async () => {
    const own = await gatewayOf(url, await signet.createProject(), generation);
    const maker = makerOf(own);
    const groups = [await maker.group(), await maker.group()];
    const apis = [
      { name: 'alpha_api', req_uri: '/orders', group_id: groups[0]! },
      { name: 'beta_api', req_uri: '/orders/{id}', group_id: groups[0]!, req_method: 'PUT', req_params: [pathId] },
      { name: 'gamma_api', req_uri: '/items', group_id: groups[1]!, auth_type: 'IAM', type: 2 },
      { name: 'delta', req_uri: '/orders', group_id: groups[1]!, req_protocol: 'BOTH' },
    ];
    const ids: string[] = [];
    for (const api of apis) {
      clock.advance(second);
      ids.push(await maker.api(api));
    }
    const environmentId = await maker.environment();
    await maker.publish(ids[1]!, environmentId);
    await maker.publish(ids[2]!);
    await maker.publish(ids[3]!, environmentId);
    await maker.takeOffline(ids[3]!, environmentId);

    const paged = isV2 ? 'limit=2&offset=1' : 'page_size=1&page_no=3';
    test.each<[string, readonly number[]]>([
      ['', [3, 2, 1, 0]],
      ['name=_api', [2, 1, 0]],
      ['name=alpha', [0]],
      ['name=alpha&precise_search=name', []],
      ['name=alpha_api&precise_search=name', [0]],
      [`id=${ids[2]!}`, [2]],
      [`group_id=${groups[0]!}`, [1, 0]],
      ['req_method=PUT', [1]],
      ['req_uri=orders', [3, 1, 0]],
      ['req_uri=%2Forders&precise_search=req_uri', [3, 0]],
      ['req_uri=%2Forders&precise_search=name,req_uri&name=delta', [3]],
      ['req_protocol=BOTH', [3]],
      ['auth_type=IAM', [2]],
      ['type=2', [2]],
      ['type=1&req_method=GET', [3, 0]],
      ['env_id=DEFAULT_ENVIRONMENT_RELEASE_ID', [2]],
      [`env_id=${environmentId}`, [1]],
    ])('with %j has %j, newest first', async (query, expected) => {
      const list = await own.ask<{ total: number; size: number; apis: { id: string }[] }>('get', `apis?${query}`);
      expect(list.apis.map(({ id }) => ids.indexOf(id))).toEqual(expected);
      expect([list.total, list.size]).toEqual([expected.length, expected.length]);
    });

    test.each(['', 'req_uri=/&precise_search=name', 'type=1'])('has pages: %j', async (query) => {
      const all = await own.ask<{ apis: { id: string }[] }>('get', `apis?${query}`);
      const page = await own.ask<{ total: number; apis: { id: string }[] }>('get', `apis?${query}&${paged}`);
      expect(page.total).toBe(all.apis.length);
      expect(page.apis).toEqual(isV2 ? all.apis.slice(1, 3) : all.apis.slice(2, 3));
    });
  });
});

test('what differs is the protocol that is left out, and what a name may be', async () => {
  const [v2, legacy] = [gatewayClient(url), gatewayClient(url, 'v1.0')];
  const group_id = await makerOf(v2).group();
  const request = { ...anApi, req_protocol: undefined, group_id, req_uri: '/default', name: 'no_protocol' };
  expectApigRefusal(await v2.send('post', 'apis', request), 'APIG.2001', 'req_protocol');
  const { id } = await legacy.ask<{ id: string }>('post', 'apis', request);
  expect(await v2.ask('get', `apis/${id}`)).toMatchObject({ req_protocol: 'HTTPS' });
  const named = { ...anApi, group_id, req_uri: '/named', name: 'named-with.marks' };
  expectApigRefusal(await legacy.send('post', 'apis', named), 'APIG.2011', 'name');
  expect((await v2.send('post', 'apis', named)).status).toBe(201);
});
