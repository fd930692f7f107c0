/**
 * What a route changes among the headers of a request, or in its query.
 * Source: https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewaymodifyingresponsesrequests.htm
 */
import { asBytes } from '../../crypto/text-bytes.ts';
import { contextText, type ContextText } from './context-text.ts';
import { listOf, objectOf, oneOf, optional, text, type Reader } from './json-place.ts';

const ifExists = ['OVERWRITE', 'APPEND', 'SKIP'] as const;
const filters = ['ALLOW', 'BLOCK'] as const;

export interface Setting {
  /** As it is written, a byte in each character. */
  readonly name: string;
  readonly values: readonly ContextText[];
  readonly ifExists: (typeof ifExists)[number];
}

/** Names are keys: of headers in lower case, of parameters as they are. */
export interface Transformations {
  /** New names by old ones. */
  readonly renamed: ReadonlyMap<string, string>;
  readonly set: ReadonlyMap<string, Setting>;
  readonly filter: { readonly type: (typeof filters)[number]; readonly names: ReadonlySet<string> } | undefined;
}

/** How names are compared, and which may not be touched. */
export interface NamesOf {
  readonly fields: Readonly<Record<'rename' | 'set' | 'filter', string>>;
  readonly keyOf: (name: string) => string;
  readonly mistakeIn: (name: string) => string | undefined;
}

/**
 * Headers that no transformation touches. `host` is not among them: what sets it decides what the back end sees.
 * Source: https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewaymodifyingresponsesrequests-protectedrequestresponseheaders.htm
 */
export const protectedHeaders: ReadonlySet<string> = new Set([
  ...['cdn-loop', 'connection', 'content-length', 'cookie', 'expect', 'keep-alive', 'opc-request-id', 'origin'],
  ...['proxy-authorization', 'te', 'transfer-encoding', 'upgrade', 'x-forwarded-for', 'x-real-ip'],
]);

/** Bytes of a header's name, as the vendor has it for stock responses. */
const LONGEST_NAME = 1024;
const MOST_ITEMS = 50;
export const headerName = /^[\w!#$%&'*+.^`|~-]+$/;

export const headerNames: NamesOf = {
  fields: { rename: 'renameHeaders', set: 'setHeaders', filter: 'filterHeaders' },
  keyOf: (name) => name.toLowerCase(),
  mistakeIn: (name) => {
    if (!headerName.test(name) || name.length > LONGEST_NAME) return 'is no name of a header';
    return protectedHeaders.has(name.toLowerCase())
      ? 'is a header that the gateway keeps from being transformed'
      : undefined;
  },
};

export const parameterNames: NamesOf = {
  fields: { rename: 'renameQueryParameters', set: 'setQueryParameters', filter: 'filterQueryParameters' },
  keyOf: (name) => asBytes(name),
  mistakeIn: (name) => (name.length > LONGEST_NAME ? 'is too long for a name' : undefined),
};

/** @param pathNames those that the path of the route has; undefined where they are not known */
export function transformations(names: NamesOf, pathNames: readonly string[] | undefined): Reader<Transformations> {
  const values = listOf(contextText(pathNames), MOST_ITEMS);
  return (place) => {
    const once = readsOnce(names);
    const readers = {
      rename: optional(itemsOf(objectOf({ from: once, to: once }))),
      set: optional(itemsOf(objectOf({ name: once, values, ifExists: optional(oneOf(...ifExists)) }))),
      filter: optional(filterOf(names, once)),
    };
    const { rename, set, filter } = objectOf(readers, [], names.fields)(place);
    return {
      renamed: new Map(rename?.items.map(({ from, to }) => [from.key, to.name])),
      set: new Map(
        set?.items.map(({ name: { name, key }, ifExists: how = 'OVERWRITE', ...rest }) => [
          key,
          { name, values: rest.values, ifExists: how },
        ]),
      ),
      filter,
    };
  };
}

const itemsOf = <Item>(reader: Reader<Item>) => objectOf({ items: listOf(reader, MOST_ITEMS) });

interface Named {
  /** A byte in each character. */
  readonly name: string;
  readonly key: string;
}

/** Reads a name that no other transformation of the same kind may have. */
function readsOnce({ keyOf, mistakeIn }: NamesOf): Reader<Named> {
  const seen = new Set<string>();
  return (place) => {
    const name = text(place);
    const mistake = mistakeIn(name);
    if (mistake !== undefined) throw place.wrong(`${name} ${mistake}`);
    const key = keyOf(name);
    if (seen.has(key)) throw place.wrong(`${name} is named by another transformation already`);
    seen.add(key);
    return { name: asBytes(name), key };
  };
}

function filterOf({ keyOf }: NamesOf, once: Reader<Named>): Reader<NonNullable<Transformations['filter']>> {
  // What is let through may be named, whatever else is done with it.
  const readers: Readonly<Record<(typeof filters)[number], Reader<string>>> = {
    ALLOW: (place) => keyOf(text(place)),
    BLOCK: (place) => once(place).key,
  };
  return (place) => {
    const type = oneOf(...filters)(place.at('type'));
    const { items } = objectOf({ type: text, items: listOf(objectOf({ name: readers[type] }), MOST_ITEMS) })(place);
    return { type, names: new Set(items.map(({ name }) => name)) };
  };
}
