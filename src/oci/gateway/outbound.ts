/**
 * The request that the gateway makes for a back end of the one that it received: with headers of its own, and never signed anew. Sources:
 * https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewaytroubleshooting_topic-forwarded_headers_do_not_match.htm,
 * https://docs.oracle.com/en-us/iaas/Content/APIGateway/Tasks/apigatewaytroubleshooting_topic-service_api_calls_fail_after_proxied.htm
 */
import { isIPv6 } from 'node:net';
import { headerValues, type OciRequest } from '../../crypto/oci/signed-request.ts';
import { ServiceError } from '../../errors.ts';
import { expanded, type Context, type ContextText } from './context-text.ts';
import { changedHeaders, changedQuery, type Header } from './field-changes.ts';
import { ociGatewayRefusals as refusals } from './refusals.ts';
import type { Route } from './specification.ts';

/** Characters of all headers, and of a target, as the server itself limits what it takes. */
const LONGEST_HEADERS = 64 * 1024;
const LONGEST_TARGET = 32 * 1024;

export interface Outbound {
  /** With scheme and host. */
  readonly url: string;
  /** Of it, with a port where it has one: what Host is unless a transformation says otherwise. */
  readonly host: string;
  readonly request: OciRequest;
}

export interface Routed {
  readonly route: Route;
  /** Of the back end, or of what the function calls. */
  readonly url: ContextText;
  readonly request: OciRequest;
  readonly context: Context;
}

const userAgent: Header = ['User-Agent', 'Oracle API Gateway'];

/** @param remoteAddress of the client. @throws ServiceError where nothing can be sent */
export function outbound(routed: Routed, remoteAddress: string): Outbound {
  const passed = withoutHops(routed.request.headers);
  const { url, target, host } = addressOf(routed);
  const { route, request, context } = routed;
  const changed = route.headers ? changedHeaders(passed, route.headers, context, LONGEST_HEADERS) : passed;
  if (changed === undefined) throw tooLong();
  // Host is the back end's, unless a transformation says which.
  const isKept = setsHost(route);
  const own = changed.filter(([name]) => name.toLowerCase() !== 'host');
  const hosts = isKept ? changed.filter(([name]) => name.toLowerCase() === 'host') : [];
  const headers = [
    ...(hosts.length > 0 ? hosts : [['Host', host] as const]),
    ...withForwarding(own, addressIn(remoteAddress), route),
    ...framing(request),
  ];
  if (headers.reduce((length, [name, value]) => length + name.length + value.length, 0) > LONGEST_HEADERS)
    throw tooLong();
  return { url, host, request: { method: request.method, target, headers, body: request.body } };
}

const tooLong = (): ServiceError =>
  new ServiceError(refusals.badGateway, undefined, {
    why: 'What the route makes of the request is too long for a back end.',
  });

/** Where it goes, after substitution, and with the query behind that. */
function addressOf({ route, url: parts, context }: Routed): { url: string; target: string; host: string } {
  const query = route.query ? changedQuery(route.query, context, LONGEST_TARGET) : context.query;
  const written = expanded(parts, context, 'url', LONGEST_TARGET);
  if (query === undefined || written === undefined) throw tooLong();
  const [, scheme = '', host = '', path = '', own] =
    /^(https?:\/\/)([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(written) ?? [];
  if (!/^[\w.-]+(?::\d{1,5})?$|^\[[\da-f:.]+\](?::\d{1,5})?$/i.test(host))
    throw new ServiceError(refusals.badGateway, undefined, {
      why: 'The URL of the back end has no host once the context variables are filled in.',
    });
  const whole = [own, query].filter(Boolean).join('&');
  const target = `${path === '' ? '/' : path}${whole === '' ? '' : `?${whole}`}`;
  if (target.length > LONGEST_TARGET) throw tooLong();
  return { url: `${scheme}${host}${target}`, target, host };
}

/** Between two neighbours only (RFC 9110 7.6.1). */
const hops: ReadonlySet<string> = new Set([
  ...['connection', 'expect', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te'],
  ...['trailer', 'transfer-encoding', 'upgrade'],
]);

function withoutHops(headers: readonly Header[]): readonly Header[] {
  const named = headerValues({ headers }, 'connection').flatMap((value) => value.toLowerCase().split(/[\s,]+/));
  const dropped = new Set([...hops, ...named]);
  // That is how the client says where it goes, and not for the gateway to lose.
  dropped.delete('host');
  return headers.filter(([name]) => !dropped.has(name.toLowerCase()));
}

/** The length of a body that came in chunks. */
const framing = ({ headers, body }: OciRequest): readonly Header[] =>
  headerValues({ headers }, 'transfer-encoding').length > 0 && headerValues({ headers }, 'content-length').length === 0
    ? [['Content-Length', String(body.length)]]
    : [];

const setsHost = ({ headers }: Route): boolean =>
  headers !== undefined && (headers.set.has('host') || [...headers.renamed.values()].some(isHost));
const isHost = (name: string): boolean => name.toLowerCase() === 'host';

/** Adds what the gateway tells of the client, behind what the client said of others; names itself where no transformation does. */
function withForwarding(headers: readonly Header[], address: string, { headers: changes }: Route): readonly Header[] {
  const ofGateway = new Map<string, Header>([
    ['x-real-ip', ['X-Real-IP', address]],
    ['x-forwarded-for', ['X-Forwarded-For', chain(headers, 'x-forwarded-for', address)]],
    ['forwarded', ['Forwarded', chain(headers, 'forwarded', `for=${isIPv6(address) ? `"[${address}]"` : address}`)]],
    ...(changes?.set.has('user-agent') === true ? [] : [['user-agent', userAgent] as const]),
  ]);
  return [...headers.filter(([name]) => !ofGateway.has(name.toLowerCase())), ...ofGateway.values()];
}

const chain = (headers: readonly Header[], name: string, last: string): string =>
  [...headerValues({ headers }, name), last].join(', ');

/** Of IPv4 as it is usually written, also where it came in the form of IPv6. */
const addressIn = (remoteAddress: string): string => remoteAddress.replace(/^::ffff:(?=\d+\.)/i, '');
