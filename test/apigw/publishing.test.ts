/** What is published of an API, where, and since when; in V2 and in v1.0. */
import { describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { gatewayClient, makerOf, newName, release, type Publication } from '../support/apigw.ts';
import { expectApigRefusal } from '../support/apig-refusals.ts';
import { makeClock, second } from '../support/clock.ts';
import { useSignet } from '../support/signet.ts';

type Schemas = components['schemas'];
type Shown = Schemas['ApiDetails'];
type Versions = Schemas['ListApiVersionsResponse'];
type Unbound = Schemas['ListUnboundApisResponse'];

const clock = makeClock();
const { url } = await useSignet({ now: clock.now });
const hex = expect.stringMatching(/^[0-9a-f]{32}$/) as string;
const instant = (): string => new Date(clock.now()).toISOString();
const now = (): string => instant().replace(/\.\d+/, '');

describe.each(['v2', 'v1.0'] as const)('%s', (generation) => {
  const gateway = gatewayClient(url, generation);
  const make = makerOf(gateway);
  const show = (apiId: string) => gateway.ask<Shown>('get', `apis/${apiId}`);
  const history = (apiId: string, query = '') => gateway.ask<Versions>('get', `apis/publish/${apiId}${query}`);
  const where = (api: Shown) => [api.run_env_id, api.run_env_name, api.publish_id, api.publish_time];
  const publish = (apiId: string, env_id: string, remark?: string) =>
    generation === 'v2'
      ? gateway.send('post', 'apis/action', { action: 'online', api_id: apiId, env_id, remark })
      : gateway.send('post', `apis/publish/${apiId}`, { env_id, remark });
  const takeOffline = (apiId: string, env_id: string) =>
    generation === 'v2'
      ? gateway.send('post', 'apis/action', { action: 'offline', api_id: apiId, env_id })
      : gateway.send('delete', `apis/publish/${apiId}?env_id=${env_id}`);

  test('versions of one moment stand in their order', async () => {
    const apiId = await make.api();
    for (const remark of ['1', '2', '3', '4', '5']) await publish(apiId, release, remark);
    await takeOffline(apiId, release);
    await publish(apiId, release, '6');
    const { api_versions: versions } = await history(apiId);
    expect(versions.map(({ remark }) => remark).join('')).toBe('654321');
  });

  test('an API is published with 201', async () => {
    const name = newName();
    const apiId = await make.api({ name });
    const answer = await publish(apiId, release, 'For the first time');
    const publication = {
      ...{ publish_id: hex, api_id: apiId, api_name: name, env_id: release, remark: 'For the first time' },
      ...{ publish_time: instant(), version_id: hex },
    };
    expect([answer.status, answer.body]).toStrictEqual([201, publication]);
    const { publish_id, version_id } = answer.body as Publication;
    expect(publish_id).not.toBe(version_id);
    expect(where(await show(apiId))).toEqual([release, 'RELEASE', publish_id, now()]);
    const again = await publish(apiId, release);
    expect(again.body).toMatchObject({ remark: '' });
  });

  test('it is taken offline: in V2 with 201 and what was in force, in v1.0 with 204 and nothing', async () => {
    const apiId = await make.api();
    const publication = await make.publish(apiId);
    const { status, text, body } = await takeOffline(apiId, release);
    if (generation === 'v2') expect([status, body]).toStrictEqual([201, publication]);
    else expect([status, text]).toEqual([204, '']);
    const api = await show(apiId);
    expect(where(api)).toEqual([undefined, undefined, undefined, undefined]);
    expectApigRefusal(await takeOffline(apiId, release), 'APIG.3015');
  });

  test('while it is online the record stays the same; after a gap there is a new one', async () => {
    const apiId = await make.api();
    const records: Publication[] = [];
    const online = async (): Promise<void> => {
      clock.advance(second);
      records.push(await make.publish(apiId));
    };
    await online();
    await online();
    await make.takeOffline(apiId);
    await online();
    const [first, second_, third] = records.map(({ publish_id }) => publish_id);
    expect(second_).toBe(first);
    expect(third).not.toBe(first);
    expect(new Set(records.map(({ version_id }) => version_id)).size).toBe(3);
    expect((await show(apiId)).publish_id).toBe(third);
  });

  test('its history has every version, newest first; one in each environment is in force', async () => {
    const apiId = await make.api();
    const name = newName();
    const environmentId = await make.environment({ name });
    const versions: object[] = [];
    const online = async (env_id: string, env_name: string, status: number): Promise<void> => {
      clock.advance(second);
      const { version_id } = await make.publish(apiId, env_id, `remark ${versions.length}`);
      const version_no = now().replaceAll(/\D/g, '');
      versions.unshift({
        ...{ version_id, version_no, api_id: apiId, env_id, env_name, remark: `remark ${versions.length}` },
        ...{ publish_time: now(), status },
      });
    };
    await online(release, 'RELEASE', 2);
    await online(environmentId, name, 1);
    await online(release, 'RELEASE', 1);
    expect(await history(apiId)).toStrictEqual({ total: 3, size: 3, api_versions: versions });
    const [third, second_, first] = versions;
    const released = { total: 2, size: 2, api_versions: [third, first] };
    expect(await history(apiId, `?env_id=${release}`)).toStrictEqual(released);
    expect(await history(apiId, '?env_name=RELEASE')).toStrictEqual(released);
    expect(await history(apiId, `?env_name=${name}`)).toStrictEqual({ total: 1, size: 1, api_versions: [second_] });
    expect(await history(apiId, '?env_name=NOWHERE')).toStrictEqual({ total: 0, size: 0, api_versions: [] });
    const page = generation === 'v2' ? '?limit=1&offset=1' : '?page_size=1&page_no=2';
    expect(await history(apiId, page)).toStrictEqual({ total: 3, size: 1, api_versions: [second_] });

    await make.takeOffline(apiId, environmentId);
    expect((await history(apiId)).api_versions.map(({ status }) => status)).toEqual([1, 2, 2]);
  });

  test('several environments are joined with bars, the latest first, all in the same order', async () => {
    const apiId = await make.api();
    const names = [newName(), newName()];
    const ids: string[] = [];
    for (const name of names) ids.push(await make.environment({ name }));
    const records: string[] = [];
    const times: string[] = [];
    for (const id of [ids[0]!, release, ids[1]!]) {
      clock.advance(second);
      records.unshift((await make.publish(apiId, id)).publish_id);
      times.unshift(now());
    }
    const joined = [[ids[1], release, ids[0]], [names[1], 'RELEASE', names[0]], records, times];
    const expected = joined.map((values) => values.join('|'));
    expect(where(await show(apiId))).toEqual(expected);
    const { apis } = await gateway.ask<{ apis: Shown[] }>('get', `apis?id=${apiId}`);
    expect(where(apis[0]!)).toEqual(expected);

    await make.takeOffline(apiId);
    expect((await show(apiId)).run_env_name).toBe(`${names[1]!}|${names[0]!}`);
    clock.advance(second);
    await make.publish(apiId, ids[0]);
    const [again] = (await show(apiId)).publish_id!.split('|');
    expect((await show(apiId)).run_env_name).toBe(`${names[0]!}|${names[1]!}`);
    expect(again).toBe(records[2]);
  });

  test('what is published stays as it was published when the API is edited', async () => {
    const [before, after, group_id] = [newName(), newName(), await make.group()];
    const apiId = await make.api({ name: before, group_id, remark: 'Before', req_method: 'GET' });
    const keyId = await make.key();
    await make.publish(apiId);
    const published = async () => {
      const path = `sign-bindings/unbinded-apis?sign_id=${keyId}&api_id=${apiId}`;
      const { apis } = await gateway.ask<Unbound>('get', path);
      return apis.map(({ name, remark, req_method, req_uri }) => [name, remark, req_method, req_uri]);
    };
    const now_ = await show(apiId);
    const change = { ...now_, name: after, remark: 'After', req_method: 'POST', req_uri: '/after' };
    await gateway.ask('put', `apis/${apiId}`, change);
    expect(await published()).toEqual([[before, 'Before', 'GET', now_.req_uri]]);
    expect(await show(apiId)).toMatchObject({ name: after, remark: 'After', run_env_name: 'RELEASE' });
    await make.publish(apiId);
    expect(await published()).toEqual([[after, 'After', 'POST', '/after']]);
  });

  test('an API that is published somewhere is not deleted', async () => {
    const [apiId, environmentId] = [await make.api(), await make.environment()];
    await make.publish(apiId);
    await make.publish(apiId, environmentId);
    expectApigRefusal(await gateway.send('delete', `apis/${apiId}`), 'APIG.3416');
    await make.takeOffline(apiId);
    expectApigRefusal(await gateway.send('delete', `apis/${apiId}`), 'APIG.3416');
    await make.takeOffline(apiId, environmentId);
    expect((await gateway.send('delete', `apis/${apiId}`)).status).toBe(204);
    expectApigRefusal(await gateway.send('get', `apis/publish/${apiId}`), 'APIG.3002', apiId);
  });

  test('an API that was never published has no history', async () => {
    expect(await history(await make.api())).toStrictEqual({ total: 0, size: 0, api_versions: [] });
  });

  test('many who publish at once agree on one record and one version in force', async () => {
    const apiId = await make.api();
    const all = await Promise.all(Array.from({ length: 10 }, () => make.publish(apiId)));
    expect(new Set(all.map(({ publish_id }) => publish_id)).size).toBe(1);
    const { total, api_versions } = await history(apiId);
    expect([total, api_versions.filter(({ status }) => status === 1).length]).toEqual([10, 1]);
    expect((await show(apiId)).publish_id).toBe(all[0]!.publish_id);
  });
});
