import type { SigningAlgorithm } from '../../../src/crypto/signing-algorithms.ts';
import type { TestKey } from '../test-keys.ts';

/** An implementation that is not ours. It gets whole messages and hashes them itself. */
export interface Outside {
  readonly name: string;
  signs(algorithm: SigningAlgorithm, keySpec: string): boolean;
  verifies(algorithm: SigningAlgorithm, keySpec: string): boolean;
  sign(algorithm: SigningAlgorithm, key: TestKey, message: Uint8Array): Uint8Array;
  verify(algorithm: SigningAlgorithm, key: TestKey, message: Uint8Array, signature: Uint8Array): boolean;
}
