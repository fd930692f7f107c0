/** Groups and environments, which APIs are in and are published in. */
import { describe, expect, test } from 'vitest';
import { gatewayClient, gatewayOf, makerOf, newName, release } from '../support/apigw.ts';
import { expectApigRefusal } from '../support/apig-refusals.ts';
import { makeClock, second } from '../support/clock.ts';
import { useSignet } from '../support/signet.ts';

const clock = makeClock();
const signet = await useSignet({ now: clock.now });
const { url } = signet;
const hex = expect.stringMatching(/^[0-9a-f]{32}$/) as string;
/** Both generations that have them. */
const generations = ['v2', 'v1.0'] as const;

describe.each(generations)('groups of %s', (generation) => {
  const gateway = gatewayClient(url, generation);
  const make = makerOf(gateway);
  const only = generation === 'v2' ? { sl_domain_access_enabled: true } : {};
  const bodyOf = (id: string, name: string, remark: string, times: object) => ({
    ...{ id, name, remark, status: 1, on_sell_status: 2, is_default: 2, ...only, ...times },
    ...{ sl_domain: `${id}.apic.localhost`, sl_domains: [`${id}.apic.localhost`] },
  });
  const since = (register_time: string, update_time = register_time) => ({ register_time, update_time });
  const now = (): string => new Date(clock.now()).toISOString().replace(/\.\d+/, '');

  test('are created with 201, shown with 200, and have a host name of their own', async () => {
    const request = { name: newName(), remark: 'All of it' };
    const answer = await gateway.send('post', 'api-groups', request);
    const { id } = answer.body as { id: string };
    expect(id).toEqual(hex);
    const group = bodyOf(id, request.name, 'All of it', since(now()));
    expect([answer.status, answer.body]).toStrictEqual([201, group]);
    const shown = await gateway.send('get', `api-groups/${id}`);
    expect([shown.status, shown.body]).toStrictEqual([200, group]);
  });

  test('have an empty remark where none is said', async () => {
    const id = await make.group();
    expect(await gateway.ask('get', `api-groups/${id}`)).toMatchObject({ remark: '' });
  });

  test('are changed with 200; a remark that is left out stays, an empty one does not', async () => {
    const id = await make.group({ remark: 'Before' });
    const created = now();
    clock.advance(5 * second);
    const name = newName();
    const answer = await gateway.send('put', `api-groups/${id}`, { name });
    expect([answer.status, answer.body]).toStrictEqual([200, bodyOf(id, name, 'Before', since(created, now()))]);
    expect(await gateway.ask('put', `api-groups/${id}`, { name, remark: '' })).toMatchObject({ name, remark: '' });
  });

  test('are deleted with 204 and nothing when they are empty', async () => {
    const id = await make.group();
    const apiId = await make.api({ group_id: id });
    expectApigRefusal(await gateway.send('delete', `api-groups/${id}`), 'APIG.3415', id);
    await gateway.ask('delete', `apis/${apiId}`);
    const { status, text } = await gateway.send('delete', `api-groups/${id}`);
    expect([status, text]).toEqual([204, '']);
    expectApigRefusal(await gateway.send('get', `api-groups/${id}`), 'APIG.3001', id);
  });

  test('are listed newest first, by id, by a part of the name, or by all of it', async () => {
    const own = await gatewayOf(url, await signet.createProject(), generation);
    const maker = makerOf(own);
    const ids: string[] = [];
    for (const name of ['blue_one', 'red_one', 'red_two']) {
      clock.advance(second);
      ids.unshift(await maker.group({ name }));
    }
    const listed = async (query: string) => {
      const { total, size, groups } = await own.ask<{ total: number; size: number; groups: { id: string }[] }>(
        ...(['get', `api-groups?${query}`] as const),
      );
      return [total, size, ...groups.map(({ id }) => ids.indexOf(id))];
    };
    expect(await listed('')).toEqual([3, 3, 0, 1, 2]);
    expect(await listed(`id=${ids[1]!}`)).toEqual([1, 1, 1]);
    expect(await listed('name=red')).toEqual([2, 2, 0, 1]);
    expect(await listed('name=red&precise_search=name')).toEqual([0, 0]);
    expect(await listed('name=red_one&precise_search=name')).toEqual([1, 1, 1]);
    expect(await listed(generation === 'v2' ? 'limit=2&offset=1' : 'page_size=1&page_no=2')).toEqual(
      generation === 'v2' ? [3, 2, 1, 2] : [3, 1, 1],
    );
  });

  test('may not share a name, and keep their own', async () => {
    const [name, id] = [newName(), await make.group()];
    await make.group({ name });
    expectApigRefusal(await gateway.send('post', 'api-groups', { name }), 'APIG.3201');
    expectApigRefusal(await gateway.send('put', `api-groups/${id}`, { name }), 'APIG.3201');
    const own = newName();
    await gateway.ask('put', `api-groups/${id}`, { name: own });
    expect(await gateway.ask('put', `api-groups/${id}`, { name: own })).toMatchObject({ name: own });
  });
});

test('the setting gatewayDomain is what host names of groups end with', async () => {
  const gateway = gatewayClient((await useSignet({ gatewayDomain: 'eu-de.example.com' })).url);
  const id = await makerOf(gateway).group();
  const host = `${id}.apic.eu-de.example.com`;
  expect(await gateway.ask('get', `api-groups/${id}`)).toMatchObject({ sl_domain: host, sl_domains: [host] });
});

describe('names of groups', () => {
  const accepted = {
    v2: ['abc', '0bc', 'a'.repeat(255), '中文组', 'a-_./:()', 'a（）：、'],
    'v1.0': ['abc', 'a'.repeat(64), '中文组', 'a_1'],
  };
  const refused = { v2: ['ab', 'a'.repeat(256), '-ab', 'a b', 'aé_'], 'v1.0': ['ab', 'a'.repeat(65), '0bc', 'a-b'] };

  test.each(generations)('of %s', async (generation) => {
    const gateway = gatewayClient(url, generation);
    for (const name of accepted[generation]) {
      const answer = await gateway.send('post', 'api-groups', { name });
      expect([answer.status, (answer.body as { name: string }).name]).toEqual([201, name]);
      await gateway.ask('delete', `api-groups/${(answer.body as { id: string }).id}`);
    }
    for (const name of refused[generation])
      expectApigRefusal(await gateway.send('post', 'api-groups', { name }), 'APIG.2011', 'name');
  });
});

describe.each(generations)('environments of %s', (generation) => {
  const gateway = gatewayClient(url, generation);
  const make = makerOf(gateway);
  const created = '2020-01-01T00:00:00Z';
  const predefined = { id: release, name: 'RELEASE', remark: '', create_time: created };
  const now = (): string => new Date(clock.now()).toISOString().replace(/\.\d+/, '');

  test('RELEASE is there from the beginning, and neither changed nor deleted', async () => {
    const own = await gatewayOf(url, await signet.createProject(), generation);
    expect(await own.ask('get', 'envs')).toStrictEqual({ total: 1, size: 1, envs: [predefined] });
    expectApigRefusal(await own.send('put', `envs/${release}`, { name: 'OTHER' }), 'APIG.3003', release);
    expectApigRefusal(await own.send('delete', `envs/${release}`), 'APIG.3003', release);
    expectApigRefusal(await own.send('post', 'envs', { name: 'RELEASE' }), 'APIG.3205');
    expect(await own.ask('get', 'envs')).toStrictEqual({ total: 1, size: 1, envs: [predefined] });
  });

  test('are created with 201, changed with 200 and deleted with 204', async () => {
    const request = { name: newName(), remark: 'For tests' };
    const answer = await gateway.send('post', 'envs', request);
    const { id } = answer.body as { id: string };
    expect([answer.status, answer.body]).toStrictEqual([201, { id: hex, ...request, create_time: now() }]);
    const name = newName();
    const changed = await gateway.send('put', `envs/${id}`, { name });
    expect([changed.status, changed.body]).toStrictEqual([200, { id, name, remark: 'For tests', create_time: now() }]);
    const { status, text } = await gateway.send('delete', `envs/${id}`);
    expect([status, text]).toEqual([204, '']);
    expectApigRefusal(await gateway.send('delete', `envs/${id}`), 'APIG.3003', id);
  });

  test('are listed newest first, RELEASE last, and by a part of the name', async () => {
    const own = await gatewayOf(url, await signet.createProject(), generation);
    for (const name of ['DEV', 'TEST', 'TEST2']) {
      clock.advance(second);
      await makerOf(own).environment({ name });
    }
    const listed = async (query: string): Promise<unknown[]> => {
      const { total, size, envs } = await own.ask<{ total: number; size: number; envs: { name: string }[] }>(
        ...(['get', `envs?${query}`] as const),
      );
      return [total, size, ...envs.map(({ name }) => name)];
    };
    expect(await listed('')).toEqual([4, 4, 'TEST2', 'TEST', 'DEV', 'RELEASE']);
    expect(await listed('name=TEST')).toEqual([2, 2, 'TEST2', 'TEST']);
    expect(await listed('name=LEAS')).toEqual([1, 1, 'RELEASE']);
    if (generation === 'v1.0') expect(await listed('name=TEST&precise_search=name')).toEqual([1, 1, 'TEST']);
    const lastPage = generation === 'v2' ? 'limit=1&offset=3' : 'page_size=3&page_no=2';
    expect(await listed(lastPage)).toEqual([4, 1, 'RELEASE']);
  });

  test('with something published in them stay', async () => {
    const environmentId = await make.environment();
    const apiId = await make.api();
    await make.publish(apiId, environmentId);
    expectApigRefusal(await gateway.send('delete', `envs/${environmentId}`), 'APIG.3418');
    await make.takeOffline(apiId, environmentId);
    expect((await gateway.send('delete', `envs/${environmentId}`)).status).toBe(204);
  });

  test.each(['ab', '0ab', '_ab', 'a-b', 'a b', '中文名', 'a'.repeat(65)])('may not be called %j', async (name) => {
    expectApigRefusal(await gateway.send('post', 'envs', { name }), 'APIG.2012', 'name');
    expectApigRefusal(await gateway.send('put', `envs/${release}`, { name }), 'APIG.2012', 'name');
  });
});
