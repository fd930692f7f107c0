import type { KeyObject } from 'node:crypto';
import { bytesToHex } from '@noble/hashes/utils.js';
import { decode, tags } from '../der.ts';
import { decodePss, isPssOf, mgf1, type PssContent } from '../emsa-pss.ts';
import { modulusLength } from '../rsa-keys.ts';
import { rsavp1 } from '../rsa-prehashed.ts';
import { knownHashes, type KnownHash } from './known-hashes.ts';
import type { Opening } from './openings.ts';
import type { Making, Recovered } from './question.ts';

/** Zeros in front of the salt, or of all, from which on it is no accident that they are there. */
const TELLING_ZEROS = 8;

export interface RsaOpening {
  readonly made: Opening;
  /** What it shows without knowing what was signed. */
  readonly recovered: Recovered | undefined;
  /** What stands behind the padding of PKCS#1 v1.5; undefined where there is none, as with another key. */
  readonly content: Uint8Array | undefined;
  /** OpenSSL's names of the hashes, each also that of MGF1, with which it may be PSS; a block of another key may have one by chance. */
  readonly pssHashes: readonly string[];
  /** Whether it is a number so small that it may be a digest without any padding. */
  readonly isUnpadded: boolean;
}

/** Opens an RSA signature: what was signed stands in it. Two to three times as long as a verification, whatever comes. */
export function openRsa(key: KeyObject, signature: Uint8Array): RsaOpening {
  const encoded = rsavp1(key, signature);
  if (encoded === null)
    return { made: () => undefined, recovered: undefined, content: undefined, pssHashes: [], isUnpadded: false };
  const content = pkcs1Content(encoded);
  // No block has both paddings.
  const padded = content === undefined ? readPss(encoded, modulusLength(key) - 1) : readPkcs1(content);
  const readings = [...padded, readBare(encoded)];
  return {
    content,
    pssHashes: padded.flatMap(({ making: { scheme, hash, mgf1Hash } }) =>
      scheme === 'RSASSA_PSS' && hash !== null && mgf1Hash === undefined ? [hash] : [],
    ),
    isUnpadded: encoded.subarray(0, TELLING_ZEROS).every((byte) => byte === 0),
    made: (candidate) => {
      for (const { making, isOf } of readings) {
        const made = { ...making, hash: making.hash ?? candidate.hash };
        if (made.hash === candidate.hash && isOf(candidate.digest)) return made;
      }
      return undefined;
    },
    recovered: readings.find(({ recovered }) => recovered !== undefined)?.recovered,
  };
}

/** One way to understand an encoded message. */
interface Reading {
  readonly making: Making;
  readonly isOf: (digest: Uint8Array) => boolean;
  readonly recovered?: Recovered;
}

const equal = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** What EMSA-PKCS1-v1_5 (RFC 8017 9.2) has behind its padding, whatever stands where DigestInfo should. */
function pkcs1Content(encoded: Uint8Array): Uint8Array | undefined {
  const end = encoded.findIndex((byte, at) => at > 1 && byte !== 0xff);
  const isPadded = encoded[0] === 0 && encoded[1] === 1 && end >= 10 && encoded[end] === 0;
  return isPadded ? encoded.subarray(end + 1) : undefined;
}

function readPkcs1(content: Uint8Array): readonly Reading[] {
  const scheme = 'RSASSA_PKCS1_V1_5';
  const info = readDigestInfo(content);
  const bare: Reading = {
    making: { scheme, hash: null, padding: 'without DigestInfo around the digest' },
    isOf: (digest) => equal(digest, content),
  };
  if (info === undefined) return [bare];
  const { hash, digest: signed, isStrict } = info;
  const making: Making = {
    ...{ scheme, hash: hash.name },
    ...(!isStrict && { padding: 'with a DigestInfo that is not written as RFC 8017 says' }),
  };
  const recovered: Recovered = { padding: 'PKCS#1 v1.5', hash: hash.title, digest: bytesToHex(signed) };
  return [{ making, isOf: (digest) => equal(digest, signed), recovered }];
}

/** SEQUENCE { SEQUENCE { OBJECT IDENTIFIER, NULL }, OCTET STRING }. */
function readDigestInfo(content: Uint8Array): { hash: KnownHash; digest: Uint8Array; isStrict: boolean } | undefined {
  try {
    if (content[0] !== tags.sequence) return undefined;
    const [sequence = content] = decode(content);
    const [identifier = content, digest = content] = decode(sequence);
    const [oid = content] = decode(identifier);
    const hash = knownHashes.find((one) => one.oid === bytesToHex(oid) && one.length === digest.length);
    const strict = 10 + oid.length + digest.length;
    return hash && { hash, digest, isStrict: content.length === strict && identifier.at(-2) === 5 };
  } catch {
    return undefined;
  }
}

/** EMSA-PSS with every pair of hashes and any salt. */
function readPss(block: Uint8Array, bits: number): readonly Reading[] {
  // One byte less than the modulus has, where a single bit begins that.
  const encoded = block.subarray(block.length - Math.ceil(bits / 8));
  if (encoded.at(-1) !== 0xbc) return [];
  return pssPairs.flatMap(([hash, mask]) => {
    const content = isMasked(encoded, bits, hash, mask) ? decodePss(hash, encoded, bits, mask) : undefined;
    return content === undefined ? [] : [pssReading(hash, mask, content, encoded.length)];
  });
}

/** Every pair of hashes; first those of one for both, since the block does not tell apart hashes of the same length. */
const pssPairs: readonly (readonly [hash: KnownHash, mask: KnownHash])[] = [
  ...knownHashes.map((hash) => [hash, hash] as const),
  ...knownHashes.flatMap((hash) => knownHashes.filter((mask) => mask !== hash).map((mask) => [hash, mask] as const)),
];

/** Whether its begin is one of zeros and a 1 under this mask: a single hash tells, and refuses all but one in 255 others. */
function isMasked(encoded: Uint8Array, bits: number, hash: KnownHash, mask: KnownHash): boolean {
  const proof = encoded.subarray(-hash.length - 1, -1);
  const head = mgf1(mask, proof, TELLING_ZEROS).map((byte, at) => byte ^ (encoded[at] ?? 0));
  head[0] = (head[0] ?? 0) & (0xff >> (8 * encoded.length - bits));
  return [undefined, 1].includes(head.find((byte) => byte !== 0));
}

function pssReading(hash: KnownHash, mask: KnownHash, content: PssContent, length: number): Reading {
  const saltLength = content.salt.length;
  const zeros = length - hash.length - 2 - saltLength;
  return {
    making: {
      ...{ scheme: 'RSASSA_PSS', hash: hash.name },
      ...(saltLength !== hash.length && { saltLength }),
      ...(mask !== hash && { mgf1Hash: mask.name }),
    },
    isOf: (digest) => digest.length === hash.length && isPssOf(hash, digest, content),
    ...(zeros > TELLING_ZEROS && { recovered: { padding: 'PSS', hash: hash.title, saltLength } }),
  };
}

/** No padding at all. */
function readBare(encoded: Uint8Array): Reading {
  return {
    making: { scheme: 'RSASSA_PKCS1_V1_5', hash: null, padding: 'without any padding' },
    isOf: (digest) =>
      digest.length > 0 &&
      digest.length <= encoded.length &&
      equal(digest, encoded.subarray(-digest.length)) &&
      encoded.subarray(0, -digest.length).every((byte) => byte === 0),
  };
}
