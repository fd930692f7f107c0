import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOciSignature } from '../../../src/crypto/oci/check-signature.ts';
import { shownOciAuthorization } from '../../../src/crypto/oci/shown-authorization.ts';
import { signed, usual, withHeader, type Parameters } from './oci-signer.ts';
import { signedAt, testKey } from './vectors.ts';

const headers = 'date (request-target) host';
const right: Parameters = {
  ...{ version: '1', keyId: testKey.keyId, algorithm: 'rsa-sha256', headers },
  signature: 'c2lnbmF0dXJl',
};
const shown = (text: string) => shownOciAuthorization(text, '***')?.text;

describe('what is shown', () => {
  test.each<[what: string, authorization: string, text: string | undefined]>([
    ['all but the signature', usual(right), usual({ ...right, signature: '***' })],
    [
      'in the order in which it came',
      'Signature  KEYID="a/b/c", signature="c2ln" ,headers="date"',
      'Signature keyId="***",signature="***",headers="date"',
    ],
    [
      'no session token',
      usual({ ...right, keyId: 'ST$e30.e30.c2ln' }),
      usual({ ...right, keyId: '***', signature: '***' }),
    ],
    ['nothing that nobody knows', `${usual(right)},password="x",__proto__="y"`, usual({ ...right, signature: '***' })],
    ['nothing where it is empty', 'Signature version="",keyId="",signature=""', 'Signature '],
    ['nothing of what is malformed', 'Signature keyId="a/b/c', undefined],
    ['nothing of another scheme', 'Bearer c2VjcmV0', undefined],
  ])('is %s', (_, authorization, text) => {
    expect(shown(authorization)).toBe(text);
  });
});

describe('what is hidden', () => {
  const secret = Array.from({ length: 40 }, (_, at) => `Secret${at}`).join('-');
  const ways: readonly (readonly [string, (value: string) => string])[] = [
    ...(['version', 'algorithm', 'signature'] as const).map(
      (name) => [name, (value: string) => usual({ ...right, [name]: value })] as const,
    ),
    ['headers, behind those that must be', (value) => usual({ ...right, headers: `${headers} ${value}!` })],
    ['headers, twice', (value) => usual({ ...right, headers: `${headers} ${value}! ${value}!` })],
    ['keyId', (value) => usual({ ...right, keyId: `ST$${value}` })],
    ['a parameter that nobody knows', (value) => `${usual(right)},token="${value}"`],
  ];

  /** What a refusal says once all that is hidden has been taken out of it. */
  async function toldOf(authorization: string): Promise<string> {
    const request = withHeader(signed(), 'Authorization', authorization);
    const verdict = await checkOciSignature(request, { now: signedAt, keyOf: () => testKey });
    const why = verdict.accepted ? '' : verdict.why;
    const { text = '', hidden = [] } = shownOciAuthorization(authorization, '***') ?? {};
    const longFirst = hidden.toSorted((one, other) => other.length - one.length).filter(({ length }) => length >= 6);
    return longFirst.reduce((rest, piece) => rest.replaceAll(piece, '***'), `${text} ${why}`);
  }

  test.each(ways)('is found in whatever a refusal says of it, however long it is: %s', async (_, write) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async (times) => {
        expect((await toldOf(write(secret.repeat(times)))).toLowerCase()).not.toContain('secret');
      }),
    );
  });

  test('is the signature alone where all else is as it should be', () => {
    expect(shownOciAuthorization(usual(right), '***')?.hidden).toEqual(['c2lnbmF0dXJl', 'c2lnbmf0dxjl']);
  });
});
