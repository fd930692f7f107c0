import { createECDH, createPublicKey, diffieHellman, ECDH, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openssl } from '../crypto/outside/openssl.ts';
import { base64, bytesOf, kmsClient } from '../support/kms.ts';
import { expectKmsRefusal } from '../support/refusals.ts';
import { seedOfKeys } from '../support/seeds.ts';
import { useSeed, useSignet } from '../support/signet.ts';

const curves = { EC_P256: 'prime256v1', EC_P384: 'secp384r1', SECP256K1: 'secp256k1', SM2: 'SM2' } as const;
const lengths = { EC_P256: 32, EC_P384: 48, SECP256K1: 32, SM2: 32 } as const;
type CurveSpec = keyof typeof curves;
const specs = Object.keys(curves) as CurveSpec[];

const newPair = (spec: CurveSpec) => generateKeyPairSync('ec', { namedCurve: curves[spec] });
const pem = (key: KeyObject, type: 'pkcs8' | 'spki') => key.export({ type, format: 'pem' }) as string;
const der = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

const ours = {
  EC_P256: newPair('EC_P256'),
  EC_P384: newPair('EC_P384'),
  SECP256K1: newPair('SECP256K1'),
  SM2: newPair('SM2'),
};
const idOf = (spec: CurveSpec): string => `00000000-0000-4000-8000-00000000000${specs.indexOf(spec)}`;
const keyOf = (spec: CurveSpec): string =>
  `{ id: ${idOf(spec)}, name: ${spec}, spec: ${spec}, private_key_pem: ${JSON.stringify(pem(ours[spec].privateKey, 'pkcs8'))} }`;
const encryption = '{ id: 00000000-0000-4000-8000-0000000000e2, name: encryption, spec: SM2, usage: ENCRYPT_DECRYPT }';
const seed = seedOfKeys(encryption, ...specs.map(keyOf));
const kms = kmsClient((await useSignet({ seed: useSeed(seed) })).url);

const bodyOf = (spec: CurveSpec, publicKey: Uint8Array) => ({
  key_id: idOf(spec),
  key_agreement_algorithm: 'ECDH',
  public_key: base64(publicKey),
});
const secretWith = async (spec: CurveSpec, publicKey: Uint8Array): Promise<Buffer> =>
  bytesOf((await kms.ask('derive-shared-secret', bodyOf(spec, publicKey))).shared_secret);

/** The command line agrees on every curve but SM2, for which it has only the standard's own protocol. */
const withCommand = specs.filter((spec) => spec !== 'SM2');

/** SPKI with another point in it; all forms of a curve's SPKI begin alike. */
function withPoint(spec: CurveSpec, point: Uint8Array): Buffer {
  const template = der(ours[spec].publicKey);
  const algorithm = template.subarray(2, template.length - 2 * lengths[spec] - 4);
  const bits = Buffer.concat([Buffer.of(0x03, point.length + 1, 0), point]);
  return Buffer.concat([Buffer.of(0x30, algorithm.length + bits.length), algorithm, bits]);
}
const pointOf = (spec: CurveSpec, key: KeyObject): Buffer => der(key).subarray(-(1 + 2 * lengths[spec]));

describe.each(specs)('a secret shared with %s', (spec) => {
  test("is what OpenSSL computes on the other side, as long as the curve's coordinates", async () => {
    for (let round = 0; round < 20; round++) {
      const theirs = newPair(spec);
      const expected = diffieHellman({ privateKey: theirs.privateKey, publicKey: ours[spec].publicKey });
      const answer = await kms.ask('derive-shared-secret', bodyOf(spec, der(theirs.publicKey)));
      expect(answer).toStrictEqual({
        key_id: idOf(spec),
        key_agreement_algorithm: 'ECDH',
        shared_secret: base64(expected),
      });
      expect(expected).toHaveLength(lengths[spec]);
    }
  });

  test('is the same with a compressed point', async () => {
    const { publicKey } = newPair(spec);
    const compressed = ECDH.convertKey(pointOf(spec, publicKey), curves[spec], undefined, undefined, 'compressed');
    const [one, other] = [der(publicKey), withPoint(spec, compressed as Buffer)];
    expect(other.length).toBe(one.length - lengths[spec]);
    expect(await secretWith(spec, other)).toEqual(await secretWith(spec, one));
  });

  const point = pointOf(spec, newPair(spec).publicKey);
  const [x, y] = [point.subarray(1, 1 + lengths[spec]), point.subarray(1 + lengths[spec])];
  const lastBit = (bytes: Buffer): number => bytes.at(-1)! & 1;
  const offTheCurve = Buffer.from(point);
  offTheCurve[offTheCurve.length - 1]! ^= 1;
  const whole = withPoint(spec, point);
  const other = spec === 'EC_P256' ? 'SECP256K1' : 'EC_P256';
  test.each(
    Object.entries({
      'a key of another curve': der(newPair(other).publicKey),
      'an RSA key': der(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey),
      'an Ed25519 key': der(generateKeyPairSync('ed25519').publicKey),
      'a point off the curve': withPoint(spec, offTheCurve),
      'a coordinate beyond the field': withPoint(
        spec,
        Buffer.concat([Buffer.of(4), Buffer.alloc(2 * lengths[spec], 0xff)]),
      ),
      'the point at infinity': withPoint(spec, Buffer.of(0)),
      'zeros for a point': withPoint(spec, Buffer.concat([Buffer.of(4), Buffer.alloc(2 * lengths[spec])])),
      'the hybrid form': withPoint(spec, Buffer.concat([Buffer.of(6 + lastBit(y)), x, y])),
      'a bare point': point,
      'a private key': ours[spec].privateKey.export({ type: 'pkcs8', format: 'der' }),
      'a byte too many': Buffer.concat([whole, Buffer.of(0)]),
      'a byte too few': whole.subarray(0, -1),
      'a sequence alone': Buffer.of(0x30, 0),
    }),
  )('is refused to %s', async (_, publicKey) => {
    expectKmsRefusal(await kms.post('derive-shared-secret', bodyOf(spec, publicKey)), 'KMS.0308');
  });
});

test.each(withCommand)('%s: the openssl command line agrees', async (spec) => {
  const theirs = newPair(spec);
  const { public_key: publicPem } = await kms.ask('get-publickey', { key_id: idOf(spec) });
  const files = { 'key.pem': pem(theirs.privateKey, 'pkcs8'), 'public.pem': publicPem };
  const args = ['pkeyutl', '-derive', '-inkey', 'key.pem', '-peerkey', 'public.pem', '-out', 'out'];
  expect(await secretWith(spec, der(theirs.publicKey))).toEqual(openssl(args, files));
});

test('two keys of the service agree with each other, whatever they are for', async () => {
  const other = '00000000-0000-4000-8000-0000000000e2';
  const publicKeyOf = async (keyId: string): Promise<Buffer> => {
    const { public_key: text } = await kms.ask('get-publickey', { key_id: keyId });
    return createPublicKey(text).export({ type: 'spki', format: 'der' });
  };
  const [one, another] = await Promise.all([
    secretWith('SM2', await publicKeyOf(other)),
    kms.ask('derive-shared-secret', { ...bodyOf('SM2', await publicKeyOf(idOf('SM2'))), key_id: other }),
  ]);
  expect(base64(one)).toBe(another.shared_secret);
});

test.each(specs)('%s: with the base point, it is the x coordinate of the key itself', async (spec) => {
  const one = createECDH(curves[spec]);
  one.setPrivateKey(Buffer.concat([Buffer.alloc(lengths[spec] - 1), Buffer.of(1)]));
  const x = pointOf(spec, ours[spec].publicKey).subarray(1, 1 + lengths[spec]);
  expect(await secretWith(spec, withPoint(spec, one.getPublicKey()))).toEqual(Buffer.from(x));
});
