/**
 * Sealing of secrets that are written to disk: AES-256-GCM (NIST SP 800-38D) under one master key.
 *
 * A sealed value is `version (1 byte) | IV (12 bytes) | ciphertext | tag (16 bytes)`. The version byte and the context, which
 * says what the value is (`key 968d…`), are authenticated with it: a value moved to another row does not open. IVs are random,
 * which is safe for 2^32 values under one master key (section 8.3).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const cipher = 'aes-256-gcm';
const version = 1;
const ivBytes = 12;
const tagBytes = 16;

/** Length of a master key, in bytes. */
export const masterKeyBytes = 32;

export interface Sealing {
  /** @param context what the value is; the same words must be given to open it */
  seal(plain: Uint8Array, context: string): Uint8Array;
  /** @throws SealBroken when this master key did not seal exactly these bytes for this context */
  open(sealed: Uint8Array, context: string): Uint8Array;
}

/** A sealed value does not open. */
export class SealBroken extends Error {
  override name = 'SealBroken';
}

/** For state that ends with the process: values stay as they are. */
export const unsealed: Sealing = { seal: (plain) => plain, open: (sealed) => sealed };

/** @throws RangeError when the master key is not 32 bytes long */
export function createSealing(masterKey: Uint8Array): Sealing {
  if (masterKey.length !== masterKeyBytes) throw new RangeError(`A master key has ${masterKeyBytes} bytes`);
  const key = Uint8Array.from(masterKey);

  return {
    seal(plain, context) {
      const iv = randomBytes(ivBytes);
      const encryption = createCipheriv(cipher, key, iv, { authTagLength: tagBytes }).setAAD(boundTo(context));
      const body = [encryption.update(plain), encryption.final()];
      return Buffer.concat([Buffer.of(version), iv, ...body, encryption.getAuthTag()]);
    },

    open(sealed, context) {
      if (sealed.length < 1 + ivBytes + tagBytes) throw new SealBroken(`The sealed ${context} is cut short`);
      if (sealed[0] !== version)
        throw new SealBroken(`The ${context} is sealed in an unknown form, version ${sealed[0]}`);
      const decryption = createDecipheriv(cipher, key, sealed.subarray(1, 1 + ivBytes), { authTagLength: tagBytes })
        .setAAD(boundTo(context))
        .setAuthTag(sealed.subarray(-tagBytes));
      const body = decryption.update(sealed.subarray(1 + ivBytes, -tagBytes));
      try {
        return Buffer.concat([body, decryption.final()]);
      } catch (cause) {
        throw new SealBroken(`The sealed ${context} does not open: another master key, or changed bytes`, { cause });
      }
    },
  };
}

/**
 * Reads a master key as people write it: 32 bytes as 64 hex digits, or as Base64 with or without padding.
 * @throws RangeError when the text is neither; the text itself is not repeated
 */
export function parseMasterKey(text: string): Uint8Array {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (/^[\w+/-]{43}=?$/.test(trimmed)) return Buffer.from(trimmed, 'base64');
  throw new RangeError(`A master key is ${masterKeyBytes} bytes, written as Base64 or as hex`);
}

function boundTo(context: string): Uint8Array {
  return Buffer.from(`signet ${version} ${context}`);
}
