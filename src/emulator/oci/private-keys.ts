/** Private keys in PEM: of PKCS#1 and PKCS#8, encrypted or not. Nothing of them is kept. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { UnusablePublicKey } from '../../crypto/oci/public-keys.ts';

/**
 * The public half as it is uploaded, SubjectPublicKeyInfo in PEM. What stands below the last line of the key counts for nothing.
 * @throws UnusablePublicKey for what is no private key, and for one that does not open with the passphrase
 */
export function publicHalf(pem: string, passphrase: string | undefined): string {
  if (!pem.includes('PRIVATE KEY-----')) throw new UnusablePublicKey('This is no private key in PEM.');
  return createPublicKey(readPrivateKey(pem, passphrase)).export({ type: 'spki', format: 'pem' }).toString();
}

function readPrivateKey(pem: string, passphrase: string | undefined): KeyObject {
  const isEncrypted = pem.includes('ENCRYPTED');
  if (isEncrypted && passphrase === undefined)
    throw new UnusablePublicKey('The private key is encrypted, and there is no passphrase.');
  try {
    return createPrivateKey({ key: pem, ...(isEncrypted && { passphrase }) });
  } catch {
    throw new UnusablePublicKey(
      isEncrypted
        ? 'The private key does not open with this passphrase, or it is broken.'
        : 'The private key cannot be read: its PEM is broken.',
    );
  }
}
