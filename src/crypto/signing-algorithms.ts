import { constants, type SigningOptions } from 'node:crypto';
import { hashes, type Hash, type HashName } from './hashes.ts';
import type { KeySpecName } from './key-specs.ts';
import type { PrehashedScheme } from './prehashed.ts';
import type { VerificationKey } from './signing-keys.ts';
import { sm2Digest } from './sm2.ts';

/** What a caller hands in: the whole message, or its digest. */
export type MessageType = 'RAW' | 'DIGEST';

export interface SigningAlgorithm {
  readonly name: SigningAlgorithmName;
  /** Key specs it works with; none for ECDSA_SHA_512, whose P-521 the vendor does not have. */
  readonly keySpecs: readonly KeySpecName[];
  readonly hash: Hash;
  /** Bytes that a DIGEST must have; null where only RAW is offered. */
  readonly digestLength: number | null;
  /** Whether the vendor takes RAW; SM2 is documented for DIGEST only. */
  readonly rawByDefault: boolean;
  /** Who signs a whole message: OpenSSL, or the way of DIGEST after hashing here. */
  readonly raw: ByOpenssl | ByDigest;
  /** Who signs a digest. */
  readonly scheme: PrehashedScheme | null;
}

/** Arguments of crypto.sign. */
export interface ByOpenssl {
  readonly by: 'openssl';
  readonly hash: HashName | null;
  /** null where OpenSSL needs none; signatures of elliptic curves are DER then. */
  readonly options: SigningOptions | null;
}

export interface ByDigest {
  readonly by: 'digest';
  digestOf(key: VerificationKey, message: Uint8Array): Uint8Array;
}

type Row = Omit<SigningAlgorithm, 'name'>;

const rsa = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const;

/** RFC 8017 8.1: MGF1 with the same hash, salt as long as the digest. */
const pss = (name: HashName): Row => {
  const options = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: hashes[name].length };
  return { ...openssl(name, options), keySpecs: rsa, scheme: 'RSASSA_PSS' };
};

/** RFC 8017 8.2. */
const pkcs1 = (name: HashName): Row => ({
  ...openssl(name, { padding: constants.RSA_PKCS1_PADDING }),
  keySpecs: rsa,
  scheme: 'RSASSA_PKCS1_V1_5',
});

/** FIPS 186-5 6; signatures are DER. */
const ecdsa = (name: HashName, ...keySpecs: KeySpecName[]): Row => ({
  ...openssl(name, null),
  keySpecs,
  scheme: 'ECDSA',
});

/** GB/T 32918.2 over SM3(Z(A) || M), the default user id in Z(A); signatures are DER. */
const sm2: Row = {
  keySpecs: ['SM2'],
  hash: hashes.sm3,
  digestLength: hashes.sm3.length,
  rawByDefault: false,
  raw: { by: 'digest', digestOf: (key, message) => sm2Digest(key.publicBytes, message) },
  scheme: 'SM2DSA',
};

/** RFC 8032 5.1, the pure form: it needs the message twice, so there is no DIGEST. */
const ed25519: Row = {
  keySpecs: ['ED25519'],
  hash: hashes.sha512,
  digestLength: null,
  rawByDefault: true,
  raw: { by: 'openssl', hash: null, options: null },
  scheme: null,
};

/** RFC 8032 5.1, Ed25519ph with an empty context. */
const ed25519ph: Row = {
  keySpecs: ['ED25519'],
  hash: hashes.sha512,
  digestLength: hashes.sha512.length,
  rawByDefault: true,
  raw: { by: 'digest', digestOf: (_, message) => hashes.sha512.digest(message) },
  scheme: 'ED25519_PH',
};

function openssl(name: HashName, options: SigningOptions | null) {
  const hash = hashes[name];
  return { hash, digestLength: hash.length, rawByDefault: true, raw: { by: 'openssl', hash: name, options } } as const;
}

const rows = {
  RSASSA_PSS_SHA_256: pss('sha256'),
  RSASSA_PSS_SHA_384: pss('sha384'),
  RSASSA_PSS_SHA_512: pss('sha512'),
  RSASSA_PKCS1_V1_5_SHA_256: pkcs1('sha256'),
  RSASSA_PKCS1_V1_5_SHA_384: pkcs1('sha384'),
  RSASSA_PKCS1_V1_5_SHA_512: pkcs1('sha512'),
  ECDSA_SHA_256: ecdsa('sha256', 'EC_P256', 'SECP256K1'),
  ECDSA_SHA_384: ecdsa('sha384', 'EC_P384'),
  ECDSA_SHA_512: ecdsa('sha512'),
  SM2DSA_SM3: sm2,
  ED25519_SHA_512: ed25519,
  ED25519_PH_SHA_512: ed25519ph,
} as const satisfies Record<string, Row>;

export type SigningAlgorithmName = keyof typeof rows;

const named = Object.entries(rows).map(([name, row]) => [name, { name, ...row }] as const);

/** Every signing_algorithm of the vendor. Callers hold an entry, never its name. */
export const signingAlgorithms = Object.freeze(Object.fromEntries(named)) as Readonly<
  Record<SigningAlgorithmName, SigningAlgorithm>
>;
