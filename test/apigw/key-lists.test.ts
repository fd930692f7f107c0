/** Keys as they are listed: when they are of, in which order, how many, and which of them. */
import { describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { gatewayClient, gatewayOf, generations, makerOf, type Generation, type Key } from '../support/apigw.ts';
import { expectApigRefusal } from '../support/apig-refusals.ts';
import { useSignet } from '../support/signet.ts';
import { clockClient } from '../support/workbench-clock.ts';

type KeyList = components['schemas']['ListSignatureKeysResponse'];

const signet = await useSignet();
const { url } = signet;
const clock = clockClient(url);
const at = (now: string) => clock.set({ now, frozen: true });

describe('times', () => {
  /** Go leaves out zeros at the end of a fraction, and the fraction where nothing is left of it. */
  const instants = [
    ['2026-03-01T08:00:00.123Z', '2026-03-01T08:00:00.123Z', '2026-03-01T08:00:00Z'],
    ['2026-03-01T08:00:00.120Z', '2026-03-01T08:00:00.12Z', '2026-03-01T08:00:00Z'],
    ['2026-03-01T08:00:00.100Z', '2026-03-01T08:00:00.1Z', '2026-03-01T08:00:00Z'],
    ['2026-03-01T08:00:00.000Z', '2026-03-01T08:00:00Z', '2026-03-01T08:00:00Z'],
    ['2026-03-01T08:00:00.009Z', '2026-03-01T08:00:00.009Z', '2026-03-01T08:00:00Z'],
    ['2026-12-31T23:59:59.990Z', '2026-12-31T23:59:59.99Z', '2026-12-31T23:59:59Z'],
  ] as const;

  test.each(instants)('a write at %s says %s, a later look %s', async (instant, written, stored) => {
    const gateway = gatewayClient(url);
    await at(instant);
    const name = `key_of_${instant.replaceAll(/\W/g, '')}`;
    const { id, ...key } = await gateway.ask<Key>('post', 'signs', { name });
    expect(key).toMatchObject({ create_time: written, update_time: written });
    const { signs } = await gateway.ask<KeyList>('get', `signs?id=${id}`);
    expect(signs).toMatchObject([{ create_time: stored, update_time: stored }]);

    await at('2027-01-02T03:04:05.670Z');
    const changed = await gateway.ask('put', `signs/${id}`, { name });
    expect(changed).toMatchObject({ create_time: stored, update_time: '2027-01-02T03:04:05.67Z' });
    const { signs: later } = await gateway.ask<KeyList>('get', `signs?id=${id}`);
    expect(later).toMatchObject([{ create_time: stored, update_time: '2027-01-02T03:04:05Z' }]);
  });
});

const first = Date.parse('2026-05-01T00:00:00Z');
/** A gateway with so many keys, each a second younger than the one before; their names, newest first. */
async function gatewayWith(count: number, generation: Generation, nameOf = (index: number) => `key_${index}_`) {
  const gateway = await gatewayOf(url, await signet.createProject(), generation);
  const make = makerOf(gateway);
  const names: string[] = [];
  for (let index = 0; index < count; index += 1) {
    await at(new Date(first + index * 1000).toISOString());
    await make.key({ name: nameOf(index) });
    names.unshift(nameOf(index));
  }
  const page = async (query = ''): Promise<readonly [total: number, size: number, names: readonly string[]]> => {
    const { total, size, signs } = await gateway.ask<KeyList>('get', `signs${query}`);
    return [total, size, signs.map(({ name }) => name)];
  };
  return { gateway, names, page };
}

test.each(generations)('%s: a gateway without keys has an empty list', async (generation) => {
  const gateway = await gatewayOf(url, await signet.createProject(), generation);
  expect(await gateway.ask('get', 'signs')).toStrictEqual({ total: 0, size: 0, signs: [] });
});

describe('a page', async () => {
  const { gateway, names, page } = await gatewayWith(25, 'v2');
  /** From, and up to, in the list of all. */
  const pages: readonly (readonly [query: string, from: number, to: number])[] = [
    ['', 0, 20],
    ['?limit=3', 0, 3],
    ['?limit=3&offset=0', 0, 3],
    ['?limit=3&offset=22', 22, 25],
    ['?limit=3&offset=24', 24, 25],
    ['?limit=3&offset=25', 25, 25],
    ['?limit=3&offset=9000000000000000', 25, 25],
    ['?limit=3&offset=9223372036854775807', 25, 25],
    ['?limit=3&offset=1e30', 25, 25],
    ['?offset=-1', 0, 20],
    ['?offset=-9000000000000000', 0, 20],
    ['?limit=0', 0, 20],
    ['?limit=-1', 0, 20],
    ['?limit=20', 0, 20],
    ['?limit=25', 0, 25],
    ['?limit=500', 0, 25],
    ['?limit=501', 0, 25],
    ['?limit=2147483648', 0, 25],
    ['?limit=9007199254740991&offset=1', 1, 25],
    ['?page_no=2&page_size=5', 0, 20],
  ];
  test.each(pages)('of V2 with %j are those from %i to %i, newest first', async (query, from, to) => {
    expect(await page(query)).toEqual([25, to - from, names.slice(from, to)]);
  });

  test('one after the other until one is empty are all of them', async () => {
    const seen: string[] = [];
    for (let offset = 0; ; offset += 7) {
      const [, size, some] = await page(`?limit=7&offset=${offset}`);
      if (size === 0) break;
      seen.push(...some);
    }
    expect(seen).toEqual(names);
  });

  test.each(['limit=x', 'limit=1.5', 'limit=', 'limit=1&limit=2'])('%s is refused', async (query) => {
    expectApigRefusal(await gateway.send('get', `signs?${query}`), 'APIG.2012', 'limit');
  });
});

describe.each(['v1', 'v1.0'] as const)('a page of %s', async (generation) => {
  const { gateway, names, page } = await gatewayWith(25, generation);
  const pages: readonly (readonly [query: string, from: number, to: number])[] = [
    ['', 0, 20],
    ['?page_no=1', 0, 20],
    ['?page_no=2', 20, 25],
    ['?page_no=3', 25, 25],
    ['?page_no=0', 0, 20],
    ['?page_no=-1', 0, 20],
    ['?page_no=9007199254740991', 25, 25],
    ['?page_no=9223372036854775807', 25, 25],
    ['?page_size=4', 0, 4],
    ['?page_size=4&page_no=3', 8, 12],
    ['?page_size=4&page_no=7', 24, 25],
    ['?page_size=0', 0, 20],
    ['?page_size=-1', 0, 20],
    ['?page_size=500', 0, 25],
    ['?page_size=501', 0, 25],
    ['?page_size=501&page_no=2', 25, 25],
    ['?offset=5&limit=5', 0, 20],
  ];
  test.each(pages)('with %j are those from %i to %i, newest first', async (query, from, to) => {
    expect(await page(query)).toEqual([25, to - from, names.slice(from, to)]);
  });

  test.each(['page_no', 'page_size'])('%s must be a number', async (name) => {
    expectApigRefusal(await gateway.send('get', `signs?${name}=x`), 'APIG.2012', name);
  });
});

test('never more than 500 of a list', async () => {
  const project = await signet.createProject();
  const gateway = await gatewayOf(url, project);
  const make = makerOf(gateway);
  for (let round = 0; round < 51; round += 1) await Promise.all(Array.from({ length: 10 }, () => make.group()));
  for (const limit of [501, 100_000])
    expect(await gateway.ask('get', `api-groups?limit=${limit}`)).toMatchObject({ total: 510, size: 500 });
  const older = await gatewayOf(url, project, 'v1.0');
  expect(await older.ask('get', `api-groups?page_size=501&page_no=2`)).toMatchObject({ total: 510, size: 10 });
});

describe('a filter', async () => {
  const { gateway, names, page } = await gatewayWith(4, 'v2', (index) => ['Blue', 'blue_sky', 'sky_', '天空_'][index]!);
  const { signs } = await gateway.ask<KeyList>('get', 'signs');
  const idOf = (name: string): string => signs.find((key) => key.name === name)!.id;
  const encoded = encodeURIComponent;

  test.each<[string, readonly string[]]>([
    ['name=blue', ['blue_sky']],
    ['name=lue', ['blue_sky', 'Blue']],
    ['name=_', ['天空_', 'sky_', 'blue_sky']],
    ['name=%25', []],
    [`name=${encoded('空')}`, ['天空_']],
    ['name=', names],
    ['name=nothing', []],
    ['name=sky_&precise_search=name', ['sky_']],
    ['name=sky&precise_search=name', []],
    ['name=sky&precise_search=id,name', []],
    ['name=sky_&precise_search=id', ['sky_']],
    ['name=sky', ['sky_', 'blue_sky']],
    ['precise_search=name', names],
    ['unknown=x', names],
  ])('%s: %j', async (query, expected) => {
    expect(await page(`?${query}`)).toEqual([expected.length, expected.length, expected]);
  });

  test('by id, alone and with a name', async () => {
    expect(await page(`?id=${idOf('Blue')}`)).toEqual([1, 1, ['Blue']]);
    expect(await page(`?id=${idOf('Blue')}&name=lue`)).toEqual([1, 1, ['Blue']]);
    expect(await page(`?id=${idOf('Blue')}&name=sky`)).toEqual([0, 0, []]);
    expect(await page(`?id=${'0'.repeat(32)}`)).toEqual([0, 0, []]);
  });

  test('counts what it lets through, not the page', async () => {
    expect(await page('?name=sky&limit=1')).toEqual([2, 1, ['sky_']]);
    expect(await page('?name=sky&limit=1&offset=1')).toEqual([2, 1, ['blue_sky']]);
  });

  test.each(['id=x', 'id=', `id=${'0'.repeat(31)}`, `id=${'g'.repeat(32)}`])('%s is refused', async (query) => {
    expectApigRefusal(await gateway.send('get', `signs?${query}`), 'APIG.2012', 'id');
  });
});

test('bind_num counts the publications that a key is bound to', async () => {
  const gateway = gatewayClient(url);
  const make = makerOf(gateway);
  const [keyId, apiId, other] = [await make.key(), await make.api(), await make.key()];
  const counted = async (): Promise<number[]> =>
    (await gateway.ask<KeyList>('get', `signs?id=${keyId}`)).signs.map(({ bind_num }) => bind_num);
  expect(await counted()).toEqual([0]);
  const places = [await make.publish(apiId), await make.publish(apiId, await make.environment())];
  const [one] = await make.bind(keyId, ...places.map(({ publish_id }) => publish_id), await make.published());
  expect(await counted()).toEqual([3]);
  await gateway.ask('delete', `sign-bindings/${one!.id}`);
  expect(await counted()).toEqual([2]);
  await make.bind(other, places[1]!.publish_id);
  expect(await counted()).toEqual([1]);
});
