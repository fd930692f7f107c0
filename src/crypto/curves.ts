import { hexToBytes } from '@noble/hashes/utils.js';

export type CurveName = 'EC_P256' | 'EC_P384' | 'SECP256K1' | 'SM2';

export interface Curve {
  readonly name: CurveName;
  /** As OpenSSL calls it. */
  readonly openssl: string;
  /** Bytes of a private scalar, and of each coordinate. */
  readonly length: number;
  /** n, the order of the base point. */
  readonly order: bigint;
  /** AlgorithmIdentifier { id-ecPublicKey, the curve's OID }, DER (RFC 5480 2.1.1). */
  readonly algorithm: Uint8Array;
}

/** SEC 2 for the P and K curves, GB/T 32918.5 for SM2. */
export const curves: Readonly<Record<CurveName, Curve>> = {
  EC_P256: {
    name: 'EC_P256',
    openssl: 'prime256v1',
    length: 32,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    algorithm: hexToBytes('301306072a8648ce3d020106082a8648ce3d030107'),
  },
  EC_P384: {
    name: 'EC_P384',
    openssl: 'secp384r1',
    length: 48,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    algorithm: hexToBytes('301006072a8648ce3d020106052b81040022'),
  },
  SECP256K1: {
    name: 'SECP256K1',
    openssl: 'secp256k1',
    length: 32,
    order: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
    algorithm: hexToBytes('301006072a8648ce3d020106052b8104000a'),
  },
  SM2: {
    name: 'SM2',
    openssl: 'SM2',
    length: 32,
    order: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
    algorithm: hexToBytes('301306072a8648ce3d020106082a811ccf5501822d'),
  },
};

/** The curve of a key spec. Throws when the key is not of an elliptic curve in Weierstrass form. */
export function curveOf(keySpec: string): Curve {
  const curve = (curves as Readonly<Record<string, Curve>>)[keySpec];
  if (!curve) throw new Error(`${keySpec} is not an elliptic curve key`);
  return curve;
}
