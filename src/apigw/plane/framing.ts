import type { Readable } from 'node:stream';
import type { ReceivedHead } from './received-head.ts';

/** Without a body they have no Content-Length either (RFC 9110 8.6). */
const usuallyBodiless = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

/** The header that says where a body ends; one that is streamed ends where it did when it came. */
export function framing(
  method: string,
  body: Uint8Array | Readable,
  { contentLength }: ReceivedHead,
): readonly string[] {
  if (body instanceof Uint8Array)
    return body.length === 0 && usuallyBodiless.has(method) ? [] : ['Content-Length', String(body.length)];
  return contentLength === undefined ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(contentLength)];
}
