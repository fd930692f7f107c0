import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Observation } from '../contract/observation.ts';
import type { Refusal } from '../errors.ts';

/** Answers on the bare socket what never became a request, for example because Node's parser gave up on it. */
export function refuseOnSocket(socket: Duplex, refusal: Refusal, requestId: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(refusal.envelope(refusal, requestId));
  const head = [
    `HTTP/1.1 ${String(refusal.status)} ${STATUS_CODES[refusal.status] ?? refusal.text}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** What can be told of such a request; `packet` is the last of it, with its request line where that was short. */
export function observationOf(
  packet: Uint8Array | undefined,
  refusal: Refusal,
  requestId: string,
  at: number,
): Observation {
  const bytes = Buffer.from(packet ?? []);
  // No more than the line: whoever keeps a part of a text keeps all of it.
  const line = bytes.toString('latin1', 0, bytes.indexOf('\n') + 1);
  // Only what is a request line for certain: anything else may be part of a body.
  const [, method = '', target = ''] = /^([A-Z]{3,10}) (\/[!-~]*) HTTP\/1\.[01]\r?\n/.exec(line) ?? [];
  return refusedUnread({ method, target, host: '', rawHeaders: [] }, refusal, requestId, at);
}

/** What is told of a request that nothing but its head was looked at. */
export function refusedUnread(
  head: Pick<Observation, 'method' | 'target' | 'host' | 'rawHeaders'>,
  refusal: Refusal,
  requestId: string,
  at: number,
): Observation {
  return {
    ...{ requestId, at, milliseconds: 0, ...head, body: new Uint8Array(), bodyLength: 0 },
    ...{ operation: undefined, path: {}, parsed: undefined, caller: undefined, checks: ['http'], fault: undefined },
    ...{ refusal: { code: refusal.code, text: refusal.text }, outcome: 'refused', status: refusal.status },
    complaints: undefined,
    ...{ answer: refusal.envelope(refusal, requestId), answerHeaders: { 'x-request-id': requestId } },
  };
}
