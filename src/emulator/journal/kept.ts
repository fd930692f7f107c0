/** What the journal keeps of a request: all of a usual one, and of a long one what is worth its memory. */
import type { Observation } from '../../contract/observation.ts';

export interface Kept {
  readonly observation: Observation;
  readonly projectId: string | undefined;
  /** As the request names it. */
  readonly keyId: string | undefined;
  /** Bytes of the answer's body. */
  readonly answerLength: number;
  /** Bytes that it holds on to, more or less. */
  readonly weight: number;
}

/** Bytes of a body that are kept at most; of a longer answer nothing is. */
const LONGEST = 64 * 1024;
/** Bytes of a body beyond which it is not kept as objects as well, which may take fifty times the room. */
const LONGEST_PARSED = 8 * 1024;
/** What a request without body takes. */
const LEAST_WEIGHT = 2048;

/** Holds on to the objects of the request: it is made for each, and read of hardly any. */
export function keep(observation: Observation): Kept {
  const { bodyLength, parsed, path, caller, answerHeaders, target, rawHeaders } = observation;
  const { key_id: inBody } = parsed ?? {};
  const keyId = path['key_id'] ?? inBody;
  const answerLength = Number(answerHeaders['content-length'] ?? 0);
  const isLong = bodyLength > LONGEST_PARSED || answerLength > LONGEST;
  const held = isLong ? shortened(observation, answerLength) : observation;
  let weight = LEAST_WEIGHT + held.body.buffer.byteLength + target.length;
  if (held.answer !== undefined) weight += answerLength;
  for (const text of rawHeaders) weight += text.length;
  return {
    observation: held,
    projectId: path['project_id'] ?? caller?.project?.id,
    keyId: typeof keyId === 'string' ? keyId : undefined,
    answerLength,
    weight,
  };
}

function shortened(observation: Observation, answerLength: number): Observation {
  const { body, bodyLength, parsed, answer } = observation;
  return {
    ...observation,
    body: new Uint8Array(body.subarray(0, LONGEST)),
    parsed: bodyLength > LONGEST_PARSED ? undefined : parsed,
    answer: answerLength > LONGEST ? undefined : answer,
  };
}
