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
/** Bytes of a body that is kept where it lies, in a piece of memory that may be longer. */
const LONGEST_SHARED = 8 * 1024;
/** Fields of a body that is kept as an object as well. With more of them, or with others within, it takes fifty times the room. */
const MOST_FIELDS = 16;
/** Characters of an id; what is longer is none. */
const LONGEST_ID = 128;
/** What a request without body takes, what such an object takes besides its texts, and a text besides its characters. */
const LEAST_WEIGHT = 3072;
const OBJECT_WEIGHT = 1024;
const TEXT_WEIGHT = 32;
/** Bytes in memory for each byte of an answer: Signet's own have few fields that are short. */
const ANSWER_WEIGHT = 4;

/** Holds on to the objects of the request: it is made for each, and read of hardly any. */
export function keep(observation: Observation): Kept {
  const { bodyLength, parsed, path, caller, answerHeaders, target, rawHeaders, refusal } = observation;
  const { key_id: inBody } = parsed ?? {};
  const answerLength = Number(answerHeaders['content-length'] ?? 0);
  const isLong = bodyLength > LONGEST_SHARED || answerLength > LONGEST;
  const isKeptWhole = !isLong && isFlat(parsed);
  const held = isKeptWhole ? observation : shortened(observation, answerLength);
  let weight = LEAST_WEIGHT + held.body.buffer.byteLength + target.length + (refusal?.text.length ?? 0);
  if (held.parsed !== undefined) weight += OBJECT_WEIGHT + 2 * bodyLength;
  if (held.answer !== undefined) weight += ANSWER_WEIGHT * answerLength;
  for (const text of rawHeaders) weight += TEXT_WEIGHT + text.length;
  return {
    observation: held,
    projectId: idOf(path['project_id']) ?? caller?.project?.id,
    keyId: idOf(path['key_id'] ?? inBody),
    answerLength,
    weight,
  };
}

const idOf = (given: unknown): string | undefined =>
  typeof given === 'string' && given.length <= LONGEST_ID ? given : undefined;

/** Whoever needs another kind of body as an object can parse it again. */
function isFlat(parsed: Observation['parsed'] = {}): boolean {
  const values = Object.values(parsed);
  return values.length <= MOST_FIELDS && values.every((value) => typeof value !== 'object');
}

function shortened(observation: Observation, answerLength: number): Observation {
  const { body, bodyLength, parsed, answer } = observation;
  return {
    ...observation,
    body: new Uint8Array(body.subarray(0, LONGEST)),
    parsed: bodyLength <= LONGEST_SHARED && isFlat(parsed) ? parsed : undefined,
    answer: answerLength > LONGEST ? undefined : answer,
  };
}
