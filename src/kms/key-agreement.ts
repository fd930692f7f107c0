import { canAgree, sharedSecret } from '../crypto/key-agreement.ts';
import { keySpecs, type KeySpecName } from '../crypto/key-specs.ts';
import { ServiceError } from '../errors.ts';
import type { Key, Store } from '../store/store.ts';
import { kmsRefusals as refusals } from './errors.ts';
import { assertEnabled } from './key-states.ts';
import { materialInUse } from './materials.ts';

/**
 * The secret that a key shares with somebody else's: the x coordinate of the point on which both agree.
 * @param publicKey the other side's, SubjectPublicKeyInfo, DER
 * @throws ServiceError when the key cannot do that, or the public key is none of its curve
 */
export async function agreeOnSecret(store: Store, key: Key, publicKey: Uint8Array): Promise<Uint8Array> {
  assertEnabled(key);
  const { kind } = keySpecs[key.spec as KeySpecName];
  if (kind === 'symmetric') throw new ServiceError(refusals.symmetricKey);
  if (kind === 'hmac') throw new ServiceError(refusals.hmacKey);
  if (!canAgree(key.spec)) throw new ServiceError(refusals.asymmetricKey);
  const secret = await sharedSecret(key.spec, await materialInUse(store, key), publicKey);
  if (secret === undefined) throw new ServiceError(refusals.invalidParameter);
  return secret;
}
