/** Path and query as they may be shown. */
import { HIDDEN } from './hidden.ts';

/** @param known the parameters of the query that the contract describes; undefined: it describes nothing at all */
export function shownTarget(target: string, known: ReadonlySet<string> | undefined): string {
  const [path, query] = split(target, '?');
  if (query === undefined) return path;
  if (known === undefined) return `${path}?${HIDDEN}`;
  return `${path}?${query
    .split('&')
    .map((pair) => shownPair(pair, known))
    .join('&')}`;
}

function shownPair(pair: string, known: ReadonlySet<string>): string {
  const [name, value] = split(pair, '=');
  if (known.has(decoded(name))) return pair;
  return value === undefined ? HIDDEN : `${name}=${HIDDEN}`;
}

/** What of the query is not shown, in each form in which an answer may repeat it. */
export function hiddenTexts(target: string, known: ReadonlySet<string> | undefined): readonly string[] {
  const [, query = ''] = split(target, '?');
  return query.split('&').flatMap((pair) => {
    const [name, value = name] = split(pair, '=');
    if (known?.has(decoded(name)) === true) return [];
    const text = decoded(value);
    return [value, text, encodeURIComponent(text), new URLSearchParams([['', text]]).toString().slice(1)];
  });
}

/** Head and tail around the first separator; no tail where there is none. */
function split(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
