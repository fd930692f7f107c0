import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** A key as it is stored. */
export interface KeyMaterial {
  /** PKCS#8 DER; of a symmetric key the bare bytes. */
  readonly secret: Uint8Array;
  /** SPKI DER; null for a symmetric key. */
  readonly publicKey: Uint8Array | null;
}

/** An asymmetric key as it is stored. */
export interface KeyPairMaterial extends KeyMaterial {
  readonly publicKey: Uint8Array;
}

/** How the keys of one spec are made and written. */
export interface KeyFormat<Material extends KeyMaterial = KeyMaterial> {
  /** A new key, made off the event loop. */
  generate(): Promise<Material>;
  /** Checks somebody's private key (in the form of `KeyMaterial.secret`). Throws an Error that says what is wrong with it. */
  import(secret: Uint8Array): KeyMaterial;
  /** From bare bytes (scalar, seed, secret) to the form of `KeyMaterial.secret`. Throws where there is no such form. */
  fromBare(bare: Uint8Array): Uint8Array;
  /** The scalar, seed or secret itself; empty for RSA. */
  bareSecret(secret: Uint8Array): Uint8Array;
  /** The uncompressed point, or the 32 bytes of Ed25519; empty for RSA and for symmetric keys. */
  barePublic(publicKey: Uint8Array): Uint8Array;
}

/** Parses PKCS#8 DER. Throws an Error that names the reason. */
export function parsePkcs8(der: Uint8Array): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  } catch (error) {
    throw new Error(`not a private key in PKCS#8 DER: ${reasonOf(error)}`, { cause: error });
  }
}

/** PKCS#8 and SPKI DER of a private key. */
export function materialOf(key: KeyObject): KeyPairMaterial {
  return {
    secret: key.export({ type: 'pkcs8', format: 'der' }),
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }),
  };
}

/** What a parsed key is, for a message that refuses it. */
export function describeKey(key: KeyObject): string {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  return [key.asymmetricKeyType ?? 'SM2 or unknown', modulusLength ?? namedCurve].filter(Boolean).join(' ');
}

/** OpenSSL's reason, without its numbers. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message.replace(/^error:[0-9A-F]+:/, '') : String(error);
