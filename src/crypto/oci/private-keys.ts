import { createPrivateKey, type KeyObject } from 'node:crypto';
import { bytesToHex } from '@noble/hashes/utils.js';
import { decode, tags } from '../der.ts';

/** A text that is no private key which can be used. */
export class UnusablePrivateKey extends Error {
  override name = 'UnusablePrivateKey';
  /** What is wrong with it; the rest of a sentence that begins with the key. */
  readonly reason: string;

  constructor(reason: string) {
    super(`The private key ${reason}.`);
    this.reason = reason;
  }
}

/** Steps of a key derivation: OpenSSL takes 2,048 of its own, and a million of them half a second. */
const MOST_STEPS = 1_000_000;

/**
 * A private key in PEM, of PKCS#1 or PKCS#8, encrypted or not. What stands below its last line counts for nothing. Blocks for as long as its
 * passphrase takes: half a second at most.
 * @throws UnusablePrivateKey
 */
export function readPrivateKey(pem: string, passphrase: string | undefined): KeyObject {
  if (!pem.includes('PRIVATE KEY-----'))
    throw new UnusablePrivateKey('is not in PEM: the line -----BEGIN PRIVATE KEY----- is missing');
  const isEncrypted = pem.includes('ENCRYPTED');
  if (isEncrypted && passphrase === undefined) throw new UnusablePrivateKey('is encrypted, and there is no passphrase');
  const steps = isEncrypted ? stepsOf(pem) : 0;
  if (steps > MOST_STEPS)
    throw new UnusablePrivateKey(
      `takes ${steps} steps to be decrypted, and ${MOST_STEPS} are allowed: encrypt it with fewer iterations`,
    );
  try {
    return createPrivateKey({ key: pem, ...(isEncrypted && { passphrase }) });
  } catch {
    throw new UnusablePrivateKey(
      isEncrypted ? 'does not open with this passphrase, or it is broken' : 'cannot be read: its PEM is broken',
    );
  }
}

/** How much work a key derivation is, by its object identifier, out of the numbers behind the salt. */
const derivations: Readonly<Record<string, (...numbers: number[]) => number>> = {
  // PBKDF2 (RFC 8018 A.2): iterations, and perhaps the length of the key.
  '2a864886f70d01050c': (iterations = 0) => iterations,
  // scrypt (RFC 7914 7): N, r and p.
  '2b06010401da47040b': (cost = 0, blockSize = 0, parallelization = 0) => cost * blockSize * parallelization,
};

/** Of EncryptedPrivateKeyInfo (RFC 5958 3) with PBES2, or the older kinds with their iterations alone (RFC 8018 A.3); 0 for what cannot be read. */
function stepsOf(pem: string): number {
  const [, base64 = ''] = /-----BEGIN ENCRYPTED PRIVATE KEY-----([^-]*)/.exec(pem) ?? [];
  try {
    const [algorithm = nothing] = decode(inner(Buffer.from(base64, 'base64')));
    const [, parameters = nothing] = decode(algorithm);
    const [first = nothing, second = nothing] = decode(parameters);
    const [kind, derivation] = firstIsSequence(parameters) ? decode(first) : [];
    if (kind === undefined || derivation === undefined) return numberOf(second);
    const [, ...numbers] = decode(derivation);
    return derivations[bytesToHex(kind)]?.(...numbers.map(numberOf)) ?? 0;
  } catch {
    return 0;
  }
}

const nothing = new Uint8Array();
const inner = (bytes: Uint8Array): Uint8Array => decode(bytes)[0] ?? nothing;
/** PBES2 begins with a sequence, where the older kinds have the salt. */
const firstIsSequence = (parameters: Uint8Array): boolean => parameters[0] === tags.sequence;
const numberOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
