import { refusalOf } from '../../errors.ts';
import { emulatorRefusals as refusals } from '../errors.ts';

/**
 * Milliseconds since 1970.
 * @param text in the form 2030-01-31T12:00:00Z
 * @throws ServiceError, Signet.InvalidClock, for a leap second and for a day that its month does not have
 */
export function parseInstant(text: string): number {
  const day = Date.parse(text.slice(0, 10));
  const instant = Date.parse(text);
  const isThere = !Number.isNaN(instant) && new Date(day).toISOString().startsWith(text.slice(0, 10));
  if (!isThere) throw refusalOf(refusals.invalidClock, 'there is no such instant');
  return instant;
}
