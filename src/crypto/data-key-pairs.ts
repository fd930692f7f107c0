import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { curves } from './curves.ts';
import { ellipticKeys } from './elliptic-keys.ts';
import { materialOf, type KeyFormat, type KeyPairMaterial } from './key-material.ts';
import { rsaKeys } from './rsa-keys.ts';

const generate = promisify(generateKeyPair);

/** By key_spec; the keys of the service itself may have each of these specs but P-521. */
const formats = {
  RSA_2048: rsaKeys(2048),
  RSA_3072: rsaKeys(3072),
  RSA_4096: rsaKeys(4096),
  ECC_NIST_P256: ellipticKeys(curves.EC_P256),
  ECC_NIST_P384: ellipticKeys(curves.EC_P384),
  ECC_NIST_P521: { generate: async () => materialOf((await generate('ec', { namedCurve: 'secp521r1' })).privateKey) },
  ECC_SECG_P256K1: ellipticKeys(curves.SECP256K1),
  SM2: ellipticKeys(curves.SM2),
} as const satisfies Record<string, Pick<KeyFormat<KeyPairMaterial>, 'generate'>>;

export type DataKeyPairSpec = keyof typeof formats;

/** A key pair for use outside: PKCS#8 and SPKI DER. */
export const newDataKeyPair = (spec: DataKeyPairSpec): Promise<KeyPairMaterial> => formats[spec].generate();
