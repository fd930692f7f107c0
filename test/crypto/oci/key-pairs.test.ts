import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { configBlock, keyFormats, makeOciKeyPair, type KeyPairOptions } from '../../../src/crypto/oci/key-pairs.ts';
import { fingerprintOf, readPublicKey } from '../../../src/crypto/oci/public-keys.ts';
import { openssl } from '../outside/openssl.ts';

const passphrase = 'secret';
const forms: readonly (readonly [what: string, options: KeyPairOptions, genrsa: readonly string[], head: string])[] = [
  ['PKCS#8', {}, [], '-----BEGIN PRIVATE KEY-----\nMII'],
  ['PKCS#8', { format: 'pkcs8', bits: 3072 }, [], '-----BEGIN PRIVATE KEY-----\nMII'],
  ['PKCS#1', { format: 'pkcs1' }, ['-traditional'], '-----BEGIN RSA PRIVATE KEY-----\nMII'],
  ['encrypted PKCS#8', { passphrase }, ['-aes128'], '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII'],
  [
    'encrypted PKCS#1',
    { format: 'pkcs1', passphrase },
    ['-traditional', '-aes128'],
    '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,',
  ],
];

/** What of a file does not change from key to key: lines, structure, OIDs, and how often a passphrase is hashed. Salts have grown. */
function shapeOf(pem: string): string {
  if (pem.includes('Proc-Type'))
    return pem
      .replaceAll(/^[A-Za-z0-9+/=]+$/gm, '')
      .replace(/,[0-9A-F]{32}\n/, ',\n')
      .trimEnd();
  const parsed = execFileSync('openssl', ['asn1parse'], { input: pem, encoding: 'utf8' });
  const structure = parsed
    .replaceAll(/^ *\d+:(d=\d+) .*?: /gm, '$1 ')
    // A salt may look like text.
    .replaceAll(/(OCTET STRING +)(?:\[HEX DUMP\])?:.*$/gm, '$1')
    .replaceAll(/:[0-9A-F]{5,}$/gm, '');
  return `${pem.split('\n')[0] ?? ''}\n${structure}`;
}

describe.each(forms)('%s, %j', (_, options, genrsa, head) => {
  const bits = options.bits ?? 2048;

  test('is what openssl genrsa writes, and reads', async () => {
    const { privateKeyPem, publicKeyPem, fingerprint } = await makeOciKeyPair({ ...options, label: false });
    expect(privateKeyPem.startsWith(head)).toBe(true);
    const theirs = openssl(
      [
        'genrsa',
        ...(options.passphrase === undefined ? [] : ['-passout', `pass:${passphrase}`]),
        '-out',
        'out',
        ...genrsa,
        String(bits),
      ],
      {},
    ).toString();
    expect(shapeOf(privateKeyPem)).toEqual(shapeOf(theirs));
    const pub = openssl(['rsa', '-pubout', '-passin', `pass:${passphrase}`, '-in', 'key.pem', '-out', 'out'], {
      'key.pem': privateKeyPem,
    }).toString();
    expect(publicKeyPem).toBe(pub);
    expect(fingerprint).toBe(fingerprintOf(readPublicKey(publicKeyPem)));
    expect(readPublicKey(publicKeyPem).asymmetricKeyDetails).toEqual({ modulusLength: bits, publicExponent: 65537n });
  });
});

describe('the label', () => {
  it.each(keyFormats)('is the last line below %s, and openssl and Node.js read the key with it', async (format) => {
    const { privateKeyPem, publicKeyPem } = await makeOciKeyPair({ format, passphrase });
    expect(privateKeyPem).toMatch(/\n-----END (?:RSA|ENCRYPTED) PRIVATE KEY-----\nOCI_API_KEY\n$/);
    const args = ['rsa', '-pubout', '-passin', `pass:${passphrase}`, '-in', 'key.pem', '-out', 'out'];
    expect(openssl(args, { 'key.pem': privateKeyPem }).toString()).toBe(publicKeyPem);
    expect(createPrivateKey({ key: privateKeyPem, passphrase }).asymmetricKeyType).toBe('rsa');
    expect(() => createPrivateKey({ key: privateKeyPem, passphrase: 'other' })).toThrow();
  });
});

it('makes another key each time', async () => {
  const [one, other] = [await makeOciKeyPair(), await makeOciKeyPair()];
  expect(one.fingerprint).not.toBe(other.fingerprint);
});

describe('the block of the config file', () => {
  const profile = {
    user: 'ocid1.user.oc1..u',
    fingerprint: 'ab:cd',
    tenancy: 'ocid1.tenancy.oc1..t',
    region: 'us-phoenix-1',
    keyFile: '~/.oci/k.pem',
  };
  const text = `[DEFAULT]
user=ocid1.user.oc1..u
fingerprint=ab:cd
tenancy=ocid1.tenancy.oc1..t
region=us-phoenix-1
key_file=~/.oci/k.pem
`;

  it('has a line for each entry', () => {
    expect(configBlock(profile)).toBe(text);
    expect(configBlock({ ...profile, passphrase: 'a=b #;% ' })).toBe(`${text}pass_phrase=a=b #;% \n`);
  });

  it.each(['\n', '\r', 'a\nuser=other'])('takes no value with a line break: %j', (value) => {
    expect(() => configBlock({ ...profile, passphrase: value })).toThrow(/^pass_phrase has a line break/);
  });
});
