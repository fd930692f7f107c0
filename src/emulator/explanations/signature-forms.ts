/** Texts in which a signature may stand. */

export interface SignatureForm {
  /** The cause where it is not the right one. */
  readonly cause?: { readonly name: string; readonly explanation: string; readonly remedy: string };
  /** The bytes that the text stands for; the first ones where it is cut off, undefined where it is none of this form. */
  readonly bytes: (text: string) => Buffer | undefined;
}

const remedy = 'Write the 32 bytes of the signature as 64 small hex digits.';
/** Hex digits that still prove a signature: 128 bits. */
const FEWEST = 32;

const matching = (pattern: RegExp, text: string): string | undefined => pattern.exec(text)?.[1];
const whole = (bytes: Buffer): Buffer | undefined => (bytes.length === 32 ? bytes : undefined);
const fromHex = (digits: string | undefined): Buffer | undefined =>
  digits === undefined ? undefined : Buffer.from(digits, 'hex');

const rows: readonly SignatureForm[] = [
  { bytes: (text) => fromHex(matching(/^([0-9a-f]{64})$/, text)) },
  {
    cause: {
      name: 'signature-upper-case',
      explanation: 'The signature is right, but its hex digits are capitals.',
      remedy,
    },
    bytes: (text) => fromHex(matching(/^([0-9a-fA-F]{64})$/, text)),
  },
  {
    cause: { name: 'signature-base64', explanation: 'The signature is right, but it is in Base64.', remedy },
    bytes: (text) => {
      const decoded = Buffer.from(matching(/^([A-Za-z0-9+/_-]{43}={0,2})$/, text) ?? '', 'base64');
      const inner = Buffer.from(matching(/^([A-Za-z0-9+/_-]{80,90}={0,2})$/, text) ?? '', 'base64').toString('latin1');
      return whole(decoded) ?? fromHex(matching(/^([0-9a-f]{64})$/, inner));
    },
  },
  {
    cause: {
      name: 'signature-with-more',
      explanation: 'The signature is right, but there is more before or behind it.',
      remedy,
    },
    bytes: (text) => fromHex(matching(/^(?:["'\\]|0x)*([0-9a-f]{64})[^]*$/, text)),
  },
  {
    cause: {
      name: 'signature-cut-off',
      explanation: 'The begin of the signature is right, but its end is missing.',
      remedy,
    },
    bytes: (text) => {
      const digits = matching(new RegExp(`^([0-9a-f]{${FEWEST},63})$`), text);
      return fromHex(digits?.slice(0, digits.length - (digits.length % 2)));
    },
  },
];

/** How this signature is written, and its bytes; undefined for what is none at all. */
export function readSignature(
  text: string,
): { readonly cause: SignatureForm['cause']; readonly bytes: Buffer } | undefined {
  for (const { cause, bytes } of rows) {
    const found = bytes(text);
    if (found !== undefined) return { cause, bytes: found };
  }
  return undefined;
}
