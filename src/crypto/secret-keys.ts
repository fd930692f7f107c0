import { randomBytes } from 'node:crypto';
import type { KeyFormat } from './key-material.ts';

/** Symmetric and HMAC keys of so many bytes, stored bare. */
export function secretKeys(length: number): KeyFormat {
  const checked = (secret: Uint8Array) => {
    if (secret.length !== length) throw new Error(`expected a secret of ${length} bytes, got ${secret.length}`);
    return secret;
  };
  return {
    generate: async () => ({ secret: randomBytes(length), publicKey: null }),
    import: (secret) => ({ secret: checked(secret), publicKey: null }),
    fromBare: checked,
    bareSecret: (secret) => secret,
    barePublic: () => new Uint8Array(),
  };
}
