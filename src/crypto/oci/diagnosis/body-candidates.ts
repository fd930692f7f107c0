/** What was signed of the body: its type, length and digest. */
import { isUtf8 } from 'node:buffer';
import { bodyChanges, changedBodies } from '../../body-changes.ts';
import { contentSha256, CONTENT_LENGTH, CONTENT_SHA256 } from '../body-digest.ts';
import {
  isSigned,
  ofHeader,
  told,
  valuesOf,
  withLine,
  type Attempt,
  type Candidate,
  type Subject,
  type Turn,
} from './candidate.ts';
import { LONGEST_REWRITTEN, WRITING } from './subject.ts';

const CONTENT_TYPE = 'content-type';

/** Bytes of a body beyond which its characters are not counted. */
const LONGEST_COUNTED = 64 * 1024;

const charsets = ['; charset=utf-8', ';charset=utf-8', '; charset=UTF-8', ';charset=UTF-8'];
const usualTypes = [
  ...['application/json', 'application/json; charset=utf-8', 'application/octet-stream', 'text/plain'],
  ...['text/plain;charset=UTF-8', 'application/x-www-form-urlencoded', 'application/json, application/json'],
  ...['application/x-www-form-urlencoded; charset=UTF-8', '*/*', ''],
];

function types(arrived: string): string[] {
  const bare = arrived.slice(0, `${arrived};`.indexOf(';')).trim();
  const given = bare === '' ? [] : [bare, ...charsets.map((charset) => bare + charset)];
  return [...given, ...usualTypes, arrived.toLowerCase()];
}

const typeCandidates = ofHeader(CONTENT_TYPE, [
  {
    name: 'content-type',
    explanation: (how, arrived) => `The client signed the content-type ${told(how)}; ${arrived}.`,
    remedy: 'Set content-type yourself, with its charset or without, before signing, so that nothing changes it.',
    paired: 4,
    attempts: (subject) => valuesOf(subject, CONTENT_TYPE, types(subject.header(CONTENT_TYPE) ?? '')),
  },
]);

/** Whether the body is the one that is signed, so that there is nothing to be found out about it. */
const isIntact = ({ header, bodyDigest }: Subject): boolean =>
  bodyDigest === undefined || header(CONTENT_SHA256) === bodyDigest;

/** The length of a body in characters, where that is not the one in bytes. */
export function lengthsOfCharacters(body: Uint8Array): readonly string[] {
  if (body.length > LONGEST_COUNTED || !isUtf8(body)) return [];
  const text = Buffer.from(body).toString();
  return text.length === body.length ? [] : [`${text.length}`, `${Array.from(text).length}`];
}

/** Lengths that are off by this much or more, up to that; nearest first, the longer one before the shorter one. */
function* lengthsAround(length: number, least: number, most: number): Generator<string> {
  for (let off = least; off <= most; off++) {
    yield `${length + off}`;
    if (off <= length) yield `${length - off}`;
  }
}

const lengthCandidates = ofHeader(CONTENT_LENGTH, [
  {
    name: 'content-length',
    explanation: (how, arrived) => `The client signed the content-length ${told(how)}, that of the body; ${arrived}.`,
    remedy: 'Let nothing on the way take content-length off, as chunked transfer does.',
    paired: 1,
    attempts: (subject) => valuesOf(subject, CONTENT_LENGTH, [`${subject.request.body.length}`]),
  },
  {
    name: 'content-length-of-characters',
    explanation: (how, arrived) =>
      `The client signed the content-length ${told(how)}, which counts characters and not bytes; ${arrived}.`,
    remedy: 'Count the bytes of the body in UTF-8.',
    attempts: (subject) => valuesOf(subject, CONTENT_LENGTH, lengthsOfCharacters(subject.request.body)),
  },
  {
    name: 'content-length-form',
    explanation: (how, arrived) => `The client signed ${told(how)} as the content-length; ${arrived}.`,
    remedy: 'Sign the content-length that is sent; 0 where there is no body.',
    attempts: (subject) => valuesOf(subject, CONTENT_LENGTH, ['0', '', 'undefined', 'null']),
  },
]);

/** A digest in Base64 in other forms that clients have it in. */
export function digestForms(digest: string): readonly string[] {
  const bytes = Buffer.from(digest, 'base64');
  const hex = bytes.toString('hex');
  return [hex, hex.toUpperCase(), bytes.toString('base64url'), Buffer.from(hex).toString('base64')];
}

const digestCandidates = ofHeader(CONTENT_SHA256, [
  {
    name: 'content-sha256',
    explanation: (how, arrived) =>
      `The client signed the x-content-sha256 ${told(how)}, which is that of the body; ${arrived}.`,
    remedy: 'Let nothing on the way take x-content-sha256 off or change it.',
    paired: 1,
    attempts: (subject) =>
      valuesOf(subject, CONTENT_SHA256, subject.bodyDigest === undefined ? [] : [subject.bodyDigest]),
  },
  {
    name: 'content-sha256-form',
    explanation: (how, arrived) =>
      `The client signed the digest of the body in another form, or that of none: ${told(how)}; ${arrived}.`,
    remedy: 'Sign the SHA-256 of the body in Base64, as it is sent in x-content-sha256.',
    attempts: (subject) =>
      valuesOf(subject, CONTENT_SHA256, [
        ...(subject.bodyDigest === undefined ? [] : digestForms(subject.bodyDigest)),
        ...[contentSha256(new Uint8Array()), ''],
      ]),
  },
]);

/** Length and digest of another body, as far as they are signed. */
const withBody = (body: Uint8Array, how: string, digest?: string): Attempt => {
  const length = withLine(CONTENT_LENGTH, `${body.length}`, how);
  if (digest === undefined) return length;
  return { how, change: (text) => withLine(CONTENT_SHA256, digest).change(length.change(text)) };
};

const rewritten: readonly Candidate[] = [
  {
    name: 'body-rewritten',
    part: 'body',
    explanation: (how) => `The body was changed on the way, and content-length with it. ${how}`,
    remedy: 'Let nothing on the way read the body and write it again.',
    paired: 1,
    *attempts(subject) {
      if (!isSigned(subject, CONTENT_LENGTH) || !isSigned(subject, CONTENT_SHA256)) return;
      const found = subject.foundBody();
      if (found !== undefined) yield withBody(found.body, found.explanation);
    },
  },
  {
    name: 'body-and-digest-rewritten',
    part: 'body',
    explanation: (how) => `The body was changed on the way, and content-length and x-content-sha256 with it. ${how}`,
    remedy: 'Let nothing on the way read the body and write it again.',
    turn: 'guesses',
    *attempts(subject) {
      const { request, header, budget } = subject;
      if (!isSigned(subject, CONTENT_SHA256)) return;
      if (request.body.length > LONGEST_REWRITTEN) return;
      if (header(CONTENT_SHA256) !== undefined && !isIntact(subject)) return;
      for (const change of bodyChanges) {
        for (const [how, body] of changedBodies(change, request.body)) {
          budget.spend(WRITING * body.length);
          yield withBody(
            body,
            change.explanation.replace('%s', () => how),
            contentSha256(body),
          );
        }
      }
    },
  },
];

/** How far off a length is looked for before all else. */
const NEAR = 150;

const lengthsFrom = (turn: Turn, least: number, most: number): Candidate => ({
  name: 'content-length-changed',
  part: 'body',
  explanation: (how) =>
    `The client signed the content-length ${told(how)}: the body was changed on the way, and content-length with it.`,
  remedy: 'Let nothing on the way read the body and write it again.',
  turn,
  *attempts(subject) {
    if (isSigned(subject, CONTENT_SHA256) && isIntact(subject)) return;
    const lengths = lengthsAround(subject.request.body.length, least, most);
    if (isSigned(subject, CONTENT_LENGTH)) yield* valuesOf(subject, CONTENT_LENGTH, lengths);
  },
});

export const bodyCandidates: readonly Candidate[] = [
  ...typeCandidates,
  ...lengthCandidates,
  ...digestCandidates,
  ...rewritten,
  lengthsFrom('lengths', 1, NEAR),
  lengthsFrom('rest', NEAR + 1, Infinity),
];
