import { ServiceError } from '../errors.ts';
import type { Key, Store } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';

/**
 * The material of a key that is in use: PKCS#8 DER, or the bytes of a secret key.
 * @throws ServiceError KMS.0207 when it has gone since the key was found
 */
export async function materialInUse({ keys }: Store, { id, materialVersion }: Key): Promise<Uint8Array> {
  const material = await keys.material(id, materialVersion);
  if (material === undefined) throw new ServiceError(refusals.noSuchKey);
  return material;
}
