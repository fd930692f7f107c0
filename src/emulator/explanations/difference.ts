import { asText } from './given-request.ts';
import { masked } from './masking.ts';
import { canonicalLines, stringToSign, type SignedText } from './signed-text.ts';

/** The first line in which two texts differ. */
export interface Difference {
  /** From 1. */
  readonly line: number;
  readonly what: string;
  /** From 1, in bytes. */
  readonly column: number;
  readonly expected: string;
  readonly received: string;
}

/** What each line of a canonical request is. */
const namesOf = ({ headers, ...text }: SignedText): string[] => {
  const names = ['method', 'path', 'query', ...headers.map(([name]) => `header ${name}`)];
  const rest = ['empty line', 'signed headers', 'body hash'];
  return [...names, ...rest].slice(0, canonicalLines({ headers, ...text }).length);
};

const namesInStringToSign = ['algorithm', 'date', 'scope', 'digest of the canonical request'];

/** Between what ought to have been signed and what was; in the string to sign where the canonical requests are the same. */
export function differenceOf(expected: SignedText, received: SignedText): Difference | undefined {
  const [right, wrong] = [expected, received].map((text) => text.join(text)) as [string, string];
  if (right !== wrong) {
    const shown = [expected, received].map((text) => masked(text)).map((text) => text.join(text));
    return firstOf([right, wrong], shown as [string, string], namesOf(expected));
  }
  const strings = [stringToSign(expected, right), stringToSign(received, wrong)] as const;
  const names = namesInStringToSign.filter((name) => name !== 'scope' || expected.scope !== undefined);
  return firstOf(
    strings,
    strings,
    names.map((name) => `${name} in the string to sign`),
  );
}

/** Between two canonical requests that are there as text, a byte in each character. */
export const canonicalDifference = (expected: string, received: string): Difference | undefined =>
  firstOf([expected, received], [expected, received], namesOfLines(expected));

/** Between two strings to sign of the form without a scope. */
export const stringDifference = (expected: string, received: string): Difference | undefined =>
  firstOf(
    [expected, received],
    [expected, received],
    namesInStringToSign.filter((name) => name !== 'scope').map((name) => `${name} in the string to sign`),
  );

function namesOfLines(canonical: string): string[] {
  const headers = canonical.split('\n').slice(3, -3);
  const names = headers.map((line) => `header ${line.slice(0, line.indexOf(':'))}`);
  return ['method', 'path', 'query', ...names, 'empty line', 'signed headers', 'body hash'];
}

/** @param shown the same two with secrets masked, line for line */
function firstOf(
  texts: readonly [string, string],
  shown: readonly [string, string],
  names: readonly string[],
): Difference | undefined {
  const [right, wrong] = texts.map((text) => text.split('\n')) as [string[], string[]];
  const [shownRight, shownWrong] = shown.map((text) => text.split('\n')) as [string[], string[]];
  const index = Array.from({ length: Math.max(right.length, wrong.length) }).findIndex(
    (_, at) => right[at] !== wrong[at],
  );
  if (index < 0) return undefined;
  const [one = '', other = ''] = [shownRight[index], shownWrong[index]];
  const at = Array.from(one).findIndex((byte, place) => byte !== other[place]);
  // Where only what is masked differs, it is where the mask begins.
  const column = one === other ? one.indexOf(':') + 1 : at < 0 ? one.length : at;
  return {
    ...{ line: index + 1, what: names[index] ?? 'end', column: column + 1 },
    ...{ expected: asText(one), received: asText(other) },
  };
}
