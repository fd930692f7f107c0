import { MOST_PARTS, isShort, told, type Attempt, type Candidate, type Subject } from './candidate.ts';
import { hostsOf } from './host-candidates.ts';
import { splitTarget, type SignedText } from './signed-text.ts';

/** Segments at the begin of a path that a gateway may have put there. */
const MOST_SEGMENTS = 5;

const withPath = (path: string, how = path): Attempt => ({ how, change: (text) => ({ ...text, path }) });
const withTarget = (target: string): Attempt => ({
  how: target,
  change: (text) => ({ ...text, ...splitTarget(target) }),
});

const prefixed = (prefix: string): Attempt => ({
  how: prefix,
  change: (text) => ({ ...text, path: prefix + text.path }),
});

/** What stands before each of the first slashes. */
function leading(path: string): string[] {
  const prefixes: string[] = [];
  for (let at = path.indexOf('/', 1); at > 0 && prefixes.length < MOST_SEGMENTS; at = path.indexOf('/', at + 1))
    prefixes.push(path.slice(0, at));
  return prefixes.length < MOST_SEGMENTS && path.length > 1 ? [...prefixes, path] : prefixes;
}

const rest = (path: string, prefix: string): string => path.slice(prefix.length) || '/';

function prefixesOf({ prefixes, header }: Subject): string[] {
  const forwarded = (header('x-forwarded-prefix') ?? '').split(',', MOST_PARTS).map((part) => part.trim());
  return [...forwarded, ...prefixes]
    .map((prefix) => (prefix.endsWith('/') ? prefix.slice(0, -1) : prefix))
    .filter((prefix) => prefix.startsWith('/'))
    .slice(0, MOST_PARTS);
}

/** Headers in which proxies say what the target was. */
const originals = ['x-original-uri', 'x-original-url', 'x-forwarded-uri', 'x-envoy-original-path', 'x-rewrite-url'];

/** What the parent segments of a path are called that a URL parser has resolved, besides its own segments. */
const guessed = [...Array.from('abcdefghijklmnopqrstuvwxyz'), 'foo', 'test', 'api', 'oci', 'users', '20160918'];

/** The path with segments in it that a URL parser takes out again (RFC 3986 5.2.4). */
function* dotted({ expected: { path }, prefixes }: Subject): Generator<string> {
  const places = ['', ...leading(path)].map((before) => [before, path.slice(before.length)] as const);
  const own = new Set([...path.split('/'), ...prefixes.flatMap((prefix) => prefix.split('/'))].filter(Boolean));
  for (const between of ['/.', '/..', ...[...own, ...guessed].map((segment) => `/${segment}/..`)])
    for (const [before, after] of places) yield before + between + after;
}

const rows: readonly Candidate[] = [
  {
    name: 'prefix-added',
    part: 'path',
    explanation: (how, { verb }) => `The client signed the path without ${told(how)}, with which it ${verb}.`,
    remedy: 'Sign the path that the service receives, or let the gateway take its prefix off again.',
    paired: 5,
    attempts: ({ expected: { path } }) => leading(path).map((prefix) => withPath(rest(path, prefix), prefix)),
  },
  {
    name: 'prefix-removed',
    part: 'path',
    explanation: (how, { verb }) => `The client signed the path with ${told(how)} before it, without which it ${verb}.`,
    remedy: 'Sign the path that the service receives, or let the gateway leave the prefix where it is.',
    paired: 4,
    attempts: (subject) => prefixesOf(subject).map(prefixed),
  },
  {
    name: 'prefix-exchanged',
    part: 'path',
    explanation: (how) => `The client signed another begin of the path: ${told(how)}.`,
    remedy: "Sign the path that the service receives; a gateway's route has another one.",
    paired: 2,
    *attempts(subject) {
      const { path } = subject.expected;
      for (const prefix of prefixesOf(subject).slice(0, 8))
        for (const taken of leading(path).slice(0, 4)) yield withPath(prefix + rest(path, taken));
    },
  },
  {
    name: 'target-rewritten',
    part: 'path',
    explanation: (how) => `The client signed the target ${told(how)}, which a header of the proxy names.`,
    remedy: 'Sign the target that the service receives, or let the proxy leave it as it is.',
    paired: 1,
    attempts: ({ header }) => originals.flatMap((name) => header(name) ?? []).map((target) => withTarget(target)),
  },
  {
    name: 'path-slashes',
    part: 'path',
    explanation: (how) => `The client signed the path with other slashes: ${told(how)}.`,
    remedy: 'Join endpoint and path with one slash, and let nothing on the way add or take off slashes.',
    paired: 3,
    attempts: ({ expected: { path } }) =>
      [
        path.endsWith('/') ? path.slice(0, -1) : `${path}/`,
        `/${path}`,
        path.replaceAll(/\/{2,}/g, '/'),
        path.slice(1),
        `${path}//`,
        ...leading(path).map((before) => `${before}/${path.slice(before.length)}`),
      ].map((other) => withPath(other)),
  },
  {
    name: 'path-case',
    part: 'path',
    explanation: () => 'The client signed the path in small letters.',
    remedy: 'Sign the path as it is sent, letter for letter.',
    attempts: ({ expected: { path } }) => [withPath(path.toLowerCase())],
  },
  {
    name: 'url-for-target',
    part: 'path',
    explanation: (how) => `The client signed more than path and query as the target: ${told(how)}.`,
    remedy: 'Sign the path with its query as (request-target), without scheme and host.',
    *attempts(subject) {
      const { path } = subject.expected;
      for (const host of new Set(hostsOf(subject)))
        for (const scheme of ['https://', 'http://', '']) yield withPath(scheme + host + path);
    },
  },
  {
    name: 'dot-segments',
    part: 'path',
    explanation: (how) =>
      `The client signed the path with a dot segment, ${told(how)}, and the HTTP library sent what that leads to, as under the TypeScript SDK.`,
    remedy: 'Resolve . and .. in a path before it is signed.',
    turn: 'guesses',
    *attempts(subject) {
      if (isShort(subject)) for (const path of dotted(subject)) yield withPath(path);
    },
  },
];

const signsTarget = ({ lines }: SignedText): boolean => lines.some(({ name }) => name === '(request-target)');

/** Rows about the target, which are not tried where that is not signed. */
export const ofTarget = (all: readonly Candidate[]): readonly Candidate[] =>
  all.map((row) => ({
    ...row,
    attempts: (subject) => (signsTarget(subject.expected) ? row.attempts(subject) : []),
  }));

export const pathCandidates = ofTarget(rows);
