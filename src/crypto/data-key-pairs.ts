import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { materialOf, parsePkcs8, type KeyFormat } from './key-material.ts';
import { keySpecs } from './key-specs.ts';

const generate = promisify(generateKeyPair);

/** By key_spec; the keys of the service itself may have each of these specs but P-521. */
const formats = {
  RSA_2048: keySpecs.RSA_2048,
  RSA_3072: keySpecs.RSA_3072,
  RSA_4096: keySpecs.RSA_4096,
  ECC_NIST_P256: keySpecs.EC_P256,
  ECC_NIST_P384: keySpecs.EC_P384,
  ECC_NIST_P521: { generate: async () => materialOf((await generate('ec', { namedCurve: 'secp521r1' })).privateKey) },
  ECC_SECG_P256K1: keySpecs.SECP256K1,
  SM2: keySpecs.SM2,
} as const satisfies Record<string, Pick<KeyFormat, 'generate'>>;

export type DataKeyPairSpec = keyof typeof formats;

/** A key pair for use outside: PKCS#8 and SPKI DER. */
export async function newDataKeyPair(spec: DataKeyPairSpec): Promise<{ secret: Uint8Array; publicKey: Uint8Array }> {
  const { secret } = await formats[spec].generate();
  return materialOf(parsePkcs8(secret));
}
