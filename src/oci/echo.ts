/** A service that says what it was sent, once the signature is right: any method, and any path below a prefix. It is ours. */
import type { MountedReply, MountedRequest, TraceOf } from '../contract/mounted.ts';
import type { OciRequest } from '../crypto/oci/signed-request.ts';
import { asText } from '../crypto/text-bytes.ts';
import type { OciAuthenticator, SignedCall } from './authenticator.ts';
import { ociDialect } from './errors.ts';
import { takesBelow } from './paths.ts';
import { receivedRequest } from './received-request.ts';
import { shownAuthorization } from './shown-authorization.ts';

/** Bytes of a body that is repeated. */
const LONGEST = 1024 * 1024;

export interface EchoOptions {
  /** `/oci`, or `/` for all that nobody else answers. */
  readonly prefix: string;
  readonly authenticator: Pick<OciAuthenticator, 'check'>;
  readonly traceOf: TraceOf;
}

export const ociEcho = ({ prefix, authenticator, traceOf }: EchoOptions) => ({
  takes: takesBelow(prefix),
  ...{ dialect: ociDialect, traceOf },
  answer: async (call: MountedRequest): Promise<MountedReply> => {
    const signed = await authenticator.check(call);
    call.onCaller(signed.caller);
    return echoOf(receivedRequest(call), signed);
  },
});

/** What is said of a request with this signature. */
export function echoOf({ method, target, headers, body }: OciRequest, signed: SignedCall): MountedReply {
  const { caller, signedHeaders, warnings } = signed;
  const [path = '', ...rest] = target.split('?');
  const { user, fingerprint } = caller;
  const tenancy = { id: user.domain.id, name: user.domain.name };
  return {
    status: 200,
    body: {
      ...{ method, target, path, query: rest.join('?') },
      headers: headers.map(([name, value]) => [name, shown(name, value)]),
      ...bodyOf(body),
      body_length: body.length,
      caller: { tenancy, user: { id: user.id, name: user.name }, fingerprint },
      ...{ signed_headers: signedHeaders, warnings },
    },
  };
}

const shown = (name: string, value: string): string =>
  asText(name.toLowerCase() === 'authorization' ? shownAuthorization(value) : value);

/** As text where it is UTF-8; of a long one nothing. */
function bodyOf(body: Uint8Array): { body?: string; body_base64?: string } {
  if (body.length > LONGEST) return {};
  try {
    return { body: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) };
  } catch {
    return { body_base64: Buffer.from(body).toString('base64') };
  }
}
