import { randomBytes } from 'node:crypto';

/** Bytes of an import token. */
const LENGTH = 1677;

/**
 * Looks like the vendor's, as its sample shows it: a UUID in ASCII between four bytes and two that are the same every time, then chance.
 * Source: https://docs.otc.t-systems.com/key-management-service/api-ref/apis/key_management_service/cmk_management/obtaining_cmk_import_parameters.html
 */
export function newImportToken(uuid: string): Uint8Array {
  const head = Buffer.concat([Buffer.from('00008806', 'hex'), Buffer.from(uuid), Buffer.alloc(2)]);
  return Buffer.concat([head, randomBytes(LENGTH - head.length)]);
}
