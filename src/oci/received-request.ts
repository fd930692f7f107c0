import type { RawRequest } from '../contract/raw-request.ts';
import { headerPairs } from '../crypto/header-pairs.ts';
import type { OciRequest } from '../crypto/oci/signed-request.ts';

/** A request for those who check OCI signatures. Its host is the client's, also behind a trusted proxy. */
export function receivedRequest({ method, target, rawHeaders, header, body }: RawRequest): OciRequest {
  const pairs = headerPairs(rawHeaders);
  const isHost = ([name]: readonly [string, string]): boolean => name.toLowerCase() === 'host';
  // Of several nobody knows which one was meant.
  const isClear = pairs.filter(isHost).length === 1;
  const headers = pairs.map((pair) => (isClear && isHost(pair) ? ([pair[0], header('host')] as const) : pair));
  return { method, target, headers, body };
}
