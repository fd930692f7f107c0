/** What the operations on signature keys and their bindings refuse. */
import { ids } from './gateway-states.ts';
import { rows, type RefusalRow } from './refusal-rows.ts';

const writing = ['createSignatureKey', 'updateSignatureKey'];
const aboutKeys = ['listApisBoundToKey', 'listApisNotBoundToKey'];
const onlyV2 = { services: ['apigw'] };

/** Of the same kind, in another project. */
const strangers = { unknown: ids.unknown, "another project's": ids.strangers.key };

export const ofKeys: readonly RefusalRow[] = [
  ...rows('APIG.2001', 'name', writing, {
    'no name': { fields: { name: undefined } },
    'null for a name': { fields: { name: null } },
  }),
  ...rows('APIG.2011', 'name', writing, {
    'two characters': { fields: { name: 'ab' } },
    '65 characters': { fields: { name: 'a'.repeat(65) } },
    'a digit first': { fields: { name: '1abc' } },
    'a list': { fields: { name: ['abc'] } },
  }),
  ...rows('APIG.2011', 'sign_key', writing, {
    'seven characters': { fields: { sign_key: 'abcdefg' } },
    'no text': { fields: { sign_key: {} } },
  }),
  ...rows('APIG.2011', 'sign_secret', writing, {
    'fifteen characters': { fields: { sign_secret: 'abcdefghijklmno' } },
    'what the pages print': { fields: { sign_secret: 'sig************ret' } },
    'no text': { fields: { sign_secret: [] } },
  }),
  ...rows('APIG.2011', 'sign_type', writing, { 'no type': { fields: { sign_type: 'sha256' } } }, onlyV2),
  ...rows('APIG.2011', 'sign_algorithm', writing, { 'aes without': { fields: { sign_type: 'aes' } } }, onlyV2),
  ...rows('APIG.3548', ids.gateway, writing, { 'a public key': { fields: { sign_type: 'public_key' } } }, onlyV2),
  ...rows('APIG.3207', '', writing, { 'the name of another': { fields: { name: 'bound' } } }),
  ...Object.entries(strangers).flatMap(([why, id]) =>
    rows('APIG.3017', id, ['updateSignatureKey', 'deleteSignatureKey'], { [why]: { id } }),
  ),
];

export const beyondTheKeys: readonly RefusalRow[] = rows('APIG.3105', '', ['createSignatureKey'], {
  'more than 200 keys': {},
});

export const ofBindings: readonly RefusalRow[] = [
  ...rows('APIG.2001', 'sign_id', ['bindSignatureKey'], { 'no key': { fields: { sign_id: undefined } } }),
  ...rows('APIG.2001', 'publish_ids', ['bindSignatureKey'], { 'no list': { fields: { publish_ids: undefined } } }),
  ...rows('APIG.2012', 'sign_id', ['bindSignatureKey'], {
    'no id': { fields: { sign_id: 'x' } },
    empty: { fields: { sign_id: '' } },
    'no text': { fields: { sign_id: {} } },
  }),
  ...rows('APIG.2012', 'publish_ids', ['bindSignatureKey'], {
    'an empty list': { fields: { publish_ids: [] } },
    'no id': { fields: { publish_ids: ['x'] } },
    'no id among others': { fields: { publish_ids: [ids.unknown, 'x'] } },
    'no list': { fields: { publish_ids: {} } },
  }),
  ...rows('APIG.3015', '', ['bindSignatureKey'], {
    'nothing published': { fields: { publish_ids: [ids.unknown] } },
    'an API': { fields: { publish_ids: [ids.apis.published] } },
  }),
  ...Object.entries(strangers).flatMap(([why, key]) => [
    ...rows('APIG.3017', key, ['bindSignatureKey'], { [why]: { fields: { sign_id: key } } }),
    ...rows('APIG.3017', key, aboutKeys, { [why]: { query: { sign_id: key } } }),
  ]),
  ...rows('APIG.3018', '', ['unbindSignatureKey'], {
    'no binding': { id: ids.unknown },
    'a key': { id: ids.keys.bound },
  }),

  ...rows('APIG.2001', 'sign_id', aboutKeys, { 'no key': { query: { sign_id: undefined } } }),
  ...rows('APIG.2001', 'api_id', ['listKeysBoundToApi'], { 'no API': { query: { api_id: undefined } } }),
  ...['sign_id', 'env_id', 'api_id', 'group_id'].flatMap((name) =>
    rows('APIG.2012', name, aboutKeys, { 'no id': { query: { [name]: 'x' } }, empty: { query: { [name]: '' } } }),
  ),
  ...['api_id', 'sign_id', 'env_id'].flatMap((name) =>
    rows('APIG.2012', name, ['listKeysBoundToApi'], { 'no id': { query: { [name]: 'x' } } }),
  ),
  ...Object.entries({ unknown: ids.unknown, "another project's": ids.strangers.api }).flatMap(([why, api]) =>
    rows('APIG.3002', api, ['listKeysBoundToApi'], { [why]: { query: { api_id: api } } }),
  ),
];
