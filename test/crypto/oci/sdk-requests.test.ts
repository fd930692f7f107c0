import { describe, expect, test } from 'vitest';
import { readOciAuthorization } from '../../../src/crypto/oci/authorization.ts';
import { checkOciSignature, ociTexts } from '../../../src/crypto/oci/check-signature.ts';
import { diagnose } from '../../../src/crypto/oci/diagnosis/diagnosis.ts';
import { keyIdOf, type ApiKeyId } from '../../../src/crypto/oci/key-id.ts';
import { headerValue } from '../../../src/crypto/oci/signed-request.ts';
import { signingString } from '../../../src/crypto/oci/signing-string.ts';
import { opensslAgrees } from '../outside/openssl.ts';
import { sdkKey, sdkRequests, type SdkRequest } from './sdk-requests.ts';

/** Of those that were not sent as they were signed: why, as the signature proves it. */
const causes: Readonly<Record<string, string>> = {
  'listUsers, a query that is not ASCII': 'beyond-ascii-not-encoded',
  'a path that is not ASCII': 'beyond-ascii-not-encoded',
  '| in the path': 'unwise-characters-encoded',
  '| in the query': 'unwise-characters-encoded',
  '{} in the query': 'unwise-characters-encoded',
  '^ in the query': 'unwise-characters-encoded',
  '^ in the path': 'unwise-characters-encoded',
  '` in the query': 'unwise-characters-encoded',
  '\\ in the query': 'unwise-characters-encoded',
  'POST, | in the query': 'unwise-characters-encoded',
  '/a/../b': 'dot-segments',
  '/a/./b': 'dot-segments',
  'a query that is only ?': 'query-empty',
  'the default port': 'host-port',
  // With the hosts below: nothing in the request says which one it was.
  'a Host header of the caller, which fetch does not send': 'host-of-service',
  'Sign, a Host apart from the URL': 'host-of-service',
  'AuthnClientFilter, two slashes in the path': 'path-slashes',
};
const hosts = ['identity.us-phoenix-1.oci.oraclecloud.com', '127.0.0.1:18991'];

const keyOf = (id: ApiKeyId) => (keyIdOf(id) === sdkKey.keyId ? sdkKey : undefined);
const check = ({ request, at }: SdkRequest) => checkOciSignature(request, { keyOf, now: at });
const authorizationOf = ({ request }: SdkRequest) => readOciAuthorization(headerValue(request, 'authorization') ?? '')!;
const received = (sent: SdkRequest) => signingString(sent.request, authorizationOf(sent).headers);
const opensslVerifies = (message: string, signature: string): boolean =>
  opensslAgrees(['dgst', '-sha256', '-verify', 'public.pem', '-signature', 'signature', 'message'], {
    message: Buffer.from(message, 'latin1'),
    signature: Buffer.from(signature, 'base64'),
    'public.pem': sdkKey.publicKeyPem,
  });

const right = sdkRequests.filter(({ signedWrongly }) => signedWrongly === undefined);
const wrong = sdkRequests.filter(({ signedWrongly }) => signedWrongly !== undefined);

test('4 SDKs sent 65 requests, 17 of them not as they signed them', () => {
  expect([sdkRequests.length, wrong.length]).toEqual([65, 17]);
});

test.each(sdkRequests)('openssl verifies what was signed: $name', ({ signingString: message, signature }) => {
  expect(opensslVerifies(message, signature)).toBe(true);
});

describe('sent as it was signed', () => {
  test.each(right)('$name', async (sent) => {
    expect(received(sent)).toBe(sent.signingString);
    expect(await check(sent)).toMatchObject({ accepted: true });
  });
});

describe('sent otherwise than it was signed', () => {
  test.each(wrong)('$name', async (sent) => {
    const lines = sent.signingString.split('\n');
    const other = received(sent)!
      .split('\n')
      .filter((line) => !lines.includes(line));
    expect(other).toEqual([expect.stringContaining(`${sent.signedWrongly}: `)]);
    const refused = { accepted: false, check: 'signature', text: ociTexts.signature };
    expect(await check(sent)).toMatchObject(refused);
    const around = { otherKeys: [], hosts, prefixes: [] };
    const found = diagnose(sent.request, authorizationOf(sent), sdkKey.publicKey, around);
    expect(found.causes.map(({ name }) => name)).toEqual([causes[sent.title]]);
    expect(found).toMatchObject({ proved: true, signed: Buffer.from(sent.signingString, 'latin1').toString() });
  });
});
