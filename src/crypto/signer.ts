import { sign, verify, type KeyObject, type SigningOptions, type SignKeyObjectInput } from 'node:crypto';
import { signHere, signOnPool, verifyHere } from './prehashed-here.ts';
import type { SignJob, VerifyJob } from './prehashed.ts';
import { fitsModulus } from './rsa-keys.ts';
import type { ByOpenssl, MessageType, SigningAlgorithm } from './signing-algorithms.ts';
import type { KeySpecName } from './key-specs.ts';
import { costOfSignature } from './places.ts';
import { onPool } from './thread-pool.ts';
import type { SigningKey, VerificationKey } from './signing-keys.ts';
import type { SigningThreads } from './signing-threads.ts';

/** Signs and verifies without holding up the event loop for more than about 0.1 ms. */
export interface Signer {
  /**
   * RSA: as long as the modulus; ECDSA and SM2: DER; Ed25519: 64 bytes.
   * @throws RangeError when a digest has not the length that the algorithm wants, Error when the key is not for it
   */
  sign(
    algorithm: SigningAlgorithm,
    key: SigningKey,
    messageType: MessageType,
    message: Uint8Array,
  ): Promise<Uint8Array>;
  /** Malformed signatures are false, never an error. Throws as `sign` does. */
  verify(
    algorithm: SigningAlgorithm,
    key: VerificationKey,
    messageType: MessageType,
    message: Uint8Array,
    signature: Uint8Array,
  ): Promise<boolean>;
}

/** What OpenSSL does in 0.1 ms at most: the way to libuv's pool and back would cost more CPU than that, and gain nobody anything. */
const quick: Readonly<Record<'sign' | 'verify', ReadonlySet<KeySpecName>>> = {
  sign: new Set(['EC_P256', 'ED25519']),
  verify: new Set(['RSA_2048', 'RSA_3072', 'RSA_4096', 'EC_P256', 'ED25519']),
};

/** Quick ones are done at once. Else OpenSSL does on libuv's pool what it can do there, and `threads` do the rest. */
export function createSigner(threads: Pick<SigningThreads, 'run'>): Signer {
  return {
    async sign(algorithm, key, messageType, message) {
      checkKey(algorithm, key);
      if (messageType === 'RAW' && algorithm.raw.by === 'openssl') return opensslSign(algorithm.raw, key, message);
      const job: SignJob = { operation: 'sign', key, ...prehashed(algorithm, key, messageType, message) };
      return signHere(job) ?? signOnPool(job) ?? threads.run(job);
    },
    async verify(algorithm, key, messageType, message, signature) {
      checkKey(algorithm, key);
      if (messageType === 'RAW' && algorithm.raw.by === 'openssl') {
        // OpenSSL takes a PSS signature whose leading zero bytes were left out, as about one in 200 has.
        if (key.publicKey.asymmetricKeyType === 'rsa' && !fitsModulus(key.keySpec, signature)) return false;
        return opensslVerify(algorithm.raw, key, message, signature);
      }
      const digest = prehashed(algorithm, key, messageType, message);
      const job: VerifyJob = { operation: 'verify', key, signature, ...digest };
      return verifyHere(job) ?? threads.run(job);
    },
  };
}

function checkKey(algorithm: SigningAlgorithm, key: VerificationKey): void {
  if (!algorithm.keySpecs.includes(key.keySpec)) throw new Error(`${algorithm.name} is not for ${key.keySpec}`);
}

function prehashed(algorithm: SigningAlgorithm, key: VerificationKey, messageType: MessageType, message: Uint8Array) {
  const { name, scheme, hash, raw, digestLength } = algorithm;
  if (scheme === null) throw new RangeError(`${name} signs whole messages only`);
  const digest = messageType === 'RAW' && raw.by === 'digest' ? raw.digestOf(key, message) : message;
  if (digest.length !== digestLength) {
    throw new RangeError(`a digest for ${name} has ${digestLength} bytes, got ${digest.length}`);
  }
  return { scheme, hash: hash.name, digest };
}

function opensslSign({ hash, options }: ByOpenssl, key: SigningKey, message: Uint8Array) {
  const privateKey = withOptions(key.privateKey, options);
  if (quick.sign.has(key.keySpec)) return sign(hash, message, privateKey);
  return onPool<Uint8Array>(costOfSignature(key.keySpec), (done) => sign(hash, message, privateKey, done));
}

function opensslVerify({ hash, options }: ByOpenssl, key: VerificationKey, message: Uint8Array, signature: Uint8Array) {
  const publicKey = withOptions(key.publicKey, options);
  if (quick.verify.has(key.keySpec)) return verify(hash, message, publicKey, signature);
  return onPool<boolean>(costOfSignature(key.keySpec, 'verify'), (done) =>
    verify(hash, message, publicKey, signature, done),
  );
}

/** A KeyObject alone where there is nothing to say about it: unwrapping options costs Node 12 us, half a P-256 signature. */
const withOptions = (key: KeyObject, options: SigningOptions | null): KeyObject | SignKeyObjectInput =>
  options === null ? key : { key, ...options };
