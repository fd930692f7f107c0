/** Requests signed as the gateway signs them, without a gateway: for the tests of a backend. */
import { basicForBackend, signForBackend, type Defect } from '../../crypto/backend-signature.ts';
import type { Pair } from '../../crypto/signature-keys.ts';
import { headerLookup, type GivenRequest } from '../explanations/given-request.ts';

export interface SigningRequest {
  readonly request: GivenRequest;
  readonly pair: Pair;
  readonly signedHeaders: readonly string[];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly defect: Defect | undefined;
}

export interface SignedForBackend {
  /** To be added to the request. */
  readonly headers: Readonly<Record<string, string>>;
  /** What is to be sent in place of the body; undefined where the body stays. */
  readonly body?: Uint8Array;
  readonly canonicalRequest?: string;
  readonly stringToSign?: string;
  readonly signature?: string;
}

export function signGiven({ request, pair, ...options }: SigningRequest): SignedForBackend {
  const { method, target, body } = request;
  const sent = { method: method.toUpperCase(), target, header: headerLookup(request), body };
  const { body: changed, ...signed } = signForBackend(sent, pair, options);
  return { ...signed, ...(changed !== body && { body: changed }) };
}

/** Basic has nothing that depends on the request. */
export function basicGiven(pair: Pair, defect: Defect | undefined): SignedForBackend {
  const authorization = basicForBackend(pair, defect);
  return { headers: authorization === undefined ? {} : { Authorization: authorization } };
}
