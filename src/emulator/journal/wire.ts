/** An entry of the journal as it is shown. */
import type { Caller, OciCaller } from '../../contract/caller.ts';
import type { ContractDocument } from '../../contract/document.ts';
import type { Check, Observation } from '../../contract/observation.ts';
import type { components } from '../../contract/openapi.ts';
import { concealing } from './concealing.ts';
import type { Described } from './described.ts';
import { accessOf, answerHeaders, hiddenPieces, pairsOf, requestHeader } from './headers.ts';
import type { Kept } from './kept.ts';
import { redact } from './redaction.ts';
import { hiddenValues, shownTarget } from './target.ts';

type Entry = components['schemas']['JournalEntry'];

/** @param caller undefined also where whoever asks may not know it */
export function entryBody(
  document: ContractDocument,
  described: Described,
  sequence: number,
  kept: Kept,
  caller: Caller | undefined,
): Entry {
  const { observation, projectId, keyId } = kept;
  const { requestId, at, milliseconds, operation, outcome, refusal, complaints, fault } = observation;
  const { method, status, rawHeaders } = observation;
  const known = operation === undefined ? undefined : described.query;
  const sent = pairsOf(rawHeaders);
  const access = caller && accessOf(observation);
  const headers = sent.map((header) => requestHeader(header, access));
  const text = concealing({
    headers: () => sent.flatMap((header, index) => hiddenPieces(header, headers[index] ?? header)),
    query: () => hiddenValues(observation.target, known),
  });
  return {
    ...{ sequence, request_id: requestId, at: new Date(at).toISOString(), milliseconds },
    ...(operation !== undefined && { operation }),
    ...(projectId !== undefined && { project_id: projectId }),
    ...(keyId !== undefined && { key_id: keyId }),
    ...(caller !== undefined && { caller: callerBody(caller, access) }),
    ...{ outcome, checks: checksOf(observation) },
    ...(refusal !== undefined && { refusal: { code: refusal.code, text: text(refusal.text) } }),
    ...(complaints !== undefined && { complaints: complaints.map(text) }),
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

function callerBody(caller: Caller | OciCaller, access: string | undefined): NonNullable<Entry['caller']> {
  const { user } = caller;
  return {
    ...{ user: user.name, user_id: user.id, domain: user.domain.name },
    ...(access !== undefined && { access }),
    ...('fingerprint' in caller && { fingerprint: caller.fingerprint }),
  };
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

function parseObject(body: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
