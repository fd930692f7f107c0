import { createServer, STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import express, { type RequestHandler } from 'express';
import { ServiceError, gatewayRefusals, type Refusal } from '../errors.ts';
import { readBody } from './body.ts';
import { bindContract, type Binding } from './contract.ts';
import { writeRefusal } from './errors.ts';
import { openExchange } from './exchange.ts';

/** Bytes of a request's headers, and of its target, as the gateway limits them. */
const HEADER_LIMIT = 64 * 1024;
const TARGET_LIMIT = 32 * 1024;

export interface ServerOptions {
  /** What answers. */
  readonly binding: Binding;
  /** 32 lower-case hex digits, new every time. */
  readonly newRequestId: () => string;
  /** Addresses whose X-Forwarded-* headers count, as Express's `trust proxy` takes them. */
  readonly trustedProxies: readonly string[];
  readonly log: (message: string, cause: unknown) => void;
}

/** The HTTP server: limits, request ids, raw bodies, the contract's routes, and one writer of refusals. */
export function makeServer({ binding, newRequestId, trustedProxies, log }: ServerOptions): Server {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  app.set('query parser', 'simple').set('trust proxy', trustedProxies);

  const receive: RequestHandler = async (req, res, next) => {
    const exchange = openExchange(req, newRequestId());
    res.setHeader('X-Request-Id', exchange.requestId);
    if (req.url.length > TARGET_LIMIT) throw new ServiceError(gatewayRefusals.uriTooLong);
    exchange.body = await readBody(req);
    next();
  };
  const refuseUnknown: RequestHandler = () => {
    throw new ServiceError(gatewayRefusals.noSuchApi);
  };
  app.use(receive, bindContract(binding), refuseUnknown, writeRefusal(log));

  const server = createServer({ maxHeaderSize: HEADER_LIMIT }, app);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const refusal = error.code === 'HPE_HEADER_OVERFLOW' ? gatewayRefusals.headersTooLarge : gatewayRefusals.badRequest;
    refuseOnSocket(socket, refusal, newRequestId());
  });
  return server;
}

/** Answers what never became a request: Node's parser gave up on it. */
function refuseOnSocket(socket: Duplex, refusal: Refusal, requestId: string): void {
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
