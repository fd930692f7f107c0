/** Requests that the vendors' own signers signed (test/vectors/README.md), and what Signet says of them and of what becomes of them. */
import { readFileSync } from 'node:fs';
import type { components } from '../../src/contract/openapi.ts';
import { send } from '../support/http.ts';
import type { Form } from '../support/sdk-signer.ts';

export type Explanation = components['schemas']['Explanation'];

export interface SignedRequest {
  readonly name: string;
  readonly client: string;
  readonly form: Form;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** As the signer built it, where it tells. */
  readonly canonicalRequest?: string;
}

export const signedRequests = (
  JSON.parse(
    readFileSync(new URL('../vectors/signed-requests.json', import.meta.url), 'utf8'),
  ) as readonly SignedRequest[]
).map((request): SignedRequest => ({
  ...request,
  headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
}));

/** The instant at which all of them were signed. */
export const signedAt = Date.parse('2026-01-15T10:30:00Z');

export const rawText = ({ method, target, headers, body }: SignedRequest): string =>
  [
    `${method} ${target} HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');

export const authorizationOf = ({ headers }: SignedRequest): string => headers['authorization']!;
export const signatureOf = (request: SignedRequest): string => /Signature=(.*)$/.exec(authorizationOf(request))![1]!;

/** With another Authorization. */
export const reauthorized = (request: SignedRequest, change: (authorization: string) => string): SignedRequest =>
  withHeader(request, 'authorization', change(authorizationOf(request)));

/** With another value of a header; undefined takes it off. */
export function withHeader(request: SignedRequest, name: string, value: string | undefined): SignedRequest {
  const rest = Object.fromEntries(Object.entries(request.headers).filter(([other]) => other !== name));
  return { ...request, headers: value === undefined ? rest : { ...rest, [name]: value } };
}

export async function explain(
  url: string,
  request: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Explanation> {
  const answer = await send(url, 'post', '/_signet/explain', {
    headers: { 'Content-Type': 'application/json', ...headers },
    body: { request },
  });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body as Explanation;
}
