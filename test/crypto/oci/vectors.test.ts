import { sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkOciSignature, ociTexts } from '../../../src/crypto/oci/check-signature.ts';
import { keyIdOf, type ApiKeyId } from '../../../src/crypto/oci/key-id.ts';
import { signOciRequest } from '../../../src/crypto/oci/signing.ts';
import { signingString } from '../../../src/crypto/oci/signing-string.ts';
import { opensslAgrees } from '../outside/openssl.ts';
import { madeVectors, publishedKey, publishedVectors, signedAt, testKey, type Vector } from './vectors.ts';

const keys = [testKey, publishedKey];
const keyOf = (id: ApiKeyId) => keys.find(({ keyId }) => keyId === keyIdOf(id));
const check = (request: Vector['request']) => checkOciSignature(request, { keyOf, now: signedAt });
const forOpenssl = ({ signingString: message, signature, publicKeyPem }: Vector) => ({
  ...{ message, signature: Buffer.from(signature, 'base64'), 'public.pem': publicKeyPem },
});
const opensslVerifies = (vector: Vector, ...options: string[]): boolean =>
  opensslAgrees(
    ['dgst', '-sha256', ...options, '-verify', 'public.pem', '-signature', 'signature', 'message'],
    forOpenssl(vector),
  );

const isPss = ({ algorithm }: { algorithm: string }): boolean => algorithm === 'rsa-pss-sha256';
const pss = publishedVectors.filter(isPss);
/** Not of a whole request: it is what httpsigner signs of an empty date. */
const dateAlone = publishedVectors.find(({ names }) => names.join() === 'date')!;
const whole = [...madeVectors, ...publishedVectors.filter((vector) => !isPss(vector) && vector !== dateAlone)];

test('there are 7 of our own and 10 published ones', () => {
  expect([madeVectors.length, publishedVectors.length, pss.length]).toEqual([7, 10, 2]);
});

describe.each(whole)('$name', (vector) => {
  const { request, names, keyId } = vector;

  test('has the signing string that openssl verifies', () => {
    expect(signingString(request, names)).toBe(vector.signingString);
    expect(opensslVerifies(vector)).toBe(true);
  });

  test('is accepted, and refused with another path', async () => {
    const [tenancyId, userId, fingerprint] = keyId.split('/');
    const id = { tenancyId, userId, fingerprint };
    expect(await check(request)).toMatchObject({ accepted: true, id, signedHeaders: names });
    expect(await check({ ...request, target: `${request.target}/x` })).toMatchObject({
      ...{ accepted: false, check: 'signature', text: ociTexts.signature, id },
    });
  });

  test('is signed to the letter as it is', () => {
    const { privateKey } = keys.find((key) => key.keyId === keyId)!;
    const signed = signOciRequest(request, { keyId, privateKey, now: 0, headers: names });
    expect(signed).toEqual(request);
  });
});

describe.each(pss)('$name', (vector) => {
  test('openssl verifies it as PSS, not as PKCS#1', () => {
    expect(opensslVerifies(vector)).toBe(false);
    expect(opensslVerifies(vector, '-sigopt', 'rsa_padding_mode:pss')).toBe(true);
  });

  test('is refused as rsa-sha256, and by its own name', async () => {
    const { request } = vector;
    expect(await check(request)).toMatchObject({ accepted: false, check: 'signature', text: ociTexts.signature });
    const headers = request.headers.map(
      ([name, value]) => [name, value.replace('rsa-sha256', 'rsa-pss-sha256')] as const,
    );
    expect(await check({ ...request, headers })).toMatchObject({
      ...{ accepted: false, check: 'authorization', text: ociTexts.generic },
      why: 'algorithm is "rsa-pss-sha256", and "rsa-sha256" is expected.',
    });
  });
});

describe(dateAlone.name, () => {
  const { request, names, signature } = dateAlone;

  test('its signing string ends with a blank, as the signed one does', () => {
    expect(signingString(request, names)).toBe('date: ');
    expect(opensslVerifies(dateAlone)).toBe(true);
    expect(sign('sha256', Buffer.from('date: '), publishedKey.privateKey).toString('base64')).toBe(signature);
  });

  test('is refused: request target and host have to be signed', async () => {
    expect(await check(request)).toMatchObject({ accepted: false, check: 'signed headers', text: ociTexts.generic });
  });
});
