/**
 * The vendor's checklist for a call that works directly and fails behind the gateway, gone through for one request.
 * Source: https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewaytroubleshooting_topic-service_api_calls_fail_after_proxied.htm
 */
import type { ChecklistEntry } from '../../contract/oci-forwarded.ts';
import { HIDDEN } from '../../contract/secret-headers.ts';
import { isOciAuthorization, readOciAuthorization, schemeOf } from '../../crypto/oci/authorization.ts';
import { contentSha256 } from '../../crypto/oci/body-digest.ts';
import { quoted } from '../../crypto/oci/quoted.ts';
import { requiredHeaders } from '../../crypto/oci/required-headers.ts';
import { headerValue, originForm, type OciRequest } from '../../crypto/oci/signed-request.ts';
import { REQUEST_TARGET } from '../../crypto/oci/signing-string.ts';
import { asText } from '../../crypto/text-bytes.ts';
import { shownAuthorization } from '../shown-authorization.ts';

export interface Failed {
  /** As the client sent it to the gateway. */
  readonly sent: OciRequest;
  /** As the back end received it. */
  readonly received: OciRequest;
  /** The string that was signed, as far as that is proved. */
  readonly signed: string | undefined;
}

/** The request, and what the questions have in common. */
interface Case extends Failed {
  /** In lower case; none where Authorization cannot be read. */
  readonly names: readonly string[];
  /** A line of what was signed, without its name; undefined where that is not known. */
  readonly signedValue: (name: string) => string | undefined;
}

type Answer = Omit<ChecklistEntry, 'question' | 'signed' | 'sent' | 'received'> &
  Partial<Pick<ChecklistEntry, 'signed' | 'sent' | 'received'>>;

interface Question {
  readonly question: string;
  /** Undefined where it does not arise. */
  readonly answer: (of: Case) => Answer | undefined;
}

export function checklistOf(failed: Failed): readonly ChecklistEntry[] {
  const { sent, received, signed } = failed;
  const authorization = headerValue(received, 'authorization') ?? headerValue(sent, 'authorization') ?? '';
  const names = readOciAuthorization(authorization)?.headers ?? [];
  const lines = new Map(
    signed?.split('\n').map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)] as const),
  );
  const of: Case = {
    ...failed,
    names: names.map((name) => name.toLowerCase()),
    signedValue: (name) => lines.get(name),
  };
  const unknown = { signed: undefined, sent: undefined, received: undefined };
  return questions.flatMap(({ question, answer }) => {
    const given = answer(of);
    return given === undefined ? [] : [{ question, ...unknown, ...given }];
  });
}

/** As what was signed is told: UTF-8. */
function valueOf(request: OciRequest, name: string): string | undefined {
  const value = headerValue(request, name);
  return value === undefined ? undefined : asText(value);
}

/** A signed header is compared on both sides, and with what was signed where that is known. */
const compared = (name: string): Question => ({
  question: `Did ${name} reach the back end as it was signed?`,
  answer: ({ sent: before, received: after, names, signedValue }) => {
    const [sent, received, signed] = [valueOf(before, name), valueOf(after, name), signedValue(name)];
    if (!names.includes(name) && sent === undefined && received === undefined) return undefined;
    const expected = signed ?? sent;
    const values = { signed, sent: visible(name, sent), received: visible(name, received) };
    if (received === undefined) return { answer: 'missing', ...values, explanation: absent(name, sent) };
    if (expected === received) return { answer: 'ok', ...values, explanation: same };
    const isSigned = names.includes(name) || name === 'authorization';
    const change = changed(visible(name, expected), values.received, signed === undefined ? 'sent' : 'signed');
    return isSigned
      ? { answer: 'differs', ...values, explanation: change }
      : { answer: 'ok', ...values, explanation: `${change} It is not signed, though.` };
  },
});

const same = 'It is the same.';
const visible = (name: string, value: string | undefined): string | undefined =>
  name === 'authorization' && value !== undefined ? shownAuthorization(value) : value;
const absent = (name: string, sent: string | undefined): string =>
  `The back end received no ${name}${sent === undefined ? ', and none was sent' : ': the gateway dropped it'}.`;
const changed = (expected: string | undefined, received: string | undefined, how: 'sent' | 'signed'): string =>
  `The back end received ${shown(received)}, and ${shown(expected)} was ${how}.`;

/** Of method and target of a signed line, or of a request. */
function compareTarget({ sent, received, names, signedValue }: Case, part: 'method' | 'target'): Answer | undefined {
  if (!names.includes(REQUEST_TARGET)) return undefined;
  const line = signedValue(REQUEST_TARGET);
  const space = line?.indexOf(' ') ?? 0;
  const signed = part === 'method' ? line?.slice(0, space) : line?.slice(space + 1);
  const read = (request: OciRequest): string =>
    part === 'method' ? request.method.toLowerCase() : asText(originForm(request.target));
  const values = { signed, sent: read(sent), received: read(received) };
  const expected = signed ?? values.sent;
  return expected === values.received
    ? { answer: 'ok', ...values, explanation: same }
    : {
        answer: 'differs',
        ...values,
        explanation: changed(expected, values.received, signed === undefined ? 'sent' : 'signed'),
      };
}

const shown = (value: string | undefined): string => (value === undefined ? 'none' : quoted(value));

/** Another word in its place may be a secret. */
const schemeIn = (value: string | undefined): string | undefined => value && (schemeOf(value) ?? HIDDEN);

const questions: readonly Question[] = [
  {
    question: 'Does Authorization begin with Signature?',
    answer: ({ sent, received }) => {
      const [before, after] = [headerValue(sent, 'authorization'), headerValue(received, 'authorization')];
      const both = { sent: schemeIn(before), received: schemeIn(after) };
      if (after === undefined) return { answer: 'missing', ...both, explanation: absent('Authorization', before) };
      return isOciAuthorization(after)
        ? { answer: 'ok', ...both, explanation: 'It does.' }
        : { answer: 'differs', ...both, explanation: 'It has another scheme: this is no OCI signature.' };
    },
  },
  {
    question: 'Which headers are signed?',
    answer: ({ received, names }) => {
      const lacking = requiredHeaders(received.method, received.target).filter(
        (name) => !names.includes(name) && !(name === 'date' && names.includes('x-date')),
      );
      const signed = names.join(' ') || undefined;
      return lacking.length === 0
        ? { answer: 'ok', signed, explanation: `All that must be: ${names.join(', ')}.` }
        : { answer: 'missing', signed, explanation: `Not signed, and they must be: ${lacking.join(', ')}.` };
    },
  },
  {
    question: 'Was it signed for the final path and query?',
    answer: (of) => compareTarget(of, 'target'),
  },
  {
    question: 'Was it signed for the final method?',
    answer: (of) => compareTarget(of, 'method'),
  },
  {
    question: 'Was it signed for the final body?',
    answer: ({ received, sent, names, signedValue }) => {
      if (!names.includes('x-content-sha256')) return undefined;
      const signed = signedValue('x-content-sha256') ?? headerValue(sent, 'x-content-sha256');
      const [before, after] = [contentSha256(sent.body), contentSha256(received.body)];
      const digests = { signed, sent: before, received: after };
      return signed === after
        ? { answer: 'ok', ...digests, explanation: 'x-content-sha256 is the digest of the body.' }
        : {
            answer: 'differs',
            ...digests,
            explanation: `The body has the digest ${after}, and ${signed ?? 'none'} was signed.`,
          };
    },
  },
  ...['authorization', 'date', 'x-date', 'host', 'x-content-sha256', 'content-type', 'content-length'].map(compared),
  {
    question: 'Which opc-request-id has it?',
    answer: ({ sent, received }) => {
      const ids = { sent: valueOf(sent, 'opc-request-id'), received: valueOf(received, 'opc-request-id') };
      return ids.sent === undefined
        ? {
            answer: 'missing',
            ...ids,
            explanation: 'The client sent none: the one of the answer leads to this request.',
          }
        : {
            answer: 'ok',
            ...ids,
            explanation: 'It is the first part of the one in the answer, which leads to this request.',
          };
    },
  },
];
