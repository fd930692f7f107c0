/** What the schemas of a snapshot are made of. Lengths are bounds against nonsense: what the services write is shorter. */

export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: 'string', maxLength: 8192 };
export const name: Schema = { type: 'string', minLength: 1, maxLength: 1024 };
export const sha256: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$', description: '64 hex digits' };
export const instant: Schema = {
  type: 'string',
  pattern: '^([+-]\\d\\d)?\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$',
  description: 'an instant such as 2030-01-31T12:00:00.000Z',
};

export const listOf = (items: Schema): Schema => ({ type: 'array', items });

/** All fields that there are; those in `optional` may be left out. */
export const entry = (
  required: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema => ({
  type: 'object',
  required: Object.keys(required),
  additionalProperties: false,
  properties: { ...required, ...optional },
});
