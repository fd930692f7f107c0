/** Path and query as they may be shown. */
import { HIDDEN } from '../../contract/secret-headers.ts';
import { shownName } from './shown-names.ts';

/** Characters of a target that are shown at most. */
const LONGEST = 4096;

/** @param known the parameters of the query that the contract describes; undefined: it describes nothing at all */
export function shownTarget(target: string, known: ReadonlySet<string> | undefined): string {
  const [path, query] = split(target.slice(0, LONGEST), '?');
  const shown = query === undefined ? path : `${path}?${shownQuery(query, known)}`;
  return shown.length > LONGEST || target.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}

function shownQuery(query: string, known: ReadonlySet<string> | undefined): string {
  if (known === undefined) return HIDDEN;
  return query
    .split('&')
    .map((pair) => shownPair(pair, known))
    .join('&');
}

function shownPair(pair: string, known: ReadonlySet<string>): string {
  const [name, value] = split(pair, '=');
  if (known.has(decoded(name))) return pair;
  return value === undefined ? HIDDEN : `${shownName(name)}=${HIDDEN}`;
}

/** The values of the query that are not shown. */
export function hiddenValues(target: string, known: ReadonlySet<string> | undefined): readonly string[] {
  const [, query = ''] = split(target, '?');
  return query.split('&').flatMap((pair) => {
    const [name, value = name] = split(pair, '=');
    return known?.has(decoded(name)) === true ? [] : [value];
  });
}

/** A value of the query in each form in which an answer may repeat it. */
export function formsOf(value: string): readonly string[] {
  const text = decoded(value);
  return [value, text, encodeURIComponent(text), new URLSearchParams([['', text]]).toString().slice(1)];
}

/** Head and tail around the first separator; no tail where there is none. */
function split(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

function decoded(text: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
