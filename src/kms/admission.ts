import type { Caller } from '../contract/caller.ts';
import { ServiceError } from '../errors.ts';
import { kmsDialect, kmsRefusals as refusals } from './errors.ts';

/** What the contract asks of a caller: an action, and the code of the refusal to one who is not allowed it. */
interface Permission {
  readonly action: string;
  readonly refusal: string;
}

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
  throw new ServiceError(refusalOf(permission.refusal) ?? refusals.apiForbidden);
}

const { byCode: refusalOf } = kmsDialect('kms');

const isAllowed = (permissions: readonly string[] | null, action: string): boolean =>
  permissions === null || permissions.some((permission) => covers(permission, action));

/** `kms:*:*` covers `kms:cmk:sign`; an asterisk at the end of a part stands for any rest. */
function covers(permission: string, action: string): boolean {
  const parts = action.split(':');
  return permission
    .split(':')
    .every((part, index) =>
      part.endsWith('*') ? parts[index]?.startsWith(part.slice(0, -1)) === true : part === parts[index],
    );
}
