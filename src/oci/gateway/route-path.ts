/**
 * Paths of routes: `/hello/{region}/{rest*}`. They are compared with a path as it came, nothing decoded.
 * Source: https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewayaddingparamswildcards.htm
 */
import { text, type Reader } from './json-place.ts';

/** What stands between two slashes. */
type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  /** One segment that is not empty. */
  | { readonly kind: 'parameter'; readonly name: string }
  /** The rest of the path, perhaps nothing. */
  | { readonly kind: 'wildcard'; readonly name: string };

export interface RoutePath {
  readonly written: string;
  readonly segments: readonly Segment[];
  readonly names: readonly string[];
}

/** Characters of a path, and segments of one. */
const LONGEST = 2000;
const MOST_SEGMENTS = 100;
const named = /^\{(\w+)(\*?)\}$/;
/** As the vendor allows them. */
const literal = /^[\w$\-.+!*'(),%;:@&=]*$/;

export const routePath: Reader<RoutePath> = (place) => {
  const written = text(place);
  if (!written.startsWith('/')) throw place.wrong('must begin with a slash');
  if (written.length > LONGEST) throw place.wrong(`has more than ${LONGEST} characters`);
  const texts = written.slice(1).split('/');
  if (texts.length > MOST_SEGMENTS) throw place.wrong(`has more than ${MOST_SEGMENTS} segments`);
  if (texts.slice(0, -1).includes('')) throw place.wrong('has two slashes in a row');
  const segments: Segment[] = [];
  for (const part of texts) {
    const [, name, star] = named.exec(part) ?? [];
    if (name !== undefined) segments.push({ kind: star === '*' ? 'wildcard' : 'parameter', name });
    else if (literal.test(part)) segments.push({ kind: 'literal', text: part });
    else throw place.wrong(`${JSON.stringify(part)} is neither a segment of a path nor {name} or {name*}`);
  }
  if (segments.slice(0, -1).some(({ kind }) => kind === 'wildcard'))
    throw place.wrong('has a wildcard that is not its last segment');
  const names = segments.flatMap((segment) => ('name' in segment ? [segment.name] : []));
  if (new Set(names).size < names.length) throw place.wrong('has a name twice');
  return { written, segments, names };
};

const ranks = { literal: 0, parameter: 1, wildcard: 2 } as const;

/** The more specific first: what is written out before a parameter, and that before a wildcard, from the left; and nothing before a wildcard. */
export function bySpecificity(one: RoutePath, other: RoutePath): number {
  for (let index = 0; index < Math.min(one.segments.length, other.segments.length); index++) {
    const difference = rankAt(one, index) - rankAt(other, index);
    if (difference !== 0) return difference;
  }
  return one.segments.length - other.segments.length;
}

const rankAt = ({ segments }: RoutePath, index: number): number => ranks[segments[index]?.kind ?? 'literal'];

/** Whether they take the same paths. */
export const isSame = (one: RoutePath, other: RoutePath): boolean => patternOf(one) === patternOf(other);

const patternOf = ({ segments }: RoutePath): string =>
  segments.map((segment) => ('text' in segment ? segment.text : `{${ranks[segment.kind]}}`)).join('/');

/** What stands for the names; undefined where the path is another one. */
export function matched({ segments }: RoutePath, path: string): ReadonlyMap<string, string> | undefined {
  const given = path.slice(1).split('/');
  const values = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    const part = given[index];
    if (segment.kind === 'wildcard') return values.set(segment.name, given.slice(index).join('/'));
    if (part === undefined || (segment.kind === 'literal' ? part !== segment.text : part === '')) return undefined;
    if (segment.kind === 'parameter') values.set(segment.name, part);
  }
  return given.length === segments.length ? values : undefined;
}
