import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler } from 'express';
import { ServiceError, gatewayRefusals, type Refusal } from '../errors.ts';
import { readBody } from './body.ts';
import { bindContract, type Binding } from './contract.ts';
import { writeRefusal } from './errors.ts';
import { openExchange } from './exchange.ts';
import { refuseOnSocket } from './socket.ts';

/** Bytes of a request's headers, and of its target, as the gateway limits them. */
const HEADER_LIMIT = 64 * 1024;
const TARGET_LIMIT = 32 * 1024;
/** How long a client may take to read its answer when the server stops. */
const DRAIN_MILLISECONDS = 10_000;

/** What Node's parser says of a request that it gives up on. */
const unreadable: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: gatewayRefusals.headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: gatewayRefusals.requestTimeout,
};

export interface ServerOptions {
  /** What answers. */
  readonly binding: Binding;
  /** 32 lower-case hex digits, new every time. */
  readonly newRequestId: () => string;
  /** Addresses whose X-Forwarded-* headers count, as Express's `trust proxy` takes them. */
  readonly trustedProxies: readonly string[];
  readonly log: (message: string, cause?: unknown) => void;
}

export interface HttpServer {
  /** Resolves to scheme, address and port, without a slash at the end; rejects when the port is taken. */
  readonly listen: (port: number, host: string) => Promise<string>;
  /** Takes no new connections, and waits for the answers that are under way; clients that are slower than that are cut off. */
  readonly drain: () => Promise<void>;
}

/** The HTTP server: limits, request ids, raw bodies, the contract's routes, and one writer of refusals. */
export function makeServer({ binding, newRequestId, trustedProxies, log }: ServerOptions): HttpServer {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  app.set('query parser', 'simple').set('trust proxy', trustedProxies);

  const receive: RequestHandler = async (req, res, next) => {
    const exchange = openExchange(req, newRequestId());
    res.setHeader('X-Request-Id', exchange.requestId);
    if (req.url.length > TARGET_LIMIT) throw new ServiceError(gatewayRefusals.uriTooLong);
    if (req.httpVersion === '1.1' && req.headers.host === undefined) throw new ServiceError(gatewayRefusals.badRequest);
    exchange.body = await readBody(req);
    // In a turn of its own: run on from the stream's last event, what follows costs a third more CPU (docs/performance.md).
    setImmediate(next);
  };
  const refuseUnknown: RequestHandler = () => {
    throw new ServiceError(gatewayRefusals.noSuchApi);
  };
  app.use(receive, bindContract(binding), refuseUnknown, writeRefusal(log));

  const answer: RequestListener = (req, res) => {
    takeOriginForm(req);
    app(req, res);
  };
  const server = createServer({ maxHeaderSize: HEADER_LIMIT, requireHostHeader: false }, answer);
  // Whatever a client expects, it gets the answer.
  server.on('checkExpectation', answer);
  server.on('connect', (_req, socket) => {
    refuseOnSocket(socket, gatewayRefusals.noSuchApi, newRequestId());
  });
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket) => {
    refuseOnSocket(socket, unreadable[code] ?? gatewayRefusals.badRequest, newRequestId());
  });
  return {
    listen: (port, host) => listen(server, port, host),
    drain: () => {
      app.set('draining', true);
      return drain(server);
    },
  };
}

/**
 * Leaves path and query of the target. One with scheme and host, as clients send it to a proxy, says the same as one without
 * (RFC 9112 3.2.2); a fragment should not have been sent.
 */
function takeOriginForm(req: IncomingMessage): void {
  const [, host, target = ''] = /^(?:[a-z][a-z0-9+.-]*:\/\/([^/?#]*))?([^#]*)/i.exec(req.url ?? '') ?? [];
  if (host) req.headers.host = host.slice(host.lastIndexOf('@') + 1);
  req.url = host === undefined || target.startsWith('/') ? target : `/${target}`;
}

/** Addresses that mean every address of the machine, and one of those. */
const anywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

async function listen(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const { address, family, port: bound } = server.address() as AddressInfo;
  const reachable = anywhere[address] ?? (family === 'IPv6' ? `[${address}]` : address);
  return `http://${reachable}:${String(bound)}`;
}

async function drain(server: Server): Promise<void> {
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, DRAIN_MILLISECONDS);
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeIdleConnections();
  });
  clearTimeout(cut);
}
