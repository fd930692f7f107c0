import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { basicForBackend, signForBackend } from '../../src/crypto/backend-signature.ts';
import vectors from '../vectors/apig-hmac-vectors.json' with { type: 'json' };

function signed(vector: (typeof vectors.hmac)[number], overrides: { defect?: 'wrong-secret' } = {}) {
  const { method, path, query, body, key, secret, signedHeaders } = vector;
  const values = new Map(Object.entries(vector.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const [date = ''] = [values.get('x-sdk-date')];
  // The gateway makes it itself.
  values.delete('x-sdk-date');
  const at = Date.parse(date.replace(/^(.{4})(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const request = {
    ...{ method, target: query === '' ? path : `${path}?${query}`, body: Buffer.from(body) },
    header: (name: string) => values.get(name) ?? '',
  };
  return signForBackend(request, { key, secret }, { at, signedHeaders, ...overrides });
}

/** The HMAC as OpenSSL's command line has it. */
function opensslHmac(secret: string, text: string): string {
  const said = execFileSync('openssl', ['dgst', '-sha256', '-hmac', secret], { input: text }).toString();
  return /([0-9a-f]{64})\s*$/.exec(said)?.[1] ?? said;
}

describe.each(vectors.hmac)('$name', (vector) => {
  const { canonicalRequest, stringToSign, signature, headers } = signed(vector);

  test('is signed as the vector has it', () => {
    expect(canonicalRequest).toBe(vector.canonicalRequest);
    expect(stringToSign).toBe(vector.stringToSign);
    expect(signature).toBe(vector.signature);
    expect(headers).toStrictEqual({
      'X-Sdk-Date': vector.headers['X-Sdk-Date'],
      Authorization: vector.authorization,
    });
  });

  test('and as OpenSSL computes it', () => {
    expect(stringToSign.split('\n')[2]).toBe(hash('sha256', canonicalRequest));
    expect(opensslHmac(vector.secret, stringToSign)).toBe(signature);
    expect(opensslHmac(vector.secret, signed(vector, { defect: 'wrong-secret' }).stringToSign)).not.toBe(
      signed(vector, { defect: 'wrong-secret' }).signature,
    );
  });
});

test.each(vectors.basic)('Basic: $key', ({ key, secret, authorization }) => {
  expect(basicForBackend({ key, secret })).toBe(authorization);
});
