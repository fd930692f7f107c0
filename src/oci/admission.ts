import type { Caller, OciCaller } from '../contract/caller.ts';
import { ServiceError } from '../errors.ts';
import type { OciUser, Store } from '../store/store.ts';
import { ociRefusals as refusals } from './errors.ts';

/**
 * Lets in a user for what is the user's own, and an administrator. Whether somebody else exists is not told.
 * @throws ServiceError 404
 */
export function admitToUser(caller: Caller, { userId }: Readonly<Record<string, string>>): void {
  // Of this service, there are no others.
  const { user, isAdministrator } = caller as OciCaller;
  if (user.id !== userId && !isAdministrator) throw new ServiceError(refusals.notAuthorizedOrNotFound);
}

/**
 * The user with whose keys a caller works who was let in above: an administrator may in the own tenancy only.
 * @throws ServiceError 404
 */
export async function userFor(caller: OciCaller, userId: string, store: Store): Promise<OciUser> {
  const user = await store.oci.user(userId);
  if (user?.tenancyId !== caller.user.domain.id) throw new ServiceError(refusals.notAuthorizedOrNotFound);
  return user;
}
