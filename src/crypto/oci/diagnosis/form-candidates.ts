/** Mistakes in how the lines are written, or in what is made of them before they are signed. */
import { hash } from 'node:crypto';
import { REQUEST_TARGET } from '../signing-string.ts';
import type { Attempt, Candidate, Subject } from './candidate.ts';
import { standardLayout, valueOf, type SignedLine, type SignedText } from './signed-text.ts';

type Layout = SignedText['layout'];

const laidOut = (layout: Layout, how = ''): Attempt => ({ how, change: (text) => ({ ...text, layout }) });
const digested = (digest: (written: string) => string, how: string): Attempt => ({
  how,
  change: (text) => ({ ...text, digested: digest }),
});

/** Lines with something else between name and value, between one another, or behind the last one. */
const lines =
  (write: (line: SignedLine, text: SignedText) => string, between = '\n', end = ''): Layout =>
  (text) =>
    text.lines.map((line) => write(line, text)).join(between) + end;
const standardLine = (line: SignedLine, text: SignedText): string => `${line.name}: ${valueOf(text, line)}`;

/** Other names of the lines. */
const named =
  (rename: (name: string, index: number) => string): Layout =>
  (text) =>
    standardLayout({
      ...text,
      lines: text.lines.map((line, index) => ({ name: rename(line.name, index), value: valueOf(text, line) })),
    });

const train = (name: string): string =>
  name === REQUEST_TARGET ? name : name.replaceAll(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** As the request has it, in whatever letters. */
const sentName = ({ request }: Subject) => {
  const sent = new Map(request.headers.map(([name]) => [name.toLowerCase(), name]));
  return (name: string): string => sent.get(name) ?? name;
};

const hashed = (text: string, encoding: 'latin1' | 'hex' | 'base64'): string =>
  hash('sha256', Buffer.from(text, 'latin1'), 'buffer').toString(encoding);

interface Row extends Omit<Candidate, 'part' | 'explanation'> {
  readonly explanation: string | ((how: string) => string);
}

const rows: readonly Row[] = [
  {
    name: 'trailing-newline',
    explanation: (how) => `The signing string of the client ends with ${how}.`,
    remedy: 'Put line feeds between the lines, and none behind the last one.',
    attempts: () => [
      laidOut(lines(standardLine, '\n', '\n'), 'a line feed'),
      laidOut(lines(standardLine, '\r\n', '\r\n'), 'CR and LF, as all of its lines do'),
      laidOut(lines(standardLine, '\n', '\r\n'), 'CR and LF'),
      laidOut(lines(standardLine, '\n', ' '), 'a blank'),
    ],
  },
  {
    name: 'line-ends',
    explanation: (how) => `The lines of the client's signing string are not parted by line feeds, but by ${how}.`,
    remedy: 'Part the lines with line feeds (0x0A) alone.',
    attempts: () =>
      (
        [
          ['\r\n', 'CR and LF'],
          ['\\n', 'the two characters \\n, as in a shell'],
          ['\r', 'CR'],
          [' ', 'blanks'],
          ['\n\n', 'two line feeds'],
          ['', 'nothing'],
        ] as const
      ).map(([between, how]) => laidOut(lines(standardLine, between), how)),
  },
  {
    name: 'blank-behind-colon',
    explanation: (how) => `The client signed ${how} between names and values.`,
    remedy: 'Put a colon and one blank between name and value.',
    attempts: () =>
      (
        [
          [':', 'a colon without a blank'],
          [':  ', 'a colon and two blanks'],
          [' : ', 'a colon with blanks on both sides'],
          ['=', 'an equals sign'],
        ] as const
      ).map(([parted, how]) =>
        laidOut(
          lines((line, text) => `${line.name}${parted}${valueOf(text, line)}`),
          how,
        ),
      ),
  },
  {
    name: 'names-case',
    explanation: 'The client signed the names of headers in capital letters.',
    remedy: 'Write the names of headers in small letters in the signing string.',
    attempts: (subject) => [
      laidOut(named((name, index) => subject.names[index] ?? name)),
      laidOut(named(train)),
      laidOut(named(sentName(subject))),
      laidOut(named((name) => (name === REQUEST_TARGET ? name : name.toUpperCase()))),
      laidOut(named((name) => name.toUpperCase())),
    ],
  },
  {
    name: 'target-line',
    explanation: (how) => `The client signed another line in place of that of (request-target): ${how}.`,
    remedy: 'Write (request-target), a colon, a blank, the method in small letters, a blank, and the target.',
    attempts: () => {
      const other = (write: (text: SignedText) => string, how: string): Attempt =>
        laidOut(
          lines((line, text) => (line.name === REQUEST_TARGET ? write(text) : standardLine(line, text))),
          how,
        );
      const target = ({ path, query }: SignedText): string => path + query;
      return [
        other((text) => `(request-target): ${text.method.toUpperCase()} ${target(text)}`, 'the method in capitals'),
        other((text) => `(request-target): ${target(text)}`, 'without the method'),
        other((text) => `${text.method} ${target(text)}`, 'without its name'),
        other((text) => `(request-target): ${text.method}${target(text)}`, 'without the blank behind the method'),
        other((text) => `(request-target): ${text.method} ${target(text)} HTTP/1.1`, 'with the version of HTTP'),
        other((text) => `request-target: ${text.method} ${target(text)}`, 'without brackets around its name'),
        other((text) => `${text.method.toUpperCase()} ${target(text)} HTTP/1.1`, 'the request line'),
      ];
    },
  },
  {
    name: 'values-alone',
    explanation: 'The client signed the values without the names of their headers.',
    remedy: 'Write name, colon and blank before each value.',
    attempts: () => [laidOut(lines((line, text) => valueOf(text, line)))],
  },
  {
    name: 'double-hash',
    explanation: (how) =>
      `The client hashed the signing string before it signed it, which hashes again: it signed ${how}.`,
    remedy: 'Give the signing string itself to the function that signs with RSA and SHA-256.',
    attempts: () => [
      digested((text) => hashed(text, 'latin1'), 'its digest'),
      digested((text) => hashed(text, 'hex'), 'its digest in hex'),
      digested((text) => hashed(text, 'base64'), 'its digest in Base64'),
      digested((text) => `${hashed(text, 'hex')}\n`, 'its digest in hex with a line feed'),
    ],
  },
  {
    name: 'string-encoded',
    explanation: (how) => `The client signed its signing string ${how}.`,
    remedy: 'Sign the signing string in UTF-8, as it is.',
    attempts: () => [
      digested((text) => Buffer.from(text, 'latin1').toString('base64'), 'in Base64'),
      digested((text) => Buffer.from(text, 'latin1').toString('hex'), 'in hex'),
      digested((text) => JSON.stringify(text), 'as a JSON string'),
      digested((text) => `\xef\xbb\xbf${text}`, 'with a byte order mark'),
      digested((text) => Buffer.from(text, 'utf16le').toString('latin1'), 'in UTF-16'),
      digested((text) => Buffer.from(text).toString('latin1'), 'with its UTF-8 encoded a second time'),
      digested(
        (text) =>
          Buffer.from(text, 'latin1')
            .toString()
            .replaceAll(/[^\0-\xff]/g, '?'),
        'in Latin-1',
      ),
    ],
  },
];

export const formCandidates: readonly Candidate[] = rows.map(({ explanation, ...row }) => ({
  ...row,
  part: 'form',
  explanation: typeof explanation === 'string' ? () => explanation : explanation,
}));
