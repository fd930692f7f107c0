import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import type { Hash } from './hashes.ts';

/** DigestInfo up to the digest itself (RFC 8017 9.2, note 1). */
const digestInfo: Readonly<Record<string, Uint8Array>> = {
  sha256: hexToBytes('3031300d060960864801650304020105000420'),
  sha384: hexToBytes('3041300d060960864801650304020205000430'),
  sha512: hexToBytes('3051300d060960864801650304020305000440'),
};

/**
 * EMSA-PKCS1-v1_5 of a digest (RFC 8017 9.2): 00 01 FF..FF 00 DigestInfo.
 * @param length bytes of the modulus
 * @throws RangeError when the digest is not of this hash, or the hash has no DigestInfo here
 */
export function encodePkcs1(hash: Hash, digest: Uint8Array, length: number): Uint8Array {
  const prefix = digestInfo[hash.name];
  if (!prefix || digest.length !== hash.length) throw new RangeError(`not a digest of PKCS#1 v1.5: ${hash.name}`);
  const padding = new Uint8Array(length - 3 - prefix.length - digest.length).fill(0xff);
  return concatBytes(Uint8Array.of(0, 1), padding, Uint8Array.of(0), prefix, digest);
}
