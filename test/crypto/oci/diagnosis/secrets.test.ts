/** What a diagnosis tells, nobody can use: no secret of a signed header is in it, however it came. */
import { expect, test } from 'vitest';
import { date, host, signed, type Header } from '../oci-signer.ts';
import { authorizationOf, causesOf, diagnosisOf, rewritten, signedOver } from './diagnosed.ts';

const secret = 'eyJhbGciOiJSUzI1NiJ9.delegation';
const headers: readonly Header[] = [
  ['Date', date],
  ['Host', host],
  ['opc-obo-token', secret],
];
const names = 'date (request-target) host opc-obo-token';
const sent = signed({ headers, names });

test.each([
  ['the host was changed', rewritten(sent, { host: 'backend' }), undefined, ['host-of-service']],
  ['nothing is known', signedOver((text) => `${text}?`, { headers, names }), undefined, []],
  [
    'it was signed in small letters',
    signedOver((text) => text.replace(secret, secret.toLowerCase()), { headers, names }),
    undefined,
    ['header-case'],
  ],
  [
    'it came twice',
    { ...sent, headers: [...sent.headers, ['opc-obo-token', 'another'] as const] },
    undefined,
    ['header-repeated'],
  ],
  ['it was changed', rewritten(sent, { 'opc-obo-token': 'another' }), sent, ['opc-obo-token-changed']],
  ['it was taken off', rewritten(sent, { 'opc-obo-token': undefined }), sent, ['opc-obo-token-changed']],
])('%s', (_what, received, before, causes) => {
  const diagnosis = diagnosisOf(received, { hosts: [host], ...(before && { sent: before }) });
  expect(causesOf(diagnosis)).toEqual(causes);
  const told = JSON.stringify(diagnosis);
  expect(told).toContain('opc-obo-token: ***');
  expect(told.toLowerCase()).not.toContain(secret.toLowerCase());
  expect(told).not.toContain('another"');
  // Nor the signature.
  expect(told).not.toContain(authorizationOf(received).signature);
});
