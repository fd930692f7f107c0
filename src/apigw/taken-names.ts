import { RequestFault, type ServiceError } from '../errors.ts';
import { DuplicateName, OwnerGone } from '../store/store.ts';

/** Says in the vendor's words that a name is taken. */
export async function refuseTaken<T>(work: Promise<T>, refuse: () => ServiceError | Promise<ServiceError>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DuplicateName) throw await refuse();
    // With the project goes every token for it.
    throw error instanceof OwnerGone ? new RequestFault('tokenInvalid') : error;
  }
}
