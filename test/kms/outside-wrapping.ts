/** Imports as clients make them: keys made and material wrapped by the openssl command line. */
import type { components } from '../../src/contract/openapi.ts';
import { openssl } from '../crypto/outside/openssl.ts';
import { base64, bytesOf, type KmsClient } from '../support/kms.ts';

export type WrappingAlgorithm = components['schemas']['WrappingAlgorithm'];

const oaep = (hash: string): readonly string[] => [
  ...['-pkeyopt', 'rsa_padding_mode:oaep', '-pkeyopt', `rsa_oaep_md:${hash}`],
  ...['-pkeyopt', `rsa_mgf1_md:${hash}`],
];

const options: Readonly<Record<WrappingAlgorithm, readonly string[]>> = {
  RSAES_PKCS1_V1_5: ['-pkeyopt', 'rsa_padding_mode:pkcs1'],
  RSAES_OAEP_SHA_1: oaep('sha1'),
  RSAES_OAEP_SHA_256: oaep('sha256'),
  SM2_ENCRYPT: [],
};

export const algorithms = Object.keys(options) as readonly WrappingAlgorithm[];

/** Wraps under a public key: SubjectPublicKeyInfo, DER in Base64. */
export const wrapped = (algorithm: WrappingAlgorithm, publicKey: string, secret: Uint8Array): string =>
  base64(
    openssl(
      [
        'pkeyutl',
        '-encrypt',
        '-pubin',
        '-keyform',
        'DER',
        '-inkey',
        'public',
        ...options[algorithm],
        '-in',
        'secret',
        '-out',
        'out',
      ],
      { public: bytesOf(publicKey), secret },
    ),
  );

/** Wraps under an AES key of 16 or 32 bytes by AES key wrap with padding. */
export const keyWrapped = (key: Uint8Array, secret: Uint8Array): string => {
  const cipher = `-id-aes${key.length * 8}-wrap-pad`;
  const hex = Buffer.from(key).toString('hex');
  return base64(openssl(['enc', cipher, '-iv', 'A65959A6', '-K', hex, '-in', 'secret', '-out', 'out'], { secret }));
};

const parametersOf = {
  RSA_2048: ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  RSA_3072: ['RSA', '-pkeyopt', 'rsa_keygen_bits:3072'],
  RSA_4096: ['RSA', '-pkeyopt', 'rsa_keygen_bits:4096'],
  EC_P256: ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  EC_P384: ['EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  SECP256K1: ['EC', '-pkeyopt', 'ec_paramgen_curve:secp256k1'],
  SM2: ['SM2'],
  ED25519: ['ED25519'],
} as const;

export type PairSpec = keyof typeof parametersOf;
export const pairSpecs = Object.keys(parametersOf) as readonly PairSpec[];

/** A key pair of openssl's: PKCS#8 and SubjectPublicKeyInfo, DER. */
export function outsidePair(spec: PairSpec) {
  const pem = openssl(['genpkey', '-algorithm', ...parametersOf[spec], '-out', 'out'], {});
  return {
    privateKey: openssl(['pkcs8', '-topk8', '-nocrypt', '-in', 'pem', '-outform', 'DER', '-out', 'out'], { pem }),
    publicKey: openssl(['pkey', '-pubout', '-in', 'pem', '-outform', 'DER', '-out', 'out'], { pem }),
  };
}

/** What import-key-material is asked, for material wrapped with fresh parameters. */
export async function parcelFor(
  kms: KmsClient,
  keyId: string,
  secret: Uint8Array,
  algorithm: WrappingAlgorithm = 'RSAES_OAEP_SHA_256',
) {
  const parameters = await kms.ask('get-parameters-for-import', { key_id: keyId, wrapping_algorithm: algorithm });
  return {
    key_id: keyId,
    import_token: parameters.import_token,
    encrypted_key_material: wrapped(algorithm, parameters.public_key, secret),
  };
}

/** The same for a private key, in PKCS#8: under an AES key, which itself is wrapped. */
export const pairParcelFor = async (
  kms: KmsClient,
  keyId: string,
  privateKey: Uint8Array,
  { temporaryKey = Buffer.alloc(32, 7), algorithm }: { temporaryKey?: Uint8Array; algorithm?: WrappingAlgorithm } = {},
) => ({
  ...(await parcelFor(kms, keyId, temporaryKey, algorithm)),
  encrypted_privatekey: keyWrapped(temporaryKey, privateKey),
});
