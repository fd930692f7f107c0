/** Pieces of long answers for people: colours where standard output is a terminal, unless NO_COLOR forbids. */
import { styleText } from 'node:util';
import { sideBySide } from './side-by-side.ts';

type Colour = 'bold' | 'dim' | 'green' | 'red';

/** Characters of a line where nobody says how wide it is. */
const WIDTH = 160;

export const paint = (colour: Colour, text: string): string => styleText(colour, text, { stream: process.stdout });

export const section = (title: string, text: string): string => `${paint('bold', title)}\n${text}`;

export const indented = (text: string): string => text.replaceAll(/^/gm, '  ');

/** What came beside what was signed. */
export const besides = (came: Side, signed: Side): string =>
  sideBySide(came, signed, {
    width: process.stdout.isTTY ? process.stdout.columns : WIDTH,
    mark: (text) => paint('red', text),
    head: (text) => paint('bold', text),
  });

interface Side {
  readonly title: string;
  readonly text: string;
}

interface Difference {
  readonly line: number;
  readonly what: string;
  readonly column: number;
  readonly expected: string;
  readonly received: string;
}

export const differenceText = ({ line, what, column, expected, received }: Difference): string =>
  [
    `  First difference: line ${line} (${what}), byte ${column}`,
    `    came    ${JSON.stringify(expected)}`,
    `    signed  ${JSON.stringify(received)}`,
  ].join('\n');

interface Cause {
  readonly name: string;
  readonly explanation: string;
  readonly remedy: string;
}

export const causeText = ({ name, explanation, remedy }: Cause): string =>
  `  ${paint('bold', name)}: ${explanation}\n  ${remedy}`;

/** Parts below each other, an empty line between; those that are undefined are left out. */
export const below = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join('\n\n');
