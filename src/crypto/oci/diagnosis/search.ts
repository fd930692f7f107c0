/** Looks for what a client signed in place of what it ought to have. */
import { firstOf } from '../../first-of.ts';
import { candidates } from './candidates.ts';
import type { Attempt, Candidate, Subject } from './candidate.ts';
import type { Opened } from './opening.ts';
import type { OciCause } from './question.ts';
import type { SignedText } from './signed-text.ts';

export interface Finding {
  /** Those of the opening first; none where nothing is wrong. */
  readonly causes: readonly OciCause[];
  /** What the client signed. */
  readonly signed: SignedText;
}

interface Try {
  readonly candidate: Candidate;
  readonly attempt: Attempt;
}

/** Tries what follows from the request, then the candidates one by one, then those that come together. What is found is proved: nothing else has this digest. */
export function search(subject: Subject, opened: Opened, tried: Set<string>): Finding | undefined {
  const { expected, budget } = subject;
  const madeOf = (text: SignedText): readonly OciCause[] | undefined => {
    const written = text.layout(text);
    budget.take(written.length, text.lines.length);
    return opened.madeOf(text.digested?.(written) ?? written);
  };

  const asIs = madeOf(expected);
  if (asIs !== undefined) return { causes: asIs, signed: expected };
  for (const tries of combinations(subject)) {
    if (!budget.hasMore) return undefined;
    for (const { candidate } of tries) tried.add(candidate.name);
    const text = apply(expected, tries);
    const made = madeOf(text);
    if (made === undefined) continue;
    const causes = needed(expected, tries).map((one) => causeOf(one, subject, text));
    return { causes: [...made, ...causes], signed: text };
  }
  return undefined;
}

const apply = (text: SignedText, tries: readonly Try[]): SignedText =>
  tries.reduce((before, { attempt }) => attempt.change(before), text);

/** Without those that change nothing. */
function needed(expected: SignedText, tries: readonly Try[]): readonly Try[] {
  const written = (some: readonly Try[]): string => {
    const text = apply(expected, some);
    return text.layout(text);
  };
  const whole = written(tries);
  const idle = tries.find((one) => tries.length > 1 && written(tries.filter((other) => other !== one)) === whole);
  return idle === undefined
    ? tries
    : needed(
        expected,
        tries.filter((one) => one !== idle),
      );
}

const causeOf = (
  { candidate: { name, explanation, remedy }, attempt: { how } }: Try,
  subject: Subject,
  signed: SignedText,
): OciCause => ({
  name,
  explanation: explanation(how, subject, signed),
  remedy,
});

/** All that is tried, in this order, made as it is asked for. */
function* combinations(subject: Subject): Generator<readonly Try[]> {
  const frequent = frequentOf(subject);
  const hosts = frequent.filter(({ candidate }) => candidate.part === 'host');
  const paths = frequent.filter(({ candidate }) => candidate.part === 'path');
  const others = frequent.filter((one) => !hosts.includes(one) && !paths.includes(one));
  // First what a gateway does to every request that it passes on: of a long one not much can be tried.
  yield* singles(subject, (candidate) => candidate.turn === undefined && isOfGateway(candidate));
  for (const host of hosts) for (const path of paths) yield [host, path];
  yield* singles(subject, (candidate) => candidate.turn === undefined && !isOfGateway(candidate));
  yield* singles(subject, ({ turn }) => turn === 'lengths');
  yield* singles(subject, ({ turn }) => turn === 'orders');
  yield* singles(subject, ({ turn }) => turn === 'dates');
  for (const one of [...hosts, ...paths]) for (const other of others) yield [one, other];
  for (const [index, one] of others.entries())
    for (const other of others.slice(index + 1)) if (one.candidate.part !== other.candidate.part) yield [one, other];
  yield* singles(subject, ({ turn }) => turn === 'guesses');
  for (const host of hosts.slice(0, MOST_OF_THREE))
    for (const path of paths.slice(0, MOST_OF_THREE)) for (const other of others) yield [host, path, other];
  yield* singles(subject, ({ turn }) => turn === 'rest');
  yield* singles(subject, ({ turn }) => turn === 'ports');
}

/** Hosts, and paths, that are tried together with one another and a third thing. */
const MOST_OF_THREE = 4;

const isOfGateway = ({ part }: Candidate): boolean => part === 'host' || part === 'path';

function* singles(subject: Subject, isWanted: (candidate: Candidate) => boolean): Generator<readonly Try[]> {
  for (const candidate of candidates)
    if (isWanted(candidate)) for (const attempt of candidate.attempts(subject)) yield [{ candidate, attempt }];
}

/** Those that come together with others. */
const frequentOf = (subject: Subject): readonly Try[] =>
  candidates.flatMap((candidate) => {
    const { paired } = candidate;
    const attempts = paired === undefined ? [] : firstOf(candidate.attempts(subject), paired);
    return attempts.map((attempt) => ({ candidate, attempt }));
  });
