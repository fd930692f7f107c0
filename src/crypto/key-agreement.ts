import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { promisify } from 'node:util';
import { bytesToNumberBE, equalBytes } from '@noble/curves/utils.js';
import { curves, type Curve, type CurveName } from './curves.ts';
import { encode, tags } from './der.ts';
import { keySpecs } from './key-specs.ts';

const agree = promisify(diffieHellman);

/** Whether keys of this spec can agree on a secret. */
export const canAgree = (keySpec: string): keySpec is CurveName => keySpec in curves;

/**
 * Elliptic curve Diffie-Hellman (SEC 1 3.3.1): the x coordinate of the shared point, as long as the curve's coordinates are.
 * @param privateKey PKCS#8 DER
 * @param publicKey the other side's, SPKI DER
 * @returns undefined where that is no public key of this curve
 */
export async function sharedSecret(
  curveName: CurveName,
  privateKey: Uint8Array,
  publicKey: Uint8Array,
): Promise<Uint8Array | undefined> {
  const point = pointOf(curves[curveName], publicKey);
  if (point === undefined) return undefined;
  return curveName === 'SM2' ? agreeSm2(privateKey, point) : agreeByOpenssl(privateKey, publicKey);
}

async function agreeByOpenssl(privateKey: Uint8Array, publicKey: Uint8Array): Promise<Uint8Array | undefined> {
  const theirs = valid(() => createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }));
  const ours = createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' });
  return theirs && agree({ privateKey: ours, publicKey: theirs });
}

/** OpenSSL agrees only as the SM2 standard has it, in two rounds. The curve's arithmetic is loaded when it is first needed. */
async function agreeSm2(privateKey: Uint8Array, point: Uint8Array): Promise<Uint8Array | undefined> {
  const { Sm2Point } = await import('./sm2-points.ts');
  const secret = bytesToNumberBE(keySpecs.SM2.bareSecret(privateKey));
  const theirs = valid(() => Sm2Point.fromBytes(point));
  return theirs?.multiply(secret).toBytes(true).subarray(1);
}

/** undefined for a point that is not on the curve. */
function valid<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

/** The point in a public key of this curve, which may be compressed (RFC 5480 2.2); whether it is on the curve is not asked. */
function pointOf({ algorithm, length }: Curve, publicKey: Uint8Array): Uint8Array | undefined {
  const prefix = Uint8Array.of(0);
  for (const pointLength of [1 + 2 * length, 1 + length]) {
    const point = publicKey.subarray(-pointLength);
    const whole = encode(tags.sequence, algorithm, encode(tags.bitString, prefix, point));
    const form = pointLength === 1 + length ? [2, 3] : [4];
    if (equalBytes(whole, publicKey) && form.includes(point[0] ?? 0)) return point;
  }
  return undefined;
}
