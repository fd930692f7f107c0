/** Requests with two faults: the first one is told. The credential comes before the project, that before what the user may, that before the rest. */
import { afterAll, expect, test } from 'vitest';
import { anApi, gatewayClient } from '../support/apigw.ts';
import { expectApigRefusal, type ApigCode } from '../support/apig-refusals.ts';
import { otherProject, tokens } from '../support/many-states.ts';
import { useSeed, useSignet } from '../support/signet.ts';
import { gatewayStates, ids } from './gateway-states.ts';
import { ask, operations, type Asking, type Caller } from './refusal-rows.ts';

const { url } = await useSignet({ seed: useSeed(gatewayStates) });
const everything = () => gatewayClient(url, 'v2', { gatewayId: ids.gateway }).ask('get', 'signs');
const before = await everything();
afterAll(async () => {
  expect(await everything(), 'nothing came of it').toEqual(before);
});

type Row = readonly [first: string, then: string, ApigCode, about: string, name: string, Asking, Caller?];

const foreign = { projectId: otherProject.id };
const elsewhere = { gatewayId: ids.unknown };
const create = 'createSignatureKey';
const good = { body: { name: 'never_made' } };
const notJson = { body: '{' };
const huge = { body: Buffer.alloc(1_100_000) };
const api = { ...anApi, group_id: ids.groups.full, name: 'never_made', req_uri: '/never-made' };
const undefinedPath = { ...api, req_uri: '/{id}' };

const order: readonly Row[] = [
  ['no token', 'project', 'APIG.1000', '', create, good, { token: null, ...foreign }],
  ['no token', 'JSON', 'APIG.1000', '', create, notJson, { token: null }],
  ['no token', 'length', 'APIG.1000', '', create, huge, { token: null }],
  ['no token', 'gateway', 'APIG.1000', '', create, good, { token: null, ...elsewhere }],
  ['unknown token', 'project', 'APIG.1002', '', create, good, { token: 'unknown', ...foreign }],
  ['unknown token', 'missing', 'APIG.1002', '', create, { body: {} }, { token: 'unknown' }],
  ['expired token', 'project', 'APIG.1001', '', create, good, { token: tokens.expired, ...foreign }],
  ['expired token', 'JSON', 'APIG.1001', '', create, notJson, { token: tokens.expired }],
  ['token without project', 'project', 'APIG.1003', '', create, good, { token: tokens.domain, ...foreign }],
  ['token without project', 'JSON', 'APIG.1003', '', create, notJson, { token: tokens.unscoped }],
  ['project', 'permission', 'APIG.1005', '', 'listGateways', {}, { token: tokens.powerless, ...foreign }],
  ['project', 'JSON', 'APIG.1005', '', create, notJson, foreign],
  ['project', 'gateway', 'APIG.1005', '', create, good, { ...foreign, ...elsewhere }],
  ['permission', 'JSON', 'APIG.1005', '', create, notJson, { token: tokens.powerless }],
  ['permission', 'length', 'APIG.1005', '', create, huge, { token: tokens.powerless }],
  ['permission', 'missing', 'APIG.1005', '', create, { body: {} }, { token: tokens.powerless }],
  ['permission', 'gateway', 'APIG.1005', '', create, good, { token: tokens.powerless, ...elsewhere }],
  ['permission', 'form of the id', 'APIG.1005', '', 'deleteApi', { id: 'x' }, { token: tokens.powerless }],
  ['permission', 'gateway', 'APIC.7106', '', 'showGateway', {}, { token: tokens.powerless, ...elsewhere }],
  ['JSON', 'gateway', 'APIG.2000', '', create, notJson, elsewhere],
  ['missing', 'gateway', 'APIG.2001', 'name', create, { body: {} }, elsewhere],
  ['missing', 'form', 'APIG.2001', 'name', create, { body: { sign_key: {} } }],
  ['form', 'gateway', 'APIG.2011', 'name', create, { body: { name: 'x' } }, elsewhere],
  ['gateway', 'pair', 'APIG.3030', ids.unknown, create, { body: { name: 'name', sign_key: 'x' } }, elsewhere],
  ['gateway', 'key', 'APIG.3030', ids.unknown, 'deleteSignatureKey', { id: ids.unknown }, elsewhere],
  ['pair', 'name that is taken', 'APIG.2011', 'sign_key', create, { body: { name: 'bound', sign_key: 'x' } }],
  [
    'type',
    'pair',
    'APIG.3548',
    ids.gateway,
    create,
    { body: { name: 'name', sign_type: 'public_key', sign_key: 'x' } },
  ],
  [
    'cipher',
    'pair',
    'APIG.2011',
    'sign_algorithm',
    create,
    { body: { name: 'name', sign_type: 'aes', sign_key: 'x' } },
  ],
  ['key', 'secret', 'APIG.2011', 'sign_key', create, { body: { name: 'name', sign_key: 'x', sign_secret: 'x' } }],
  [
    ...(['existence', 'pair', 'APIG.3017', ids.unknown, 'updateSignatureKey'] as const),
    { id: ids.unknown, body: { name: 'name', sign_key: 'x' } },
  ],
  [
    ...(['existence', 'name that is taken', 'APIG.3017', ids.unknown, 'updateSignatureKey'] as const),
    { id: ids.unknown, body: { name: 'bound' } },
  ],
  [
    ...(['key', 'publication', 'APIG.3017', ids.unknown, 'bindSignatureKey'] as const),
    { body: { sign_id: ids.unknown, publish_ids: [ids.unknown] } },
  ],
  ['definition', 'group', 'APIG.2026', '', 'createApi', { body: { ...undefinedPath, group_id: ids.unknown } }],
  [
    'group',
    'name',
    'APIG.3001',
    ids.unknown,
    'createApi',
    { body: { ...api, group_id: ids.unknown, name: 'published' } },
  ],
  [
    'name',
    'route',
    'APIG.3202',
    'published',
    'createApi',
    { body: { ...api, name: 'published', req_uri: '/published' } },
  ],
  [
    ...(['existence', 'group', 'APIG.3002', ids.unknown, 'updateApi'] as const),
    { id: ids.unknown, body: { ...api, group_id: ids.unknown } },
  ],
  [
    ...(['API', 'environment', 'APIG.3002', ids.unknown, 'changeApiState'] as const),
    { body: { action: 'online', api_id: ids.unknown, env_id: ids.unknown } },
  ],
  [
    ...(['environment', 'publication', 'APIG.3003', ids.unknown, 'changeApiState'] as const),
    { body: { action: 'offline', api_id: ids.apis.offline, env_id: ids.unknown } },
  ],
];

const rows = order.map(([first, then, code, about, name, asking, caller = {}]) => ({
  ...{ first, then, code, about, name, asking, caller },
}));

test.each(rows)('$first before $then: $code of $name', async ({ code, about, name, asking, caller }) => {
  const own = [...operations.values()].filter((operation) => operation.name === name);
  expect(own).not.toEqual([]);
  for (const { id, service } of own) {
    // v1.0 names neither a project nor a gateway, and v1 knows only one type of key.
    const says = JSON.stringify([asking, caller]);
    if (service === 'apigwShared' && ('projectId' in caller || 'gatewayId' in caller)) continue;
    if (service !== 'apigw' && says.includes('sign_type')) continue;
    expectApigRefusal(await ask(url, id, asking, caller), code, about);
  }
});
