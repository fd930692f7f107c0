/** What backends get wrong when they build a canonical request, by the line in which it shows. */
import { hash } from 'node:crypto';
import type { Difference } from '../../crypto/first-difference.ts';
import type { Cause } from '../explanations/search.ts';

interface Mistake extends Cause {
  /** `header` stands for each of them. */
  readonly line: string;
  readonly isMade: (signed: string, computed: string) => boolean;
}

const always = (): boolean => true;
const sorted = (query: string): string => query.split('&').toSorted().join('&');
const nameOf = (header: string): string => /^[a-z0-9-]+(?=:)/.exec(header)?.[0] ?? '';
const isOfOtherHeader = (signed: string, computed: string): boolean =>
  nameOf(computed) !== '' && nameOf(signed) !== nameOf(computed);
const emptyHash = hash('sha256', '');

/** The first that fits is told. */
const mistakes: readonly Mistake[] = [
  {
    ...{ name: 'string-to-sign', line: 'method', isMade: (_signed, computed) => computed === 'SDK-HMAC-SHA256' },
    explanation: 'What the backend gave is the string to sign.',
    remedy: 'The canonical request comes before it; its hash is the last line of the string to sign.',
  },
  {
    ...{ name: 'line-ends', line: '', isMade: (signed, computed) => computed === `${signed}\r` },
    explanation: 'The backend ends its lines with CR and LF.',
    remedy: 'Lines end with a line feed alone.',
  },
  {
    ...{ name: 'trailing-slash', line: 'path', isMade: (signed, computed) => `${computed}/` === signed },
    explanation: 'The backend takes the path as it came.',
    remedy: 'The signed path always ends with a slash, also where that of the request does not.',
  },
  {
    ...{ name: 'path-decoded', line: 'path', isMade: (signed, computed) => decoded(signed) === decoded(computed) },
    explanation: 'The backend takes the path decoded, or encoded in another way.',
    remedy: 'Each part of the path is decoded once and encoded again: all but A-Z a-z 0-9 - _ . ~ as %XX in capitals.',
  },
  {
    ...{ name: 'path-other', line: 'path', isMade: always },
    explanation: 'The backend sees another path than the gateway sent.',
    remedy: 'Take the path of the request line as it came: a framework may cut a mount point off, a proxy add one.',
  },
  {
    ...{ name: 'query-order', line: 'query', isMade: (signed, computed) => sorted(computed) === sorted(signed) },
    explanation: 'The backend has the parameters of the query in another order.',
    remedy: 'They are sorted by name, and by value where the name is the same, as bytes.',
  },
  {
    ...{ name: 'query-plus', line: 'query', isMade: (signed, computed) => computed.replaceAll('+', '%20') === signed },
    explanation: 'The backend writes a blank in the query as a plus.',
    remedy: 'A blank is %20.',
  },
  {
    ...{ name: 'query-encoding', line: 'query', isMade: always },
    explanation: 'The backend writes the query in another way.',
    remedy:
      'Names and values are decoded once and encoded again, all but A-Z a-z 0-9 - _ . ~ as %XX in capitals; repeated names stay, and one without a value has an equals sign.',
  },
  {
    ...{ name: 'header-order', line: 'header', isMade: isOfOtherHeader },
    explanation: 'The backend has another header there.',
    remedy: 'Headers stand in the order of SignedHeaders, each of them.',
  },
  {
    ...{ name: 'host-port', line: 'header host', isMade: (signed, computed) => signed.startsWith(`${computed}:`) },
    explanation: 'The backend leaves the port out of Host.',
    remedy: 'Host is taken as it came, with its port.',
  },
  {
    ...{ name: 'host-other', line: 'header host', isMade: always },
    explanation: 'The backend sees another Host than the gateway sent.',
    remedy:
      'Take Host as it came; something between rewrites it, or the framework has a name of its own for the server.',
  },
  {
    ...{ name: 'header-value', line: 'header', isMade: (signed, computed) => nameOf(signed) === nameOf(computed) },
    explanation: 'The backend has another value for a header.',
    remedy: 'A value is taken as it came, but for blanks at its ends.',
  },
  {
    ...{ name: 'header-form', line: 'header', isMade: always },
    explanation: 'The backend writes a header in another form.',
    remedy: 'A header is its name in small letters, a colon, and its value without blanks at the ends.',
  },
  {
    ...{ name: 'empty-line', line: 'empty line', isMade: always },
    explanation: 'The backend leaves out the empty line behind the headers.',
    remedy: 'Each header ends with a line feed, and another one stands between them and their names.',
  },
  {
    ...{ name: 'signed-headers', line: 'signed headers', isMade: always },
    explanation: 'The backend names other headers than those that are signed.',
    remedy: 'Take the names from SignedHeaders in Authorization as they stand there.',
  },
  {
    ...{ name: 'hash-capitals', line: 'body hash', isMade: (signed, computed) => computed.toLowerCase() === signed },
    explanation: 'The backend writes the hash of the body in capitals.',
    remedy: 'It is hex in small letters.',
  },
  {
    ...{ name: 'body-unread', line: 'body hash', isMade: (_signed, computed) => computed === emptyHash },
    explanation: 'The backend hashes an empty body.',
    remedy: 'Hash the bytes as they arrived, before a parser consumes them.',
  },
  {
    ...{ name: 'body-other', line: 'body hash', isMade: always },
    explanation: 'The backend hashes other bytes than those that were signed.',
    remedy: 'Hash the bytes as they arrived, not what a parser made of them and something wrote again.',
  },
  {
    ...{ name: 'line-feed', line: 'end', isMade: (_signed, computed) => computed === '' },
    explanation: 'What the backend computed has a line feed too many at its end.',
    remedy: 'The canonical request ends with the hash of the body.',
  },
];

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What is wrong with a canonical request that differs there; undefined where nothing is known that would. */
export function mistakeOf({ what, expected, received }: Difference): Cause | undefined {
  const found = mistakes.find(
    ({ line, isMade }) =>
      (line === what || line === '' || (line === 'header' && what.startsWith('header '))) && isMade(expected, received),
  );
  return found && { name: found.name, explanation: found.explanation, remedy: found.remedy };
}
