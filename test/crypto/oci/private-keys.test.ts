/** Private keys as OpenSSL writes them, and those that are refused before anything is done with them. */
import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readPrivateKey, UnusablePrivateKey } from '../../../src/crypto/oci/private-keys.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const spki = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const openssl = (...args: readonly string[]): string =>
  execFileSync('openssl', args, { input: pkcs8, stdio: 'pipe' }).toString();
const encrypted = (...args: readonly string[]): string =>
  openssl('pkcs8', '-topk8', '-passout', 'pass:secret', ...args);
const pbkdf2 = (iterations: number): string => encrypted('-v2', 'aes-128-cbc', '-iter', String(iterations));
const scrypt = (parallelization: number): string =>
  encrypted('-scrypt', '-scrypt_N', '16384', '-scrypt_r', '8', '-scrypt_p', String(parallelization));

/** What is wrong with it; undefined where it is read. */
function reasonOf(pem: string, passphrase?: string): string | undefined {
  try {
    const read = createPublicKey(readPrivateKey(pem, passphrase));
    expect(read.export({ type: 'spki', format: 'pem' })).toBe(spki);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(UnusablePrivateKey);
    return (error as UnusablePrivateKey).reason;
  }
}

describe('is read', () => {
  test.each([
    ['PKCS#8', pkcs8],
    ['PKCS#1', openssl('rsa', '-traditional')],
    ['with a label below it', `${pkcs8}OCI_API_KEY\n`],
    ['PKCS#1, encrypted', openssl('rsa', '-traditional', '-aes128', '-passout', 'pass:secret')],
    ['PBES2 with PBKDF2', pbkdf2(2048)],
    ['as many iterations as may be', pbkdf2(1_000_000)],
    ['PBES2 with scrypt', scrypt(1)],
  ])('%s', (_what, pem) => {
    expect(reasonOf(pem, 'secret')).toBeUndefined();
  });
});

describe('is refused', () => {
  const tooMuch = /^takes \d+ steps to be decrypted, and 1000000 are allowed/;
  test.each([
    ['no private key', spki, 'secret', /^is not in PEM/],
    ['nothing', '', undefined, /^is not in PEM/],
    ['broken', pkcs8.replace('MII', 'MIX'), undefined, /^cannot be read: its PEM is broken/],
    ['encrypted, without a passphrase', pbkdf2(2048), undefined, /^is encrypted, and there is no passphrase/],
    ['with another passphrase', pbkdf2(2048), 'other', /^does not open with this passphrase/],
    ['encrypted and broken', pbkdf2(2048).replace('MII', 'MIX'), 'secret', /^does not open with this passphrase/],
    ['too many iterations of PBKDF2', pbkdf2(1_000_001), 'secret', tooMuch],
    ['too much of scrypt', scrypt(8), 'secret', tooMuch],
    ['too many iterations of PBES1', encrypted('-v1', 'PBE-SHA1-3DES', '-iter', '1000001'), 'secret', tooMuch],
  ])('%s', (_what, pem, passphrase, reason) => {
    expect(reasonOf(pem, passphrase)).toMatch(reason);
  });
});
