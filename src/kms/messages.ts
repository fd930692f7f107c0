import { ServiceError } from '../errors.ts';
import { kmsRefusals as refusals } from './errors.ts';

/** Bytes of a message, 4096 included. */
export const LONGEST_MESSAGE = 4096;

export const isTooLong = ({ length }: Uint8Array): boolean => length > LONGEST_MESSAGE;

/** @throws ServiceError for a message without a byte, and for one that is too long to be signed or authenticated */
export function assertMessage(bytes: Uint8Array): void {
  if (bytes.length === 0 || isTooLong(bytes)) throw new ServiceError(refusals.invalidParameter);
}
