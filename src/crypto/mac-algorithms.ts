import { createHmac } from 'node:crypto';
import type { HashName } from './hashes.ts';
import type { KeySpecName } from './key-specs.ts';

export interface MacAlgorithm {
  readonly name: MacAlgorithmName;
  readonly keySpec: KeySpecName;
  /** HMAC (RFC 2104). */
  compute(secret: Uint8Array, message: Uint8Array): Uint8Array;
}

type Row = Omit<MacAlgorithm, 'name'>;

const hmac = (hash: HashName, keySpec: KeySpecName): Row => ({
  keySpec,
  compute: (secret, message) => createHmac(hash, secret).update(message).digest(),
});

const rows = {
  HMAC_SHA_256: hmac('sha256', 'HMAC_256'),
  HMAC_SHA_384: hmac('sha384', 'HMAC_384'),
  HMAC_SHA_512: hmac('sha512', 'HMAC_512'),
  HMAC_SM3: hmac('sm3', 'HMAC_SM3'),
} as const satisfies Record<string, Row>;

export type MacAlgorithmName = keyof typeof rows;

const named = Object.entries(rows).map(([name, row]) => [name, { name, ...row }] as const);

/** Every mac_algorithm of the vendor. Callers hold an entry, never its name. */
export const macAlgorithms = Object.freeze(Object.fromEntries(named)) as Readonly<
  Record<MacAlgorithmName, MacAlgorithm>
>;
