import { MOST_PARTS, isShort, told, type Attempt, type Candidate, type Subject } from './candidate.ts';
import { orders } from './orders.ts';
import { ofTarget } from './path-candidates.ts';

/** Parameters as they are written. */
const partsOf = ({ expected: { query } }: Subject): string[] => (query === '' ? [] : query.slice(1).split('&'));

const joined = (parts: readonly string[]): string => (parts.length === 0 ? '' : `?${parts.join('&')}`);
const withQuery = (query: string, how = query): Attempt => ({ how, change: (text) => ({ ...text, query }) });

/** Those with few parameters, of which something can be made. */
const fewParts = (subject: Subject): string[] => {
  const parts = partsOf(subject);
  return isShort(subject) && parts.length <= MOST_PARTS ? parts : [];
};

const nameOf = (part: string): string => part.split('=', 1)[0] ?? '';
const byText = (one: string, other: string): number => Number(one > other) - Number(one < other);

/** Without some of the parameters: one by one, and as many as there are from some place on. */
function* fewer(parts: readonly string[]): Generator<Attempt> {
  for (const [index, part] of parts.entries()) yield withQuery(joined(parts.toSpliced(index, 1)), nameOf(part));
  for (let kept = parts.length - 2; kept > 0; kept--) {
    const added = parts.slice(kept).map(nameOf).join(', ');
    yield withQuery(joined(parts.slice(0, kept)), added);
  }
}

const rows: readonly Candidate[] = [
  {
    name: 'query-empty',
    part: 'query',
    explanation: (how, { verb }) =>
      how === ''
        ? `The client signed the path without the question mark that ${verb} behind it.`
        : `The client signed a question mark behind the path with nothing after it, and it ${verb} without, as from the TypeScript SDK.`,
    remedy: 'Leave out a question mark that nothing follows.',
    paired: 1,
    attempts: ({ expected: { query } }) => (query === '' ? [withQuery('?')] : query === '?' ? [withQuery('')] : []),
  },
  {
    name: 'query-not-signed',
    part: 'query',
    explanation: (_, { verb }) => `The client signed the path without the query that ${verb} behind it.`,
    remedy: 'Sign the path with its query as (request-target); let nothing on the way add one.',
    paired: 1,
    attempts: ({ expected: { query } }) => (query.length > 1 ? [withQuery('')] : []),
  },
  {
    name: 'parameter-added',
    part: 'query',
    explanation: (how, { verb }) => `The client signed the query without ${told(how)}, with which it ${verb}.`,
    remedy: 'Sign every parameter that is sent; let nothing on the way add one.',
    paired: 3,
    *attempts(subject) {
      const parts = fewParts(subject);
      // What a gateway adds stands at the end as a rule.
      const added = parts.length > 1 ? [...fewer(parts)] : [];
      const last = added[parts.length - 1];
      if (last !== undefined) yield last;
      yield* added;
    },
  },
  {
    name: 'parameter-form',
    part: 'query',
    explanation: (how) => `The client signed parameters without a value in another writing: ${told(how)}.`,
    remedy: 'Sign the query as it is sent; let nothing on the way normalise it.',
    paired: 1,
    *attempts(subject) {
      const parts = fewParts(subject);
      yield withQuery(joined(parts.map((part) => (part.includes('=') ? part : `${part}=`))));
      yield withQuery(joined(parts.map((part) => part.replace(/=$/, ''))));
      yield withQuery(joined(parts.filter((part) => !/(?:^|=)$/.test(part))));
      if (parts.length > 0) yield withQuery(`${joined(parts)}&`);
      if (parts.length > 0) yield withQuery(joined(parts).replaceAll('&', ';'));
    },
  },
  {
    name: 'query-order',
    part: 'query',
    explanation: (how) => `The client signed the parameters of the query in another order: ${told(how)}.`,
    remedy: 'Sign the parameters in the order in which they are sent; let nothing on the way sort them.',
    paired: 2,
    *attempts(subject) {
      const parts = fewParts(subject);
      yield withQuery(joined(parts.toSorted(byText)));
      yield withQuery(joined(parts.toReversed()));
      yield withQuery(joined(parts.toSorted((one, other) => byText(nameOf(one), nameOf(other)))));
    },
  },
  {
    name: 'query-order',
    part: 'query',
    explanation: (how) => `The client signed the parameters of the query in another order: ${told(how)}.`,
    remedy: 'Sign the parameters in the order in which they are sent; let nothing on the way sort them.',
    turn: 'orders',
    *attempts(subject) {
      for (const parts of orders(fewParts(subject))) yield withQuery(joined(parts));
    },
  },
];

export const queryCandidates = ofTarget(rows);
