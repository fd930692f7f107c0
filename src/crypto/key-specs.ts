import { curves } from './curves.ts';
import { ed25519Keys } from './ed25519-keys.ts';
import { ellipticKeys } from './elliptic-keys.ts';
import type { KeyFormat } from './key-material.ts';
import { rsaKeys } from './rsa-keys.ts';
import { secretKeys } from './secret-keys.ts';

export type { KeyMaterial } from './key-material.ts';

export type KeyUsage = 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY' | 'GENERATE_VERIFY_MAC';

export interface KeySpec extends KeyFormat {
  readonly name: KeySpecName;
  readonly kind: 'asymmetric' | 'symmetric' | 'hmac';
  /** What a key of this spec may be for, the default first. */
  readonly usages: readonly [KeyUsage, ...KeyUsage[]];
}

type Row = Omit<KeySpec, 'name'>;

const asymmetric = (format: KeyFormat, ...usages: [KeyUsage, ...KeyUsage[]]): Row => ({
  kind: 'asymmetric',
  usages,
  ...format,
});
const cipher = (bytes: number): Row => ({ kind: 'symmetric', usages: ['ENCRYPT_DECRYPT'], ...secretKeys(bytes) });
const mac = (bytes: number): Row => ({ kind: 'hmac', usages: ['GENERATE_VERIFY_MAC'], ...secretKeys(bytes) });

const rows = {
  AES_256: cipher(32),
  SM4: cipher(16),
  RSA_2048: asymmetric(rsaKeys(2048), 'SIGN_VERIFY', 'ENCRYPT_DECRYPT'),
  RSA_3072: asymmetric(rsaKeys(3072), 'SIGN_VERIFY', 'ENCRYPT_DECRYPT'),
  RSA_4096: asymmetric(rsaKeys(4096), 'SIGN_VERIFY', 'ENCRYPT_DECRYPT'),
  EC_P256: asymmetric(ellipticKeys(curves.EC_P256), 'SIGN_VERIFY'),
  EC_P384: asymmetric(ellipticKeys(curves.EC_P384), 'SIGN_VERIFY'),
  SECP256K1: asymmetric(ellipticKeys(curves.SECP256K1), 'SIGN_VERIFY'),
  SM2: asymmetric(ellipticKeys(curves.SM2), 'SIGN_VERIFY', 'ENCRYPT_DECRYPT'),
  ED25519: asymmetric(ed25519Keys, 'SIGN_VERIFY'),
  HMAC_256: mac(32),
  HMAC_384: mac(48),
  HMAC_512: mac(64),
  HMAC_SM3: mac(32),
} as const satisfies Record<string, Row>;

export type KeySpecName = keyof typeof rows;

const named = Object.entries(rows).map(([name, row]) => [name, { name, ...row }] as const);

/** Every key_spec of the vendor's create-key, with all that is known about it. */
export const keySpecs = Object.freeze(Object.fromEntries(named)) as Readonly<Record<KeySpecName, KeySpec>>;
