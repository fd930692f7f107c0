/** Percent-encoding of what the gateway puts into a request; text is a byte in each character, as Node reads and writes a request's head. */
import { decode, encode } from '../../crypto/canonical-query.ts';
import type { ParameterPlace } from '../../store/store.ts';

/** A text of a definition, in UTF-8. */
export const bytesOf = (text: string): string => (isAscii.test(text) ? text : Buffer.from(text).toString('latin1'));

const isAscii = /^\p{ASCII}*$/u;

const escaped = (text: string, pattern: RegExp): string =>
  text.replaceAll(pattern, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

/** What would end a header; a tab may stand in one. */
const control = /(?![\t\x80-\x9f])\p{Cc}/gu;
const inHeader = (text: string): string => escaped(text, control);

/** How a value that comes from elsewhere in the request is written. */
export const written: Readonly<Record<ParameterPlace, (value: string) => string>> = {
  PATH: encode,
  QUERY: encode,
  HEADER: inHeader,
};

/**
 * How a constant is written: as the vendor lists it, and a # in a path, where nothing could come after it.
 * Source: https://docs.otc.t-systems.com/api-gateway/umn/api_management/creating_an_api.html
 */
export const constant: Readonly<Record<ParameterPlace, (value: string) => string>> = {
  PATH: (value) => escaped(value, /[^\x21-\x7e]|[?>#]/g),
  QUERY: (value) => escaped(value, /[^\x21-\x7e]|[>=<+&%#"[\]\\^`{|}]/g),
  HEADER: inHeader,
};

/** The path of a definition as it can stand in a request line. */
export const inRequestLine = (path: string): string => escaped(bytesOf(path), /[^\x21-\x7e]|#/g);

/** A name or value of a query; a plus is a blank. */
export const decodedInQuery = (text: string): string => decode(text.replaceAll('+', ' '));

/** Whether every per cent begins an encoded byte. */
export const isEncodedRight = (path: string): boolean => !/%(?![0-9A-Fa-f]{2})/.test(path);

/** Where in an encoded path the first so many characters of the decoded one end. */
export function encodedLength(path: string, decodedLength: number): number {
  if (!path.includes('%')) return decodedLength;
  let at = 0;
  for (let left = decodedLength; left > 0; left--) at += path[at] === '%' ? 3 : 1;
  return at;
}
