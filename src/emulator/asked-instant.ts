import { RequestFault } from '../errors.ts';

/** Milliseconds since 1970 of the `at` in a question; undefined where it asks of now. @throws RequestFault */
export function askedInstant(text: string | undefined): number | undefined {
  const at = text === undefined ? undefined : Date.parse(text);
  if (Number.isNaN(at)) throw new RequestFault('parameterInvalid', 'at');
  return at;
}
