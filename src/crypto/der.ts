import { concatBytes } from '@noble/hashes/utils.js';

/** The ASN.1 tags of private and public keys (X.690). */
export const tags = { integer: 0x02, bitString: 0x03, octetString: 0x04, sequence: 0x30, context1: 0xa1 } as const;

type Tag = (typeof tags)[keyof typeof tags];

/** One DER element: tag, length, content. */
export function encode(tag: Tag, ...content: Uint8Array[]): Uint8Array {
  const body = concatBytes(...content);
  const length: number[] = [];
  for (let rest = body.length; rest > 0; rest >>>= 8) length.unshift(rest & 0xff);
  const header = body.length < 0x80 ? [body.length] : [0x80 | length.length, ...length];
  return concatBytes(Uint8Array.of(tag, ...header), body);
}

/** The contents of the elements that follow one another in `bytes`. Throws RangeError where one runs past the end. */
export function decode(bytes: Uint8Array): Uint8Array[] {
  const contents: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at + 1] ?? 0;
    const start = at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    const length = first < 0x80 ? first : bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
    if (start + length > bytes.length) throw new RangeError('truncated DER');
    contents.push(bytes.subarray(start, start + length));
    at = start + length;
  }
  return contents;
}
