import fc from 'fast-check';
import { seededKeys } from './identity.ts';
import { kinds, states } from './many-states.ts';

/** Text that has broken programs before. */
export const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '\u0000',
    '\ud800',
    '\u202e',
    'ﷺ',
    "' OR 1=1 --",
    '%',
    '_',
    '\r\nX: y',
    'e\u0301',
    '0x10',
    '1e3',
    'NaN',
  ),
);
const scalarWith = (values: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(oddText, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constantFrom(...values));
const fieldNames = [
  'key_id',
  'message',
  'signature',
  'signing_algorithm',
  'message_type',
  'sequence',
  'key_alias',
  'key_spec',
];
const moreNames = ['key_usage', 'origin', 'key_description', 'limit', 'marker', 'key_state', 'pending_days', 'auth'];
const knownValues = [
  ...['', '7', '2', 'RAW', 'DIGEST', 'RSASSA_PSS_SHA_256', 'ECDSA_SHA_256', 'AAAA', 'RSA_2048', 'external'],
  ...[...Object.values(states), ...Object.values(kinds), seededKeys.SM2, 'alias/rsa', 'kms:::alias:x'],
];

/** Objects with the fields of a contract, and others, and anything in them; values that mean something there among it. */
export function wildFields(
  names: readonly string[],
  values: readonly unknown[],
): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const scalar = scalarWith(values);
  const value = fc.oneof(
    { weight: 4, arbitrary: scalar },
    fc.jsonValue({ maxDepth: 3 }),
    fc.dictionary(oddText, scalar, { maxKeys: 3 }),
  );
  return fc.dictionary(fc.oneof(fc.constantFrom(...names), oddText), value, { maxKeys: 8 });
}

const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);
const rawBody = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  oddText,
  fc.constantFrom(
    '',
    '{',
    '{"key_id":"a","key_id":{}}',
    '{"__proto__":{"key_id":"x"}}',
    '{"constructor":{"prototype":{}}}',
    '1e999',
  ),
  fc.constantFrom(nested(50_000, '[', ']'), nested(20_000, '{"a":', '}'), `{"key_id":${nested(9000, '[', ']')}}`),
);
/** What may come as a body: JSON of every kind, text, and bytes. */
export const wildBodyOf = (fields: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 3, arbitrary: fields }, fc.jsonValue(), rawBody);

export const wildBody = wildBodyOf(wildFields([...fieldNames, ...moreNames], knownValues));
