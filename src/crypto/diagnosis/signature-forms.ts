import { DER } from '@noble/curves/abstract/der.js';
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { curves, type CurveName } from '../curves.ts';
import { decode, tags } from '../der.ts';
import { encodeSignature } from '../ecdsa.ts';
import { modulusBits } from '../rsa-keys.ts';
import { fromBase64, fromHex, type Form } from './message-forms.ts';
import type { KeySpecName } from '../key-specs.ts';

/** A change of the bytes of a signature; undefined where it makes no sense. */
type Change = (bytes: Buffer) => Uint8Array | undefined;
type Changes = Readonly<Record<string, Change>>;

const ascii = (bytes: Buffer): string => bytes.toString('latin1').trim();

/** How it may have been written. */
const writings: Changes = {
  'decoded from hex': (bytes) => fromHex(ascii(bytes)),
  'decoded from Base64 twice': (bytes) => fromBase64(ascii(bytes)),
  'without the line break at its end': (bytes) =>
    bytes.at(-1) === 0x0a ? bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1) : undefined,
};

/** Bytes of a signature of a fixed length. */
const lengthOf = (spec: KeySpecName): number => (spec === 'ED25519' ? 64 : modulusBits(spec) / 8);

const ofFixedLength = (length: number): Changes => ({
  'cut to its length': (bytes) => (bytes.length > length ? bytes.subarray(0, length) : undefined),
  'without what stands before it': (bytes) => (bytes.length > length ? bytes.subarray(-length) : undefined),
});

const ofRsa = (length: number): Changes => ({
  ...ofFixedLength(length),
  'with its bytes in reverse order': (bytes) => Buffer.from(bytes).reverse(),
  'with the zeros at its front': (bytes) => {
    const missing = length - bytes.length;
    return missing > 0 && missing <= 8 ? concatBytes(new Uint8Array(missing), bytes) : undefined;
  },
});

interface Numbers {
  readonly r: Uint8Array;
  readonly s: Uint8Array;
}

/** r and s, one behind the other, each as long as the order of the curve (IEEE P1363). */
function halves(bytes: Uint8Array, spec: CurveName): Numbers | undefined {
  const { length } = curves[spec];
  return bytes.length === 2 * length ? { r: bytes.subarray(0, length), s: bytes.subarray(length) } : undefined;
}

/** r and s of DER, also of one that is not strict: negative or too long numbers, long lengths, something behind. */
function laxDer(bytes: Uint8Array): Numbers | undefined {
  try {
    if (bytes[0] !== tags.sequence) return undefined;
    const [sequence] = decodeFirst(bytes);
    const [r, s] = decode(sequence ?? bytes);
    return r !== undefined && s !== undefined && Math.max(r.length, s.length) < 200 ? { r, s } : undefined;
  } catch {
    return undefined;
  }
}

/** The first element alone: what follows it need not be DER. */
function decodeFirst(bytes: Uint8Array): Uint8Array[] {
  const first = bytes[1] ?? 0;
  const header = first < 0x80 ? 2 : 2 + (first & 0x7f);
  const length = first < 0x80 ? first : Number(bytesToNumberBE(bytes.subarray(2, header)));
  return decode(bytes.subarray(0, header + length));
}

function inDer(numbers: Numbers | undefined): Uint8Array | undefined {
  if (numbers === undefined) return undefined;
  const [r, s] = [bytesToNumberBE(numbers.r), bytesToNumberBE(numbers.s)];
  return r > 0n && s > 0n ? encodeSignature(r, s) : undefined;
}

const swapped = (numbers: Numbers | undefined) => numbers && { r: numbers.s, s: numbers.r };
const reversed = (numbers: Numbers | undefined) => numbers && { r: numbers.r.toReversed(), s: numbers.s.toReversed() };

const ofCurve = (spec: CurveName): Changes => ({
  'as r and s without DER (IEEE P1363), written as DER': (bytes) => inDer(halves(bytes, spec)),
  'as r and s without DER, each in reverse order, written as DER': (bytes) => inDer(reversed(halves(bytes, spec))),
  'as s and r without DER, swapped and written as DER': (bytes) => inDer(swapped(halves(bytes, spec))),
  'with r and s swapped': (bytes) => inDer(swapped(laxDer(bytes))),
  'as strict DER': (bytes) => inDer(laxDer(bytes)),
});

function changesOf(spec: KeySpecName): Changes {
  if (spec in curves) return ofCurve(spec as CurveName);
  return spec === 'ED25519' ? ofFixedLength(lengthOf(spec)) : ofRsa(lengthOf(spec));
}

/** The names of all forms that a signature of such a key may have. */
export const signatureFormNames = (spec: KeySpecName): readonly string[] => [
  'decoded from Base64url',
  ...Object.keys({ ...writings, ...changesOf(spec) }),
];

/** A signature as it was sent, read as Base64, and in every other form that it may have been meant in. */
export const signatureForms = (text: string, spec: KeySpecName): readonly Form[] =>
  readings(text, changesOf(spec)).filter(({ bytes }) => isWellFormed(bytes, spec));

/** The same of an RSA key whose modulus has this many bytes. */
export const rsaSignatureForms = (text: string, length: number): readonly Form[] =>
  readings(text, ofRsa(length)).filter(({ bytes }) => bytes.length === length);

function readings(text: string, changes: Changes): readonly Form[] {
  const bytes = Buffer.from(text, 'base64');
  const hex = fromHex(text);
  const url = /[-_]/.test(text) ? ['decoded from Base64url'] : [];
  const read = [
    { names: url, bytes },
    ...(hex === undefined ? [] : [{ names: ['decoded from hex'], bytes: hex }]),
    ...applied(writings, bytes).map(({ name, bytes: changed }) => ({ names: [...url, name], bytes: changed })),
  ];
  const changed = read.flatMap(({ names, bytes: one }) =>
    applied(changes, Buffer.from(one)).map((form) => ({
      names: [...names, form.name],
      bytes: form.bytes,
    })),
  );
  return [...read, ...changed].map((form) => ({
    name: form.names.length === 0 ? undefined : form.names.join(', '),
    bytes: form.bytes,
  }));
}

function applied(changes: Changes, bytes: Buffer) {
  return Object.entries(changes).flatMap(([name, change]) => {
    const changed = change(bytes);
    return changed === undefined || bytes.equals(changed) ? [] : [{ name, bytes: changed }];
  });
}

/** Whether a signature has the form that verify wants of such a key: as long as the modulus, strict DER, 64 bytes. */
export function isWellFormed(bytes: Uint8Array, spec: KeySpecName): boolean {
  if (!(spec in curves)) return bytes.length === lengthOf(spec);
  const { length, order } = curves[spec as CurveName];
  try {
    const { r, s } = DER.toSig(bytes, length + 1);
    return r > 0n && s > 0n && r < order && s < order;
  } catch {
    return false;
  }
}

/** What a signature of such a key looks like, for people. */
export const signatureFormat = (spec: KeySpecName): string =>
  spec in curves ? 'DER: SEQUENCE { r, s }' : `${lengthOf(spec)} bytes`;

/** r and s of strict DER. */
export const numbersOf = (bytes: Uint8Array, spec: CurveName): { r: bigint; s: bigint } =>
  DER.toSig(bytes, curves[spec].length + 1);

/** A number as wide as the curve's. */
export const wide = (value: bigint, spec: CurveName): Uint8Array => numberToBytesBE(value, curves[spec].length);
