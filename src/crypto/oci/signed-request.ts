import { innerText } from '../inner-text.ts';

/** A request as it came, nothing decoded; header values hold a byte in each character. */
export interface OciRequest {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  /** In their order; what came twice stands twice, and Host is among them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** A request as far as its head goes. */
export type OciRequestHead = Omit<OciRequest, 'body'>;

/** The values of a header by its lower-case name, without blanks around them; none where it did not come. */
export const headerValues = ({ headers }: Pick<OciRequest, 'headers'>, lowerName: string): string[] =>
  headers.filter(([name]) => name.toLowerCase() === lowerName).map(([, value]) => innerText(value));

/** Several values of a header as one (draft-cavage-http-signatures-08 2.3). */
const joined = (values: readonly string[]): string => values.join(', ');

/** The value of a header by its lower-case name; undefined where it did not come. */
export function headerValue(request: Pick<OciRequest, 'headers'>, lowerName: string): string | undefined {
  const values = headerValues(request, lowerName);
  return values.length === 0 ? undefined : joined(values);
}

/** All of them by lower-case name, as `headerValue` gives each. */
export function headersByName({ headers }: Pick<OciRequest, 'headers'>): ReadonlyMap<string, string> {
  const values = new Map<string, string[]>();
  for (const [written, value] of headers) {
    const name = written.toLowerCase();
    const before = values.get(name);
    if (before === undefined) values.set(name, [innerText(value)]);
    else before.push(innerText(value));
  }
  return new Map([...values].map(([name, all]) => [name, joined(all)]));
}

/** Path and query of a target: of the absolute form (RFC 9112 3.2.2) what follows the authority; no fragment, and no empty path. */
export function originForm(target: string): string {
  const end = target.indexOf('#');
  const whole = end < 0 ? target : target.slice(0, end);
  const authority = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i.exec(whole)?.[0] ?? '';
  const rest = whole.slice(authority.length);
  return rest === '' || rest.startsWith('?') ? `/${rest}` : rest;
}
