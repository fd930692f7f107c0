/** What an RSA signature shows, whatever the size of the key. */
import { constants, generateKeyPairSync, hash, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openRsa } from '../../src/crypto/diagnosis/rsa-opening.ts';

const message = Buffer.from('a message');
const candidate = (name: string) => ({ digest: hash(name, message, 'buffer'), hash: name, type: 'RAW' as const });

describe.each([1024, 1025, 2041, 2047, 2048, 2049, 3072])('%i bits', (modulusLength) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const other = generateKeyPairSync('rsa', { modulusLength });

  test.each(['sha256', 'sha512', 'sha1'])('PKCS#1 v1.5 with %s shows its digest', (name) => {
    const { recovered, made, content } = openRsa(publicKey, sign(name, message, privateKey));
    expect(recovered).toMatchObject({ padding: 'PKCS#1 v1.5', digest: hash(name, message) });
    expect(content).toBeDefined();
    expect(made(candidate(name))).toMatchObject({ scheme: 'RSASSA_PKCS1_V1_5', hash: name });
    expect(made(candidate('sha384'))).toBeUndefined();
  });

  test.each([
    ['sha256', 32, 'SHA-256'],
    ['sha256', 0, 'SHA-256'],
    ['sha384', 20, 'SHA-384'],
    ['sm3', 32, 'SM3'],
  ])('PSS with %s and a salt of %i shows its hash', (name, saltLength, title) => {
    const key = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
    const { recovered, made, content, pssHashes } = openRsa(publicKey, sign(name, message, key));
    expect(recovered).toEqual({ padding: 'PSS', hash: title, saltLength });
    expect(content).toBeUndefined();
    expect(pssHashes).toContain(name);
    expect(made(candidate(name))).toMatchObject({ scheme: 'RSASSA_PSS', hash: name });
    expect(made(candidate('sha512'))).toBeUndefined();
  });

  test('PSS whose salt fills the block shows nothing, and is known by what was signed', () => {
    const saltLength = constants.RSA_PSS_SALTLEN_MAX_SIGN;
    const key = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
    const { recovered, made, pssHashes } = openRsa(publicKey, sign('sha256', message, key));
    expect(recovered).toBeUndefined();
    expect(pssHashes).toContain('sha256');
    expect(made(candidate('sha256'))).toMatchObject({ scheme: 'RSASSA_PSS', hash: 'sha256' });
  });

  test('one by another key shows nothing, nor does one of another length', () => {
    const foreign = openRsa(publicKey, sign('sha256', message, other.privateKey));
    expect(foreign).toMatchObject({ recovered: undefined, content: undefined, isUnpadded: false });
    expect(foreign.made(candidate('sha256'))).toBeUndefined();
    for (const length of [0, 64, Math.ceil(modulusLength / 8) + 1])
      expect(openRsa(publicKey, Buffer.alloc(length, 1))).toMatchObject({ recovered: undefined, content: undefined });
  });
});
