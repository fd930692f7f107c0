/** What the contract asks of a caller (`x-permission`): an action, and the code of the refusal to one who is not allowed it. */
export interface Permission {
  readonly action: string;
  readonly refusal: string;
}

/** Whether somebody with these permissions, or with all (null), may do this: `kms:*:*` and `kms:cmk:get*` cover `kms:cmk:getRotation`. */
export const isAllowed = (permissions: readonly string[] | null, action: string): boolean =>
  permissions === null || permissions.some((permission) => covers(permission, action));

/** An asterisk at the end of a part stands for any rest. */
function covers(permission: string, action: string): boolean {
  const parts = action.split(':');
  return permission
    .split(':')
    .every((part, index) =>
      part.endsWith('*') ? parts[index]?.startsWith(part.slice(0, -1)) === true : part === parts[index],
    );
}
