import { generateKeyPair, sign, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import pLimit from 'p-limit';
import { keyPlaces } from './places.ts';
import { describeKey, materialOf, parsePkcs8, type KeyFormat, type KeyPairMaterial } from './key-material.ts';

const generate = promisify(generateKeyPair);
/** One at a time: more would fill the pool on which messages are signed, and hold those up for as long as the keys take. */
const inTurn = pLimit(1);
/** Milliseconds that a new key takes, by the bits of its modulus. */
const costs: Readonly<Record<number, number>> = { 2048: 40, 3072: 140, 4096: 410 };

/** Bits of the modulus by key spec. */
const modulusBitsOf: Readonly<Record<string, number>> = { RSA_2048: 2048, RSA_3072: 3072, RSA_4096: 4096 };

/** Bits of the modulus. Throws for a key spec that is not RSA. */
export function modulusBits(keySpec: string): number {
  const bits = modulusBitsOf[keySpec];
  if (bits === undefined) throw new Error(`${keySpec} is not an RSA key`);
  return bits;
}

/** Bits of the modulus of a parsed key; 0 for one that is not RSA. */
export const modulusLength = (key: KeyObject): number => key.asymmetricKeyDetails?.modulusLength ?? 0;

/** RFC 8017 8.1.2 and 8.2.2, step 1: a signature has as many bytes as the modulus. */
export const fitsModulus = (keySpec: string, signature: Uint8Array): boolean =>
  signature.length * 8 === modulusBits(keySpec);

/** A new private key, which takes 40 to 400 ms and waits for its turn. @throws Overloaded when that would be too long */
export async function newRsaKey(bits: number): Promise<KeyObject> {
  const pair = () => inTurn(() => generate('rsa', { modulusLength: bits }));
  return (await keyPlaces.hold(costs[bits], pair)).privateKey;
}

/** RSA keys with the public exponent 65537; imported ones may have another. */
export function rsaKeys(bits: number): KeyFormat<KeyPairMaterial> {
  return {
    generate: async () => materialOf(await newRsaKey(bits)),
    import(secret) {
      const key = parsePkcs8(secret);
      const fits = key.asymmetricKeyType === 'rsa' && key.asymmetricKeyDetails?.modulusLength === bits;
      if (!fits) throw new Error(`expected an RSA key of ${bits} bits, got ${describeKey(key)}`);
      const material = materialOf(key);
      if (!belongTogether(material)) throw new Error('the private and the public numbers of this RSA key do not match');
      return material;
    },
    fromBare() {
      throw new Error('an RSA key cannot be written as bare bytes: give PEM or JWK');
    },
    bareSecret: () => new Uint8Array(),
    barePublic: () => new Uint8Array(),
  };
}

/** OpenSSL does not check an imported RSA key: a trial signature does. */
function belongTogether({ secret, publicKey }: { secret: Uint8Array; publicKey: Uint8Array }): boolean {
  const probe = Buffer.from('probe');
  try {
    const signature = sign('sha256', probe, { key: Buffer.from(secret), format: 'der', type: 'pkcs8' });
    return verify('sha256', probe, { key: Buffer.from(publicKey), format: 'der', type: 'spki' }, signature);
  } catch {
    return false;
  }
}
