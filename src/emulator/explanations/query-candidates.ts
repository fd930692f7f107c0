import { decode, encode, queryPairs, type Pair } from '../../crypto/canonical-query.ts';
import { LONGEST, MOST_PARTS, attempt, type Attempt, type Candidate, type Subject } from './candidate.ts';
import { queryChange, sha256 } from './signed-text.ts';

const byText = (one: string, other: string): number => Number(one > other) - Number(one < other);

const joined = (pairs: readonly Pair[], write = encode): string =>
  pairs.map(([name, value]) => `${write(name)}=${write(value)}`).join('&');
const inOrder = (pairs: readonly Pair[]): Pair[] =>
  pairs.toSorted((one, other) => byText(one[0], other[0]) || byText(one[1], other[1]));

const line = (query: string, how = ''): Attempt => attempt({ query }, how);

/** Other parameters in the right form, in the place where the client's dialect has them. */
const parameters = ({ request, dialect }: Subject, pairs: readonly Pair[], payload: string, how = ''): Attempt =>
  attempt(queryChange(request, dialect, pairs, payload), how);

/** Encoders that clients use in place of the right one. */
const encoders: readonly (readonly [how: string, write: (text: string) => string])[] = [
  ['a blank is a plus', (text) => encode(text).replaceAll('%20', '+')],
  ["! ' ( ) and * are left as they are", lax("!'()*")],
  ['slashes are left as they are', lax('/')],
  ['as forms write it', (text) => lax('*')(text).replaceAll('%20', '+').replaceAll('~', '%7E')],
  ['the tilde is encoded', (text) => encode(text).replaceAll('~', '%7E')],
  ['the asterisk is left as it is', lax('*')],
  ['reserved characters are left as they are', lax(";,/?:@&=+$!*'()#")],
  ['hex digits are small', (text) => encode(text).replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())],
];

function lax(left: string): (text: string) => string {
  return (text) => text.replaceAll(/[^A-Za-z0-9\-_.~]/g, (byte) => (left.includes(byte) ? byte : encode(byte)));
}

const orders: readonly (readonly [how: string, order: (pairs: readonly Pair[]) => Pair[]])[] = [
  ['by name alone', (pairs) => pairs.toSorted((one, other) => byText(one[0], other[0]))],
  [
    'by name without regard to case',
    (pairs) => pairs.toSorted((one, other) => byText(one[0].toLowerCase(), other[0].toLowerCase())),
  ],
  ['by the encoded name', (pairs) => pairs.toSorted((one, other) => byText(encode(one[0]), encode(other[0])))],
  ['by name and value in one', (pairs) => pairs.toSorted((one, other) => byText(joined([one]), joined([other])))],
  ['backwards', (pairs) => inOrder(pairs).toReversed()],
];

const isFirst = ([name]: Pair, index: number, pairs: readonly Pair[]): boolean =>
  pairs.findIndex(([other]) => other === name) === index;
const isLast = ([name]: Pair, index: number, pairs: readonly Pair[]): boolean =>
  pairs.findLastIndex(([other]) => other === name) === index;

const rows: readonly Candidate[] = [
  {
    name: 'query-unsorted',
    part: 'query',
    explanation: 'The client signed the parameters of the query in the order in which it sends them.',
    remedy: 'Sort the parameters by name, and by value where names are the same, before signing.',
    paired: 1,
    attempts: ({ pairs }) => [line(joined(pairs))],
  },
  {
    name: 'query-sorted-otherwise',
    part: 'query',
    explanation: 'The client sorted the parameters of the query in another way: %s.',
    remedy: 'Sort the parameters by name, byte for byte, and by value where names are the same.',
    *attempts({ pairs }) {
      for (const [how, order] of orders) yield line(joined(order(pairs)), how);
    },
  },
  {
    name: 'query-left-out',
    part: 'query',
    explanation: 'The client signed no query, and sends one.',
    remedy: 'Put the query into the third line of the canonical request.',
    paired: 1,
    attempts: (subject, { payload }) => [line(''), parameters(subject, [], payload)],
  },
  {
    name: 'query-sent-encoded-twice',
    part: 'query',
    explanation: 'The query arrived percent-encoded twice, and the client signed it as it was before.',
    remedy: 'Give the HTTP library or proxy a query that it does not encode again.',
    attempts: (subject, { payload }) =>
      /%25[0-9A-Fa-f]{2}/.test(subject.query)
        ? [parameters(subject, queryPairs(subject.query.replaceAll('%25', '%')), payload)]
        : [],
  },
  {
    name: 'query-not-encoded',
    part: 'query',
    explanation: 'The client signed the query without percent-encoding%s.',
    remedy: 'Encode names and values as RFC 3986 says before signing them.',
    paired: 1,
    *attempts({ pairs }) {
      yield line(joined(inOrder(pairs), String));
      yield line(joined(pairs, String), ', in the order in which it is sent');
    },
  },
  {
    name: 'query-plus',
    part: 'query',
    explanation: 'A plus in the query is a blank for Signet, and the client signed %s.',
    remedy: 'Send a blank as %20 and a plus as %2B, and sign the same.',
    *attempts(subject, { payload }) {
      const { query } = subject;
      if (!query.includes('+')) return;
      yield parameters(subject, queryPairs(query.replaceAll('+', '%2B')), payload, 'a plus');
      const kept = queryPairs(query.replaceAll('+', '%2B'));
      yield line(
        joined(inOrder(kept), (text) => encode(text).replaceAll('%2B', '+')),
        'the plus as it is',
      );
    },
  },
  {
    name: 'query-encoded-twice',
    part: 'query',
    explanation: 'The client signed the query after encoding it a second time%s.',
    remedy: 'Encode names and values once: from the plain text, not from what is encoded already.',
    *attempts({ pairs, query }) {
      yield line(joined(inOrder(pairs), (text) => encode(encode(text))));
      const asSent = query.split('&').map((part): Pair => {
        const [name = '', ...rest] = part.split('=');
        return [name, rest.join('=')];
      });
      yield line(joined(inOrder(asSent)));
      yield line(joined(asSent), ', in the order in which it is sent');
    },
  },
  {
    name: 'query-encoded-otherwise',
    part: 'query',
    explanation: 'The client encoded the query by other rules than those of the signature: %s.',
    remedy: 'Encode every byte but A-Z, a-z, 0-9, -, _, . and ~ as %XX in capitals; a blank is %20.',
    *attempts({ pairs }) {
      for (const [how, write] of encoders) {
        yield line(joined(inOrder(pairs), write), how);
        yield line(joined(pairs, write), `${how}, in the order in which it is sent`);
      }
    },
  },
  {
    name: 'query-empty-value',
    part: 'query',
    explanation: 'The client signed parameters without a value %s.',
    remedy: 'Sign a parameter without a value as its name with = behind it.',
    *attempts({ pairs }) {
      const written = (ordered: readonly Pair[]): string =>
        ordered.map((pair) => (pair[1] === '' ? encode(pair[0]) : joined([pair]))).join('&');
      yield line(written(inOrder(pairs)), 'without the =');
      yield line(written(pairs), 'without the =, in the order in which they are sent');
      yield line(joined(inOrder(pairs.filter(([, value]) => value !== ''))), 'not at all');
    },
  },
  {
    name: 'query-repeated',
    part: 'query',
    explanation: 'A parameter comes more than once, and the client signed %s.',
    remedy: 'Sign every value of a parameter that comes more than once, sorted by value.',
    *attempts({ pairs }) {
      yield line(joined(inOrder(pairs.filter(isFirst))), 'its first value');
      yield line(joined(inOrder(pairs.filter(isLast))), 'its last value');
      const all = pairs
        .filter(isFirst)
        .map(([name]): Pair => [name, pairs.flatMap((pair) => (pair[0] === name ? [pair[1]] : [])).join(',')]);
      yield line(joined(inOrder(all)), 'its values as one, with commas');
    },
  },
  {
    name: 'query-parameter-added',
    part: 'query',
    explanation: 'The client signed a query without %s.',
    remedy: 'Sign every parameter that is sent; let nothing on the way add one.',
    *attempts(subject, { payload }) {
      const { pairs } = subject;
      for (const [index, [name]] of pairs.entries())
        yield parameters(subject, pairs.toSpliced(index, 1), payload, name);
      for (let kept = 1; kept < pairs.length - 1; kept++)
        yield parameters(
          subject,
          pairs.slice(0, kept),
          payload,
          pairs
            .slice(kept)
            .map(([name]) => name)
            .join(', '),
        );
    },
  },
  {
    name: 'query-as-sent',
    part: 'query',
    explanation: 'The client signed the query as it stands in the request.',
    remedy: 'Sort the parameters, encode them as RFC 3986 says, and give each an =, before signing.',
    paired: 1,
    attempts: ({ query }) => [line(query), line(decode(query)), line(`?${query}`)],
  },
  {
    name: 'query-for-body',
    part: 'query',
    explanation: 'The client signed the query in place of the body.',
    remedy: 'Put the query into the third line of the canonical request, and the digest of the body into the last.',
    *attempts({ pairs, query }) {
      for (const text of [joined(inOrder(pairs)), query, joined(pairs)])
        yield attempt({ query: '', payload: sha256(text) });
    },
  },
];

/** Nothing is tried where there is no query, or one that is longer, or has more parameters, than people write. */
export const queryCandidates = rows.map((row): Candidate => ({
  ...row,
  attempts: (subject, expected) =>
    subject.query === '' || subject.query.length > LONGEST || subject.pairs.length > MOST_PARTS
      ? []
      : row.attempts(subject, expected),
}));
