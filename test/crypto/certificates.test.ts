/** Certificates for servers: Node's own reader finds in them whom they are for. */
import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeAuthority, makeServerCertificate } from '../../src/crypto/certificates.ts';

const at = Date.parse('2026-01-15T10:30:00Z');
const authority = await makeAuthority(at);

test.each([
  ['1.2.3.4', '1.2.3.4'],
  ['::', '0:0:0:0:0:0:0:0'],
  ['::1', '0:0:0:0:0:0:0:1'],
  ['2001:DB8::7', '2001:DB8:0:0:0:0:0:7'],
  ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['::ffff:1.2.3.4', '0:0:0:0:0:FFFF:102:304'],
  ['64:ff9b::192.0.2.33', '64:FF9B:0:0:0:0:C000:221'],
])('for the address %s', async (host, expected) => {
  const { certificate } = await makeServerCertificate(authority, [host], at);
  expect(new X509Certificate(certificate).subjectAltName).toBe(`IP Address:${expected}`);
});

test.each(['my_service', '*.signet.test'])('for the name %s', async (host) => {
  const { certificate } = await makeServerCertificate(authority, [host], at);
  expect(new X509Certificate(certificate).subjectAltName).toBe(`DNS:${host}`);
});
