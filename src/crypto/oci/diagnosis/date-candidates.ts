import { X_DATE } from '../signing-time.ts';
import { isSigned, told, withLine, type Attempt, type Candidate, type Subject } from './candidate.ts';
import type { SignedText } from './signed-text.ts';

const SECOND = 1000;
/** How far off another signing time is looked for. */
const MOST_SECONDS = 60;
/** Seconds before and after a request arrived in which it may have been signed. */
const OLDEST = 300;
const NEWEST = 60;

/** The date headers, each with the other one. */
const dates = [
  ['date', X_DATE],
  [X_DATE, 'date'],
] as const;

/** The first date header that is signed, what arrived for it or else in the other one, and when that is. */
function signedDate(subject: Subject): { readonly name: string; readonly at: number } | undefined {
  for (const [name, other] of dates) {
    if (!isSigned(subject, name)) continue;
    const at = Date.parse(subject.header(name) ?? subject.header(other) ?? '');
    if (!Number.isNaN(at)) return { name, at };
  }
  return undefined;
}

/** The line of one header under the name of the other. */
const renamed = (from: string, to: string, value: string | undefined): Attempt => ({
  how: to,
  change: (text: SignedText): SignedText => ({
    ...text,
    lines: text.lines.map((line) => (line.name === from ? { name: to, value: value ?? line.value } : line)),
  }),
});

const twoDigits = (value: number): string => `${value}`.padStart(2, '0');

const forms: readonly ((date: Date) => string)[] = [
  (date) => date.toUTCString(),
  (date) => date.toUTCString().replace('GMT', 'UTC'),
  (date) => date.toUTCString().replace('GMT', '+0000'),
  (date) => date.toUTCString().replace(', 0', ', '),
  (date) => date.toUTCString().toLowerCase(),
  (date) => date.toISOString(),
  (date) => date.toISOString().replace('.000', ''),
  (date) => date.toISOString().replace(/[-:]|\.000/g, ''),
  (date) => `${date.getTime()}`,
  (date) => `${date.getTime() / SECOND}`,
  (date) =>
    `${date.toUTCString().slice(0, 5)}${twoDigits(date.getUTCDate())} ${date.toUTCString().slice(8)}`.replace(
      / +/g,
      ' ',
    ),
];

/** The date headers that are signed and did not come. */
const dropped = (subject: Subject): readonly string[] =>
  dates.map(([name]) => name).filter((name) => isSigned(subject, name) && subject.header(name) === undefined);

/** One value for all of them. */
const dated = (names: readonly string[], value: string): Attempt => ({
  how: value,
  change: (text) => ({
    ...text,
    lines: text.lines.map((line) => (names.includes(line.name) ? { ...line, value } : line)),
  }),
});

export const dateCandidates: readonly Candidate[] = [
  {
    name: 'date-exchanged',
    part: 'date',
    explanation: (how, { header, verb }) =>
      `The client signed the date ${told(how)}, which ${verb} in the other one of date and x-date${header(X_DATE) === undefined ? ' alone' : ''}.`,
    remedy: 'Let nothing on the way take X-Date off or set Date anew; sign the one that is sent.',
    paired: 1,
    *attempts(subject) {
      for (const [name, other] of dates) {
        const value = subject.header(other);
        if (isSigned(subject, name) && value !== undefined && value !== subject.header(name))
          yield withLine(name, value);
      }
    },
  },
  {
    name: 'date-line',
    part: 'date',
    explanation: (how) => `The client signed a line of ${how}, and lists the other one of date and x-date.`,
    remedy: 'List the same of date and x-date that is in the signing string.',
    *attempts(subject) {
      for (const [name, other] of dates) {
        if (!isSigned(subject, name) || isSigned(subject, other)) continue;
        yield renamed(name, other, undefined);
        yield renamed(name, other, subject.header(other));
      }
    },
  },
  {
    name: 'date-form',
    part: 'date',
    explanation: (how) => `The client signed the date in another form: ${told(how)}.`,
    remedy: 'Sign the date as it is sent, such as Thu, 05 Jan 2014 21:31:40 GMT.',
    *attempts(subject) {
      const signed = signedDate(subject);
      if (signed === undefined) return;
      for (const form of forms) yield withLine(signed.name, form(new Date(signed.at)));
    },
  },
  {
    name: 'date-dropped',
    part: 'date',
    explanation: (how, subject) =>
      `The client signed the date ${told(how)}, and none ${subject.verb} as ${dropped(subject).join(' or ')}.`,
    remedy: 'Send the date that is signed, and let nothing on the way take it off.',
    turn: 'dates',
    *attempts(subject) {
      const names = dropped(subject);
      if (names.length === 0 || subject.at === undefined) return;
      const arrived = Math.floor(subject.at / SECOND);
      for (let second = arrived + NEWEST; second >= arrived - OLDEST; second--)
        yield dated(names, new Date(second * SECOND).toUTCString());
    },
  },
  {
    name: 'date-replaced',
    part: 'date',
    explanation: (how) => `The date was set anew after signing: the client signed ${told(how)}.`,
    remedy: 'Sign again whenever the date is set again, as before each retry.',
    turn: 'dates',
    *attempts(subject) {
      const signed = signedDate(subject);
      if (signed === undefined) return;
      for (let seconds = 1; seconds <= MOST_SECONDS; seconds++)
        for (const off of [-seconds, seconds])
          yield withLine(signed.name, new Date(signed.at + off * SECOND).toUTCString());
    },
  },
];
