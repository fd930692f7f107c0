/** The Authorization header of OCI, as it may be shown. */
import { parseParameters, unlessMalformed } from './authorization.ts';
import { readKeyId } from './key-id.ts';
import { quotable } from './quoted.ts';

export interface ShownAuthorization {
  readonly text: string;
  /** What of it does not stand there, in the pieces in which a sentence about it may name it. */
  readonly hidden: readonly string[];
}

interface Parameter {
  readonly name: string;
  /** Whether a value looks like one: what is put there by mistake may be a secret. */
  readonly isSafe: (value: string) => boolean;
}

const parameters: ReadonlyMap<string, Parameter> = new Map(
  [
    { name: 'version', isSafe: (value: string) => /^\w{1,8}$/.test(value) },
    // A session token in its place would let in whoever reads it.
    { name: 'keyId', isSafe: (value: string) => readKeyId(value).form === 'api key' },
    { name: 'algorithm', isSafe: (value: string) => /^[\w-]{1,40}$/.test(value) },
    { name: 'headers', isSafe: (value: string) => /^[\w() -]{1,1000}$/.test(value) },
    // For five minutes, one that is right lets in whoever has it.
    { name: 'signature', isSafe: () => false },
  ].map((parameter) => [parameter.name.toLowerCase(), parameter]),
);

/**
 * In its order, and without what means nothing; undefined for what is none of these, or malformed.
 * @param mask stands in the place of what is not shown
 */
export function shownOciAuthorization(text: string, mask: string): ShownAuthorization | undefined {
  const given = unlessMalformed(() => parseParameters(text));
  if (given === undefined) return undefined;
  const hidden = new Set<string>();
  const shown = [...given].flatMap(([key, value]) => {
    const parameter = parameters.get(key);
    const isShown = parameter?.isSafe(value) === true;
    if (!isShown) for (const piece of piecesOf(value)) hidden.add(piece);
    return parameter === undefined || value === '' ? [] : `${parameter.name}="${isShown ? value : mask}"`;
  });
  return { text: `Signature ${shown.join(',')}`, hidden: [...hidden] };
}

/** As it came and in lower case, whole and word by word, and of each as much as a sentence shows. */
const piecesOf = (value: string): readonly string[] =>
  [value, ...value.split(' ')]
    .flatMap((piece) => [piece, piece.toLowerCase()])
    .flatMap((piece) => [piece, quotable(piece)]);
