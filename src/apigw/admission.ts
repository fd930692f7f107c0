import type { Caller } from '../contract/caller.ts';
import { isAllowed, type Permission } from '../contract/permissions.ts';
import { ServiceError } from '../errors.ts';
import { apigRefusals as refusals, refusalByCode } from './errors.ts';

/**
 * Lets in a caller whose credential is for a project, the one in the path where there is one, and who may do this.
 * @throws ServiceError 401 or 403
 */
export function admitToGateways(
  { project, user }: Caller,
  { project_id: asked = project?.id }: Readonly<Record<string, string>>,
  permission: Permission | undefined,
): void {
  if (project === null) throw new ServiceError(refusals.tokenWithoutProject);
  if (project.id !== asked) throw new ServiceError(refusals.forbidden);
  if (permission === undefined || isAllowed(user.permissions, permission.action)) return;
  throw new ServiceError(refusalByCode(permission.refusal) ?? refusals.forbidden);
}
