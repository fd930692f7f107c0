/** An entry of the journal as it is shown. */
import type { ContractDocument } from '../../contract/document.ts';
import type { Check, Observation } from '../../contract/observation.ts';
import type { components } from '../../contract/openapi.ts';
import type { Described } from './described.ts';
import { accessOf, answerHeaders, pairsOf, requestHeader } from './headers.ts';
import { HIDDEN } from './hidden.ts';
import type { Kept } from './kept.ts';
import { redact } from './redaction.ts';
import { hiddenTexts, shownTarget } from './target.ts';

type Entry = components['schemas']['JournalEntry'];

/** Shorter ones are part of too many words. */
const SHORTEST_SECRET = 6;

export function entryBody(document: ContractDocument, described: Described, sequence: number, kept: Kept): Entry {
  const { observation, projectId, keyId } = kept;
  const { requestId, at, milliseconds, operation, outcome, refusal, fault, caller } = observation;
  const { method, status, rawHeaders } = observation;
  const known = operation === undefined ? undefined : described.query;
  const sent = pairsOf(rawHeaders);
  const headers = sent.map((header) => requestHeader(header, caller !== undefined));
  const hidden = sent.flatMap(([, value], index) => (headers[index]?.[1] === value ? [] : [value, ...partsOf(value)]));
  const text = concealing([...hidden, ...hiddenTexts(observation.target, known)]);
  return {
    ...{ sequence, request_id: requestId, at: new Date(at).toISOString(), milliseconds },
    ...(operation !== undefined && { operation }),
    ...(projectId !== undefined && { project_id: projectId }),
    ...(keyId !== undefined && { key_id: keyId }),
    ...(caller !== undefined && { caller: callerBody(observation, caller) }),
    ...{ outcome, checks: checksOf(observation) },
    ...(refusal !== undefined && { refusal: { code: refusal.code, text: text(refusal.text) } }),
    ...(fault !== undefined && { fault_id: fault }),
    request: { method, target: shownTarget(observation.target, known), headers, ...requestBody() },
    ...(status !== undefined && {
      answer: { status, headers: answerHeaders(observation.answerHeaders), ...answerBody(status) },
    }),
  };

  function requestBody(): { body?: unknown } {
    const { body, bodyLength } = observation;
    if (bodyLength === 0) return {};
    const parsed = body.length === bodyLength ? parseObject(body) : undefined;
    if (described.request === undefined || parsed === undefined) return { body: lengthOf(bodyLength) };
    return { body: redact(document, described.request, parsed, (value) => value) };
  }

  function answerBody(status: number): { body?: unknown } {
    const { answer } = observation;
    if (answer === undefined) return kept.answerLength === 0 ? {} : { body: lengthOf(kept.answerLength) };
    return { body: redact(document, described.answer(status), answer, text) };
  }
}

const lengthOf = (bytes: number): string => `${bytes} bytes`;

/** The pieces of an Authorization, some of which a refusal may name. */
const partsOf = (value: string): readonly string[] => value.split(/[\s,=]+/);

function callerBody(
  observation: Observation,
  { user }: NonNullable<Observation['caller']>,
): NonNullable<Entry['caller']> {
  const access = accessOf(observation);
  return { user: user.name, user_id: user.id, domain: user.domain.name, ...(access !== undefined && { access }) };
}

/** A fault rule that breaks an answer off refuses it, too, and may have begun before the operation. */
function checksOf({ checks, refusal, outcome }: Observation): Entry['checks'] {
  const isRefusing = (check: Check, isLast: boolean): boolean =>
    outcome === 'broken' ? check === 'fault' : isLast && refusal !== undefined;
  return checks.map((check, index) => ({
    check,
    verdict: isRefusing(check, index === checks.length - 1) ? 'refused' : 'passed',
  }));
}

/**
 * Takes these out of a text in which Signet may have repeated them. The canonical request, which a refused signature brings along, is made
 * of all that the client has sent, and left out.
 */
function concealing(secrets: readonly string[]): (text: string) => string {
  const longFirst = [...new Set(secrets)]
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .sort((one, other) => other.length - one.length);
  return (text) => {
    const start = text.replace(/canonicalRequest:.*$/s, `canonicalRequest:${HIDDEN}`);
    return longFirst.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), start);
  };
}

function parseObject(body: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
