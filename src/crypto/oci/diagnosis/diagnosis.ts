/**
 * Why an OCI request signature was refused. The digest that the client signed is recovered from the signature with the public key
 * (RFC 8017 8.2.2), and what the client may have signed is compared with it: a cause is named only where the signature itself proves it.
 */
import type { KeyObject } from 'node:crypto';
import { firstDifference } from '../../first-difference.ts';
import { asText } from '../../text-bytes.ts';
import { readOciAuthorization, type OciAuthorization } from '../authorization.ts';
import { headerValues, type OciRequest } from '../signed-request.ts';
import { Budget } from './budget.ts';
import type { Subject } from './candidate.ts';
import { changesOf, componentsOf, listChange, shownComponents } from './components.ts';
import { shownString } from './masking.ts';
import { open, type Opened } from './opening.ts';
import type { OciComponent, OciDiagnosis, OciSurroundings } from './question.ts';
import { search, type Finding } from './search.ts';
import { subjectOf } from './subject.ts';
import { summaryOf } from './summary.ts';

/** Candidates that are tried where nobody says how many. */
export const DEFAULT_LIMIT = 1800;
/** Bytes of them, and of what is hashed for them. */
const MOST_BYTES = 2 * 1024 * 1024;

/**
 * Finds out what was signed, or how; a few milliseconds of CPU at most, whatever the request.
 * @param publicKey that of the key that keyId names
 */
export function diagnose(
  request: OciRequest,
  authorization: OciAuthorization,
  publicKey: KeyObject,
  surroundings: OciSurroundings,
): OciDiagnosis {
  const { otherKeys, sent, limit = DEFAULT_LIMIT } = surroundings;
  const names = authorization.headers;
  const opened = open(authorization.signature, publicKey, otherKeys);
  const components = componentsOf(request, names, sent);
  const tried = new Set<string>();
  let count = 0;
  const searched = (subject: Subject): Finding | undefined => {
    const finding = search(subject, opened, tried);
    count += subject.budget.taken;
    return finding;
  };
  // Where both are searched, each gets a half.
  const share = sent === undefined ? 1 : 2;
  const budgetOf = (): Budget => new Budget(limit / opened.weight / share, MOST_BYTES / share);

  const subject = subjectOf(request, names, surroundings, budgetOf());
  const finding = (sent && ofSent(sent)) ?? searched(subject);
  return told(subject, opened, finding, { components, tried, count, isSentKnown: sent !== undefined });

  function ofSent(before: OciRequest): Finding | undefined {
    const listed = sentNames(before) ?? names;
    const found = searched(subjectOf(before, listed, surroundings, budgetOf(), 'was sent'));
    return found && { ...found, causes: [...found.causes, ...changesOf(components), ...listChange(listed, names)] };
  }
}

/** The names of the signed headers where the request as sent has its Authorization. */
const sentNames = (sent: OciRequest): readonly string[] | undefined =>
  readOciAuthorization(headerValues(sent, 'authorization')[0] ?? '')?.headers;

interface Circumstances {
  readonly components: readonly OciComponent[];
  readonly tried: ReadonlySet<string>;
  readonly count: number;
  readonly isSentKnown: boolean;
}

function told(
  { expected }: Subject,
  { causes: shown, isByKey, recovered }: Opened,
  finding: Finding | undefined,
  { components, tried, count, isSentKnown }: Circumstances,
): OciDiagnosis {
  const causes = finding?.causes ?? shown;
  const right = [expected.layout(expected), shownString(expected)] as const;
  const signed = finding && ([finding.signed.layout(finding.signed), shownString(finding.signed)] as const);
  const lineNames = expected.lines.map(({ name }) => name);
  return {
    summary: summaryOf({ causes, isSignedKnown: finding !== undefined, isByKey, components, count, isSentKnown }),
    proved: finding !== undefined || causes.length > 0,
    causes,
    expected: asText(right[1]),
    signed: signed && asText(signed[1]),
    difference: signed && firstDifference([right[0], signed[0]], lineNames, [right[1], signed[1]]),
    recovered,
    components: shownComponents(components),
    tried: [...tried],
  };
}
