/** What of API gateways a store holds after it was seeded. */
import { describe, expect, test } from 'vitest';
import { signatureRule, type SignatureType } from '../../src/crypto/signature-keys.ts';
import { applySeed, loadSeed, readSeed, type Seed } from '../../src/emulator/seeds/seed.ts';
import { release, type Store } from '../../src/store/store.ts';
import { opened } from '../store/databases.ts';
import { gateway as ours } from '../support/seeded-gateway.ts';
import { project } from '../support/identity.ts';

const now = Date.parse('2026-05-01T00:00:00Z');

function counting(): () => string {
  let count = 0;
  return () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`;
}

async function seeded(seed: Seed): Promise<Store> {
  const store = await opened('sqlite::memory:');
  expect(await applySeed(seed, { store, now: () => now, hashToken: (token) => token })).toBe(true);
  return store;
}

/** The seed of one project with these gateways, in JSON. */
const seedOf = (...gateways: readonly object[]): string =>
  JSON.stringify({ version: 1, region: 'r', domains: [{ name: 'D', projects: [{ id: 'p', name: 'P', gateways }] }] });
const seededWith = async (...gateways: readonly object[]): Promise<Store> =>
  seeded(await readSeed(seedOf(...gateways), 'seed.json', counting()));

describe('the default seed', () => {
  test('has a gateway whose API is signed for with the key of the documented requests', async () => {
    const { gateways } = await seeded(await loadSeed('', counting()));
    expect(await gateways.gateways(project.id)).toMatchObject([{ id: ours.id, name: 'signet' }]);
    const key = await gateways.findKey(ours.id, ours.keyId);
    expect(key).toMatchObject({
      ...{ name: 'demo_key', type: 'hmac', key: 'signkeysignkey', algorithm: '' },
      secret: 'signsecretsignsecretsignsecretsignsecret',
    });
    const { routes, environments } = (await gateways.routes(ours.groupId)) ?? {};
    expect([...(environments?.keys() ?? [])]).toEqual(['RELEASE']);
    expect(routes?.map(({ publication, key: bound }) => [publication.apiId, bound?.id])).toEqual([
      [ours.apiId, ours.keyId],
    ]);
    const mock = await gateways.routes(ours.mockGroupId);
    expect(mock?.routes.map(({ publication, key: bound }) => [publication.apiId, bound])).toEqual([
      [ours.helloId, undefined],
    ]);
    expect([...routes!, ...mock!.routes].map(({ publication }) => publication.definition)).toMatchObject([
      {
        ...{ req_method: 'ANY', req_uri: '/', match_mode: 'SWA' },
        backend_api: {
          url_domain: '127.0.0.1:8080',
          req_protocol: 'HTTP',
          req_method: 'ANY',
          req_uri: '/',
          timeout: 5000,
        },
      },
      { req_method: 'GET', req_uri: '/hello', match_mode: 'NORMAL', mock_info: { result_content: 'hello' } },
    ]);
  });

  test('none: the gateway, and nothing in it', async () => {
    const store = await seeded(await loadSeed('none', counting()));
    expect(await store.gateways.gateways(project.id)).toMatchObject([{ id: ours.id }]);
    const { signatureKeys, environments, apiGroups, apis, publications, signatureBindings } =
      await store.contents.read();
    expect([signatureKeys, environments, apiGroups, apis, publications, signatureBindings].flat()).toEqual([]);
  });
});

describe('a gateway of one’s own', () => {
  const api = { name: 'get-order', req_method: 'GET', req_uri: '/orders/{id}' };
  const parameter = { name: 'id', type: 'STRING', location: 'PATH' };

  test('is one of several, in the order of the file', async () => {
    const { gateways } = await seededWith(
      { name: 'first' },
      { id: '0f'.repeat(16), name: 'second' },
      { name: 'third' },
    );
    const found = await gateways.gateways('p');
    expect(found.map(({ name }) => name)).toEqual(['first', 'second', 'third']);
    expect(found.map(({ id }) => id.length)).toEqual([36, 32, 36]);
  });

  test('has ids for all that names none, and lists in the order of the file', async () => {
    const group = { name: 'group', remark: 'of mine', apis: [{ ...api, req_params: [parameter] }] };
    const { gateways } = await seededWith({
      name: 'mine',
      environments: [{ name: 'DEV', remark: 'for me' }, { name: 'TEST' }],
      signature_keys: [{ name: 'one' }, { name: 'two' }],
      groups: [group, { name: 'empty' }],
    });
    const [mine] = await gateways.gateways('p');
    const id = mine?.id ?? '';
    const environments = await gateways.listEnvironments(id);
    expect(environments.map(({ name, remark }) => [name, remark])).toEqual([
      ['DEV', 'for me'],
      ['TEST', ''],
    ]);
    const { items: keys } = await gateways.listKeys(id, {}, 0, 10);
    expect(keys.map(({ name }) => name)).toEqual(['one', 'two']);
    const { items: groups } = await gateways.listGroups(id, {}, 0, 10);
    expect(groups.map(({ name, remark }) => [name, remark])).toEqual([
      ['group', 'of mine'],
      ['empty', ''],
    ]);
    const { items: apis } = await gateways.listApis(id, {}, 0, 10);
    for (const thing of [...environments, ...keys, ...groups, ...apis]) expect(thing.id).toMatch(/^[0-9a-f]{32}$/);
    expect(apis[0]?.groupId).toBe(groups[0]?.id);
  });

  interface Given {
    readonly sign_type?: string;
    readonly sign_algorithm?: string;
    readonly sign_key?: string;
    readonly sign_secret?: string;
  }
  test.each<[given: Given, type: SignatureType, algorithm: string]>([
    [{}, 'hmac', ''],
    [{ sign_type: 'basic' }, 'basic', ''],
    [{ sign_type: 'aes', sign_algorithm: 'aes-256-cfb' }, 'aes', 'aes-256-cfb'],
    [{ sign_type: 'basic', sign_key: 'user' }, 'basic', ''],
    [{ sign_secret: 'a-secret_of-16!!' }, 'hmac', ''],
    [{ sign_key: 'my-own-key', sign_secret: 'my-own-secret-of-32-characters!!' }, 'hmac', ''],
  ])('has keys; what is left out is generated: %j', async (given, type, algorithm) => {
    const { gateways } = await seededWith({
      name: 'mine',
      signature_keys: [{ id: 'a1'.repeat(16), name: 'key', ...given }],
    });
    const [mine] = await gateways.gateways('p');
    const key = await gateways.findKey(mine?.id ?? '', 'a1'.repeat(16));
    const { sign_key = key?.key, sign_secret = key?.secret } = given;
    expect(key).toMatchObject({ name: 'key', type, algorithm, key: sign_key, secret: sign_secret });
    const rule = signatureRule(type, algorithm);
    expect(key?.key).toMatch(rule?.key ?? /never/);
    expect(key?.secret).toMatch(rule?.secret ?? /never/);
  });

  const definitions: readonly (readonly [string, object, object])[] = [
    [
      'nothing but its path: a mock that anybody may call',
      { name: 'api', req_method: 'GET', req_uri: '/' },
      {
        ...{ type: 1, req_protocol: 'BOTH', auth_type: 'NONE', match_mode: 'NORMAL', backend_type: 'MOCK' },
        mock_info: { result_content: '' },
      },
    ],
    [
      'the host of a backend: the same there',
      { name: 'api', req_method: 'POST', req_uri: '/x', backend_api: { url_domain: 'backend:81' } },
      {
        backend_type: 'HTTP',
        backend_api: {
          ...{ url_domain: 'backend:81', req_protocol: 'HTTP', req_method: 'POST', req_uri: '/x', timeout: 5000 },
          retry_count: '-1',
        },
      },
    ],
    [
      'parameters',
      {
        ...{ ...api, auth_type: 'IAM', type: 2, req_protocol: 'HTTPS', remark: 'mine', tags: ['a'] },
        backend_api: { url_domain: '[::1]:80', req_uri: '/o/{order}', retry_count: '3' },
        req_params: [parameter, { name: 'page', type: 'NUMBER', location: 'QUERY', valid_enable: 1, max_num: 9 }],
        backend_params: [
          { name: 'order', location: 'PATH', origin: 'REQUEST', value: 'id' },
          { name: 'from', location: 'HEADER', origin: 'CONSTANT', value: 'gateway' },
        ],
      },
      {
        ...{ auth_type: 'IAM', type: 2, req_protocol: 'HTTPS', remark: 'mine', tags: ['a'] },
        backend_api: { url_domain: '[::1]:80', req_uri: '/o/{order}', req_method: 'GET', retry_count: '3' },
        req_params: [
          { ...parameter, required: 1 },
          { name: 'page', required: 2, valid_enable: 1, max_num: 9 },
        ],
        backend_params: [
          { name: 'order', value: 'id' },
          { name: 'from', req_param_id: '' },
        ],
      },
    ],
  ];
  test.each(definitions)('has APIs: %s', async (_what, entry, definition) => {
    const { gateways } = await seededWith({ name: 'mine', groups: [{ name: 'group', apis: [entry] }] });
    const [mine] = await gateways.gateways('p');
    const { items } = await gateways.listApis(mine?.id ?? '', {}, 0, 10);
    expect(items[0]?.definition).toMatchObject(definition);
    const { req_params: taken, backend_params: given } = items[0]?.definition ?? {};
    for (const { id } of [...(taken ?? []), ...(given ?? [])]) expect(id).toMatch(/^[0-9a-f]{32}$/);
    if (given?.length) expect(given[0]?.req_param_id).toBe(taken?.[0]?.id);
  });

  const published = {
    id: '9a'.repeat(16),
    name: 'mine',
    environments: [{ id: 'e0'.repeat(16), name: 'TEST' }],
    signature_keys: [{ id: 'c0'.repeat(16), name: 'key' }],
    groups: [
      {
        id: 'a0'.repeat(16),
        name: 'group',
        apis: [
          {
            ...{ id: 'b0'.repeat(16), name: 'api', req_method: 'GET', req_uri: '/' },
            published: [{ environment: 'RELEASE' }, { environment: 'TEST', signature_key: 'key' }],
          },
        ],
      },
    ],
  };

  test('has APIs that are published, and keys that are bound to them', async () => {
    const { gateways } = await seededWith(published);
    const { routes } = (await gateways.routes('a0'.repeat(16))) ?? {};
    expect(routes?.map(({ publication, key }) => [publication.environmentId, key?.name])).toEqual([
      [release.id, undefined],
      ['e0'.repeat(16), 'key'],
    ]);
    const { items } = await gateways.listBound('9a'.repeat(16), {}, 0, 10);
    expect(items.map(({ environmentName }) => environmentName)).toEqual(['TEST']);
  });

  test('has the same ids for publications and bindings from start to start, where the rest has', async () => {
    const ids = async (): Promise<readonly unknown[]> => {
      const { publications, signatureBindings, apis } = await (await seededWith(published)).contents.read();
      const records = publications.map(({ id, publishId }) => [id, publishId]);
      return [...records, ...signatureBindings.map(({ id }) => id), apis[0]?.definition.mock_info?.id].flat();
    };
    const first = await ids();
    expect(await ids()).toEqual(first);
    expect(new Set(first).size).toBe(6);
  });
});
