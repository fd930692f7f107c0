import { createPublicKey } from 'node:crypto';
import { readPrivateKey, UnusablePrivateKey } from '../../crypto/oci/private-keys.ts';
import { UnusablePublicKey } from '../../crypto/oci/public-keys.ts';

/**
 * The public half of a private key in PEM as it is uploaded, SubjectPublicKeyInfo in PEM. Nothing else of it is kept.
 * @throws UnusablePublicKey for what is no private key, and for one that does not open with the passphrase
 */
export function publicHalf(pem: string, passphrase: string | undefined): string {
  try {
    return createPublicKey(readPrivateKey(pem, passphrase)).export({ type: 'spki', format: 'pem' }).toString();
  } catch (error) {
    throw error instanceof UnusablePrivateKey ? new UnusablePublicKey(error.message) : error;
  }
}
