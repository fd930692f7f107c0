/** What is known today, held against what was found when a request came: a reset or an import may lie between. */
import type { Check, Observation } from '../../contract/observation.ts';
import type { components } from '../../contract/openapi.ts';
import type { Facts } from './check-details.ts';
import { unchecked } from './signature-explanation.ts';

type KmsExplanation = components['schemas']['KmsExplanation'];

const CHANGED = 'Keys or secrets have changed since.';

/** What of a request is looked up today. */
type Found = Omit<Facts, 'stale'>;
type Contradicts = (facts: Found, isRefused: boolean, isForeign: boolean) => boolean;

/** Whether what would be found today is not what was found. */
const contradictions: Readonly<Partial<Record<Check, Contradicts>>> = {
  'access key': ({ key, outcome }, isRefused, isForeign) =>
    isRefused
      ? key !== undefined && outcome.refusal?.text.endsWith(' not exist') === true
      : key === undefined && !isForeign,
  signature: ({ signature }, isRefused) =>
    isRefused ? signature?.verdict === 'right' : ['proved', 'unknown'].includes(signature?.verdict ?? ''),
  token: ({ token }, isRefused) =>
    isRefused
      ? ['accepted', 'other-project', 'no-project'].includes(token?.verdict ?? '')
      : token?.verdict === 'unknown',
};

/** The checks of a request that was sent of which today says something else. */
const staleChecks = (facts: Found, isForeign: boolean): ReadonlySet<Check> => {
  const { checks, refusal } = facts.outcome;
  return new Set(
    checks.filter((check, index) => {
      const isRefused = refusal !== undefined && index === checks.length - 1;
      return contradictions[check]?.(facts, isRefused, isForeign);
    }),
  );
};

/** What was signed or checked, as far as it happened, and is still known; with whether it is not. */
function inHindsight(
  kms: KmsExplanation,
  { checks, refusal, answer }: Pick<Observation, 'checks' | 'refusal' | 'answer'>,
): { readonly kms: KmsExplanation; readonly isStale: boolean } {
  const { verdict, ...undecided } = kms;
  const isRefused = refusal !== undefined && checks.at(-1) === 'operation';
  if (isRefused || !checks.includes('operation')) return { kms: undecided, isStale: false };
  // A fault that came after the operation hides its answer, and a client that goes away does not get one.
  if (checks.at(-1) !== 'operation' || answer === undefined) return { kms, isStale: false };
  const { signature_valid: isValid } = (typeof answer === 'object' ? answer : {}) as { signature_valid?: unknown };
  const was = isValid === undefined ? 'signed' : isValid === 'true' ? 'valid' : 'invalid';
  if (verdict === was) return { kms, isStale: false };
  const { algorithm, message_type, hash } = kms;
  return { kms: { algorithm, message_type, hash }, isStale: true };
}

/** What may be told: all of it for a request that was not sent; else what does not contradict what happened to it, with a note where something does. */
export function knownOf(
  found: Found,
  kms: KmsExplanation | undefined,
  isForeign: boolean,
  observation: Observation | undefined,
): { readonly facts: Facts; readonly kms: KmsExplanation | undefined } {
  if (observation === undefined) return { facts: { ...found, stale: new Set() }, kms };
  const stale = staleChecks(found, isForeign);
  const then = kms && inHindsight(kms, observation);
  const { given, authorization, signature, token } = found;
  const isStale = stale.size > 0 || then?.isStale === true;
  const facts: Facts = {
    ...found,
    stale,
    given: isStale ? { ...given, notes: [...given.notes, CHANGED] } : given,
    signature: stale.has('signature') && authorization ? unchecked(given, authorization) : signature,
    token: stale.has('token') ? undefined : token,
  };
  return { facts, kms: then?.kms };
}
