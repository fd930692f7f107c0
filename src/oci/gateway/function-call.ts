/** What a function behind the gateway does: it makes the request that it was called with once more, in its own name, and signs that. */
import { signOciRequest } from '../../crypto/oci/signing.ts';
import type { FunctionSigner } from './function-signer.ts';
import type { Outbound } from './outbound.ts';

/** What the client signed with, and what the gateway told of the client. */
const dropped: ReadonlySet<string> = new Set([
  ...['authorization', 'date', 'host', 'x-date', 'x-content-sha256'],
  ...['forwarded', 'x-forwarded-for', 'x-real-ip', 'user-agent'],
]);

/** @param now milliseconds since 1970 */
export function signedAnew(call: Outbound, { keyId, privateKey }: FunctionSigner, now: number): Outbound {
  const { host, request } = call;
  const kept = request.headers.filter(([name]) => !dropped.has(name.toLowerCase()));
  const own = { ...request, headers: [['Host', host] as const, ...kept] };
  return { ...call, request: signOciRequest(own, { keyId, privateKey, now }) };
}
