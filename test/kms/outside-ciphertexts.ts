/** The documented form of symmetric ciphertexts, opened with the openssl command line alone. */
import { openssl } from '../crypto/outside/openssl.ts';
import { secrets } from './encryption-keys.ts';

const ciphers = { AES_256: 'aes-256-ctr', SM4: 'sm4-ctr' } as const;
const keyLengths = { AES_256: 32, SM4: 16 } as const;

export type SymmetricSpec = keyof typeof ciphers;

export interface OpenedOutside {
  readonly keyId: string;
  /** Which material of the key. */
  readonly version: number;
  /** Whether the MAC is the one that this material gives. */
  readonly isGenuine: boolean;
  /** As it was encrypted: with its padding, if any. */
  readonly content: Buffer;
}

/** Opens a ciphertext with the secret that the seed gives the key of this spec. */
export function openOutside(spec: SymmetricSpec, purpose: 'data' | 'data key', bytes: Buffer): OpenedOutside {
  const end = bytes.readUInt16LE(2);
  const keys = openssl(
    [
      ...['kdf', '-keylen', String(keyLengths[spec] + 32), '-kdfopt', 'digest:SHA256'],
      ...['-kdfopt', `hexkey:${secrets[spec]}`, '-kdfopt', `hexsalt:${bytes.toString('hex', 8, 20)}`],
      ...['-kdfopt', `info:signet ${purpose} ${ciphers[spec]}`, '-binary', '-out', 'out', 'HKDF'],
    ],
    {},
  );
  const [key, macKey] = [keys.subarray(0, keyLengths[spec]), keys.subarray(keyLengths[spec])];
  const mac = openssl(
    [
      'dgst',
      '-sha256',
      '-mac',
      'HMAC',
      '-macopt',
      `hexkey:${macKey.toString('hex')}`,
      '-binary',
      '-out',
      'out',
      'body',
    ],
    { body: bytes.subarray(0, -32) },
  );
  const content = openssl(
    [
      ...['enc', '-d', `-${ciphers[spec]}`, '-K', key.toString('hex'), '-iv', '00'.repeat(16)],
      ...['-in', 'body', '-out', 'out'],
    ],
    { body: bytes.subarray(52, end - 36) },
  );
  return {
    keyId: bytes.toString('latin1', end - 36, end),
    version: bytes.readUInt32BE(4),
    isGenuine: mac.equals(bytes.subarray(-32)),
    content,
  };
}
