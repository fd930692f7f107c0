/** Which headers were signed, in which order, and with which values where several arrived. */
import { headerValues } from '../signed-request.ts';
import { REQUEST_TARGET } from '../signing-string.ts';
import { X_DATE } from '../signing-time.ts';
import { MOST_LINES, MOST_PARTS, told, withLine, type Attempt, type Candidate, type Subject } from './candidate.ts';
import { orders } from './orders.ts';
import type { SignedLine } from './signed-text.ts';

/** Headers that are tried where they are sent and not listed. */
const usual = [
  ...[X_DATE, 'date', REQUEST_TARGET, 'host', 'content-length', 'content-type', 'x-content-sha256', 'accept'],
  ...['user-agent', 'opc-request-id', 'opc-retry-token', 'opc-obo-token', 'x-cross-tenancy-request'],
];

const body = ['content-length', 'content-type', 'x-content-sha256'];
/** The orders of the vendor's documentation and SDKs. */
const usualOrders: readonly (readonly string[])[] = [
  ['date', REQUEST_TARGET, 'host', ...body],
  [REQUEST_TARGET, 'host', 'date', ...body],
  [REQUEST_TARGET, 'date', 'host', ...body],
  ['date', REQUEST_TARGET, 'host', 'content-type', 'content-length', 'x-content-sha256'],
  ['date', REQUEST_TARGET, 'host', 'x-content-sha256', 'content-type', 'content-length'],
  ['date', 'host', REQUEST_TARGET, ...body],
];

const withLines = (lines: readonly SignedLine[]): Attempt => ({
  how: '',
  change: (text) => ({ ...text, lines }),
});

const namesOf = (lines: readonly SignedLine[]): string => lines.map(({ name }) => name).join(' ');

const fewLines = ({ expected: { lines } }: Subject): readonly SignedLine[] => (lines.length <= MOST_PARTS ? lines : []);

/** By their place in an order; what it does not name stays behind, and x-date stands for date. */
const sortedBy = (lines: readonly SignedLine[], order: readonly string[]): readonly SignedLine[] => {
  const place = ({ name }: SignedLine): number => {
    const at = order.indexOf(name === X_DATE ? 'date' : name);
    return at < 0 ? order.length : at;
  };
  return lines.toSorted((one, other) => place(one) - place(other));
};

const byName = (one: SignedLine, other: SignedLine): number =>
  Number(one.name > other.name) - Number(one.name < other.name);

const order: Pick<Candidate, 'name' | 'part' | 'explanation' | 'remedy'> = {
  name: 'header-order',
  part: 'headers',
  explanation: (_how, _subject, { lines }) =>
    `The client signed the headers in another order than the one in which they are listed: ${told(namesOf(lines))}.`,
  remedy:
    'List the headers in the order of their lines in the signing string; let nothing on the way change Authorization.',
};

export const listCandidates: readonly Candidate[] = [
  {
    ...order,
    *attempts(subject) {
      const lines = fewLines(subject);
      for (const one of usualOrders) yield withLines(sortedBy(lines, one));
      yield withLines(lines.toSorted(byName));
      yield withLines(lines.toReversed());
    },
  },
  {
    name: 'headers-list',
    part: 'headers',
    explanation: (_how, _subject, { lines }) =>
      `The client signed other headers than those that are listed: ${told(namesOf(lines))}.`,
    remedy:
      'List exactly the headers whose lines are in the signing string; let nothing on the way change Authorization.',
    *attempts(subject) {
      const lines = fewLines(subject);
      for (const index of lines.slice(0, MOST_LINES).keys()) yield withLines(lines.toSpliced(index, 1));
      for (const name of usual) {
        if (lines.some((line) => line.name === name)) continue;
        const value = name === REQUEST_TARGET ? '' : subject.header(name);
        if (value === undefined) continue;
        yield withLines([...lines, { name, value }]);
        yield withLines([{ name, value }, ...lines]);
      }
    },
  },
  {
    name: 'header-repeated',
    part: 'header',
    explanation: (how, { verb }) =>
      `The header ${told(how)} ${verb} more than once, and the client signed other values of it.`,
    remedy: 'Send each signed header once; let nothing on the way add another one.',
    paired: 2,
    *attempts({ request, expected }) {
      for (const { name } of expected.lines.slice(0, MOST_LINES)) {
        const values = headerValues(request, name);
        if (values.length < 2) continue;
        for (const value of [values[0] ?? '', values.at(-1) ?? '', values.join(',')]) yield withLine(name, value, name);
      }
    },
  },
  {
    name: 'header-empty',
    part: 'header',
    explanation: (how) => `The client signed an empty value of ${told(how)}.`,
    remedy: 'Set a header before signing, or leave it out of the list.',
    attempts: ({ expected }) => expected.lines.slice(0, MOST_LINES).map(({ name }) => withLine(name, '', name)),
  },
  {
    name: 'header-case',
    part: 'header',
    explanation: (how) => `The client signed the value of ${told(how)} in other letters, capital or small.`,
    remedy: 'Sign values as they are sent; only the names of headers are in small letters.',
    *attempts({ expected }) {
      for (const { name, value } of expected.lines.slice(0, MOST_LINES)) {
        if (value.toLowerCase() !== value) yield withLine(name, value.toLowerCase(), name);
        if (value.toUpperCase() !== value) yield withLine(name, value.toUpperCase(), name);
      }
    },
  },
  {
    name: 'header-blanks',
    part: 'header',
    explanation: (how) => `The client signed other blanks in the value of ${told(how)}.`,
    remedy: 'Sign values as they are sent, without blanks around them.',
    *attempts({ expected }) {
      for (const { name, value } of expected.lines.slice(0, MOST_LINES)) {
        if (name === REQUEST_TARGET) continue;
        yield withLine(name, ` ${value}`, name);
        yield withLine(name, `${value} `, name);
        const collapsed = value.replaceAll(/[ \t]+/g, ' ');
        if (collapsed !== value) yield withLine(name, collapsed, name);
        const parted = value.split(', ').join(',');
        if (parted !== value) yield withLine(name, parted, name);
      }
    },
  },
  {
    ...order,
    turn: 'orders',
    *attempts(subject) {
      for (const lines of orders(fewLines(subject))) yield withLines(lines);
    },
  },
];
