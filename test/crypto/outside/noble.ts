import type { ECDSA } from '@noble/curves/abstract/weierstrass.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { TestKey } from '../test-keys.ts';
import type { Outside } from './outside.ts';

const curves: Readonly<Record<string, ECDSA>> = { EC_P256: p256, EC_P384: p384, SECP256K1: secp256k1 };
const options = { format: 'der', lowS: false } as const;

function curveOf({ keySpec }: TestKey): ECDSA {
  const curve = curves[keySpec];
  if (!curve) throw new Error(`no ECDSA on ${keySpec}`);
  return curve;
}

export const noble: Outside = {
  name: '@noble/curves',
  signs: ({ scheme, name }) => scheme === 'ECDSA' || name === 'ED25519_SHA_512',
  verifies: ({ scheme, name }) => scheme === 'ECDSA' || name === 'ED25519_SHA_512',
  sign: (algorithm, key, message) =>
    algorithm.scheme === 'ECDSA'
      ? curveOf(key).sign(message, key.secretBytes, options)
      : ed25519.sign(message, key.secretBytes),
  verify: (algorithm, key, message, signature) =>
    algorithm.scheme === 'ECDSA'
      ? curveOf(key).verify(signature, message, key.publicBytes, options)
      : ed25519.verify(signature, message, key.publicBytes, { zip215: false }),
};
