import { createPublicKey } from 'node:crypto';
import forge from 'node-forge';
import { describe, expect, test } from 'vitest';
import { openssl } from '../crypto/outside/openssl.ts';
import { pemOf } from '../emulator/default-seed.ts';
import { asymmetricSpecs, seededKeys } from '../support/identity.ts';
import { kmsClient } from '../support/kms.ts';
import { useSignet } from '../support/signet.ts';

const lf = kmsClient((await useSignet()).url);
const crlf = kmsClient((await useSignet({ publicKeyLineEnds: 'crlf' })).url);

const toDer = (pem: string): Buffer =>
  openssl(['pkey', '-pubin', '-in', 'public.pem', '-pubout', '-outform', 'DER', '-out', 'out'], { 'public.pem': pem });

/** What openssl says of a key. */
const names: Readonly<Record<string, RegExp>> = {
  RSA_2048: /\(2048 bit\)/,
  RSA_3072: /\(3072 bit\)/,
  RSA_4096: /\(4096 bit\)/,
  EC_P256: /prime256v1/,
  EC_P384: /secp384r1/,
  SECP256K1: /secp256k1/,
  SM2: /SM2/,
  ED25519: /ED25519/,
};

describe.each(asymmetricSpecs)('the public key of %s', (spec) => {
  test('is SubjectPublicKeyInfo in PEM, which openssl reads and derives from the private key alike', async () => {
    const answer = await lf.ask('get-publickey', { key_id: seededKeys[spec] });
    expect(answer).toStrictEqual({ key_id: seededKeys[spec], public_key: expect.any(String) as string });
    const { public_key: pem } = answer;
    expect(pem).toMatch(
      /^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/=]{1,64}\n-----END PUBLIC KEY-----\n$/,
    );
    const derived = openssl(['pkey', '-in', 'key.pem', '-pubout', '-outform', 'DER', '-out', 'out'], {
      'key.pem': pemOf(spec),
    });
    expect(toDer(pem)).toEqual(derived);
    const text = openssl(['pkey', '-pubin', '-in', 'public.pem', '-noout', '-text', '-out', 'out'], {
      'public.pem': pem,
    });
    expect(text.toString()).toMatch(names[spec]!);
  });

  test('has CRLF where that is set, and nothing else changes', async () => {
    const { public_key: pem } = await crlf.ask('get-publickey', { key_id: seededKeys[spec] });
    expect(pem.endsWith('-----END PUBLIC KEY-----\r\n')).toBe(true);
    expect(pem.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    const { public_key: withLf } = await lf.ask('get-publickey', { key_id: seededKeys[spec] });
    expect(pem.replaceAll('\r\n', '\n')).toBe(withLf);
    expect(toDer(pem)).toEqual(toDer(withLf));
  });
});

test.each(asymmetricSpecs.filter((spec) => spec.startsWith('RSA')))(
  'node-forge reads the public key of %s',
  async (spec) => {
    const { public_key: pem } = await lf.ask('get-publickey', { key_id: seededKeys[spec] });
    const key = forge.pki.publicKeyFromPem(pem);
    expect(key.n.bitLength()).toBe(Number(spec.slice(4)));
    expect(key.e.toString(10)).toBe('65537');
  },
);

test('a new key has a new public key; the same one every time', async () => {
  const keys = await Promise.all(['one', 'two'].map((name) => lf.create({ key_alias: name, key_spec: 'EC_P256' })));
  const pem = async (id?: string): Promise<string> => (await lf.ask('get-publickey', { key_id: id })).public_key;
  expect(await pem(keys[0])).toBe(await pem(keys[0]));
  expect(await pem(keys[0])).not.toBe(await pem(keys[1]));
  expect(createPublicKey(await pem(keys[0])).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
});
