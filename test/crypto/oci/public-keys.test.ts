import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { FINGERPRINT } from '../../../src/crypto/oci/key-id.ts';
import { fingerprintOf, readPublicKey, UnusablePublicKey } from '../../../src/crypto/oci/public-keys.ts';
import { openssl } from '../outside/openssl.ts';
import { publishedKey, testKey } from './vectors.ts';

const pem = testKey.publicKeyPem;
const body = pem.split('\n').slice(1, -2);
const publicPem = (key: ReturnType<typeof createPublicKey>): string =>
  key.export({ type: 'spki', format: 'pem' }).toString();
const joined = (between: string): string => pem.trim().split('\n').join(between);

describe('a fingerprint', () => {
  it('of the keys of the vectors is the one that is known', () => {
    expect(fingerprintOf(testKey.publicKey)).toBe(testKey.fingerprint);
    // Of the documentation's key it is not the one in the documentation.
    expect(fingerprintOf(publishedKey.publicKey)).toBe('73:61:a2:21:67:e0:df:be:7e:4b:93:1e:15:98:a5:b7');
  });

  it('is what openssl makes of the key', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const der = openssl(['rsa', '-pubout', '-outform', 'DER', '-in', 'key.pem', '-out', 'out'], { 'key.pem': key });
    const printed = openssl(['md5', '-c', '-out', 'out', 'der'], { der }).toString();
    expect(fingerprintOf(publicKey)).toMatch(FINGERPRINT);
    expect(printed.trim().split('= ')[1]).toBe(fingerprintOf(publicKey));
  });
});

test.each<[what: string, text: string]>([
  ['PEM', pem],
  ['PEM without a line feed at the end', pem.trimEnd()],
  ['PEM with CRLF', pem.replaceAll('\n', '\r\n')],
  ['PEM with blanks and empty lines around it', `\n \r\n${pem}\n\t`],
  ['PEM in one line of Base64', `-----BEGIN PUBLIC KEY-----\n${body.join('')}\n-----END PUBLIC KEY-----\n`],
  ['PKCS#1', testKey.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
])('%s is taken', (_, text) => {
  expect(fingerprintOf(readPublicKey(text))).toBe(testKey.fingerprint);
});

test('a shorter key is taken where a shorter one will do', () => {
  expect(readPublicKey(publishedKey.publicKeyPem, 1024).equals(publishedKey.publicKey)).toBe(true);
  expect(() => readPublicKey(publishedKey.publicKeyPem, 1025)).toThrow('an RSA key of at least 1025 bits is required');
});

test.each([2048, 3072, 4096])('a key of %i bits is taken', (modulusLength) => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength });
  expect(readPublicKey(publicPem(publicKey)).asymmetricKeyDetails).toMatchObject({ modulusLength });
});

/** Public keys as OpenSSH writes them (RFC 4253 6.6). */
const sshBlob = (...parts: readonly (string | Buffer)[]): string =>
  Buffer.concat(
    parts.map((part) => {
      const content = Buffer.from(part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(content.length);
      return Buffer.concat([length, content]);
    }),
  ).toString('base64');
const { n = '', e = '' } = testKey.publicKey.export({ format: 'jwk' });
const sshRsa = sshBlob(
  'ssh-rsa',
  Buffer.from(e, 'base64url'),
  Buffer.concat([Buffer.of(0), Buffer.from(n, 'base64url')]),
);
const certificate = (): string => {
  const key = privatePem('pkcs8');
  return openssl(['req', '-x509', '-key', 'key.pem', '-subj', '/CN=x', '-out', 'out'], { 'key.pem': key }).toString();
};
const encrypted = { cipher: 'aes-128-cbc', passphrase: 'secret' } as const;
const privatePem = (type: 'pkcs1' | 'pkcs8', more: object = {}): string =>
  testKey.privateKey.export({ type, format: 'pem', ...more }).toString();

const isPrivate = /^This is a private key, .*`openssl rsa -pubout`/;
const isSsh = /^This is an SSH public key; PEM is required\. `ssh-keygen -e -m PKCS8 -f key\.pub`/;
const isBlank = 'The line breaks of the PEM have become blanks.';
const isOther = 'This is PEM of another kind; it has to begin with -----BEGIN PUBLIC KEY-----.';
const isBroken = /^The PEM is broken: /;
const noBegin = 'This is not PEM: the line -----BEGIN PUBLIC KEY----- is missing.';
const noEnd = 'The PEM is cut off: the line -----END PUBLIC KEY----- is missing.';
const der = Buffer.from(body.join(''), 'base64');
const wrapped = (bytes: Uint8Array, label = 'PUBLIC KEY'): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${label}-----\n`;

test.each<[what: string, text: () => string, reason: string | RegExp]>([
  ['nothing', () => '', 'The key is empty.'],
  ['blanks', () => ' \r\n\t', 'The key is empty.'],
  ['a private key of PKCS#8', () => privatePem('pkcs8'), isPrivate],
  ['a private key of PKCS#1', () => privatePem('pkcs1'), isPrivate],
  ['an encrypted private key of PKCS#8', () => privatePem('pkcs8', encrypted), isPrivate],
  ['an encrypted private key of PKCS#1', () => privatePem('pkcs1', encrypted), isPrivate],
  ['a private key of OpenSSH', () => wrapped(Buffer.from('openssh-key-v1'), 'OPENSSH PRIVATE KEY'), isPrivate],
  ['both keys', () => pem + privatePem('pkcs8'), isPrivate],
  ['an SSH key of RSA', () => `ssh-rsa ${sshRsa} user@host\n`, isSsh],
  ['an SSH key without a comment', () => `ssh-rsa ${sshRsa}`, isSsh],
  ['an SSH key of Ed25519', () => `ssh-ed25519 ${sshBlob('ssh-ed25519', Buffer.alloc(32))} user@host`, isSsh],
  ['an SSH key of ECDSA', () => `ecdsa-sha2-nistp256 ${sshBlob('ecdsa-sha2-nistp256')} x`, isSsh],
  ['an SSH key of a security key', () => `sk-ssh-ed25519@openssh.com ${sshBlob('x')} x`, isSsh],
  [
    'an SSH key of RFC 4716',
    () => `---- BEGIN SSH2 PUBLIC KEY ----\n${sshRsa}\n---- END SSH2 PUBLIC KEY ----\n`,
    isSsh,
  ],
  [
    'a certificate',
    certificate,
    'This is a certificate; `openssl x509 -pubkey -noout` takes the public key out of it.',
  ],
  ['a request for a certificate', () => wrapped(der, 'CERTIFICATE REQUEST'), isOther],
  ['a PGP key', () => wrapped(der, 'PGP PUBLIC KEY BLOCK'), isOther],
  ['line breaks that became blanks', () => joined(' '), isBlank],
  ['line breaks that became blanks, but for the first', () => joined(' ').replace('----- ', '-----\n'), isBlank],
  ['lines that are indented, as in YAML', () => pem.replaceAll('\n', '\n  '), /^The lines of the PEM are indented;/],
  ['line breaks that became \\n', () => joined('\\n'), /^The line breaks of the PEM are written as \\n/],
  ['JSON of it', () => JSON.stringify(pem), /^The line breaks of the PEM are written as \\n/],
  ['no line breaks', () => joined(''), 'The line breaks of the PEM are missing.'],
  ['no last line', () => pem.split('\n').slice(0, -2).join('\n'), noEnd],
  ['the first line alone', () => '-----BEGIN PUBLIC KEY-----', noEnd],
  [
    'lines that are missing in the middle',
    () => pem.split('\n').toSpliced(3, 3).join('\n'),
    'The PEM is cut off: it holds 150 bytes of 294.',
  ],
  ['no first line', () => pem.split('\n').slice(1).join('\n'), noBegin],
  ['Base64 alone', () => body.join('\n'), noBegin],
  ['some text', () => 'my key', noBegin],
  ['a fingerprint', () => testKey.fingerprint, noBegin],
  ['two keys', () => pem + pem, 'There is more than one key; one at a time is required.'],
  ['the label of private keys behind it', () => `${pem}OCI_API_KEY\n`, isBroken],
  ['something before it', () => `key: ${pem}`, isBroken],
  ['quotes around it', () => `"${pem}"`, isBroken],
  ['what is no Base64', () => pem.replace('MIIB', 'M*IB'), isBroken],
  ['nothing in it', () => '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----', isBroken],
  ['other bytes', () => wrapped(Buffer.from('this is no key at all')), 'The PEM holds no public key that can be read.'],
  [
    'a byte that is wrong',
    () => wrapped(Buffer.from(der).fill(0x41, 4, 12)),
    'The PEM holds no public key that can be read.',
  ],
  [
    '1024 bits',
    () => publishedKey.publicKeyPem,
    'The key has 1024 bits; an RSA key of at least 2048 bits is required.',
  ],
  [
    '2047 bits',
    () => publicPem(generateKeyPairSync('rsa', { modulusLength: 2047 }).publicKey),
    /^The key has 2047 bits;/,
  ],
  [
    'an elliptic curve',
    () => publicPem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey),
    'The key is not RSA but ec.',
  ],
  ['Ed25519', () => publicPem(generateKeyPairSync('ed25519').publicKey), 'The key is not RSA but ed25519.'],
  [
    'RSA for PSS alone',
    () => publicPem(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey),
    'The key is not RSA but rsa-pss.',
  ],
])('%s: its own reason', (_, text, expected) => {
  const refused = (): unknown => {
    try {
      return readPublicKey(text());
    } catch (error) {
      return error;
    }
  };
  const error = refused();
  expect(error).toBeInstanceOf(UnusablePublicKey);
  const { reason, message } = error as UnusablePublicKey;
  expect(message).toBe(reason);
  if (typeof expected === 'string') expect(reason).toBe(expected);
  else expect(reason).toMatch(expected);
});

describe('whatever is uploaded', () => {
  const reasonOf = (text: string): string => {
    try {
      readPublicKey(text);
    } catch (error) {
      if (error instanceof UnusablePublicKey) return error.reason;
      throw error;
    }
    return '';
  };

  it('is a key, or has a reason', () => {
    const lines = pem.split('\n');
    const part = fc.oneof(
      fc.constantFrom(...lines, '\n', ' ', '\\n', '-----BEGIN PUBLIC KEY-----', '-----END PUBLIC KEY-----', '-----'),
      fc.string({ unit: 'binary', maxLength: 10 }),
      fc.base64String({ maxLength: 70 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), fc.constantFrom('', '\n', ' '), (parts, gap) => {
        expect(reasonOf(parts.join(gap))).toMatch(/\.$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('with one byte changed is a key, or has a reason', () => {
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(der);
        changed[at]! ^= change;
        expect(reasonOf(wrapped(changed))).toMatch(/^$|\.$/);
      }),
      { numRuns: 300 },
    );
  });

  it.each([' ', '\n', '-', '-----', '-----BEGIN PUBLIC KEY-----', '-----BEGIN PUBLIC KEY-----\n ', 'A', 'ssh-', '\\n'])(
    'has its reason at once, if it is a million characters of %j',
    (text) => {
      const many = text.repeat(1_000_000 / text.length);
      for (const whole of [many, `-----BEGIN PUBLIC KEY-----\n${many}x`, `${pem.trimEnd()}${many}x`])
        expect(reasonOf(whole)).toMatch(/\.$/);
    },
  );
});
