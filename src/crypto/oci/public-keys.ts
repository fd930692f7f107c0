/**
 * Public keys as they are uploaded: PEM of an RSA key of 2048 bits or more. What will not do has its reason, and how to mend it.
 * Source: https://docs.oracle.com/en-us/iaas/Content/API/Concepts/apisigningkey.htm
 */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { innerText } from '../inner-text.ts';

/** Bits of the modulus. */
const SHORTEST = 2048;

/** A public key that the service does not take. */
export class UnusablePublicKey extends Error {
  override name = 'UnusablePublicKey';
  /** A sentence or two. */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** MD5 over the DER SubjectPublicKeyInfo: 16 bytes in lower-case hex between colons. */
export const fingerprintOf = (publicKey: KeyObject): string =>
  createHash('md5')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .replaceAll(/..(?!$)/g, '$&:');

/**
 * SubjectPublicKeyInfo in PEM; RSAPublicKey (PKCS#1) is taken, too, which is not documented.
 * @param shortest bits of the modulus that it must have
 * @throws UnusablePublicKey
 */
export function readPublicKey(text: string, shortest = SHORTEST): KeyObject {
  const pem = innerText(text);
  const reason = mistakes.find(({ isIn }) => isIn(pem))?.reason;
  if (reason !== undefined) throw new UnusablePublicKey(reason);
  const key = parse(pem);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type !== 'rsa') throw new UnusablePublicKey(`The key is not RSA but ${type ?? 'of another kind'}.`);
  const bits = details?.modulusLength ?? 0;
  if (bits < shortest)
    throw new UnusablePublicKey(`The key has ${bits} bits; an RSA key of at least ${shortest} bits is required.`);
  return key;
}

const PEM = /^-----BEGIN (?:RSA )?PUBLIC KEY-----\r?\n[A-Za-z0-9+/=\s]*\n-----END (?:RSA )?PUBLIC KEY-----$/;

/** What people upload in place of a public key, in the order in which it is looked for. */
const mistakes: readonly { readonly isIn: (pem: string) => boolean; readonly reason: string }[] = [
  { isIn: (pem) => pem === '', reason: 'The key is empty.' },
  {
    isIn: (pem) => pem.includes('PRIVATE KEY-----'),
    reason:
      'This is a private key, which never leaves its owner: make another pair, and upload what `openssl rsa -pubout` makes of it.',
  },
  {
    isIn: (pem) => /^(?:ssh-|ecdsa-sha2-|sk-)[\w@.-]* /.test(pem) || pem.startsWith('---- BEGIN SSH2 PUBLIC KEY'),
    reason: 'This is an SSH public key; PEM is required. `ssh-keygen -e -m PKCS8 -f key.pub` writes an RSA key as PEM.',
  },
  {
    isIn: (pem) => pem.includes('BEGIN CERTIFICATE-----') || pem.includes('BEGIN TRUSTED CERTIFICATE-----'),
    reason: 'This is a certificate; `openssl x509 -pubkey -noout` takes the public key out of it.',
  },
  {
    isIn: (pem) => pem.includes('-----BEGIN ') && !/-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(pem),
    reason: 'This is PEM of another kind; it has to begin with -----BEGIN PUBLIC KEY-----.',
  },
  {
    isIn: (pem) => !pem.includes('-----BEGIN '),
    reason: 'This is not PEM: the line -----BEGIN PUBLIC KEY----- is missing.',
  },
  {
    isIn: (pem) => pem.includes('\\n'),
    reason: 'The line breaks of the PEM are written as \\n: backslash and n in place of a line feed.',
  },
  {
    isIn: (pem) => !pem.includes('-----END '),
    reason: 'The PEM is cut off: the line -----END PUBLIC KEY----- is missing.',
  },
  {
    isIn: (pem) => /^[ \t]+-----END /m.test(pem),
    reason: 'The lines of the PEM are indented; each has to begin at the margin.',
  },
  {
    isIn: (pem) => /PUBLIC KEY----- +\S/.test(pem) || pem.includes(' -----END '),
    reason: 'The line breaks of the PEM have become blanks.',
  },
  {
    isIn: (pem) => /PUBLIC KEY-----[^\r\n]/.test(pem),
    reason: 'The line breaks of the PEM are missing.',
  },
  {
    isIn: (pem) => pem.indexOf('-----BEGIN ') !== pem.lastIndexOf('-----BEGIN '),
    reason: 'There is more than one key; one at a time is required.',
  },
  {
    isIn: (pem) => !PEM.test(pem),
    reason: 'The PEM is broken: between its first and its last line there has to be Base64, and around it nothing.',
  },
];

function parse(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch {
    const der = Buffer.from(pem.replaceAll(/-----[^-]*-----/g, ''), 'base64');
    throw new UnusablePublicKey(
      der.length < declaredLength(der)
        ? `The PEM is cut off: it holds ${der.length} bytes of ${declaredLength(der)}.`
        : 'The PEM holds no public key that can be read.',
    );
  }
}

/** Bytes of the SEQUENCE that a key is, its own head included (X.690 8.1.3); 0 where it is none. */
function declaredLength(der: Uint8Array): number {
  const [tag, first = 0] = der;
  if (tag !== 0x30) return 0;
  if (first < 0x80) return 2 + first;
  const octets = first & 0x7f;
  return 2 + octets + der.subarray(2, 2 + octets).reduce((length, octet) => length * 256 + octet, 0);
}
