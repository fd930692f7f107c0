import type { Observation } from '../../contract/observation.ts';
import type { RawRequest } from '../../contract/raw-request.ts';
import { headerPairs } from '../../crypto/header-pairs.ts';

export type Header = readonly [name: string, value: string];

/** A request to explain, as it came or as a text tells of it. Its head holds a byte in each character. */
export interface GivenRequest {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  readonly headers: readonly Header[];
  /** As the client named it, also where a proxy passed the request on. */
  readonly host: string;
  readonly body: Uint8Array;
  /** What the text leaves open and was taken for granted; sentences. */
  readonly notes: readonly string[];
}

export function observedRequest({ method, target, rawHeaders, body, host }: Observation): GivenRequest {
  return { method, target, headers: headerPairs(rawHeaders), host, body, notes: [] };
}

/** Looks headers up by lower-case name; a name that comes twice has both values, with a comma. */
export function headerLookup({ headers, host }: GivenRequest): (name: string) => string {
  const values = new Map<string, string>();
  for (const [name, value] of headers) {
    const before = values.get(name.toLowerCase());
    values.set(name.toLowerCase(), before === undefined ? value : `${before},${value}`);
  }
  values.set('host', host);
  return (name) => values.get(name) ?? '';
}

/** The request as those take it who check credentials. */
export const rawRequest = (
  given: GivenRequest,
  path: RawRequest['path'],
  checking: RawRequest['checking'],
): RawRequest => {
  const { method, target, body, headers, host } = given;
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host');
  const rawHeaders = [...(hasHost || host === '' ? [] : ['Host', host]), ...headers.flat()];
  return { method, target, rawHeaders, body, path, checking, header: headerLookup(given) };
};
