/** What the operations on tags refuse. */
import { kinds, states } from '../support/many-states.ts';
import { rows, type Body, type RefusalRow } from './refusal-rows.ts';

const one = '{key_id}/tags';
const several = '{key_id}/tags/action';
const asking = 'resource_instances/action';

/** A tag that may not be, for each operation that takes tags; `values` has the value in the form of a question. */
const badTags = (refusal: string, tags: Readonly<Record<string, { key: string; value: string }>>): RefusalRow[] =>
  Object.entries(tags).flatMap(([why, tag]) => [
    ...rows(refusal, [one], { [why]: { tag } }),
    ...rows(refusal, [several], {
      [`creating ${why}`]: { tags: [{ key: 'another', value: 'good' }, tag] },
      [`deleting ${why}`]: { action: 'delete', tags: [tag] },
    }),
    ...rows(refusal, [asking], {
      [`counting ${why}`]: { tags: [{ key: tag.key, values: ['good', tag.value] }] },
      [`finding ${why}`]: { action: 'filter', tags: [{ key: tag.key, values: [tag.value] }] },
    }),
  ]);

const numbered = (count: number): Body[] => Array.from({ length: count }, (_, index) => ({ key: `t${index}` }));
const twice = [{ key: 'same', value: '1' }, { key: 'other' }, { key: 'same', value: '2' }];
const match = (key: string, value: string) => ({ matches: [{ key, value }] });

export const ofTags: readonly RefusalRow[] = [
  ...rows('KMS.0204', [one, several], {
    'a tag without a key': { tag: { value: 'v' }, tags: [{ value: 'v' }] },
  }),
  ...rows('KMS.0204', [asking], {
    'a tag without a key': { tags: [{ values: ['v'] }] },
    'a match without a key': { matches: [{ value: 'v' }] },
    'a match without a value': { matches: [{ key: 'resource_name' }] },
  }),
  ...rows('KMS.0210', [one, several, 'DELETE {key_id}/tags/{key}'], {
    'a key that is going': { key_id: states['pending-deletion'] },
  }),
  ...rows('KMS.0211', [one, several, 'DELETE {key_id}/tags/{key}'], {
    "the vendor's own key": { key_id: kinds.default },
  }),
  ...rows('KMS.0308', [one], { 'text for a tag': { tag: 'key=value' }, 'a list for a tag': { tag: [{ key: 'a' }] } }),
  ...rows('KMS.0308', [several, asking], {
    'text for the tags': { tags: 'a,b' },
    'an object for the tags': { tags: { key: 'a' } },
    'text for a tag': { tags: ['a'] },
    'a list for a tag key': { tags: [{ key: ['a'] }] },
  }),
  ...rows('KMS.0308', [asking], { 'text for the values': { tags: [{ key: 'a', values: 'b' }] } }),
  ...rows('KMS.0401', [several], { 'no tags': { tags: [] }, 'no tags to delete': { action: 'delete', tags: [] } }),
  ...rows('KMS.0402', [asking], {
    'an empty name': match('resource_name', ''),
    'a name of 256 characters': match('resource_name', 'n'.repeat(256)),
  }),
  ...rows('KMS.0403', [asking], {
    'a field that cannot be asked for': match('key_alias', 'a'),
    'a field in capitals': match('RESOURCE_NAME', 'a'),
    'an empty field': match('', 'a'),
  }),
  ...rows('KMS.0404', [several, asking], {
    'an unknown action': { action: 'update' },
    'an action in capitals': { action: 'CREATE' },
    'an empty action': { action: '' },
  }),
  ...rows('KMS.0404', [several], { 'an action of questions': { action: 'filter' } }),
  ...rows('KMS.0404', [asking], { 'an action of changes': { action: 'delete' } }),
  ...badTags('KMS.0405', {
    'a value with =': { key: 'good', value: 'a=b' },
    'a value with *': { key: 'good', value: '*' },
  }),
  ...badTags('KMS.0406', {
    'a key with =': { key: 'a=b', value: 'good' },
    'a key with a line end': { key: 'a\n', value: '' },
  }),
  ...rows('KMS.0407', [several, asking], {
    'a key twice': { tags: twice.map(({ key }) => ({ key })) },
    '21 tags': { tags: numbered(21) },
  }),
  ...rows('KMS.0407', [several], { 'a key twice to delete': { action: 'delete', tags: twice } }),
  ...badTags('KMS.0410', {
    'a value of 44 characters': { key: 'good', value: 'v'.repeat(44) },
    'a value of 44 characters that are pairs': { key: 'good', value: '🔑'.repeat(44) },
  }),
  ...badTags('KMS.0411', {
    'an empty key': { key: '', value: 'good' },
    'a key of 37 characters': { key: 'k'.repeat(37), value: 'good' },
  }),
  ...rows('KMS.0413', [asking], {
    '11 values': { tags: [{ key: 'a', values: Array.from({ length: 11 }, (_, index) => String(index)) }] },
  }),
  ...rows('KMS.0415', [asking], {
    'text for the matches': { matches: 'resource_name' },
    'two matches': { matches: [...match('resource_name', 'a').matches, ...match('resource_name', 'b').matches] },
  }),
  ...rows('KMS.0416', ['DELETE {key_id}/tags/{key}'], {
    'no such tag': {},
    'a tag that can never be': { key: '*' },
  }),
  ...rows('KMS.0417', [asking], {
    'offset -1': { action: 'filter', offset: '-1' },
    'no number': { action: 'filter', offset: 'next' },
    'a fraction': { action: 'filter', offset: 0.5 },
  }),
  ...rows('KMS.0418', [asking], {
    'an offset when counting': { offset: '0' },
    'a limit when counting': { limit: 10 },
    both: { limit: '10', offset: '0' },
  }),
  ...rows('KMS.1601', [asking], {
    'limit 0': { action: 'filter', limit: '0' },
    'limit 1001': { action: 'filter', limit: 1001 },
    'no number': { action: 'filter', limit: 'all' },
    'a fraction': { action: 'filter', limit: 1.5 },
  }),
];
