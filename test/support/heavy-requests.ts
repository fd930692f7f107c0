/** Requests that would take many times their length in memory if all of them were kept as objects. */
import type { Observation } from '../../src/contract/observation.ts';

/** Lists within each other. */
export const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

export interface HeavyRequest {
  readonly name: string;
  readonly body: string;
  readonly answer: string;
}

const fields = Object.fromEntries(Array.from({ length: 800 }, (_, at) => [`f${at}`, at]));
const keys = Array.from({ length: 100 }, (_, at) => ({ a: `${at}`, b: 'x' }));

export const heavyRequests: readonly HeavyRequest[] = [
  { name: 'lists in lists', body: `{"a":${nested(4000)}}`, answer: '' },
  { name: 'many lists', body: `{"a":[${'[],'.repeat(2600)}[]]}`, answer: '' },
  { name: 'many fields', body: JSON.stringify(fields), answer: '' },
  { name: 'a long id', body: JSON.stringify({ key_id: 'x'.repeat(100_000) }), answer: '' },
  {
    name: 'a usual body',
    body: '{"key_id":"x","message":"aGVsbG8=","signing_algorithm":"ECDSA_SHA_256"}',
    answer: '',
  },
  { name: 'a usual answer', body: '{}', answer: JSON.stringify({ keys }) },
];

/** As an observer is told of it, with memory of its own. */
export function observed({ body: text, answer }: HeavyRequest): Observation {
  const body = new Uint8Array(Buffer.from(text));
  return {
    ...{ requestId: 'x', at: 0, milliseconds: 0, method: 'POST', target: '/x', host: 'x', rawHeaders: [] },
    ...{ body, bodyLength: body.length, operation: 'kms.sign', path: {}, parsed: JSON.parse(text) as never },
    ...{ caller: undefined, checks: [], refusal: undefined, complaints: undefined, fault: undefined },
    ...{ outcome: 'answered', status: 200, answer: answer === '' ? undefined : (JSON.parse(answer) as object) },
    answerHeaders: answer === '' ? {} : { 'content-length': answer.length },
  };
}
