/** The ways in which serialisers write the same JSON. */
import { isDeeper } from './json-depth.ts';

export interface Writing {
  readonly how: string;
  readonly text: string;
}

interface Layout {
  readonly how: string;
  readonly comma: string;
  readonly colon: string;
  /** One step of it; undefined: all in one line. */
  readonly indent?: string;
  /** Inside of brackets that hold something. */
  readonly padding?: string;
}

const layouts: readonly Layout[] = [
  { how: 'without blanks', comma: ',', colon: ':' },
  { how: "with blanks behind commas and colons, as Python's json.dumps does", comma: ', ', colon: ': ' },
  { how: 'indented by two blanks', comma: ',', colon: ': ', indent: '  ' },
  { how: 'indented by four blanks', comma: ',', colon: ': ', indent: '    ' },
  { how: 'indented by tabs', comma: ',', colon: ': ', indent: '\t' },
  { how: 'with blanks behind colons', comma: ',', colon: ': ' },
  { how: 'with blanks behind commas', comma: ', ', colon: ':' },
  { how: 'with blanks inside of brackets', comma: ', ', colon: ': ', padding: ' ' },
];

const hex = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** What some serialisers write as an escape, beyond what JSON asks for. */
const escapes: readonly (readonly [how: string, written: RegExp, write: (unit: string) => string])[] = [
  [', beyond ASCII as \\u escapes', /[\x7f-\uffff]/g, hex],
  [', < > & as \\u escapes as Go does', /[<>&\u2028\u2029]/g, hex],
  [', slashes as \\/', /\//g, (unit) => `\\${unit}`],
  [', slashes as \\/ and beyond ASCII as \\u escapes', /[/\x7f-\uffff]/g, (unit) => (unit === '/' ? '\\/' : hex(unit))],
];

/** Deeper than anything that is sent, and than a stack bears. */
const DEEPEST = 64;

/** Undefined for what is no JSON object or array. */
export function jsonOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !isDeeper(value, DEEPEST) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The same value, written in every way that is known here. */
export function* jsonWritings(value: object): Generator<Writing> {
  const plain = JSON.stringify(value);
  const used = escapes.filter(([, escaped]) => plain.search(escaped) >= 0);
  for (const sorted of ['', ', keys sorted']) {
    for (const layout of layouts) {
      const text = written(value, layout, sorted !== '', '\n');
      // What may be escaped stands nowhere but in strings.
      for (const [how, escaped, write] of [['', /$^/g, String] as const, ...used]) {
        const variant = text.replaceAll(escaped, write);
        yield { how: `${layout.how}${sorted}${how}`, text: variant };
        yield { how: `${layout.how}${sorted}${how}, and a newline at its end`, text: `${variant}\n` };
      }
    }
  }
}

function written(value: unknown, layout: Layout, isSorted: boolean, line: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const { comma, colon, indent, padding = '' } = layout;
  const inner = indent === undefined ? '' : line + indent;
  const within = (part: unknown): string => written(part, layout, isSorted, inner || line);
  const isArray = Array.isArray(value);
  const parts = isArray
    ? value.map(within)
    : entriesOf(value, isSorted).map(([name, part]) => `${JSON.stringify(name)}${colon}${within(part)}`);
  const [open, close] = isArray ? (['[', ']'] as const) : (['{', '}'] as const);
  if (parts.length === 0) return open + close;
  const end = indent === undefined ? padding : line;
  return `${open}${inner || padding}${parts.join(`${comma}${inner}`)}${end}${close}`;
}

function entriesOf(value: object, isSorted: boolean): [string, unknown][] {
  const entries = Object.entries(value) as [string, unknown][];
  return isSorted ? entries.sort(([one], [other]) => Number(one > other) - Number(one < other)) : entries;
}
