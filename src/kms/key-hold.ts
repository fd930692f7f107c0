import { ServiceError } from '../errors.ts';
import type { Key, Store } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';

/**
 * Works on a key as it is now, in one transaction: nobody else changes it meanwhile. For changes that depend on more than its state.
 * @throws ServiceError KMS.0207 when the key is gone
 */
export function holdKey<T>(
  store: Store,
  { projectId, id }: Key,
  work: (inner: Store, key: Key) => Promise<T>,
): Promise<T> {
  return store.transaction(async (inner) => {
    // Changes nothing, but locks the key's row where transactions run side by side.
    await inner.keys.update(projectId, id, [2, 3, 4, 5], {});
    const key = await inner.keys.find(projectId, id);
    if (key === undefined) throw new ServiceError(refusals.noSuchKey);
    return work(inner, key);
  });
}
