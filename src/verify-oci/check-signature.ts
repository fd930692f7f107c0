import { headerPairs } from '../crypto/header-pairs.ts';
import type { ApiKeyId } from '../crypto/oci/key-id.ts';
import { checkOciSignature as check, type CheckedRequest, type OciCheck } from '../crypto/oci/check-signature.ts';
import { publicKeyOf, type OciKeys } from './keys.ts';

/** A request as it came, with nothing in it decoded. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  /** Names and values by turns, as `rawHeaders` of Node.js; pairs, as `Headers` of fetch; or by name. A byte in each character. */
  readonly headers:
    | readonly string[]
    | Iterable<readonly [name: string, value: string]>
    | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as they came, or what reads them; it is called only where everything else is right and the body is signed. */
  readonly body: Uint8Array | (() => Promise<Uint8Array>);
}

export interface CheckOptions {
  readonly keys: OciKeys;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** `media-type`: what follows the media type in content-type is cut off before the check, as the vendor's services are said to do. */
  readonly contentType?: 'as-sent' | 'media-type';
  /** Whether PUT to a path of Object Storage, `/n/…/b/…/o/…`, may leave its body unsigned, as there; false where nothing is said. */
  readonly objectStorage?: boolean;
}

/** Who signed a request, and what of it. */
export interface OciCaller extends ApiKeyId {
  /** In lower case. A body is signed where `x-content-sha256` is among them. */
  readonly signedHeaders: readonly string[];
  /** What is not as it should be, though nothing is refused for it: a sentence each. */
  readonly warnings: readonly string[];
}

export interface Accepted {
  readonly caller: OciCaller;
}

export interface Refused {
  readonly status: 401;
  readonly code: 'NotAuthenticated';
  /** What the vendor's services say; it tells clients little. */
  readonly message: string;
  /** What was looked at when it failed. */
  readonly check: OciCheck;
  /** What is wrong, in a sentence: for logs. */
  readonly why: string;
}

/** @throws what looking up the key or reading the body throws; TypeError where a key that is given is not RSA; whatever the request, nothing else */
export async function checkOciSignature(request: ReceivedRequest, options: CheckOptions): Promise<Accepted | Refused> {
  const { keys, now = Date.now, contentType = 'as-sent', objectStorage = false } = options;
  const verdict = await check(receivedRequest(request), {
    ...{ now: now(), contentType, objectStorage },
    keyOf: (id) => publicKeyOf(keys, id),
  });
  if (verdict.accepted) {
    const { id, signedHeaders, warnings } = verdict;
    return { caller: { ...id, signedHeaders, warnings } };
  }
  const { text: message, check: failed, why } = verdict;
  return { status: 401, code: 'NotAuthenticated', message, check: failed, why };
}

function receivedRequest({ method, target, headers, body }: ReceivedRequest): CheckedRequest {
  const pairs = pairsOf(headers);
  // Where HTTP/2 has its name, HTTP/1.1 has Host (RFC 9113 8.3.1).
  const isNamed = pairs.some(([name]) => name.toLowerCase() === 'host');
  const named = pairs.map(([name, value]) =>
    name === ':authority' && !isNamed ? (['host', value] as const) : ([name, value] as const),
  );
  return { method, target, body, headers: named };
}

function pairsOf(headers: ReceivedRequest['headers']): readonly (readonly [string, string])[] {
  if (isIterable(headers)) {
    const all = [...headers];
    return all.every((one) => typeof one === 'string') ? headerPairs(all) : (all as (readonly [string, string])[]);
  }
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : (typeof value === 'string' ? [value] : value).map((one) => [name, one] as const),
  );
}

const isIterable = (
  headers: ReceivedRequest['headers'],
): headers is readonly string[] | Iterable<readonly [string, string]> => Symbol.iterator in headers;
