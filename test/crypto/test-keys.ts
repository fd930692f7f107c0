import { keySpecs, type KeySpec, type KeySpecName } from '../../src/crypto/key-specs.ts';
import { loadSigningKey, type SigningKey } from '../../src/crypto/signing-keys.ts';

/** One key in every form that a maker or verifier may want. */
export interface TestKey extends SigningKey {
  readonly secret: Uint8Array;
  readonly spki: Uint8Array;
  readonly privatePem: string;
  readonly publicPem: string;
}

/** A new key. RSA_4096 takes half a second. */
export async function newKey(name: KeySpecName): Promise<TestKey> {
  const spec = keySpecs[name];
  const { secret, publicKey } = await spec.generate();
  if (!publicKey) throw new Error(`${name} has no public key`);
  return testKey(spec, secret, publicKey);
}

const made = new Map<KeySpecName, Promise<TestKey>>();

/** The key of a spec that all tests of a file share. */
export function sharedKey(name: KeySpecName): Promise<TestKey> {
  const key = made.get(name) ?? newKey(name);
  made.set(name, key);
  return key;
}

export function testKey(spec: KeySpec, secret: Uint8Array, spki: Uint8Array): TestKey {
  return {
    ...loadSigningKey(spec, secret, spki),
    secret,
    spki,
    privatePem: pem('PRIVATE KEY', secret),
    publicPem: pem('PUBLIC KEY', spki),
  };
}

const pem = (label: string, der: Uint8Array) =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64')}\n-----END ${label}-----\n`;
