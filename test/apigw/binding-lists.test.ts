/** The three lists of bindings: what each lets through, page by page, as Terraform asks for them. */
import { describe, expect, test } from 'vitest';
import type { components } from '../../src/contract/openapi.ts';
import { gatewayOf, makerOf, release, type GatewayClient, type Generation } from '../support/apigw.ts';
import { makeClock, second } from '../support/clock.ts';
import { useSignet } from '../support/signet.ts';

type Schemas = components['schemas'];
type Totals = Schemas['ListTotals'];
type Unbound = Schemas['ListUnboundApisResponse'];
type Bound = Schemas['ListBoundApisResponse'];

const clock = makeClock();
const signet = await useSignet({ now: clock.now });

/** A gateway with one key that is bound to some of its publications. */
async function prepared(generation: Generation) {
  const project = await signet.createProject();
  const [gateway, v2] = [await gatewayOf(signet.url, project, generation), await gatewayOf(signet.url, project)];
  const make = makerOf(v2);
  const groups = [await make.group({ name: 'group_one' }), await make.group({ name: 'group_two' })] as const;
  const environmentId = await make.environment({ name: 'TEST' });
  const apis = [
    await make.api({ name: 'first_api', group_id: groups[0] }),
    await make.api({ name: 'second_api', group_id: groups[0] }),
    await make.api({ name: 'third_One', group_id: groups[1] }),
  ] as const;
  const records: string[] = [];
  for (const [index, environment] of [
    [0, release],
    [1, release],
    [2, release],
    [1, environmentId],
    [2, environmentId],
  ] as const) {
    clock.advance(second);
    records.push((await make.publish(apis[index], environment)).publish_id);
  }
  const key = await make.key({ name: 'bound_key' });
  for (const record of [0, 1, 3]) {
    clock.advance(second);
    await make.bind(key, records[record]!);
  }
  const other = await make.key({ name: 'another_key' });
  await make.bind(other, records[4]!);
  return { gateway, groups, environmentId, apis, records, key, other };
}

describe.each(['v2', 'v1.0'] as const)('%s', async (generation) => {
  const { gateway, groups, environmentId, apis, records, key, other } = await prepared(generation);
  const listed = async (path: string, rows: 'bindings' | 'apis') => {
    const list = await gateway.ask<Totals & Record<typeof rows, { publish_id: string }[]>>(
      ...(['get', `sign-bindings/${path}`] as const),
    );
    return [list.total, list.size, ...list[rows].map(({ publish_id }) => records.indexOf(publish_id))];
  };
  const all = (...indexes: readonly number[]): number[] => [indexes.length, indexes.length, ...indexes];
  const pageOf = (limit: number, page: number): string =>
    generation === 'v2' ? `&limit=${limit}&offset=${limit * (page - 1)}` : `&page_size=${limit}&page_no=${page}`;

  test.each([
    ['', all(3, 1, 0)],
    [`&env_id=${release}`, all(1, 0)],
    [`&env_id=${environmentId}`, all(3)],
    [`&api_id=${apis[1]}`, all(3, 1)],
    ['&api_name=api', all(3, 1, 0)],
    ['&api_name=API', all()],
    ['&api_name=second', all(3, 1)],
    [`&group_id=${groups[0]}`, all(3, 1, 0)],
    [`&group_id=${groups[1]}`, all()],
    [`&group_id=${groups[0]}&env_id=${environmentId}&api_name=second`, all(3)],
    [pageOf(2, 1), [3, 2, 3, 1]],
    [pageOf(2, 2), [3, 1, 0]],
    [pageOf(2, 3), [3, 0]],
  ])('binded-apis of a key with %j, newest binding first', async (query, expected) => {
    expect(await listed(`binded-apis?sign_id=${key}${query}`, 'bindings')).toEqual(expected);
  });

  test.each([
    ['', all(4, 2)],
    [`&env_id=${environmentId}`, all(4)],
    [`&api_id=${apis[2]}`, all(4, 2)],
    [`&api_id=${apis[0]}`, all()],
    ['&api_name=One', all(4, 2)],
    ['&api_name=api', all()],
    [`&group_id=${groups[1]}&env_id=${release}`, all(2)],
    [pageOf(1, 1), [2, 1, 4]],
    [pageOf(1, 2), [2, 1, 2]],
    [pageOf(1, 3), [2, 0]],
  ])('unbinded-apis of a key with %j, newest publication first', async (query, expected) => {
    expect(await listed(`unbinded-apis?sign_id=${key}${query}`, 'apis')).toEqual(expected);
  });

  test.each([
    ['', all(3, 1)],
    [`&env_id=${release}`, all(1)],
    [`&sign_id=${key}`, all(3, 1)],
    [`&sign_id=${other}`, all()],
    ['&sign_name=bound_key', all(3, 1)],
    ['&sign_name=another_key', all()],
    [pageOf(1, 2), [2, 1, 1]],
  ])('binded-signs of an API with %j', async (query, expected) => {
    expect(await listed(`binded-signs?api_id=${apis[1]}${query}`, 'bindings')).toEqual(expected);
  });
});

/** Page after page until one is empty, as chnsz/golangsdk and Terraform ask. */
async function paged<Row>(
  gateway: GatewayClient,
  path: string,
  rowsOf: (body: Unbound & Bound) => readonly Row[],
  limit = 100,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let offset = 0; offset < 10_000; offset += limit) {
    const page = rowsOf(await gateway.ask('get', `sign-bindings/${path}&limit=${limit}&offset=${offset}`));
    if (page.length === 0) return rows;
    rows.push(...page);
  }
  throw new Error('no page is empty');
}

test('250 APIs: who waits for what is bound to be gone from one list sees it in the other, and back', async () => {
  const gateway = await gatewayOf(signet.url, await signet.createProject());
  const make = makerOf(gateway);
  const ids: string[] = [];
  for (let round = 0; round < 25; round += 1)
    ids.push(...(await Promise.all(Array.from({ length: 10 }, () => make.published()))));
  const [key, other] = [await make.key({ name: 'the_key' }), await make.key({ name: 'the_other' })];
  const unbound = (id: string) => paged(gateway, `unbinded-apis?sign_id=${id}`, ({ apis }) => apis);
  const bound = (id: string, limit = 100) =>
    paged(gateway, `binded-apis?sign_id=${id}`, ({ bindings }) => bindings, limit);
  const recordsOf = (rows: readonly { publish_id: string }[]) => rows.map(({ publish_id }) => publish_id).sort();
  const sorted = [...ids].sort();

  expect(recordsOf(await unbound(key))).toEqual(sorted);
  expect(await bound(key)).toEqual([]);

  const [chosen, rest] = [ids.slice(0, 150), ids.slice(150)];
  const bindings = await make.bind(key, ...chosen);
  expect(recordsOf(await unbound(key))).toEqual([...rest].sort());
  expect(recordsOf(await bound(key))).toEqual([...chosen].sort());
  expect(recordsOf(await bound(key, 7))).toEqual([...chosen].sort());
  const seenByOther = await unbound(other);
  expect(recordsOf(seenByOther)).toEqual(sorted);
  expect(seenByOther.filter(({ signature_name }) => signature_name === 'the_key')).toHaveLength(150);

  // Moved by binding alone.
  await make.bind(other, ...chosen.slice(0, 50));
  expect(await bound(key)).toHaveLength(100);
  expect(await bound(other)).toHaveLength(50);

  for (const { id } of bindings.slice(50, 60)) await gateway.ask('delete', `sign-bindings/${id}`);
  const gone = chosen.slice(50, 60);
  const list = await gateway.ask<Bound>('get', `sign-bindings/binded-apis?sign_id=${key}&limit=500`);
  expect(recordsOf(list.bindings)).toEqual(chosen.slice(60).sort());
  expect(recordsOf(await unbound(key))).toEqual([...rest, ...chosen.slice(0, 50), ...gone].sort());
});
