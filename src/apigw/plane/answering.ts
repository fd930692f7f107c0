/** What the caller of an API is answered. */
import type { IncomingMessage } from 'node:http';
import type { GatewayReply } from '../../contract/forwarded.ts';
import type { MockBackend } from '../../store/store.ts';
import type { ReceivedHead } from './received-head.ts';

/** Between two neighbours only (RFC 9110 7.6.1), or the gateway's own. */
const dropped = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'server', 'x-request-id'],
]);

/** Of performance.now(): when the call came, and when it was sent; undefined where it was not. */
export interface Times {
  readonly begin: number;
  readonly sent: number | undefined;
}

/**
 * Headers that the gateway adds. Source: https://docs.otc.t-systems.com/api-gateway/umn/published_api_calling/response_headers.html
 */
function ownHeaders(requestId: string, { isDebug }: ReceivedHead, { begin, sent }: Times): string[] {
  const own = ['Server', 'api-gateway', 'X-Request-Id', requestId];
  if (!isDebug) return own;
  const now = performance.now();
  own.push('X-Apig-Latency', String(Math.round(now - begin)));
  if (sent !== undefined) own.push('X-Apig-Upstream-Latency', String(Math.round(now - sent)));
  return own;
}

/** @param isBodiless whether an answer to this request has no body though one to the caller's may */
export function replyOf(
  response: IncomingMessage,
  isBodiless: boolean,
  requestId: string,
  head: ReceivedHead,
  times: Times,
): GatewayReply {
  const rawHeaders = ownHeaders(requestId, head, times);
  const named = namedIn(response.headers.connection);
  const { rawHeaders: theirs } = response;
  for (let index = 0; index + 1 < theirs.length; index += 2) {
    const name = theirs[index] ?? '';
    const lower = name.toLowerCase();
    if (dropped.has(lower) || lower.startsWith('x-apig-') || named?.has(lower) === true) continue;
    // It would be the length of a body that does not come.
    if (isBodiless && lower === 'content-length') continue;
    rawHeaders.push(name, theirs[index + 1] ?? '');
  }
  return { status: response.statusCode ?? 0, rawHeaders, body: response };
}

function namedIn(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || /^(?:keep-alive|close)$/i.test(connection)) return undefined;
  return new Set(connection.toLowerCase().split(/[\s,]+/));
}

/** What a mock answers: 200, and the content as it is. */
export function mockReply(
  { result_content: content }: Pick<MockBackend, 'result_content'>,
  requestId: string,
  head: ReceivedHead,
  times: Times,
): GatewayReply {
  const body = Buffer.from(content);
  const type = isJson(content) ? 'application/json' : 'text/plain; charset=utf-8';
  const rawHeaders = ownHeaders(requestId, head, times);
  rawHeaders.push('Content-Type', type, 'Content-Length', String(body.length));
  return { status: 200, rawHeaders, body };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
