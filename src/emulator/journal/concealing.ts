/** Texts of Signet without what it may have repeated of a request. */
import { HIDDEN } from '../../contract/secret-headers.ts';
import { formsOf } from './target.ts';

/** Characters: shorter ones are part of too many words. */
const SHORTEST = 6;
/** What a request hides in more pieces than anybody sends is not looked for piece by piece. */
const MOST = 128;

export interface Hidden {
  /** Values of headers, and their pieces. */
  readonly headers: () => readonly string[];
  /** Values of the query. */
  readonly query: () => readonly string[];
}

/**
 * Takes these out of a text in which Signet may have repeated them; they are looked up for the first text. The canonical request, which a
 * refused signature brings along, is made of all that the client has sent, and left out.
 */
export function concealing(hidden: Hidden): (text: string) => string {
  let longFirst: readonly string[] | null | undefined;
  return (text) => {
    if (longFirst === undefined) longFirst = piecesOf(hidden);
    if (longFirst === null) return HIDDEN;
    const start = text.replace(/canonicalRequest:.*$/s, `canonicalRequest:${HIDDEN}`);
    return longFirst.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), start);
  };
}

/** Every form of what is hidden, the longest first; null where that is more than can be looked for. */
function piecesOf({ headers, query }: Hidden): readonly string[] | null {
  const ofHeaders = longEnough(headers());
  const ofQuery = longEnough(query());
  if (ofHeaders.length + ofQuery.length > MOST) return null;
  const forms = longEnough(ofQuery.flatMap(formsOf));
  return longEnough([...ofHeaders, ...forms]).sort((one, other) => other.length - one.length);
}

const longEnough = (texts: readonly string[]): string[] => [...new Set(texts.filter(isLongEnough))];
const isLongEnough = ({ length }: string): boolean => length >= SHORTEST;
