import type { Caller } from '../contract/caller.ts';
import { isAllowed, type Permission } from '../contract/permissions.ts';
import { ServiceError } from '../errors.ts';
import { kmsRefusals as refusals, refusalByCode } from './errors.ts';

/**
 * Lets in a caller whose credential is for the project in the path, and who may do this.
 * @throws ServiceError 403
 */
export function admitToProject(
  { project, user }: Caller,
  { project_id }: Readonly<Record<string, string>>,
  permission: Permission | undefined,
): void {
  if (project === null) throw new ServiceError(refusals.tokenWithoutProject);
  if (project.id !== project_id) throw new ServiceError(refusals.otherProject);
  if (permission === undefined || isAllowed(user.permissions, permission.action)) return;
  throw new ServiceError(refusalByCode(permission.refusal) ?? refusals.apiForbidden);
}
