import { createECDH, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { bytesToNumberBE, equalBytes } from '@noble/curves/utils.js';
import { concatBytes } from '@noble/hashes/utils.js';
import type { Curve } from './curves.ts';
import { decode, encode, tags } from './der.ts';
import { describeKey, materialOf, parsePkcs8, type KeyFormat, type KeyPairMaterial } from './key-material.ts';

const generate = promisify(generateKeyPair);
const noUnusedBits = Uint8Array.of(0);

/** Keys of an elliptic curve, SM2 included, which Node reads only as PKCS#8 and cannot write as JWK. */
export function ellipticKeys(curve: Curve): KeyFormat<KeyPairMaterial> {
  return {
    generate: async () => materialOf((await generate('ec', { namedCurve: curve.openssl })).privateKey),
    import(secret) {
      const key = parsePkcs8(secret);
      const found = materialOf(key);
      if (!equalBytes(algorithmOf(found.publicKey), curve.algorithm)) {
        throw new Error(`expected a key of the curve ${curve.openssl}, got ${describeKey(key)}`);
      }
      const canonical = pkcs8(curve, scalarOf(found.secret, curve));
      const { publicKey } = materialOf(parsePkcs8(canonical));
      if (!equalBytes(publicKey, found.publicKey)) throw new Error('its public point belongs to another private key');
      return { secret: canonical, publicKey };
    },
    fromBare: (scalar) => pkcs8(curve, scalar),
    bareSecret: (secret) => scalarOf(secret, curve),
    barePublic: (publicKey) => Uint8Array.from(publicKey.subarray(-(1 + 2 * curve.length))),
  };
}

/** PKCS#8 (RFC 5208 5) around ECPrivateKey (RFC 5915 3) with its public point. Throws when the scalar is out of range. */
function pkcs8(curve: Curve, scalar: Uint8Array): Uint8Array {
  if (scalar.length !== curve.length) {
    throw new Error(`a private scalar of ${curve.openssl} has ${curve.length} bytes, got ${scalar.length}`);
  }
  const d = bytesToNumberBE(scalar);
  const end = curve.name === 'SM2' ? curve.order - 1n : curve.order;
  if (d === 0n || d >= end) throw new Error(`the private scalar is out of the range of ${curve.openssl}`);
  const pair = createECDH(curve.openssl);
  pair.setPrivateKey(scalar);
  const point = encode(tags.context1, encode(tags.bitString, noUnusedBits, pair.getPublicKey()));
  const ecPrivateKey = encode(tags.sequence, integer(1), encode(tags.octetString, scalar), point);
  return encode(tags.sequence, integer(0), curve.algorithm, encode(tags.octetString, ecPrivateKey));
}

const integer = (value: number) => encode(tags.integer, Uint8Array.of(value));

/** The private scalar in PKCS#8, padded to the curve's length. */
function scalarOf(secret: Uint8Array, curve: Curve): Uint8Array {
  const [, , wrapped] = decode(first(decode(secret)));
  const [, scalar] = decode(first(decode(wrapped ?? secret)));
  return concatBytes(new Uint8Array(curve.length), scalar ?? new Uint8Array()).slice(-curve.length);
}

/** The AlgorithmIdentifier of SPKI, as DER. */
function algorithmOf(publicKey: Uint8Array): Uint8Array {
  return encode(tags.sequence, first(decode(first(decode(publicKey)))));
}

function first(elements: Uint8Array[]): Uint8Array {
  const [element] = elements;
  if (!element) throw new RangeError('empty DER');
  return element;
}
