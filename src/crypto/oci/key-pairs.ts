/**
 * Key pairs as the documented openssl commands make them, and the block of ~/.oci/config that names one.
 * Source: https://docs.oracle.com/en-us/iaas/Content/API/Concepts/apisigningkey.htm
 */
import { createPublicKey } from 'node:crypto';
import { newRsaKey } from '../rsa-keys.ts';
import { fingerprintOf } from './public-keys.ts';

/** The line that the vendor wants below a private key, so that scanners find keys that leaked. */
const LABEL = 'OCI_API_KEY\n';

/** `pkcs1` is what OpenSSL 1 writes and `openssl genrsa -traditional`, `pkcs8` what OpenSSL 3 writes. */
export const keyFormats = ['pkcs1', 'pkcs8'] as const;

export interface KeyPairOptions {
  /** Of the modulus; 2048 where nothing is said. */
  readonly bits?: number;
  /** pkcs8 where nothing is said. */
  readonly format?: (typeof keyFormats)[number];
  /** Encrypts the private key, as `-aes128` does. The Python SDK takes ASCII alone. */
  readonly passphrase?: string;
  /** Whether the last line is the vendor's label; true where nothing is said. */
  readonly label?: boolean;
}

export interface OciKeyPair {
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
  readonly fingerprint: string;
}

/** @throws Overloaded where too many RSA keys are wanted at once */
export async function makeOciKeyPair(options: KeyPairOptions = {}): Promise<OciKeyPair> {
  const { bits = 2048, format = 'pkcs8', passphrase, label = true } = options;
  const privateKey = await newRsaKey(bits);
  const publicKey = createPublicKey(privateKey);
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-128-cbc', passphrase };
  const pem = privateKey.export({ type: format, format: 'pem', ...encryption }).toString();
  return {
    privateKeyPem: label ? pem + LABEL : pem,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: fingerprintOf(publicKey),
  };
}

export interface ConfigProfile {
  /** OCID. */
  readonly user: string;
  readonly fingerprint: string;
  /** OCID. */
  readonly tenancy: string;
  readonly region: string;
  readonly keyFile: string;
  readonly passphrase?: string;
}

/**
 * The profile DEFAULT of ~/.oci/config.
 * @throws RangeError for a value with a line break, which the file has no way to write
 */
export function configBlock({ user, fingerprint, tenancy, region, keyFile, passphrase }: ConfigProfile): string {
  const entries = { user, fingerprint, tenancy, region, key_file: keyFile, pass_phrase: passphrase };
  const lines = Object.entries(entries).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (/[\r\n]/.test(value))
      throw new RangeError(`${name} has a line break, and ~/.oci/config has no way to write one`);
    return [`${name}=${value}\n`];
  });
  return `[DEFAULT]\n${lines.join('')}`;
}
