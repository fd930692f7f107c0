// @ts-check
/** What the KMS can do with each kind of key; test/http/console.test.ts compares it with the emulator's own tables. */

const rsa = [
  ...['RSASSA_PSS_SHA_256', 'RSASSA_PSS_SHA_384', 'RSASSA_PSS_SHA_512'],
  ...['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_384', 'RSASSA_PKCS1_V1_5_SHA_512'],
];

/** Signing algorithms by key spec. @type {Readonly<Record<string, readonly string[]>>} */
export const signingAlgorithms = {
  RSA_2048: rsa,
  RSA_3072: rsa,
  RSA_4096: rsa,
  EC_P256: ['ECDSA_SHA_256'],
  EC_P384: ['ECDSA_SHA_384'],
  SECP256K1: ['ECDSA_SHA_256'],
  SM2: ['SM2DSA_SM3'],
  ED25519: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'],
};

/** What a key may be for, the default first. @type {Readonly<Record<string, readonly string[]>>} */
export const usages = {
  EC_P256: ['SIGN_VERIFY'],
  EC_P384: ['SIGN_VERIFY'],
  SECP256K1: ['SIGN_VERIFY'],
  ED25519: ['SIGN_VERIFY'],
  RSA_2048: ['SIGN_VERIFY', 'ENCRYPT_DECRYPT'],
  RSA_3072: ['SIGN_VERIFY', 'ENCRYPT_DECRYPT'],
  RSA_4096: ['SIGN_VERIFY', 'ENCRYPT_DECRYPT'],
  SM2: ['SIGN_VERIFY', 'ENCRYPT_DECRYPT'],
  AES_256: ['ENCRYPT_DECRYPT'],
  SM4: ['ENCRYPT_DECRYPT'],
  HMAC_256: ['GENERATE_VERIFY_MAC'],
  HMAC_384: ['GENERATE_VERIFY_MAC'],
  HMAC_512: ['GENERATE_VERIFY_MAC'],
  HMAC_SM3: ['GENERATE_VERIFY_MAC'],
};

/** Of a signing algorithm, as WebCrypto calls it; undefined for SM3. @param {string} algorithm */
export const hashOf = (algorithm) => (/SHA_(\d+)$/.exec(algorithm) ? `SHA-${algorithm.slice(-3)}` : undefined);

/** Whether it takes a digest: Ed25519 itself needs the whole message. @param {string} algorithm */
export const takesDigest = (algorithm) => algorithm !== 'ED25519_SHA_512';
