/** Identifiers as OCI has them. */
import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ocidOf } from '../../src/emulator/oci/ocids.ts';

test('are a digest in Base32, the same for the same text', () => {
  // SHA-256 of nothing, as Python's base64.b32encode has it.
  const unique = '4oymiquy7qobjgx36tejs35zeqt24qpemsnzgtfeswmrw6csxbkq';
  expect(hash('sha256', '')).toMatch(/^e3b0c442/);
  expect(ocidOf('tenancy', '')).toBe(`ocid1.tenancy.oc1..aaaaaaaa${unique}`);
  expect(ocidOf('user', '')).toBe(`ocid1.user.oc1..aaaaaaaa${unique}`);
  expect(ocidOf('user', 'a')).not.toBe(ocidOf('user', 'b'));
});

test.each(['tenancy', 'user', 'apideployment'] as const)('%s: what the Java SDK takes for an OCID', (kind) => {
  const pattern = /^([0-9a-zA-Z-_]{1,}[.:]){1}([0-9a-zA-Z-_]{0,}[.:]){3,}([0-9a-zA-Z-_]{1,})$/;
  for (const text of ['', 'signet', '/v1', 'Grüße']) {
    expect(ocidOf(kind, text)).toMatch(pattern);
    expect(ocidOf(kind, text)).toMatch(new RegExp(`^ocid1\\.${kind}\\.oc1\\.\\.[a-z2-7]{60}$`));
  }
});
