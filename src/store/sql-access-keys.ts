/** Access keys as rows of SQL. */
import type { Sealing } from '../crypto/sealing.ts';
import { sealedAs } from './sealed-as.ts';
import type { AccessKey } from './store.ts';

export const sealedAccessKey = <Row extends AccessKey>(key: Row, sealing: Sealing) => ({
  ...key,
  secret: sealing.seal(Buffer.from(key.secret), sealedAs.accessKey(key.access)),
});

export const openedAccessKey = <Row extends { readonly access: string; readonly secret: Uint8Array }>(
  row: Row,
  sealing: Sealing,
) => ({ ...row, secret: Buffer.from(sealing.open(row.secret, sealedAs.accessKey(row.access))).toString() });
