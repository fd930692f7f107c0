/** What transformations make of the headers of a request, or of the parameters in its query. */
import { decode, encode } from '../../crypto/canonical-query.ts';
import { expanded, type Context, type ContextForm } from './context-text.ts';
import { protectedHeaders, type Transformations } from './transformations.ts';

export type Header = readonly [name: string, value: string];

/** How fields of a kind are written. */
interface Kind<Field> {
  readonly form: ContextForm;
  /** By what their names are compared. */
  readonly keyOf: (field: Field) => string;
  readonly renamed: (field: Field, name: string) => Field;
  /** From a value in that form. */
  readonly made: (name: string, value: string) => Field;
  /** Whether no filter takes it away. */
  readonly isProtected: (key: string) => boolean;
}

const headerKind: Kind<Header> = {
  form: 'header',
  keyOf: ([name]) => name.toLowerCase(),
  renamed: ([, value], name) => [name, value],
  made: (name, value) => [name, value],
  isProtected: (key) => protectedHeaders.has(key),
};

/** What stands between two ampersands. */
const parameterKind: Kind<string> = {
  form: 'query value',
  keyOf: (part) => decode((part.split('=', 1)[0] ?? '').replaceAll('+', ' ')),
  renamed: (part, name) => encode(name) + part.slice(part.split('=', 1)[0]?.length),
  made: (name, value) => `${encode(name)}=${value}`,
  isProtected: () => false,
};

/** Undefined when they become longer than `most` characters. */
export const changedHeaders = (headers: readonly Header[], changes: Transformations, context: Context, most: number) =>
  changed(headers, changes, context, headerKind, most);

/** The query of the context. Undefined when it becomes longer than `most` characters. */
export const changedQuery = (changes: Transformations, context: Context, most: number): string | undefined =>
  changed(
    context.query.split('&').filter((part) => part !== ''),
    changes,
    context,
    parameterKind,
    most,
  )?.join('&');

/** New names first, then new values, then the filter. */
function changed<Field>(
  fields: readonly Field[],
  { renamed, set, filter }: Transformations,
  context: Context,
  kind: Kind<Field>,
  most: number,
): readonly Field[] | undefined {
  const { keyOf, isProtected } = kind;
  let all = fields.map((field) => {
    const name = renamed.get(keyOf(field));
    return name === undefined ? field : kind.renamed(field, name);
  });
  let room = most;
  for (const [key, { name, values, ifExists }] of set) {
    const first = all.findIndex((field) => keyOf(field) === key);
    if (first >= 0 && ifExists === 'SKIP') continue;
    const made: Field[] = [];
    for (const parts of values) {
      const value = expanded(parts, context, kind.form, room);
      if (value === undefined) return undefined;
      room -= value.length;
      made.push(kind.made(name, value));
    }
    const others = ifExists === 'OVERWRITE' ? all.filter((field) => keyOf(field) !== key) : all;
    // In the place of the one that was there.
    const at = first < 0 || ifExists === 'APPEND' ? others.length : first;
    all = [...others.slice(0, at), ...made, ...others.slice(at)];
  }
  const { type, names } = filter ?? { type: 'BLOCK', names: new Set<string>() };
  return all.filter((field) => isProtected(keyOf(field)) || names.has(keyOf(field)) === (type === 'ALLOW'));
}
