import { firstDifference, type Difference } from '../../crypto/first-difference.ts';
import { masked } from './masking.ts';
import { canonicalLines, stringToSign, type SignedText } from './signed-text.ts';

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
    return firstDifference([right, wrong], namesOf(expected), shown as [string, string]);
  }
  const strings = [stringToSign(expected, right), stringToSign(received, wrong)] as const;
  const names = namesInStringToSign.filter((name) => name !== 'scope' || expected.scope !== undefined);
  return firstDifference(
    strings,
    names.map((name) => `${name} in the string to sign`),
  );
}

/** Between two canonical requests that are there as text, a byte in each character. */
export const canonicalDifference = (expected: string, received: string): Difference | undefined =>
  firstDifference([expected, received], namesOfLines(expected));

/** Between two strings to sign of the form without a scope. */
export const stringDifference = (expected: string, received: string): Difference | undefined =>
  firstDifference(
    [expected, received],
    namesInStringToSign.filter((name) => name !== 'scope').map((name) => `${name} in the string to sign`),
  );

function namesOfLines(canonical: string): string[] {
  const headers = canonical.split('\n').slice(3, -3);
  const names = headers.map((line) => `header ${line.slice(0, line.indexOf(':'))}`);
  return ['method', 'path', 'query', ...names, 'empty line', 'signed headers', 'body hash'];
}
