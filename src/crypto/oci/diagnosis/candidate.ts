import type { FoundBody } from '../../body-changes.ts';
import { asText } from '../../text-bytes.ts';
import { quoted } from '../quoted.ts';
import type { OciRequest } from '../signed-request.ts';
import type { Budget } from './budget.ts';
import type { SignedText } from './signed-text.ts';

/** One thing that clients or what is between do to a request, after which its signature is wrong. */
export interface Candidate {
  /** As the contract shows it, such as `host-port`. */
  readonly name: string;
  /** Of what it is: two causes of one part do not go together. */
  readonly part: string;
  /** A sentence. */
  readonly explanation: (how: string, subject: Subject, signed: SignedText) => string;
  readonly remedy: string;
  /** How many of its attempts are tried together with those of other parts; none where nothing is said. */
  readonly paired?: number;
  /** When its turn comes, where that is not at once (search.ts): these have many attempts. */
  readonly turn?: Turn;
  readonly attempts: (subject: Subject) => Iterable<Attempt>;
}

export type Turn = 'lengths' | 'orders' | 'dates' | 'guesses' | 'rest' | 'ports';

/** What the client may have signed, made of what it ought to have. */
export interface Attempt {
  readonly change: (text: SignedText) => SignedText;
  /** What the explanation says of it, a byte in each character. */
  readonly how: string;
}

/** What candidates look at. */
export interface Subject {
  readonly request: OciRequest;
  /** What happened to it, in explanations. */
  readonly verb: 'arrived' | 'was sent';
  /** What follows from it. */
  readonly expected: SignedText;
  /** The names of the signed headers as the client writes them. */
  readonly names: readonly string[];
  /** By lower-case name; undefined where it did not come. */
  readonly header: (name: string) => string | undefined;
  readonly hosts: readonly string[];
  /** Each with a slash before it and none behind. */
  readonly prefixes: readonly string[];
  /** SHA-256 of the body in Base64; undefined where the body is so long that it would take too long. */
  readonly bodyDigest: string | undefined;
  /** What the body was before it was changed on the way, where the x-content-sha256 that arrived is still the one of that. */
  readonly foundBody: () => FoundBody | undefined;
  /** When it arrived, in milliseconds since 1970; undefined where nobody says. */
  readonly at: number | undefined;
  readonly budget: Budget;
}

/** Characters of a target beyond which it is not written anew. */
const LONGEST_TARGET = 2048;
/** How many parameters, headers, hosts and the like are taken one by one. */
export const MOST_PARTS = 32;
/** The same of signed headers. */
export const MOST_LINES = 12;

/** What a person is told of something in a request. */
export const told = (bytes: string): string => quoted(asText(bytes));

export const isSigned = ({ expected }: Subject, name: string): boolean =>
  expected.lines.some((line) => line.name === name);

export const isShort = ({ expected: { path, query } }: Subject): boolean =>
  path.length + query.length <= LONGEST_TARGET;

/** Another value of one line. */
export const withLine = (name: string, value: string, how = value): Attempt => ({
  how,
  change: (text) => ({ ...text, lines: text.lines.map((line) => (line.name === name ? { name, value } : line)) }),
});

/** Rows about one header, which are not tried where that is not signed. */
export const ofHeader = (
  header: string,
  rows: readonly (Omit<Candidate, 'part' | 'explanation'> & {
    readonly explanation: (how: string, arrived: string) => string;
  })[],
): readonly Candidate[] =>
  rows.map((row) => ({
    ...row,
    part: header,
    explanation: (how, subject) => {
      const value = subject.header(header);
      return row.explanation(how, `${value === undefined ? 'none' : told(value)} ${subject.verb}`);
    },
    attempts: (subject) => (isSigned(subject, header) ? row.attempts(subject) : []),
  }));

/** Other values of one header. */
export function* valuesOf(subject: Subject, name: string, values: Iterable<string>): Generator<Attempt> {
  const seen = new Set([subject.header(name)]);
  for (const value of values) {
    if (seen.size === seen.add(value).size) continue;
    yield withLine(name, value);
  }
}
