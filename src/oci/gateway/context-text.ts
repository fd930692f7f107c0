/**
 * Text of a deployment with context variables in it: `https://api.test/${request.path[name]}`.
 * Source: https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewaycontextvariables.htm
 */
import { decode, encode } from '../../crypto/canonical-query.ts';
import type { OciRequest } from '../../crypto/oci/signed-request.ts';
import { headerValues } from '../../crypto/oci/signed-request.ts';
import { asBytes } from '../../crypto/text-bytes.ts';
import { text, type JsonPlace, type Reader } from './json-place.ts';

/** What variables stand for: the request as it came. */
export interface Context {
  readonly request: Pick<OciRequest, 'headers'>;
  /** Without its question mark; empty where there is none. */
  readonly query: string;
  /** What stands for the names in the route's path, as it came. */
  readonly path: ReadonlyMap<string, string>;
}

type Table = 'path' | 'query' | 'headers' | 'host';
type Part = string | { readonly table: Table; readonly key: string };

/** A byte in each character. */
export type ContextText = readonly Part[];

/** Where it is written, which decides how: what came in the request line stands there as it came wherever it can. */
export type ContextForm = 'url' | 'header' | 'query value';

/** A variable has this many characters at most. */
const variable = /^request\.(?:(path|query|headers)\[([^\][]{1,256})\]|(host))$/;
const elsewhere = /^request\.(auth|cert|subdomain|body)\b/;

/** @param names those that the path of the route has; undefined: it cannot be read, so that nobody knows */
export const contextText =
  (names: readonly string[] | undefined): Reader<ContextText> =>
  (place) => {
    const written = text(place);
    if (hasControls(written)) throw place.wrong('has a control character');
    return written.split('${').flatMap((piece, index): Part[] => {
      if (index === 0) return constantOf(piece);
      const end = piece.indexOf('}');
      if (end < 0) throw place.wrong('has a ${ without its }');
      return [readVariable(place, piece.slice(0, end), names), ...constantOf(piece.slice(end + 1))];
    });
  };

const hasControls = (written: string): boolean =>
  Array.from(written).some((character) => (character < ' ' && character !== '\t') || character === '\x7f');

const constantOf = (piece: string): string[] => (piece === '' ? [] : [asBytes(piece)]);

function readVariable(place: JsonPlace, written: string, names: readonly string[] | undefined): Part {
  const [, table, key = '', host] = variable.exec(written) ?? [];
  if (host !== undefined) return { table: 'host', key: '' };
  if (table === undefined)
    throw place.wrong(
      elsewhere.test(written)
        ? `\${${written}} stands for nothing here: request.path, request.query, request.headers and request.host do`
        : `\${${written}} is no context variable, as \${request.path[name]} is one`,
    );
  if (table === 'path' && names?.includes(key) === false)
    throw place.wrong(`\${${written}}: the path of the route has no {${key}}`);
  return { table: table as Table, key: asBytes(key) };
}

/** How each table is read; what is not there is empty, and of several values the first counts. */
const tables: Readonly<Record<Table, (context: Context, key: string) => string>> = {
  path: ({ path }, key) => path.get(key) ?? '',
  query: ({ query }, key) => valueIn(query, key),
  headers: ({ request }, key) => headerValues(request, key.toLowerCase())[0] ?? '',
  host: ({ request }) => headerValues(request, 'host')[0] ?? '',
};

function valueIn(query: string, wanted: string): string {
  for (const part of query.split('&')) {
    const [name = ''] = part.split('=', 1);
    if (part !== '' && decode(name) === wanted) return part.slice(name.length + 1);
  }
  return '';
}

/** What may stand in a request line as it is; the rest is encoded. */
const inUrl = /[^\w.~!$&'()*+,;=:@/?%[\]{}|^`-]/g;
const escape = (given: string, pattern: RegExp): string => given.replaceAll(pattern, (character) => encode(character));

/** How a constant, and what came in the request line, are written in each form. */
const writing: Readonly<Record<ContextForm, { constant: (given: string) => string; raw: (given: string) => string }>> =
  {
    url: { constant: (given) => escape(given, inUrl), raw: (given) => given },
    header: { constant: (given) => given, raw: (given) => given },
    'query value': { constant: encode, raw: (given) => escape(given, /[&+#]/g) },
  };

/** Whether what the table has came in the request line, encoded as it is there. */
const isRaw: Readonly<Record<Table, boolean>> = { path: true, query: true, headers: false, host: false };

/** Undefined when it is longer than `most` characters. */
export function expanded(parts: ContextText, context: Context, form: ContextForm, most: number): string | undefined {
  const { constant, raw } = writing[form];
  let written = '';
  for (const part of parts) {
    if (typeof part === 'string') written += constant(part);
    else {
      const value = tables[part.table](context, part.key);
      written += isRaw[part.table] ? raw(value) : constant(value);
    }
    if (written.length > most) return undefined;
  }
  return written;
}
