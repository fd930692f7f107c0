import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { describeKey, materialOf, parsePkcs8, type KeyFormat } from './key-material.ts';

const generate = promisify(generateKeyPair);
const length = 32;

/** PKCS#8 of an Ed25519 key up to its seed (RFC 8410 7). */
const pkcs8Header = hexToBytes('302e020100300506032b657004220420');

/** Ed25519 keys; the bare private key is the seed of RFC 8032 5.1.5. */
export const ed25519Keys: KeyFormat = {
  generate: async () => materialOf((await generate('ed25519')).privateKey),
  import(secret) {
    const key = parsePkcs8(secret);
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`expected an Ed25519 key, got ${describeKey(key)}`);
    return materialOf(key);
  },
  fromBare(seed) {
    if (seed.length !== length) throw new Error(`an Ed25519 seed has ${length} bytes, got ${seed.length}`);
    return concatBytes(pkcs8Header, seed);
  },
  bareSecret: (secret) => Uint8Array.from(secret.subarray(-length)),
  barePublic: (publicKey) => Uint8Array.from(publicKey.subarray(-length)),
};
