/** Texts in which a signature may stand. */

export interface SignatureForm {
  /** The cause where it is not the right one. */
  readonly cause?: { readonly name: string; readonly explanation: string; readonly remedy: string };
  /** The small hex digits that the text stands for; the first ones where it is cut off, undefined where it is none of this form. */
  readonly digits: (text: string) => string | undefined;
}

const remedy = 'Write the 32 bytes of the signature as 64 small hex digits.';
/** Hex digits that still prove a signature: 128 bits. */
const FEWEST = 32;

const matching = (pattern: RegExp, text: string): string | undefined => pattern.exec(text)?.[1];
const whole = (bytes: Buffer): string | undefined => (bytes.length === 32 ? bytes.toString('hex') : undefined);

const rows: readonly SignatureForm[] = [
  { digits: (text) => matching(/^([0-9a-f]{64})$/, text) },
  {
    cause: {
      name: 'signature-upper-case',
      explanation: 'The signature is right, but its hex digits are capitals.',
      remedy,
    },
    digits: (text) => matching(/^([0-9a-fA-F]{64})$/, text)?.toLowerCase(),
  },
  {
    cause: { name: 'signature-base64', explanation: 'The signature is right, but it is in Base64.', remedy },
    digits: (text) => {
      const decoded = Buffer.from(matching(/^([A-Za-z0-9+/_-]{43}={0,2})$/, text) ?? '', 'base64');
      const inner = Buffer.from(matching(/^([A-Za-z0-9+/_-]{80,90}={0,2})$/, text) ?? '', 'base64').toString('latin1');
      return whole(decoded) ?? matching(/^([0-9a-f]{64})$/, inner);
    },
  },
  {
    cause: {
      name: 'signature-with-more',
      explanation: 'The signature is right, but there is more before or behind it.',
      remedy,
    },
    digits: (text) => matching(/^(?:["'\\]|0x)*([0-9a-f]{64})[^]*$/, text),
  },
  {
    cause: {
      name: 'signature-cut-off',
      explanation: 'The begin of the signature is right, but its end is missing.',
      remedy,
    },
    digits: (text) => matching(new RegExp(`^([0-9a-f]{${FEWEST},63})$`), text),
  },
];

/** How this signature is written, and its digits; undefined for what is none at all. */
export function readSignature(
  text: string,
): { readonly cause: SignatureForm['cause']; readonly digits: string } | undefined {
  for (const { cause, digits } of rows) {
    const found = digits(text);
    if (found !== undefined) return { cause, digits: found };
  }
  return undefined;
}
