/** What the operations on aliases and keystores refuse. */
import { kinds, states, strangersKey } from '../support/many-states.ts';
import { rows, type RefusalRow } from './refusal-rows.ts';

const uuid = '12345678-1234-1234-1234-1234567890ab';

/** What is no alias; as a list, for the operation that takes several. */
const badAliases = {
  'an empty alias': '',
  'a blank in the alias': 'a b',
  'an alias with an umlaut': 'schlüssel',
  'an alias of 250 characters': 'a'.repeat(250),
  'an alias of 250 characters behind the prefix': `alias/${'a'.repeat(250)}`,
  'the prefix alone': 'alias/',
  'the prefix twice': 'alias/alias/a',
  'a list for the alias': ['a'],
  'a line end behind the alias': 'a\n',
};
const each = (change: (alias: unknown) => object) =>
  Object.fromEntries(Object.entries(badAliases).map(([why, alias]) => [why, { ...change(alias) }]));

export const ofAliases: readonly RefusalRow[] = [
  ...rows('KMS.1101', ['aliases', 'alias/associate'], {
    "a name of the vendor's own keys": { alias: 'alias/obs/default' },
  }),
  ...rows('KMS.0205', ['alias/associate'], {
    'no UUID': { target_key_id: 'x' },
    'an alias for the target': { target_key_id: 'alias/of-enabled' },
    'an empty target': { target_key_id: '' },
  }),
  ...rows('KMS.0205', ['GET aliases'], { 'no UUID': { key_id: 'x' }, 'an alias': { key_id: 'alias/of-enabled' } }),
  ...rows('KMS.0207', ['alias/associate'], {
    'no such target': { target_key_id: uuid },
    "another project's key as the target": { target_key_id: strangersKey, alias: 'alias/of-enabled' },
  }),
  ...rows('KMS.0207', ['GET aliases'], {
    'no such key': { key_id: uuid },
    "another project's key": { key_id: strangersKey },
  }),
  ...rows('KMS.0210', ['aliases'], { 'a key that is going': { key_id: states['pending-deletion'] } }),
  ...rows('KMS.0210', ['alias/associate'], {
    'a target that is going': { target_key_id: states['pending-deletion'], alias: 'alias/of-enabled' },
  }),
  ...rows('KMS.0211', ['aliases'], { "the vendor's own key": { key_id: kinds.default } }),
  ...rows('KMS.0211', ['alias/associate'], {
    "the vendor's own key as the target": { target_key_id: kinds.default, alias: 'alias/of-enabled' },
  }),
  ...rows(
    'KMS.1101',
    ['aliases', 'alias/associate'],
    each((alias) => ({ alias })),
  ),
  ...rows(
    'KMS.1101',
    ['DELETE aliases'],
    each((alias) => ({ aliases: ['alias/of-enabled', alias] })),
  ),
  ...rows('KMS.1101', ['alias/associate'], {
    'no such alias': {},
    "another project's alias": { alias: 'alias/of-stranger' },
    "a key's own name": { alias: 'enabled' },
  }),
  ...rows('KMS.1101', ['DELETE aliases'], {
    'no such alias': {},
    "another key's alias": { aliases: ['alias/of-enabled'] },
    'no aliases': { aliases: [] },
    '51 aliases': { aliases: Array.from({ length: 51 }, (_, index) => `a${index}`) },
    'text for the aliases': { aliases: 'alias/of-enabled' },
  }),
  ...rows('KMS.1104', ['aliases'], {
    'an alias that is taken': { alias: 'alias/of-enabled' },
    'the same without the prefix': { alias: 'of-enabled' },
    'an alias that the key has itself': { key_id: states.enabled, alias: 'plain-of-enabled' },
  }),
  ...rows('KMS.1601', ['GET aliases'], {
    'limit 0': { limit: 0 },
    'limit 101': { limit: 101 },
    'limit -1': { limit: -1 },
    'no number': { limit: 'all' },
    'an empty limit': { limit: '' },
  }),
  ...rows('KMS.1602', ['GET aliases'], { 'a marker without a limit': { marker: 'alias/of-enabled' } }),
];

export const ofKeystores: readonly RefusalRow[] = [
  ...rows('KMS.0308', ['/keystores'], { 'an object for the alias': { keystore_alias: {} } }),
  ...rows('KMS.0340', ['/keystores'], { 'any keystore': {} }),
];
