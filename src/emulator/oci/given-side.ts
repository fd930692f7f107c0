import type { OciRequest } from '../../crypto/oci/signed-request.ts';
import type { GivenRequest } from '../explanations/given-request.ts';

/**
 * A request for those who check OCI signatures. Its one Host is as the client named it, also behind a proxy that is trusted; where there
 * is none, that stands for it.
 */
export function ociRequest({ method, target, headers, host, body }: GivenRequest): OciRequest {
  const isHost = ([name]: readonly [string, string]): boolean => name.toLowerCase() === 'host';
  const hosts = headers.filter(isHost).length;
  if (hosts === 0 && host !== '') return { method, target, headers: [['Host', host], ...headers], body };
  // Of several nobody knows which one was meant.
  const named = headers.map((header) => (hosts === 1 && isHost(header) ? ([header[0], host] as const) : header));
  return { method, target, headers: named, body };
}
