/** Changes of keys, made only in the states that allow them. */
import { RequestFault, ServiceError, type Refusal } from '../errors.ts';
import { DuplicateName, isDefaultKey, OwnerGone } from '../store/store.ts';
import type { Key, KeyChange, KeyState, Store } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';

export interface Transition {
  /** The states in which the change may be made. */
  readonly from: readonly KeyState[];
  readonly change: KeyChange;
  /** The refusal in any other state. */
  readonly otherwise: (state: KeyState) => Refusal;
}

/**
 * Changes a key, whatever else happens to it meanwhile: its state is checked as the change is made.
 * @throws ServiceError in another state, for one of the vendor's own keys, and for a name that is taken
 */
export async function changeKey({ keys }: Store, key: Key, { from, change, otherwise }: Transition): Promise<Key> {
  if (isDefaultKey(key)) throw new ServiceError(refusals.defaultKey);
  const { projectId, id } = key;
  if (await refuseDuplicates(keys.update(projectId, id, from, change))) return { ...key, ...change };
  const changed = await keys.find(projectId, id);
  throw new ServiceError(changed ? otherwise(changed.state) : refusals.noSuchKey);
}

/** Says in the vendor's words that a name is taken. */
export async function refuseDuplicates<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DuplicateName) throw new ServiceError(refusals.duplicateAlias);
    // With the project goes every token for it.
    throw error instanceof OwnerGone ? new RequestFault('tokenInvalid') : error;
  }
}
