/** What goes with what, written down from the vendor's pages; the program has a table of its own. */
import type { SigningAlgorithmName } from '../../src/crypto/signing-algorithms.ts';
import { asymmetricSpecs, type AsymmetricSpec } from '../support/identity.ts';

export type MessageType = 'RAW' | 'DIGEST';

const rsa = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const;
const both = ['RAW', 'DIGEST'] as const;

interface Rule {
  readonly hash: string;
  readonly digestLength: number;
  readonly specs: readonly AsymmetricSpec[];
  readonly types: readonly MessageType[];
}

const rule = (hash: string, specs: Rule['specs'], types: Rule['types'] = both): Rule => ({
  hash,
  digestLength: { sha256: 32, sha384: 48, sha512: 64, sm3: 32 }[hash] ?? 0,
  specs,
  types,
});

export const rules: Readonly<Record<SigningAlgorithmName, Rule>> = {
  RSASSA_PSS_SHA_256: rule('sha256', rsa),
  RSASSA_PSS_SHA_384: rule('sha384', rsa),
  RSASSA_PSS_SHA_512: rule('sha512', rsa),
  RSASSA_PKCS1_V1_5_SHA_256: rule('sha256', rsa),
  RSASSA_PKCS1_V1_5_SHA_384: rule('sha384', rsa),
  RSASSA_PKCS1_V1_5_SHA_512: rule('sha512', rsa),
  ECDSA_SHA_256: rule('sha256', ['EC_P256', 'SECP256K1']),
  ECDSA_SHA_384: rule('sha384', ['EC_P384']),
  ECDSA_SHA_512: rule('sha512', []),
  SM2DSA_SM3: rule('sm3', ['SM2'], ['DIGEST']),
  ED25519_SHA_512: rule('sha512', ['ED25519'], ['RAW']),
  ED25519_PH_SHA_512: rule('sha512', ['ED25519']),
};

export const algorithms = Object.keys(rules) as readonly SigningAlgorithmName[];

export interface SignRow {
  readonly spec: AsymmetricSpec;
  readonly algorithm: SigningAlgorithmName;
  readonly type: MessageType;
}

const rows: readonly SignRow[] = asymmetricSpecs.flatMap((spec) =>
  algorithms.flatMap((algorithm) => both.map((type) => ({ spec, algorithm, type }))),
);

const fits = ({ spec, algorithm }: SignRow): boolean => rules[algorithm].specs.includes(spec);
const isOffered = (row: SignRow): boolean => fits(row) && rules[row.algorithm].types.includes(row.type);

/** Where a signature comes. */
export const validRows = rows.filter(isOffered);

/** Where a refusal comes, and which. */
export const invalidRows = rows
  .filter((row) => !isOffered(row))
  .map((row) => ({ ...row, code: fits(row) ? 'KMS.0308' : 'KMS.0332' }));
