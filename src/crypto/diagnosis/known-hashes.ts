import { hash } from 'node:crypto';

/** A hash that somebody may have signed with, whether or not the vendor has it. */
export interface KnownHash {
  /** As OpenSSL calls it; HashName where Signet signs with it. */
  readonly name: string;
  /** As its standard calls it. */
  readonly title: string;
  /** Bytes of a digest. */
  readonly length: number;
  /** The content of its OBJECT IDENTIFIER, in hex. */
  readonly oid: string;
  readonly digest: (bytes: Uint8Array) => Uint8Array;
}

const known = (name: string, title: string, length: number, oid: string): KnownHash => ({
  ...{ name, title, length, oid },
  digest: (bytes) => hash(name, bytes, 'buffer'),
});

/** Object identifiers: RFC 8017 B.1, NIST CSOR, GM/T 0006. */
export const knownHashes: readonly KnownHash[] = [
  known('sha256', 'SHA-256', 32, '608648016503040201'),
  known('sha384', 'SHA-384', 48, '608648016503040202'),
  known('sha512', 'SHA-512', 64, '608648016503040203'),
  known('sm3', 'SM3', 32, '2a811ccf55018311'),
  known('sha1', 'SHA-1', 20, '2b0e03021a'),
  known('sha224', 'SHA-224', 28, '608648016503040204'),
  known('sha512-256', 'SHA-512/256', 32, '608648016503040206'),
  known('sha3-256', 'SHA3-256', 32, '608648016503040208'),
  known('sha3-384', 'SHA3-384', 48, '608648016503040209'),
  known('sha3-512', 'SHA3-512', 64, '60864801650304020a'),
  known('md5', 'MD5', 16, '2a864886f70d0205'),
];

/** The title of a hash by OpenSSL's name. */
export const titleOf = (name: string): string => knownHashes.find((one) => one.name === name)?.title ?? name;
