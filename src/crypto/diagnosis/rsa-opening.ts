import { bytesToHex } from '@noble/hashes/utils.js';
import { decode, tags } from '../der.ts';
import { decodePss, isPssOf, type PssContent } from '../emsa-pss.ts';
import { keySpecs } from '../key-specs.ts';
import { modulusBits } from '../rsa-keys.ts';
import { rsavp1 } from '../rsa-prehashed.ts';
import { loadVerificationKey } from '../signing-keys.ts';
import { knownHashes, type KnownHash } from './known-hashes.ts';
import type { Opening } from './openings.ts';
import type { Making, PublicKey, Recovered } from './question.ts';

/** Zeros in front of the salt, from which on it is no accident that they are there. */
const TELLING_ZEROS = 8;

export interface RsaOpening {
  readonly made: Opening;
  /** What it shows without knowing what was signed. */
  readonly recovered: Recovered | undefined;
}

/** Opens an RSA signature: what was signed stands in it. */
export function openRsa({ spec, spki }: PublicKey, signature: Uint8Array): RsaOpening {
  const encoded = rsavp1(loadVerificationKey(keySpecs[spec], spki), signature);
  if (encoded === null) return { made: () => undefined, recovered: undefined };
  const readings = [...readPkcs1(encoded), ...readPss(encoded, modulusBits(spec) - 1), readBare(encoded)];
  return {
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

/** EMSA-PKCS1-v1_5 (RFC 8017 9.2), whatever stands where DigestInfo should. */
function readPkcs1(encoded: Uint8Array): readonly Reading[] {
  const end = encoded.findIndex((byte, at) => at > 1 && byte !== 0xff);
  if (encoded[0] !== 0 || encoded[1] !== 1 || end < 10 || encoded[end] !== 0) return [];
  const content = encoded.subarray(end + 1);
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
function readPss(encoded: Uint8Array, bits: number): readonly Reading[] {
  return knownHashes.flatMap((hash) =>
    [hash, ...knownHashes.filter((other) => other !== hash)].flatMap((mask) => {
      const content = decodePss(hash, encoded, bits, mask);
      return content === undefined ? [] : [pssReading(hash, mask, content, encoded.length)];
    }),
  );
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
