/** Looks for what a client signed in place of what it ought to have. */
import { equalSecrets } from '../../crypto/equal-secrets.ts';
import { firstOf } from '../../crypto/first-of.ts';
import type { Attempt, Candidate, Subject } from './candidate.ts';
import { candidates } from './candidates.ts';
import { readSignature } from './signature-forms.ts';
import { signatureOf, type SignedText } from './signed-text.ts';

/** Signatures that are computed at most for one explanation, and bytes of canonical requests that are digested for them. */
const MOST_ATTEMPTS = 4000;
const MOST_BYTES = 16 * 1024 * 1024;

export interface Cause {
  readonly name: string;
  readonly explanation: string;
  readonly remedy: string;
}

export interface Finding {
  /** One, or two that only together make the signature right. */
  readonly causes: readonly Cause[];
  /** What the client signed. */
  readonly received: SignedText;
  /** What it ought to have signed, built in the same dialect. */
  readonly expected: SignedText;
}

export interface Search {
  readonly finding: Finding | undefined;
  /** Names of the causes that were tried. */
  readonly tried: readonly string[];
}

/** What ought to have been signed, by each dialect in which the client may speak, and what the candidates look at there. */
export type Start = readonly [subject: Subject, expected: SignedText];

/** Tries the candidates one by one, and then those that often come together, two at a time. Found is proved: no other text has this HMAC. */
export function search(starts: readonly Start[], signature: string): Search {
  const written = readSignature(signature);
  if (written === undefined) return { finding: undefined, tried: ['signature-form'] };
  const { digits, cause: ofForm } = written;
  const tried = new Set<string>(['signature-form']);
  let attempts = 0;
  let digested = 0;

  const hasMore = (): boolean => attempts < MOST_ATTEMPTS && digested < MOST_BYTES;
  const isSigned = (text: SignedText): boolean => {
    const canonical = text.join(text);
    attempts++;
    digested += canonical.length;
    return equalSecrets(signatureOf(text, canonical).toString('hex').slice(0, digits.length), digits);
  };
  const found = (expected: SignedText, received: SignedText, ...tries: readonly Try[]): Search => {
    const causes = [...tries.map(causeOf), ...(ofForm === undefined ? [] : [ofForm])];
    return { finding: { causes, expected, received }, tried: [...tried] };
  };

  for (const [, expected] of starts) if (isSigned(expected)) return found(expected, expected);
  for (const [subject, expected] of starts) {
    for (const single of triesOf(subject, expected)) {
      if (!hasMore()) break;
      tried.add(single.candidate.name);
      const text = single.attempt.change(expected);
      if (isSigned(text)) return found(expected, text, single);
    }
  }
  for (const [subject, expected] of starts) {
    for (const [one, other] of pairsOf(subject, expected)) {
      if (!hasMore()) break;
      tried.add('two of them together');
      const text = other.attempt.change(one.attempt.change(expected));
      if (isSigned(text)) return found(expected, text, one, other);
    }
  }
  return { finding: undefined, tried: [...tried] };
}

interface Try {
  readonly candidate: Candidate;
  readonly attempt: Attempt;
}

const causeOf = ({ candidate: { name, explanation, remedy }, attempt: { how } }: Try): Cause => ({
  name,
  explanation: explanation.replace('%s', () => how),
  remedy,
});

function* triesOf(subject: Subject, expected: SignedText): Generator<Try> {
  for (const candidate of candidates)
    for (const attempt of candidate.attempts(subject, expected)) yield { candidate, attempt };
}

function* pairsOf(subject: Subject, expected: SignedText): Generator<readonly [Try, Try]> {
  const frequent = candidates.flatMap((candidate) =>
    firstOf(candidate.attempts(subject, expected), candidate.paired ?? 0).map((attempt): Try => ({
      candidate,
      attempt,
    })),
  );
  for (const [index, one] of frequent.entries())
    for (const other of frequent.slice(index + 1)) if (one.candidate.part !== other.candidate.part) yield [one, other];
}
