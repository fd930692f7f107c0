import { isUtf8 } from 'node:buffer';
import { innerText } from '../inner-text.ts';
import { knownHashes } from './known-hashes.ts';

/** The same thing written in another way. */
export interface Form {
  /** How it differs, such as `with a line feed at its end`; undefined for what came. */
  readonly name: string | undefined;
  readonly bytes: Uint8Array;
}

type Change = (bytes: Buffer) => Uint8Array | undefined;

/** A change of text, for what is text. */
const ofText =
  (change: (text: string) => Uint8Array | string | undefined): Change =>
  (bytes) => {
    const changed = isUtf8(bytes) ? change(bytes.toString()) : undefined;
    return changed === undefined ? undefined : Buffer.from(changed);
  };

const hexOf: Change = (bytes) => Buffer.from(bytes.toString('hex'));
const base64Of: Change = (bytes) => Buffer.from(bytes.toString('base64'));
const withLineFeed = (bytes: Uint8Array | undefined) => bytes && Buffer.concat([bytes, Buffer.from('\n')]);

/** Hex text as bytes; undefined for what is none. */
export const fromHex = (text: string): Buffer | undefined =>
  /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : undefined;

/** Base64 or Base64url as bytes; undefined for what is neither. */
export const fromBase64 = (text: string): Buffer | undefined =>
  /^[\w+/-]{2,}={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;

/** What a client may have signed in place of the bytes that it sent. */
const changes: Readonly<Record<string, Change>> = {
  'with a line feed at its end': withLineFeed,
  'with a carriage return and a line feed at its end': (bytes) => Buffer.concat([bytes, Buffer.from('\r\n')]),
  'without the line break at its end': ofText((text) => text.replace(/\r?\n$/, '')),
  'without the blanks around it': ofText(innerText),
  'decoded from hex': ofText((text) => fromHex(text.trim())),
  'decoded from Base64': ofText((text) => fromBase64(text.trim())),
  'as hex text': hexOf,
  'as hex text with a line feed': (bytes) => withLineFeed(hexOf(bytes)),
  'as upper-case hex text': (bytes) => Buffer.from(bytes.toString('hex').toUpperCase()),
  'as Base64 text': base64Of,
  'as Base64 text with a line feed': (bytes) => withLineFeed(base64Of(bytes)),
  'as UTF-16, little-endian': ofText((text) => Buffer.from(text, 'utf16le')),
  'as UTF-16, big-endian': ofText((text) => Buffer.from(text, 'utf16le').swap16()),
  'as UTF-16 with a byte order mark': ofText((text) => Buffer.from(`\uFEFF${text}`, 'utf16le')),
  'decoded from UTF-16': (bytes) => (bytes.length % 2 === 0 ? Buffer.from(bytes.toString('utf16le')) : undefined),
  'as Latin-1': ofText((text) => (/^[\0-\xFF]*$/.test(text) ? Buffer.from(text, 'latin1') : undefined)),
  'with a byte order mark': ofText((text) => `\uFEFF${text}`),
  'without the byte order mark': ofText((text) => text.replace(/^\uFEFF/, '')),
  'with LF for CR LF': ofText((text) => text.replaceAll('\r\n', '\n')),
  'with CR LF for LF': ofText((text) => text.replaceAll(/\r?\n/g, '\r\n')),
  'in lower case': ofText((text) => text.toLowerCase()),
  'in upper case': ofText((text) => text.toUpperCase()),
  'as a JSON string': ofText((text) => JSON.stringify(text)),
  'without a single byte': () => Buffer.alloc(0),
  ...Object.fromEntries(
    knownHashes.flatMap(({ title, digest }): [string, Change][] => [
      [`as its ${title} digest`, digest],
      [`as its ${title} digest in hex`, (bytes) => hexOf(Buffer.from(digest(bytes)))],
      [`as its ${title} digest in hex with a line feed`, (bytes) => withLineFeed(hexOf(Buffer.from(digest(bytes))))],
      [`as its ${title} digest in Base64`, (bytes) => base64Of(Buffer.from(digest(bytes)))],
    ]),
  ),
};

/** The names of all forms. */
export const messageFormNames = Object.keys(changes);

/** What came, and all other forms that differ from it and from one another. */
export function messageForms(message: Uint8Array): readonly Form[] {
  const bytes = Buffer.from(message);
  const forms = new Map<string, Form>([[bytes.toString('latin1'), { name: undefined, bytes }]]);
  for (const [name, change] of Object.entries(changes)) {
    const changed = change(bytes);
    const key = changed && Buffer.from(changed).toString('latin1');
    if (changed !== undefined && key !== undefined && !forms.has(key)) forms.set(key, { name, bytes: changed });
  }
  return [...forms.values()];
}
