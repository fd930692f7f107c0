import { ServiceError, type Refusal } from '../errors.ts';
import type { Key, KeyState } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';

const unusable: Readonly<Record<Exclude<KeyState, 2>, Refusal>> = {
  3: refusals.keyDisabled,
  4: refusals.keyPendingDeletion,
  5: refusals.invalidParameter,
};

/** @throws ServiceError unless the key is enabled */
export function assertEnabled({ state }: Key): void {
  if (state !== 2) throw new ServiceError(unusable[state]);
}

/** The vendor's own keys are known by their names. */
export const isDefaultKey = (key: Key): boolean => key.name.endsWith('/default');

/** @throws ServiceError for a key that is going, and for one of the vendor's own */
export function assertChangeable(key: Key): void {
  if (key.state === 4) throw new ServiceError(refusals.keyPendingDeletion);
  if (isDefaultKey(key)) throw new ServiceError(refusals.defaultKey);
}
