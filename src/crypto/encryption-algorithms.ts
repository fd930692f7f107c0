import { subtle } from 'node:crypto';
import { keySpecs, type KeySpecName } from './key-specs.ts';
import { modulusBits } from './rsa-keys.ts';

export interface EncryptionAlgorithm {
  readonly name: EncryptionAlgorithmName;
  /** Key specs it works with. */
  readonly keySpecs: readonly KeySpecName[];
  /** null where the key is symmetric: what such a ciphertext looks like is for ciphertexts.ts to say. */
  readonly byKeyPair: KeyPairEncryption | null;
}

/** Encryption with a public key. */
export interface KeyPairEncryption {
  /** Bytes that a key encrypts at most. */
  readonly capacity: (keySpec: KeySpecName) => number;
  /** @param publicKey SPKI DER */
  readonly encrypt: (publicKey: Uint8Array, data: Uint8Array) => Promise<Uint8Array>;
  /**
   * @param privateKey PKCS#8 DER
   * @returns undefined for everything that was not encrypted for this key, whatever is wrong with it
   */
  readonly decrypt: (privateKey: Uint8Array, ciphertext: Uint8Array) => Promise<Uint8Array | undefined>;
}

interface KeyPairRow extends Omit<EncryptionAlgorithm, 'name'> {
  readonly byKeyPair: KeyPairEncryption;
}

/**
 * RSAES-OAEP (RFC 8017 7.1), MGF1 with the same hash, no label; by WebCrypto, which computes on libuv's pool.
 * @param digestLength bytes of the hash
 */
const oaep = (hash: 'SHA-1' | 'SHA-256', digestLength: number): KeyPairRow => {
  const algorithm = { name: 'RSA-OAEP', hash };
  return {
    keySpecs: ['RSA_2048', 'RSA_3072', 'RSA_4096'],
    byKeyPair: {
      capacity: (keySpec) => modulusBits(keySpec) / 8 - 2 * digestLength - 2,
      async encrypt(publicKey, data) {
        const key = await subtle.importKey('spki', publicKey, algorithm, false, ['encrypt']);
        return new Uint8Array(await subtle.encrypt(algorithm, key, data));
      },
      async decrypt(privateKey, ciphertext) {
        const key = await subtle.importKey('pkcs8', privateKey, algorithm, false, ['decrypt']);
        const data = await subtle.decrypt(algorithm, key, ciphertext).catch(() => undefined);
        return data && new Uint8Array(data);
      },
    },
  };
};

/** The curve's arithmetic is loaded when it is first needed. */
const sm2: KeyPairRow = {
  keySpecs: ['SM2'],
  byKeyPair: {
    capacity: () => Infinity,
    async encrypt(publicKey, data) {
      const { encryptSm2 } = await import('./sm2-encryption.ts');
      return encryptSm2(keySpecs.SM2.barePublic(publicKey), data);
    },
    async decrypt(privateKey, ciphertext) {
      const { decryptSm2 } = await import('./sm2-encryption.ts');
      return decryptSm2(keySpecs.SM2.bareSecret(privateKey), ciphertext);
    },
  },
};

/** Those that encrypt with a public key; material that is imported travels so, too. */
export const keyPairAlgorithms = {
  RSAES_OAEP_SHA_1: oaep('SHA-1', 20),
  RSAES_OAEP_SHA_256: oaep('SHA-256', 32),
  SM2_ENCRYPT: sm2,
} as const satisfies Record<string, KeyPairRow>;

const rows = {
  SYMMETRIC_DEFAULT: { keySpecs: ['AES_256', 'SM4'], byKeyPair: null },
  ...keyPairAlgorithms,
} as const satisfies Record<string, Omit<EncryptionAlgorithm, 'name'>>;

export type EncryptionAlgorithmName = keyof typeof rows;

const named = Object.entries(rows).map(([name, row]) => [name, { name, ...row }] as const);

/** Every encryption_algorithm of the vendor. Callers hold an entry, never its name. */
export const encryptionAlgorithms = Object.freeze(Object.fromEntries(named)) as Readonly<
  Record<EncryptionAlgorithmName, EncryptionAlgorithm>
>;
