import type { RawRequest } from '../contract/raw-request.ts';
import type { OciRequest } from '../crypto/oci/signed-request.ts';

/** A request for those who check OCI signatures. Its host is the client's, also behind a trusted proxy. */
export function receivedRequest({ method, target, rawHeaders, header, body }: RawRequest): OciRequest {
  const pairs = Array.from({ length: rawHeaders.length / 2 }, (_, index) => {
    const [name = '', value = ''] = rawHeaders.slice(index * 2);
    return [name, value] as const;
  });
  const isHost = ([name]: readonly [string, string]): boolean => name.toLowerCase() === 'host';
  // Of several nobody knows which one was meant.
  const isClear = pairs.filter(isHost).length === 1;
  const headers = pairs.map((pair) => (isClear && isHost(pair) ? ([pair[0], header('host')] as const) : pair));
  return { method, target, headers, body };
}
