import { describe, expect, it } from 'vitest';
import { checkOciSignature } from '../../../src/crypto/oci/check-signature.ts';
import { headerValue, type OciRequest } from '../../../src/crypto/oci/signed-request.ts';
import { signOciRequest, type Signer } from '../../../src/crypto/oci/signing.ts';
import { signingString } from '../../../src/crypto/oci/signing-string.ts';
import { readOciAuthorization } from '../../../src/crypto/oci/authorization.ts';
import { opensslAgrees } from '../outside/openssl.ts';
import { signedAt, testKey } from './vectors.ts';

const { keyId, privateKey } = testKey;
const request = (method: string, body = ''): OciRequest => ({
  ...{ method, target: '/20160918/users', body: Buffer.from(body) },
  headers: [['Host', 'localhost:5670']],
});
const sign = (one: OciRequest, more: Partial<Signer> = {}) =>
  signOciRequest(one, { keyId, privateKey, now: signedAt, ...more });
const isAccepted = async (one: OciRequest): Promise<boolean> =>
  (await checkOciSignature(one, { now: signedAt, keyOf: () => testKey })).accepted;
const authorizationOf = (one: OciRequest) => readOciAuthorization(headerValue(one, 'authorization') ?? '');

describe('a request', () => {
  it.each([
    ['GET', '', 'date (request-target) host'],
    ['DELETE', '', 'date (request-target) host'],
    ['POST', '{"a":"é"}', 'date (request-target) host content-length content-type x-content-sha256'],
    ['PUT', '', 'date (request-target) host content-length content-type x-content-sha256'],
    ['PATCH', '{}', 'date (request-target) host content-length content-type x-content-sha256'],
  ])('%s %j is signed as it has to be: %s', async (method, body, names) => {
    const signed = sign(request(method, body));
    const authorization = authorizationOf(signed)!;
    expect(authorization).toMatchObject({ version: '1', keyId, algorithm: 'rsa-sha256', headers: names.split(' ') });
    expect(await isAccepted(signed)).toBe(true);
    const files = {
      'public.pem': testKey.publicKeyPem,
      message: signingString(signed, authorization.headers)!,
      signature: Buffer.from(authorization.signature, 'base64'),
    };
    expect(
      opensslAgrees(['dgst', '-sha256', '-verify', 'public.pem', '-signature', 'signature', 'message'], files),
    ).toBe(true);
  });

  it('keeps the headers that it has, and gets those that it lacks', () => {
    const own = {
      ...request('POST', '{}'),
      headers: [
        ['host', 'h'],
        ['Content-Type', 'text/plain'],
      ] as const,
    };
    expect(sign(own).headers.slice(0, -1)).toEqual([
      ...own.headers,
      ['date', 'Sun, 05 Jan 2014 21:31:40 GMT'],
      ['content-length', '2'],
      ['x-content-sha256', 'RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o='],
    ]);
  });

  it('is signed over other names where they are given, as they are written', async () => {
    const names = ['x-date', '(request-target)', 'host', 'Content-Type'];
    const signed = sign(request('GET'), { headers: names });
    expect(authorizationOf(signed)?.headers).toEqual(names);
    expect(headerValue(signed, 'x-date')).toBe('Sun, 05 Jan 2014 21:31:40 GMT');
    expect(headerValue(signed, 'date')).toBeUndefined();
    expect(await isAccepted(signed)).toBe(true);
  });

  it('is signed anew', async () => {
    const again = sign({ ...sign(request('GET')), method: 'DELETE' });
    expect(again.headers.map(([name]) => name)).toEqual(['Host', 'date', 'authorization']);
    expect(await isAccepted(again)).toBe(true);
  });

  it('is not signed without a header that has to be', () => {
    expect(() => sign({ ...request('GET'), headers: [] })).toThrow(/not there: date \(request-target\) host$/);
  });
});
