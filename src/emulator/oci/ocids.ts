/**
 * Identifiers as OCI has them: `ocid1.<kind>.<realm>.[region].<unique part>`.
 * Source: https://docs.oracle.com/en-us/iaas/Content/General/Concepts/identifiers.htm
 */
import { hash } from 'node:crypto';

export type OcidKind = 'tenancy' | 'user' | 'apideployment';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** In the realm oc1, of no region; the same for the same text. */
export const ocidOf = (kind: OcidKind, text: string): string =>
  `ocid1.${kind}.oc1..aaaaaaaa${base32(hash('sha256', text, 'buffer'))}`;

/** RFC 4648 6, in lower case and without padding. */
function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return Array.from(bits.matchAll(/.{1,5}/g), ([five]) => alphabet[parseInt(five.padEnd(5, '0'), 2)]).join('');
}
