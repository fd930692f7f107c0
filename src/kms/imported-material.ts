import { importPrivateKey } from '../crypto/key-import.ts';
import type { KeyMaterial, KeySpec } from '../crypto/key-specs.ts';
import { isWrappingLength, unwrapUnderAes } from '../crypto/material-unwrapping.ts';
import { ServiceError, type Refusal } from '../errors.ts';
import { kmsRefusals as refusals } from './errors.ts';

/**
 * The material that a client has sent, checked against the key's spec.
 * @param unwrapped the secret itself; of an asymmetric key, the AES key of 16 or 32 bytes that wraps the private key
 * @param wrappedPrivateKey PKCS#8 DER under that AES key; not looked at for a symmetric key
 * @throws ServiceError KMS.2604, KMS.2608, KMS.2609 or KMS.2610
 */
export function importedMaterial(
  spec: KeySpec,
  unwrapped: Uint8Array,
  wrappedPrivateKey: Uint8Array | undefined,
): KeyMaterial {
  if (spec.kind !== 'asymmetric') return checked(spec, unwrapped, refusals.importedLength);
  if (wrappedPrivateKey === undefined) throw new ServiceError(refusals.importedPrivateKeyMissing);
  if (!isWrappingLength(unwrapped.length)) throw new ServiceError(refusals.temporaryKeyLength);
  const privateKey = unwrapUnderAes(unwrapped, wrappedPrivateKey);
  if (privateKey === undefined) throw new ServiceError(refusals.importedPrivateKeyInvalid);
  return checked(spec, privateKey, refusals.importedPrivateKeyInvalid);
}

function checked(spec: KeySpec, secret: Uint8Array, refusal: Refusal): KeyMaterial {
  try {
    return importPrivateKey(spec, secret);
  } catch {
    throw new ServiceError(refusal);
  }
}
