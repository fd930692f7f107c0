/** A signing string by its parts, so that candidates can exchange them. A byte in each character. */
import { innerText } from '../../inner-text.ts';
import { originForm, type OciRequestHead } from '../signed-request.ts';
import { REQUEST_TARGET, signedLine } from '../signing-string.ts';

export interface SignedLine {
  /** In lower case. */
  readonly name: string;
  /** Empty where it did not come. Of (request-target) the parts below count. */
  readonly value: string;
}

export interface SignedText {
  /** In lower case. */
  readonly method: string;
  readonly path: string;
  /** From its question mark on; empty where there is none. */
  readonly query: string;
  readonly lines: readonly SignedLine[];
  /** How the lines are written. */
  readonly layout: (text: SignedText) => string;
  /** What is made of the string before it is signed, where that is not done as it ought to be. */
  readonly digested?: (written: string) => string;
}

/** The value of a line; (request-target) is put together. */
export const valueOf = ({ method, path, query }: SignedText, { name, value }: SignedLine): string =>
  name === REQUEST_TARGET ? `${method} ${path}${query}` : value;

/** As the service builds it. */
export function standardLayout(text: SignedText): string {
  let written = '';
  for (const line of text.lines) {
    if (written !== '') written += '\n';
    written += signedLine(line.name, valueOf(text, line));
  }
  return written;
}

/** Looks headers up by lower-case name; several values stand between commas. Made once: a request may have thousands. */
export function headersOf({ headers }: OciRequestHead): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = values.get(key);
    values.set(key, before === undefined ? innerText(value) : `${before}, ${innerText(value)}`);
  }
  return values;
}

/** What follows from a request. */
export function textOf(
  request: OciRequestHead,
  names: readonly string[],
  headers: ReadonlyMap<string, string>,
): SignedText {
  return {
    method: request.method.toLowerCase(),
    ...splitTarget(originForm(request.target)),
    lines: names.map((written) => {
      const name = written.toLowerCase();
      return { name, value: headers.get(name) ?? '' };
    }),
    layout: standardLayout,
  };
}

/** Path, and query with its question mark. */
export function splitTarget(target: string): Pick<SignedText, 'path' | 'query'> {
  const end = target.indexOf('?');
  return end < 0 ? { path: target, query: '' } : { path: target.slice(0, end), query: target.slice(end) };
}
