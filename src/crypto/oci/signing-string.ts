/** What is signed. Source: https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm, draft-cavage-http-signatures-08 2.3. */
import { headersByName, originForm, type OciRequestHead } from './signed-request.ts';

export const REQUEST_TARGET = '(request-target)';

/** One line of a signing string. */
export interface SignedComponent {
  /** In lower case. */
  readonly name: string;
  /** Undefined where the request does not have that header. */
  readonly value: string | undefined;
}

/** What a request has of the names in the parameter `headers`, in their order. */
export function signedComponents(request: OciRequestHead, names: readonly string[]): readonly SignedComponent[] {
  const headers = headersByName(request);
  return names.map((written) => {
    const name = written.toLowerCase();
    return { name, value: name === REQUEST_TARGET ? requestTarget(request) : headers.get(name) };
  });
}

/** Method in lower case, blank, path and query. */
export const requestTarget = ({ method, target }: Pick<OciRequestHead, 'method' | 'target'>): string =>
  `${method.toLowerCase()} ${originForm(target)}`;

/** A value of nothing leaves name, colon and blank. */
export const signedLine = (name: string, value: string): string => `${name}: ${value}`;

/** The lines with line feeds between them and none at the end; undefined where a header that it takes is not there. A byte in each character. */
export function signingString(request: OciRequestHead, names: readonly string[]): string | undefined {
  const lines: string[] = [];
  for (const { name, value } of signedComponents(request, names)) {
    if (value === undefined) return undefined;
    lines.push(signedLine(name, value));
  }
  return lines.join('\n');
}

/** The request with bare media types in content-type, without `; charset=…`: how the service is said to verify. */
export const withMediaTypes = <Request extends Pick<OciRequestHead, 'headers'>>(request: Request): Request => ({
  ...request,
  headers: request.headers.map(([name, value]) => {
    const isContentType = name.toLowerCase() === 'content-type';
    return [name, isContentType ? value.slice(0, `${value};`.indexOf(';')) : value] as const;
  }),
});
