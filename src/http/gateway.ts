import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { GatewayPlane, GatewayReply, GatewayRequest } from '../contract/forwarded.ts';
import { Overloaded, ServiceError } from '../errors.ts';
import { exchangeOf, hostOf, isDraining, onEnd, tell, type Exchange } from './exchange.ts';
import type { Stay } from './stay.ts';

/** Hands a request to API Gateway's data plane, body unread, and writes what comes back as it comes; a refusal is thrown. */
export async function passOn({ handle }: GatewayPlane, stay: Stay, req: Request, res: Response): Promise<void> {
  const exchange = exchangeOf(req);
  exchange.checks.push('gateway');
  // Of refusals, too.
  res.setHeader('Server', 'api-gateway');
  const departure = new AbortController();
  let isAnswered = false;
  onEnd(res, () => {
    // An answer may come before the whole request was sent: nobody sends the rest of it any more.
    if (!res.writableFinished || !req.complete) departure.abort();
    if (isAnswered) tell(res, res.writableFinished ? 'answered' : 'broken', undefined);
  });
  try {
    stay.take('forwarding');
    // What follows costs a tenth less CPU in a turn of its own (docs/performance.md).
    await nextTurn();
    const reply = await handle(requestOf(req, exchange, stay, departure.signal));
    const isAwaited = !departure.signal.aborted;
    write(res, reply, isAwaited);
    isAnswered = isAwaited;
  } catch (error) {
    if (error instanceof ServiceError) prepareRefusal(req, res, error);
    else res.destroy();
    throw error;
  }
}

function requestOf(req: Request, exchange: Exchange, stay: Stay, signal: AbortSignal): GatewayRequest {
  const { socket } = req;
  return {
    requestId: exchange.requestId,
    method: req.method,
    target: req.originalUrl,
    host: hostOf(req) ?? '',
    rawHeaders: req.rawHeaders,
    protocol: req.protocol === 'https' ? 'https' : 'http',
    remoteAddress: req.ip ?? '',
    localAddress: socket.localAddress ?? '',
    localPort: socket.localPort ?? 0,
    body: req,
    signal,
    onKept: (bytes) => stay.hold(bytes),
    onForwarded: ({ projectId, explanation }, body) => {
      exchange.path = { project_id: projectId };
      exchange.complaints = [explanation];
      if (body !== undefined) exchange.body = Buffer.from(body.buffer, body.byteOffset, body.length);
    },
  };
}

function write(res: Response, { status, rawHeaders, body }: GatewayReply, isAwaited: boolean): void {
  if (!isAwaited) {
    if (body instanceof Readable) body.destroy();
    tell(res, 'broken', undefined);
    return;
  }
  if (isDraining(res)) res.setHeader('Connection', 'close');
  res.writeHead(status, [...rawHeaders]);
  if (body instanceof Readable) stream(body, res);
  else res.end(body);
}

/** What breaks off half-way breaks off for the caller, too. */
function stream(body: Readable, res: Response): void {
  const end = (): void => {
    if (!body.readableEnded) res.destroy();
  };
  if (body.destroyed) return end();
  body.once('error', end).once('close', end);
  // The head goes out with the first bytes where these are here already, and does not wait for any that may take long.
  if (body.readableLength === 0 && !(body instanceof IncomingMessage && body.complete)) res.flushHeaders();
  body.pipe(res);
}

/** The rest of the body is read and dropped, so that the refusal arrives; of one that is too long, or came at the wrong time, there may be much. */
function prepareRefusal(req: Request, res: Response, error: ServiceError): void {
  if (error.refusal.status === 413 || (error instanceof Overloaded && !req.complete))
    res.setHeader('Connection', 'close');
  req.resume();
}
