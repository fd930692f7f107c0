/** What clients put behind the padding of PKCS#1 v1.5 in place of a DigestInfo (RFC 8017 9.2). */
import { digestOf } from './digest-of.ts';

interface Bare {
  /** The end of a sentence. */
  readonly what: string;
  readonly fits: (content: Buffer) => boolean;
  /** Of a message, a byte in each character; so is what comes back. */
  readonly of: (message: string) => string;
}

const ofLength = (length: number, hash: string, title: string): Bare => ({
  what: `${length} bytes, as long as a ${title} digest`,
  fits: (content) => content.length === length,
  of: (message) => Buffer.from(digestOf(hash, message), 'hex').toString('latin1'),
});

const written = (what: string, form: RegExp, of: (hex: string) => string): Bare => ({
  what,
  fits: (content) => form.test(content.toString('latin1')),
  of: (message) => of(digestOf('sha256', message)),
});

const kinds: readonly Bare[] = [
  written('a SHA-256 digest in hex', /^[0-9a-f]{64}$/, (hex) => hex),
  written('a SHA-256 digest in hex, in capitals', /^[0-9A-F]{64}$/, (hex) => hex.toUpperCase()),
  written('a SHA-256 digest in hex with a line feed', /^[0-9a-f]{64}\n$/, (hex) => `${hex}\n`),
  written('a SHA-256 digest in Base64', /^[\w+/]{43}=$/, (hex) => Buffer.from(hex, 'hex').toString('base64')),
  ofLength(32, 'sha256', 'SHA-256'),
  ofLength(20, 'sha1', 'SHA-1'),
  ofLength(16, 'md5', 'MD5'),
  ofLength(28, 'sha224', 'SHA-224'),
  ofLength(48, 'sha384', 'SHA-384'),
  ofLength(64, 'sha512', 'SHA-512'),
  { what: 'text itself, unhashed', fits: (content) => content.length > 64, of: (message) => message },
];

export interface BareContent {
  /** What it looks like; undefined for nothing that is known. */
  readonly what: string | undefined;
  /** What it is, where it is made of this message. */
  readonly whatOf: (message: string) => string | undefined;
}

export function readBareContent(bytes: Uint8Array): BareContent {
  const content = Buffer.from(bytes);
  const text = content.toString('latin1');
  const fitting = kinds.filter(({ fits }) => fits(content));
  return {
    what: fitting[0]?.what,
    whatOf: (message) => fitting.find(({ of }) => of(message) === text)?.what,
  };
}
