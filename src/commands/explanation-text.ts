/** An explanation for people: colours where standard output is a terminal, unless NO_COLOR forbids. */
import { styleText } from 'node:util';
import type { Answer } from '../client/client.ts';
import { sideBySide } from './side-by-side.ts';

type Explanation = Answer<'emulator.explain'>;
type Colour = 'bold' | 'dim' | 'green' | 'red';

/** Characters of a line where nobody says how wide it is. */
const WIDTH = 160;

const paint = (colour: Colour, text: string): string => styleText(colour, text, { stream: process.stdout });

/** Whether the credential, another check, or the operation itself refuses. */
export const isRefused = ({ accepted, refusal, kms }: Explanation): boolean =>
  !accepted || refusal !== undefined || (kms !== undefined && kms.verdict === undefined);

export function explanationText(explanation: Explanation): string {
  const { summary, checks, refusal, signature, token, kms } = explanation;
  const sections = [
    paint('bold', paint(isRefused(explanation) || kms?.verdict === 'invalid' ? 'red' : 'green', summary)),
    checks.map(checkLine).join('\n'),
    refusal && `Refused with ${refusal.code}: ${refusal.text}`,
    signature && signatureText(signature),
    token && section('Token', fields(token)),
    kms && section('Key management', fields(kms)),
  ];
  return sections.filter((text) => text !== undefined && text !== '').join('\n\n');
}

function checkLine({ check, verdict, detail }: Explanation['checks'][number]): string {
  const mark = verdict === 'passed' ? paint('green', 'passed ') : paint('red', 'refused');
  return `  ${mark}  ${check}${detail === undefined ? '' : paint('dim', `: ${detail}`)}`;
}

function signatureText(signature: NonNullable<Explanation['signature']>): string {
  const { algorithm, access, verdict, cause, expected, received, difference, tried } = signature;
  const verdicts = {
    right: 'the signature is right',
    proved: 'the cause is proved: it reproduces the signature that was sent',
    unknown: 'no cause that was tried reproduces the signature that was sent',
    unchecked: 'not looked at: an earlier check refused',
  };
  const parts = [
    section('Signature', `  ${algorithm} with ${access}: ${verdicts[verdict]}`),
    cause && `  ${paint('bold', cause.name)}: ${cause.explanation}\n  ${cause.remedy}`,
    difference && differenceText(difference),
    received === undefined
      ? section('Canonical request of what came', indented(expected))
      : sideBySide(
          { title: 'Canonical request of what came', text: expected },
          { title: 'what the client signed', text: received },
          {
            width: process.stdout.isTTY ? process.stdout.columns : WIDTH,
            mark: (text) => paint('red', text),
            head: (text) => paint('bold', text),
          },
        ),
    verdict === 'unknown' && tried.length > 0 ? section('Tried', `  ${tried.join(', ')}`) : undefined,
  ];
  return parts.filter((text) => text !== undefined).join('\n\n');
}

type Difference = NonNullable<NonNullable<Explanation['signature']>['difference']>;

const differenceText = ({ line, what, column, expected, received }: Difference): string =>
  [
    `  First difference: line ${line} (${what}), byte ${column}`,
    `    came    ${JSON.stringify(expected)}`,
    `    signed  ${JSON.stringify(received)}`,
  ].join('\n');

const section = (title: string, text: string): string => `${paint('bold', title)}\n${text}`;

const indented = (text: string): string => text.replaceAll(/^/gm, '  ');

/** A line each; what is in parts, in one line. */
function fields(values: object): string {
  const entries = Object.entries(values) as [string, unknown][];
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `  ${name.replaceAll('_', ' ').padEnd(width)}  ${valueText(value)}`).join('\n');
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value as Readonly<Record<string, unknown>>)
      .map(([name, part]) => `${name.replaceAll('_', ' ')} ${valueText(part)}`)
      .join(', ');
  return String(value);
}
