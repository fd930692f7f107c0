import { ServiceError } from '../errors.ts';
import { kmsRefusals as refusals } from './errors.ts';

/** Characters of a context, written as JSON. */
const LONGEST_CONTEXT = 8192;
/** Objects and lists in one another; contexts are flat as a rule. */
const DEEPEST_CONTEXT = 32;
/** Bytes of additional authenticated data. */
const LONGEST_ADDITION = 128;

/**
 * What must be said again to decrypt, as one text; empty for nothing. Additional authenticated data is the newer name of the context; where
 * both are given, both count. Objects are the same whatever the order of their fields, and the same as their JSON; one without fields is nothing.
 * @throws ServiceError KMS.0208 for a context that is too long, KMS.0308 for such an addition
 */
export function contextOf(context: unknown, addition: string | undefined): string {
  const text = textOf(context);
  if (text.length > LONGEST_CONTEXT) throw new ServiceError(refusals.invalidContext);
  if (Buffer.byteLength(addition ?? '') > LONGEST_ADDITION) throw new ServiceError(refusals.invalidParameter);
  return text === '' || addition === undefined ? (addition ?? text) : `${text}\0${addition}`;
}

function textOf(context: unknown): string {
  if (context === undefined) return '';
  if (typeof context === 'string') return context;
  const text = canonical(context, DEEPEST_CONTEXT);
  return text === '{}' ? '' : text;
}

/** JSON without blanks, the fields of each object in the order of their names. */
function canonical(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth === 0) throw new ServiceError(refusals.invalidContext);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth - 1)).join()}]`;
  const fields = Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field, depth - 1)}`);
  return `{${fields.join()}}`;
}
