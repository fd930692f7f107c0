/** An OCI-style gateway in front of the echo service. Nothing leaves this process: whatever URL a back end has, the echo service answers for it. */
import type { MountedReply, MountedRequest, TraceOf } from '../../contract/mounted.ts';
import type { ForwardedOciRequest, OciMessage } from '../../contract/oci-forwarded.ts';
import type { OciDiagnosis } from '../../crypto/oci/diagnosis/question.ts';
import type { OciRequest } from '../../crypto/oci/signed-request.ts';
import { ServiceError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import type { OciAuthenticator } from '../authenticator.ts';
import { echoOf } from '../echo.ts';
import { takesBelow } from '../paths.ts';
import { receivedRequest } from '../received-request.ts';
import type { HttpBackEnd } from './back-ends.ts';
import { checklistOf } from './checklist.ts';
import { Deployments, type Found } from './deployments.ts';
import { signedAnew } from './function-call.ts';
import { outbound, type Outbound } from './outbound.ts';
import { ociGatewayDialect } from './refusals.ts';

export interface OciGatewayOptions {
  /** Stands for the host name of the gateway: `/_oci`. */
  readonly prefix: string;
  readonly store: Store;
  readonly authenticator: Pick<OciAuthenticator, 'judge' | 'asVerified'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly traceOf: TraceOf;
  /** Told of every request that a deployment took, before it is answered. */
  readonly onForwarded: (record: Forwarded) => void;
}

type Forwarded = ForwardedOciRequest<OciDiagnosis>;
/** What is found out about a request on its way. */
type Told = Pick<Forwarded, 'received' | 'status' | 'refusal' | 'explanation' | 'checklist' | 'diagnosis'>;

export function ociGateway({ prefix, store, authenticator, now, traceOf, onForwarded }: OciGatewayOptions) {
  const deployments = new Deployments(store.oci);

  async function answer(call: MountedRequest): Promise<MountedReply> {
    call.checking('deployment');
    const sent = receivedRequest(call);
    const [path = '', ...rest] = call.target.slice(prefix === '/' ? 0 : prefix.length).split('?');
    const found = await deployments.find(call.method, path === '' ? '/' : path);
    const { backEnd } = found.route;
    if (backEnd.type === 'STOCK_RESPONSE_BACKEND') {
      const { status, body, headers } = backEnd;
      tell(call, found, sent, { ...nothing, status, explanation: 'The gateway answered itself.' });
      return { status, body, headers: body === undefined ? headers : { 'Content-Type': 'text/plain', ...headers } };
    }
    const made = changed(call, found, backEnd.url, sent, rest.join('?'));
    const final = backEnd.type === 'HTTP_BACKEND' ? made : signedAnew(made, backEnd.signer, now());
    return passedOn(call, found, sent, final);
  }

  /** As the gateway changes it for a back end. */
  function changed(call: MountedRequest, found: Found, url: HttpBackEnd['url'], sent: OciRequest, query: string) {
    const { route, path } = found;
    try {
      return outbound({ route, url, request: sent, context: { request: sent, query, path } }, call.remoteAddress);
    } catch (error) {
      if (error instanceof ServiceError)
        tell(call, found, sent, { ...nothing, ...refusalIn(error), explanation: error.why });
      throw error;
    }
  }

  async function passedOn(call: MountedRequest, found: Found, sent: OciRequest, { url, request }: Outbound) {
    const received = { url, ...messageOf(request) };
    // A function signs what it sends itself: what the client sent has nothing to do with that.
    const isSigned = found.route.backEnd.type === 'HTTP_BACKEND';
    const { checking } = call;
    const judged = await authenticator.judge(request, { checking, ...(isSigned && { sent }) });
    if ('error' in judged) {
      const { error, diagnosis } = judged;
      const { asVerified } = authenticator;
      const sides = { sent: asVerified(isSigned ? sent : request), received: asVerified(request) };
      const checklist = checklistOf({ ...sides, signed: diagnosis?.signed });
      tell(call, found, sent, { ...refusalIn(error), received, explanation: error.why, checklist, diagnosis });
      throw error;
    }
    call.onCaller(judged.caller);
    const reply = echoOf(request, judged);
    tell(call, found, sent, { ...nothing, received, status: reply.status, explanation: 'The signature is right.' });
    return reply;
  }

  function tell(call: MountedRequest, { deployment, route }: Found, sent: OciRequest, told: Told): void {
    const { id, name, pathPrefix } = deployment;
    const { backEnd } = route;
    onForwarded({
      ...{ requestId: call.requestId, at: now(), deployment: { id, name, pathPrefix } },
      ...{ path: route.path.written, backEnd: backEnd.type, sent: messageOf(sent) },
      signedBy: 'signer' in backEnd ? backEnd.signer.keyId : undefined,
      ...told,
    });
  }

  return { takes: takesBelow(prefix), dialect: ociGatewayDialect, traceOf, answer };
}

const nothing = { received: undefined, refusal: undefined, checklist: [], diagnosis: undefined } as const;

const messageOf = ({ method, target, headers, body }: OciRequest): OciMessage => ({
  ...{ method, target, headers, bodyLength: body.length },
});

const refusalIn = ({ refusal: { status, code }, message }: ServiceError) => ({
  ...{ status, refusal: { code, text: message } },
});
