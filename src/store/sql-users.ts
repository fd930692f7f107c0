/** Users as rows of SQL. */
import type { Sealing } from '../crypto/sealing.ts';
import type { UserRow } from './schema.ts';
import { sealedAs } from './sealed-as.ts';
import type { User } from './store.ts';

export function userRow(user: User, sealing: Sealing): UserRow {
  const { id, permissions, totpSecret } = user;
  return {
    ...user,
    permissions: permissions && JSON.stringify(permissions),
    totpSecret: totpSecret === null ? null : sealing.seal(Buffer.from(totpSecret), sealedAs.totpSecret(id)),
  };
}

export function userFrom(row: UserRow, sealing: Sealing): User {
  const { id, permissions, totpSecret } = row;
  return {
    ...row,
    permissions: permissionsOf(permissions),
    totpSecret: totpSecret && Buffer.from(sealing.open(totpSecret, sealedAs.totpSecret(id))).toString(),
  };
}

export function permissionsOf(json: string | null): readonly string[] | null {
  return json === null ? null : (JSON.parse(json) as string[]);
}
