import sodium from 'libsodium-wrappers';
import type { SigningAlgorithm } from '../../../src/crypto/signing-algorithms.ts';
import type { Outside } from './outside.ts';

await sodium.ready;

const isEd25519 = (_: SigningAlgorithm, keySpec: string) => keySpec === 'ED25519';

/** What libsodium signs in several parts is Ed25519ph. */
function parts(message: Uint8Array) {
  const state = sodium.crypto_sign_init();
  sodium.crypto_sign_update(state, message);
  return state;
}

export const libsodium: Outside = {
  name: 'libsodium',
  signs: isEd25519,
  verifies: isEd25519,
  sign(algorithm, key, message) {
    const { privateKey } = sodium.crypto_sign_seed_keypair(key.secretBytes);
    return algorithm.scheme === 'ED25519_PH'
      ? sodium.crypto_sign_final_create(parts(message), privateKey)
      : sodium.crypto_sign_detached(message, privateKey);
  },
  verify: (algorithm, key, message, signature) =>
    algorithm.scheme === 'ED25519_PH'
      ? sodium.crypto_sign_final_verify(parts(message), signature, key.publicBytes)
      : sodium.crypto_sign_verify_detached(signature, message, key.publicBytes),
};
