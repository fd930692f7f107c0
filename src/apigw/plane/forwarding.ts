/** Sends a call on to its backend, signed where a key is bound to its API. */
import type { GatewayReply, GatewayRequest } from '../../contract/forwarded.ts';
import type { Defect } from '../../crypto/backend-signature.ts';
import type { HttpBackend, SignatureKey } from '../../store/store.ts';
import { gatewayPlaneRefusals as refusals } from '../plane-refusals.ts';
import { sentOf, type Account } from './account.ts';
import { mockReply, replyOf, type Times } from './answering.ts';
import { readHost, type BackendHost } from './backend-addresses.ts';
import type { BackendClient, Outgoing } from './backend-client.ts';
import { BackendFailure } from './backend-failure.ts';
import { toBackend, type BackendRequest } from './backend-request.ts';
import { ofMock, ofSigned, ofUnsigned } from './explanation.ts';
import { framing } from './framing.ts';
import { CallRefused } from './refusing.ts';
import type { Routed } from './routing.ts';
import { readDefect, type Signer } from './signing.ts';
import { BODY_LIMIT, NOTHING, readWhole, tooLarge } from './whole-body.ts';

export interface ForwardOptions {
  readonly client: BackendClient;
  readonly signers: Readonly<Record<SignatureKey['type'], Signer>>;
  readonly signatureHeader: string;
  /** Whether callers may have a request signed wrongly on purpose. */
  readonly takesDefects: boolean;
}

/** A request to a backend before its body and its signature. */
interface Draft {
  readonly method: string;
  readonly target: string;
  /** Host, and what goes on of the caller's headers; names and values by turns. */
  readonly own: readonly string[];
  readonly defect: Defect | undefined;
}

/** What of it depends on how it is signed. */
type Content = Pick<Outgoing, 'rawHeaders' | 'body'>;

const notRepeatable = new Set(['POST', 'PATCH']);
const MOST_RETRIES = 10;

export function makeForward({ client, signers, signatureHeader, takesDefects }: ForwardOptions) {
  const replaced = signatureHeader.toLowerCase();

  return forward;

  /** @throws CallRefused or CallerGone; `account` says then how far it came */
  async function forward(routed: Routed, account: Account, begin: number): Promise<GatewayReply> {
    const { call, head, match, addressed } = routed;
    const { request, publication, environment } = call;
    const { backend_api: api, mock_info: mock } = publication.definition;
    const asked = toBackend(call, addressed, head, match);
    if (api === undefined) {
      account.explanation = ofMock(match.route, environment);
      return mockReply(mock ?? { result_content: '' }, request.requestId, head, { begin, sent: undefined });
    }
    const outgoing = await prepare(routed, api, asked, account);
    const times: Times = { begin, sent: performance.now() };
    const response = await send(outgoing, request.signal, account);
    const isBodiless = outgoing.method === 'HEAD' && request.method !== 'HEAD';
    return replyOf(response, isBodiless, request.requestId, head, times);
  }

  async function send(outgoing: Outgoing, signal: AbortSignal, account: Account) {
    account.sent = sentOf(outgoing);
    const response = await client.send(outgoing, signal).catch((error: unknown) => {
      if (error instanceof BackendFailure && error.isUnsent) delete account.sent;
      throw error;
    });
    const { statusCode: status = 0 } = response;
    if (status < 200) {
      response.destroy();
      throw new BackendFailure('garbled', `${outgoing.backend.written} answers with the status ${status}.`);
    }
    account.status = status;
    return response;
  }

  async function prepare(routed: Routed, api: HttpBackend, asked: BackendRequest, account: Account): Promise<Outgoing> {
    const { call, head, match } = routed;
    if ((head.contentLength ?? 0) > BODY_LIMIT) throw tooLarge();
    const method = api.req_method === 'ANY' ? call.request.method : api.req_method;
    const backend = hostOf(api);
    const own = ['Host', backend.written, ...without(asked.fields, replaced)];
    const draft: Draft = { method, target: asked.target, own, defect: readDefect(head.defect, takesDefects) };
    const { key } = match.route;
    const content = key === undefined ? unsigned(routed, draft, account) : await signed(routed, draft, key, account);
    return {
      ...{ protocol: api.req_protocol, backend, method, target: asked.target },
      ...{ ...content, timeout: api.timeout, retries: retriesOf(api, method) },
    };
  }

  function unsigned({ call, head, group, match }: Routed, draft: Draft, account: Account): Content {
    const { method, own, defect } = draft;
    const body = head.contentLength === 0 ? NOTHING : call.request.body;
    account.explanation = ofUnsigned(group, match.route, call.environment, defect);
    return { rawHeaders: [...own, ...framing(method, body, head)], body };
  }

  async function signed({ call, head }: Routed, draft: Draft, key: SignatureKey, account: Account): Promise<Content> {
    const { method, target, own, defect } = draft;
    const { sign, readsBody } = signers[key.type];
    const body = head.contentLength === 0 ? NOTHING : readsBody ? await read(call.request, account) : undefined;
    const streamed = body ?? call.request.body;
    const rawHeaders = [...own, ...framing(method, streamed, head)];
    const done = sign({ method, target, rawHeaders, body: body ?? NOTHING }, key, defect);
    if (done.signature !== undefined) account.signature = done.signature;
    if (done.defect !== undefined) account.defect = done.defect;
    account.explanation = ofSigned(key, call.environment, done, defect);
    const sent = body === undefined ? streamed : done.body;
    return { rawHeaders: [...own, ...framing(method, sent, head), ...done.rawHeaders], body: sent };
  }
}

async function read({ body, onKept }: GatewayRequest, account: Account): Promise<Uint8Array> {
  account.body = await readWhole(body, onKept);
  return account.body;
}

/** @throws CallRefused for what is no host with a port */
function hostOf({ url_domain, req_protocol }: HttpBackend): BackendHost {
  const host = readHost(url_domain, req_protocol);
  if (host !== undefined) return host;
  throw new CallRefused(refusals.nameResolution, `Not sent: the backend address ${url_domain} is none.`);
}

/** What the vendor has for -1: once, for all but POST and PATCH. */
const retriesOf = ({ retry_count }: HttpBackend, method: string): number =>
  retry_count === '-1' ? Number(!notRepeatable.has(method)) : Math.min(Number(retry_count) || 0, MOST_RETRIES);

function without(fields: readonly string[], name: string): readonly string[] {
  if (!fields.some((field, index) => index % 2 === 0 && field.toLowerCase() === name)) return fields;
  return fields.filter((_field, index) => fields[index - (index % 2)]?.toLowerCase() !== name);
}
