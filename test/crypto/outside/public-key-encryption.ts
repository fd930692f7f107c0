/** Encryption with public keys by implementations that are not ours. */
import forge from 'node-forge';
import { openssl } from './openssl.ts';

export interface OutsideEncryption {
  readonly name: string;
  encrypt(algorithm: string, publicPem: string, data: Uint8Array): Buffer;
  /** Throws where the ciphertext does not open. */
  decrypt(algorithm: string, privatePem: string, ciphertext: Uint8Array): Buffer;
}

const hashes = { RSAES_OAEP_SHA_1: 'sha1', RSAES_OAEP_SHA_256: 'sha256' } as const;
const hashOf = (algorithm: string) => (hashes as Readonly<Record<string, 'sha1' | 'sha256'>>)[algorithm];

function opensslOptions(algorithm: string): string[] {
  const hash = hashOf(algorithm);
  if (hash === undefined) return [];
  const options = ['rsa_padding_mode:oaep', `rsa_oaep_md:${hash}`, `rsa_mgf1_md:${hash}`];
  return options.flatMap((option) => ['-pkeyopt', option]);
}

/** OAEP with RSA, and SM2 in DER. */
export const opensslEncryption: OutsideEncryption = {
  name: 'openssl command line',
  encrypt: (algorithm, publicPem, data) =>
    openssl(
      [
        'pkeyutl',
        '-encrypt',
        '-pubin',
        '-inkey',
        'key.pem',
        '-in',
        'data',
        '-out',
        'out',
        ...opensslOptions(algorithm),
      ],
      { 'key.pem': publicPem, data },
    ),
  decrypt: (algorithm, privatePem, data) =>
    openssl(['pkeyutl', '-decrypt', '-inkey', 'key.pem', '-in', 'data', '-out', 'out', ...opensslOptions(algorithm)], {
      'key.pem': privatePem,
      data,
    }),
};

function forgeOptions(algorithm: string) {
  const hash = hashOf(algorithm);
  if (hash === undefined) throw new Error(`node-forge has no ${algorithm}`);
  return { md: forge.md[hash].create(), mgf1: { md: forge.md[hash].create() } };
}

const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** OAEP with RSA, in plain JavaScript. */
export const forgeEncryption: OutsideEncryption = {
  name: 'node-forge',
  encrypt: (algorithm, publicPem, data) =>
    Buffer.from(
      forge.pki.publicKeyFromPem(publicPem).encrypt(binary(data), 'RSA-OAEP', forgeOptions(algorithm)),
      'latin1',
    ),
  decrypt: (algorithm, privatePem, data) =>
    Buffer.from(
      forge.pki.privateKeyFromPem(privatePem).decrypt(binary(data), 'RSA-OAEP', forgeOptions(algorithm)),
      'latin1',
    ),
};
