import { decode, encode, percentEncoded } from '../../canonical-query.ts';
import { isShort, told, type Attempt, type Candidate, type Subject } from './candidate.ts';
import { ofTarget } from './path-candidates.ts';

type Write = (piece: string) => string;

/** What that takes, as if that many times as much were hashed. */
const WRITING = 16;

const percent = (byte: string): string => encode(byte);

/** What Node's url.parse, with which the TypeScript SDK signs, encodes and the parser of fetch does not. */
const legacy: readonly Write[] = [/[|{}^`]/g, /[|{}^`\\<>"]/g, /[|{}^`\\<>"']/g].map(
  (pattern) => (piece) => piece.replaceAll(pattern, percent),
);

const beyondAscii: Write = (piece) => piece.replaceAll(/(?:%[89A-Fa-f][0-9A-Fa-f])+/g, decode);

/** Reserved characters of RFC 3986 2.2 and some that are mistaken for such; each is encoded by some and not by others. */
const disputed = Array.from(":/@!$'()*,;=?+&[]~");

/** Each segment, name and value apart, so that what separates them stays. */
const apart = (write: Write): Write => {
  const pattern = /[^/?&=]+/g;
  return (piece) => piece.replaceAll(pattern, write);
};

const blanks: readonly Write[] = [
  (piece) => piece.replaceAll('+', '%20'),
  (piece) => piece.replaceAll('%20', '+'),
  (piece) => piece.replaceAll('+', '%2B'),
  (piece) => piece.replaceAll(/%2[Bb]/g, '+'),
  (piece) => piece.replaceAll('%20', ' '),
];

const hexDigits: readonly Write[] = [
  (piece) => piece.replaceAll(/%[0-9A-Fa-f]{2}/g, (hex) => hex.toUpperCase()),
  (piece) => piece.replaceAll(/%[0-9A-Fa-f]{2}/g, (hex) => hex.toLowerCase()),
];

const byRules: readonly Write[] = [
  apart(percentEncoded),
  apart((piece) => percentEncoded(piece).replaceAll(/%(?:2[1789A]|7E)/g, decode)),
  apart((piece) => percentEncoded(decode(piece.replaceAll('+', ' ')))),
  apart((piece) => percentEncoded(decode(piece.replaceAll('+', ' '))).replaceAll('%20', '+')),
  apart(decode),
  (piece) => piece.replaceAll(/%(?:2[146-9A-Ca-cFf]|3[ABDabd]|40|5[BDbd])/g, decode),
  (piece) => piece.replaceAll('%', '%25'),
];

/** One of the disputed characters encoded, or not, of those that are there. */
function* oneByOne(target: string): Generator<Write> {
  for (const character of disputed) {
    const [upper, lower] = [encode(character), encode(character).toLowerCase()];
    if (target.includes(character)) yield apart((piece) => piece.replaceAll(character, percent));
    if (target.includes(upper)) yield (piece) => piece.replaceAll(upper, character);
    if (target.includes(lower) && lower !== upper) yield (piece) => piece.replaceAll(lower, character);
  }
}

/** In the whole target, in its query, in its path: where that makes a difference. */
function* everywhere({ expected, budget }: Subject, writes: Iterable<Write>): Generator<Attempt> {
  const { path, query } = expected;
  const seen = new Set([`${path}${query}`]);
  for (const write of writes) {
    budget.spend(WRITING * (path.length + query.length));
    const [ofPath, ofQuery] = [write(path), write(query)];
    for (const [inPath, inQuery] of [
      [ofPath !== path, ofQuery !== query],
      [false, ofQuery !== query],
      [ofPath !== path, false],
    ] as const) {
      const how = `${inPath ? ofPath : path}${inQuery ? ofQuery : query}`;
      if (seen.size === seen.add(how).size) continue;
      const change: Attempt['change'] = (text) => ({
        ...text,
        path: inPath ? (text.path === path ? ofPath : write(text.path)) : text.path,
        query: inQuery ? (text.query === query ? ofQuery : write(text.query)) : text.query,
      });
      yield { how, change };
    }
  }
}

type Row = Pick<Candidate, 'name' | 'explanation' | 'remedy'> & {
  readonly part?: string;
  readonly paired?: number;
  readonly writes: (target: string) => Iterable<Write>;
};

const rows: readonly Row[] = [
  {
    name: 'beyond-ascii-not-encoded',
    explanation: (how) =>
      `The client signed the target before characters beyond ASCII in it were percent-encoded, as the TypeScript SDK does: ${told(how)}.`,
    remedy: 'Percent-encode the values of a query (encodeURIComponent) before the SDK gets them.',
    part: 'characters beyond ASCII',
    paired: 2,
    writes: () => [beyondAscii],
  },
  {
    name: 'unwise-characters-encoded',
    explanation: (how) =>
      `The client signed characters such as | { } ^ and the backtick percent-encoded, and sent them as they are, as the TypeScript SDK does: ${told(how)}.`,
    remedy: 'Percent-encode these characters (encodeURIComponent) before the SDK gets them.',
    part: 'unwise characters',
    paired: 2,
    writes: () => legacy,
  },
  {
    name: 'blanks-encoded-otherwise',
    explanation: (how) => `The client signed blanks and plus signs in another writing: ${told(how)}.`,
    remedy: 'Send a blank as %20 and a plus as %2B, and sign the target as it is sent.',
    paired: 3,
    writes: () => blanks,
  },
  {
    name: 'hex-digits-case',
    explanation: (how) => `The client signed percent-encoded bytes in other letters: ${told(how)}.`,
    remedy: 'Sign the target as it is sent, letter for letter; let nothing on the way normalise it.',
    paired: 2,
    writes: () => hexDigits,
  },
  {
    name: 'percent-encoded-twice',
    explanation: (how, { verb }) => `The target ${verb} percent-encoded twice; the client signed ${told(how)}.`,
    remedy: 'Give the HTTP library or proxy a target that it does not encode again.',
    paired: 1,
    writes: () => [(piece) => piece.replaceAll('%25', '%')],
  },
  {
    name: 'target-decoded',
    explanation: (how) => `The client signed the target without percent-encoding: ${told(how)}.`,
    remedy: 'Sign the target as it is sent.',
    paired: 1,
    writes: () => [decode, (piece) => decode(piece.replaceAll('+', ' '))],
  },
  {
    name: 'target-encoded-otherwise',
    explanation: (how) => `The client signed the target percent-encoded by other rules: ${told(how)}.`,
    remedy: 'Sign the target as it is sent; let nothing on the way normalise it.',
    paired: 2,
    *writes(target) {
      yield* byRules;
      yield* oneByOne(target);
    },
  },
];

/** Of a long target nothing is tried: each attempt would write all of it. */
export const encodingCandidates: readonly Candidate[] = ofTarget(
  rows.map(({ writes, part = 'percent-encoding', ...row }): Candidate => ({
    ...row,
    part,
    *attempts(subject) {
      const { path, query } = subject.expected;
      if (isShort(subject)) yield* everywhere(subject, writes(path + query));
    },
  })),
);
