/** What is one project's, no other has anything to do with; nor is it another gateway's. */
import { describe, expect, test } from 'vitest';
import { join } from 'node:path';
import type { components } from '../../src/contract/openapi.ts';
import { startSignet } from '../../src/index.ts';
import { basePath, gatewayClient, gatewayOf, generations, makerOf, newName } from '../support/apigw.ts';
import { expectApigRefusal } from '../support/apig-refusals.ts';
import { send } from '../support/http.ts';
import { domain, project, token, user } from '../support/identity.ts';
import { useFolder, useSeed, useSignet } from '../support/signet.ts';

type Schemas = components['schemas'];

const signet = await useSignet();
const { url } = signet;
const [mine, theirs] = [await signet.createProject(), await signet.createProject()];
const instances = async (of: string, projectId: string, secret: string) =>
  (await send(of, 'get', `/v2/${projectId}/apigw/instances`, { headers: { 'X-Auth-Token': secret } }))
    .body as Schemas['ListGatewaysResponse'];

describe.each(generations)('%s', async (generation) => {
  const [here, there] = [await gatewayOf(url, mine, generation), await gatewayOf(url, theirs, generation)];
  const [make, makeThere] = [makerOf(await gatewayOf(url, mine)), makerOf(await gatewayOf(url, theirs))];

  test("another project's keys are not seen, changed, deleted or bound", async () => {
    const name = newName();
    const id = await make.key({ name });
    expect(await there.ask('get', `signs?id=${id}`)).toStrictEqual({ total: 0, size: 0, signs: [] });
    expectApigRefusal(await there.send('put', `signs/${id}`, { name }), 'APIG.3017', id);
    expectApigRefusal(await there.send('delete', `signs/${id}`), 'APIG.3017', id);
    const publish_ids = [await makeThere.published()];
    expectApigRefusal(await there.send('post', 'sign-bindings', { sign_id: id, publish_ids }), 'APIG.3017', id);
    for (const list of ['binded-apis', 'unbinded-apis'])
      expectApigRefusal(await there.send('get', `sign-bindings/${list}?sign_id=${id}`), 'APIG.3017', id);
    expect(await here.ask('get', `signs?id=${id}`)).toMatchObject({ total: 1, signs: [{ name }] });
  });

  test("another project's publications are neither shown nor bound", async () => {
    const apiId = await make.api();
    const { publish_id } = await make.publish(apiId);
    const sign_id = await makeThere.key();
    const body = { sign_id, publish_ids: [publish_id] };
    expectApigRefusal(await there.send('post', 'sign-bindings', body), 'APIG.3015');
    const path = `sign-bindings/unbinded-apis?sign_id=${sign_id}&api_id=${apiId}`;
    expect(await there.ask('get', path)).toStrictEqual({ total: 0, size: 0, apis: [] });
    expectApigRefusal(await there.send('get', `sign-bindings/binded-signs?api_id=${apiId}`), 'APIG.3002', apiId);
  });

  test("another project's bindings stay", async () => {
    const [binding] = await make.bind(await make.key(), await make.published());
    expectApigRefusal(await there.send('delete', `sign-bindings/${binding!.id}`), 'APIG.3018');
    expect((await here.send('delete', `sign-bindings/${binding!.id}`)).status).toBe(204);
  });
});

test('names are free in every project', async () => {
  for (const maker of [makerOf(await gatewayOf(url, mine)), makerOf(await gatewayOf(url, theirs))]) {
    const group_id = await maker.group({ name: 'the_same' });
    await maker.key({ name: 'the_same' });
    await maker.environment({ name: 'the_same' });
    await maker.api({ name: 'the_same', req_uri: '/the-same', group_id });
  }
});

test('with a project go its keys, and all that is theirs', async () => {
  const gone = await signet.createProject();
  const gateway = await gatewayOf(url, gone);
  const make = makerOf(gateway);
  await make.bind(await make.key(), await make.published());
  expect(await gone.remove()).toBe(true);
  expect((await gateway.send('get', 'signs')).status).toBe(401);
});

describe('the gateway of a project that has none in the seed', () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const withoutGateway = useSeed(`
version: 1
region: eu-de
domains:
  - id: ${domain.id}
    name: ${domain.name}
    users: [{ id: ${user.id}, name: ${user.name}, password: x, tokens: [{ token: ${token}, scope: { project: eu-de } }] }]
    projects: [{ id: ${project.id}, name: eu-de }]
`);
  const ofProject = '6ad8e709-cc97-5801-8d26-75a27f7c16fe';

  test('is there, one for each, with an id of its own', async () => {
    const lists = [mine, theirs].map((one) => instances(url, one.project.id, one.token));
    const [one, other] = await Promise.all(lists);
    for (const list of [one!, other!]) {
      expect(list).toMatchObject({ total: 1, size: 1 });
      expect(list.instances[0]!.id).toMatch(uuid);
    }
    expect(one!.instances[0]!.id).not.toBe(other!.instances[0]!.id);
    expect(one!.instances[0]!.project_id).toBe(mine.project.id);
  });

  test('has the id that the project gives it, from start to start', async () => {
    const databaseUrl = `sqlite:${join(useFolder(), 'state.db')}`;
    const options = { port: 0, adminToken: 'x', seed: withoutGateway };
    const seen: string[] = [];
    const names: unknown[] = [];
    for (const database of [undefined, databaseUrl, databaseUrl]) {
      const one = await startSignet({ ...options, ...(database && { databaseUrl: database }) });
      const { instances: all } = await instances(one.url, project.id, token);
      seen.push(...all.map(({ id }) => id));
      const gateway = gatewayClient(one.url, 'v2', { gatewayId: ofProject });
      names.push((await gateway.ask<{ total: number }>('get', 'signs')).total);
      await gateway.ask('post', 'signs', { name: newName() });
      await one.stop();
    }
    expect(seen).toEqual([ofProject, ofProject, ofProject]);
    // What was made there is found again.
    expect(names).toEqual([0, 0, 1]);
  });
});

describe('of several gateways of a project', async () => {
  const ids = ['11111111-1111-4111-8111-111111111111', '22222222222222222222222222222222'] as const;
  const several = await useSignet({
    seed: useSeed(`
version: 1
region: eu-de
domains:
  - name: Home
    users: [{ name: someone, password: x, tokens: [{ token: ${token}, scope: { project: eu-de } }] }]
    projects:
      - id: ${project.id}
        name: eu-de
        gateways: [{ id: ${ids[0]}, name: first }, { id: '${ids[1]}', name: second }]
`),
  });
  const [first, second] = ids.map((gatewayId) => gatewayClient(several.url, 'v2', { gatewayId }));

  test('each has keys of its own; v1.0 shows those of the first', async () => {
    const name = newName();
    const id = await makerOf(first!).key({ name });
    expectApigRefusal(await second!.send('delete', `signs/${id}`), 'APIG.3017', id);
    expect(await second!.ask('get', 'signs')).toMatchObject({ total: 0 });
    await makerOf(second!).key({ name });
    const legacy = gatewayClient(several.url, 'v1.0');
    expect(await legacy.ask('get', 'signs')).toMatchObject({ total: 1, signs: [{ id }] });
  });

  test('all are listed, page by page, by id and by a part of the name', async () => {
    const list = async (query: string) => {
      const path = `/v2/${project.id}/apigw/instances${query}`;
      const { body } = await send(several.url, 'get', path, { headers: { 'X-Auth-Token': token } });
      const { total, size, instances: all } = body as Schemas['ListGatewaysResponse'];
      return [total, size, ...all.map(({ instance_name }) => instance_name)];
    };
    expect(await list('')).toEqual([2, 2, 'first', 'second']);
    expect(await list('?limit=1')).toEqual([2, 1, 'first']);
    expect(await list('?limit=1&offset=1')).toEqual([2, 1, 'second']);
    expect(await list('?offset=2')).toEqual([2, 0]);
    expect(await list(`?instance_id=${ids[1]}`)).toEqual([1, 1, 'second']);
    expect(await list('?instance_name=irst')).toEqual([1, 1, 'first']);
    expect(await list('?instance_name=third')).toEqual([0, 0]);
    expect(await list('?status=Running')).toEqual([2, 2, 'first', 'second']);
    expect(await list('?status=Creating')).toEqual([0, 0]);
  });

  test.each([0, 1])('%i is shown, with what it can do', async (index) => {
    const path = basePath('v2', { gatewayId: ids[index]! });
    const { status, body } = await send(several.url, 'get', path, { headers: { 'X-Auth-Token': token } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ id: ids[index], project_id: project.id, instance_name: ['first', 'second'][index] },
      ...{ status: 'Running', instance_status: 6, supported_features: ['sign_basic', 'sign_aes'] },
    });
  });
});
