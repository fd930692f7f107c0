import { describe, expect, test } from 'vitest';
import { domain, token } from '../support/identity.ts';
import { send, type Method } from '../support/http.ts';
import { kmsClient, kmsPath } from '../support/kms.ts';
import { expectGatewayRefusal, expectKmsRefusal } from '../support/refusals.ts';
import { useSignet } from '../support/signet.ts';

const { url } = await useSignet();
const kms = kmsClient(url);

describe('keystores: as in a region without dedicated ones', () => {
  const standard = {
    keystore_id: '0',
    domain_id: domain.id,
    keystore_alias: 'default',
    keystore_type: 'DEFAULT',
    hsm_cluster_id: '',
    cluster_id: '',
    create_time: '',
  };

  test.each([{}, { limit: 10, offset: 0 }, { offset: '' }, { limit: 'all', offset: 'none' }])(
    'with %j the default one is listed',
    async (query) => {
      expect(await kms.ask('GET /keystores', query)).toStrictEqual({ total: 1, keystores: [standard] });
    },
  );

  test('an offset passes over it', async () => {
    expect(await kms.ask('GET /keystores', { limit: 1, offset: 1 })).toStrictEqual({ total: 1, keystores: [] });
  });

  test('the keys are in it', async () => {
    const id = await kms.create({ key_alias: 'stored' });
    expect((await kms.describe(id)).keystore_id).toBe(standard.keystore_id);
  });

  test.each([
    { keystore_alias: 'mine', hsm_cluster_id: 'a', hsm_ca_cert: 'b', keystore_type: 'DHSM' },
    { keystore_alias: 'default' },
    { keystore_alias: '' },
  ])('no other is made: %j', async (body) => {
    expectKmsRefusal(await kms.post('/keystores', body), 'KMS.0340');
    expect((await kms.ask('GET /keystores', {})).total).toBe(1);
  });
});

/** What such a region does not have. */
const absent: readonly (readonly [Method, path: string])[] = [
  ['get', '/keystores/0'],
  ['delete', '/keystores/0'],
  ['post', '/keystores/0/enable'],
  ['post', '/keystores/0/disable'],
  ...(['post', 'get'] as const).flatMap((method) => [
    [method, 'access-points'] as const,
    [method, 'key-policies'] as const,
  ]),
  ['delete', 'access-points/1'],
  ['post', 'access-points/1/enable'],
  ['post', 'access-points/1/disable'],
  ['post', 'access-points/1/get-privatekey'],
  ['get', 'key-policies/1'],
  ['put', 'key-policies/1'],
  ['delete', 'key-policies/1'],
  ['post', 'datakey-capsule/create'],
  ['post', 'datakey-capsule/decrypt'],
  ['post', 'create-pin'],
];

const v2: readonly (readonly [Method, path: string])[] = [
  ['get', 'regions'],
  ['post', 'keys/0d0466b0-e727-4d9c-b35d-f84bb474a37f/replicate'],
  ['put', 'keys/0d0466b0-e727-4d9c-b35d-f84bb474a37f/update-primary-region'],
];

describe('what there is not is unknown to the gateway', () => {
  const rows = [
    ...absent.map(([method, path]) => [method, kmsPath(path)] as const),
    ...v2.map(([method, path]) => [method, kmsPath(path).replace('/v1.0/', '/v2/')] as const),
  ];
  test.each(rows)('%s %s', async (method, path) => {
    const body = method === 'get' ? undefined : { key_id: '0d0466b0-e727-4d9c-b35d-f84bb474a37f' };
    expectGatewayRefusal(await send(url, method, path, { headers: { 'X-Auth-Token': token }, body }), 'noSuchApi');
  });
});
