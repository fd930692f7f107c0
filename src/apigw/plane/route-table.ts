/** Which API of a group a request is for. Paths are compared decoded, a byte in each character. */
import { decode } from '../../crypto/canonical-query.ts';
import type { GroupRoutes, Route } from '../../store/store.ts';
import { bytesOf } from './encoding.ts';

/** A part of a path between two slashes: what it must be, or the name of what may be anything but nothing. */
type Segment = { readonly text: string } | { readonly name: string };

interface Candidate {
  readonly route: Route;
  readonly method: string;
  readonly segments: readonly Segment[];
  /** Of SWA: whether more may follow. */
  readonly isPrefix: boolean;
  /** Of one that ends with a slash: whether at least that must follow; the segments are those before it. */
  readonly isOpen: boolean;
}

export interface Match {
  readonly route: Route;
  /** What stands for the names in its path, decoded. */
  readonly path: ReadonlyMap<string, string>;
  /** Characters of the decoded path that the definition has; the rest goes on to the backend. */
  readonly length: number;
}

/** The APIs of one environment. */
export interface RouteTable {
  /** The routes whose path has no names and must be the whole of it. */
  readonly literal: ReadonlyMap<string, readonly Candidate[]>;
  /** The others, the more specific first. */
  readonly patterns: readonly Candidate[];
}

const named = /^\{([^{}]+)\}$/;
const nothing: ReadonlyMap<string, string> = new Map();

/** By the id of the environment; made once for what the store gave. */
const tables = new WeakMap<GroupRoutes, ReadonlyMap<string, RouteTable>>();

export function tableOf(group: GroupRoutes, environmentId: string): RouteTable | undefined {
  let byEnvironment = tables.get(group);
  if (byEnvironment === undefined) {
    const routes = Map.groupBy(group.routes, ({ publication }) => publication.environmentId);
    byEnvironment = new Map(Array.from(routes, ([id, some]) => [id, makeTable(some)]));
    tables.set(group, byEnvironment);
  }
  return byEnvironment.get(environmentId);
}

function makeTable(routes: readonly Route[]): RouteTable {
  const candidates = routes.map(candidateOf).toSorted(bySpecificity);
  const isLiteral = ({ segments, isPrefix }: Candidate): boolean =>
    !isPrefix && segments.every((segment) => 'text' in segment);
  return {
    literal: Map.groupBy(candidates.filter(isLiteral), ({ route }) => pathOf(route)),
    patterns: candidates.filter((candidate) => !isLiteral(candidate)),
  };
}

/** As the definition has it, with whatever is encoded in it decoded. */
const pathOf = ({ publication }: Route): string => decode(bytesOf(publication.definition.req_uri));

function candidateOf(route: Route): Candidate {
  const { req_method: method, match_mode } = route.publication.definition;
  const segments = pathOf(route)
    .split('/')
    .map((text): Segment => {
      const [, name] = named.exec(text) ?? [];
      return name === undefined ? { text } : { name };
    });
  const isPrefix = match_mode === 'SWA';
  const isOpen = isPrefix && pathOf(route).endsWith('/');
  return { route, method, segments: isOpen ? segments.slice(0, -1) : segments, isPrefix, isOpen };
}

/** A whole path before a beginning; the longer beginning, what is written out, and the method itself before what takes any. */
function bySpecificity(one: Candidate, other: Candidate): number {
  if (one.isPrefix !== other.isPrefix) return Number(one.isPrefix) - Number(other.isPrefix);
  if (one.segments.length !== other.segments.length) return other.segments.length - one.segments.length;
  const isNamed = (segment: Segment | undefined): boolean => segment !== undefined && 'name' in segment;
  const differing = one.segments.findIndex((segment, index) => isNamed(segment) !== isNamed(other.segments[index]));
  const segment = one.segments[differing];
  if (segment !== undefined) return 'name' in segment ? 1 : -1;
  if (one.isOpen !== other.isOpen) return Number(other.isOpen) - Number(one.isOpen);
  return Number(one.method === 'ANY') - Number(other.method === 'ANY');
}

/** The route, or why there is none. */
export function match({ literal, patterns }: RouteTable, method: string, path: string): Match | 'path' | 'method' {
  let isKnown = false;
  for (const { route, method: own } of literal.get(path) ?? []) {
    if (own === method || own === 'ANY') return { route, path: nothing, length: path.length };
    isKnown = true;
  }
  if (patterns.length === 0) return isKnown ? 'method' : 'path';
  const segments = path.split('/');
  for (const candidate of patterns) {
    const found = fits(candidate, segments, path.length);
    if (found === undefined) continue;
    if (candidate.method === method || candidate.method === 'ANY') return { route: candidate.route, ...found };
    isKnown = true;
  }
  return isKnown ? 'method' : 'path';
}

function fits(
  { segments, isPrefix, isOpen }: Candidate,
  given: readonly string[],
  whole: number,
): Pick<Match, 'path' | 'length'> | undefined {
  const least = segments.length + Number(isOpen);
  if (isPrefix ? given.length < least : given.length !== least) return undefined;
  let path: Map<string, string> | undefined;
  // With all slashes between the segments.
  let length = least - 1;
  for (const [index, segment] of segments.entries()) {
    const part = given[index] ?? '';
    if ('name' in segment ? part === '' : part !== segment.text) return undefined;
    if ('name' in segment) (path ??= new Map<string, string>()).set(segment.name, part);
    length += part.length;
  }
  return { path: path ?? nothing, length: isPrefix ? length : whole };
}
