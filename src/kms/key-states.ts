import { ServiceError, type Refusal } from '../errors.ts';
import { isDefaultKey, type Key, type KeyState } from '../store/store.ts';
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

/** @throws ServiceError for a key that is going, and for one of the vendor's own */
export function assertChangeable(key: Key): void {
  if (key.state === 4) throw new ServiceError(refusals.keyPendingDeletion);
  if (isDefaultKey(key)) throw new ServiceError(refusals.defaultKey);
}
