import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import { ServiceError, gatewayRefusals, type Refusal } from '../errors.ts';
import { readBody } from './body.ts';
import { makeExpress, refuseUnknown } from './express.ts';
import type { GatewayPlane } from '../contract/forwarded.ts';
import type { Observe } from '../contract/observation.ts';
import type { Visit } from '../contract/visit.ts';
import { serveConsole, type ConsoleOptions } from './console.ts';
import { bindContract, type Binding } from './contract.ts';
import { writeRefusal } from './errors.ts';
import { hostOf, openExchange } from './exchange.ts';
import { passOn } from './gateway.ts';
import { refuseInMounts, serveMounts, type Mount } from './mounts.ts';
import { observationOf, refuseOnSocket } from './socket.ts';
import { visitOf } from './visit.ts';

/** Bytes of a request's headers, and of its target, as the gateway limits them. */
const HEADER_LIMIT = 64 * 1024;
const TARGET_LIMIT = 32 * 1024;
/** How long a client may take to read its answer when the server stops. */
const DRAIN_MILLISECONDS = 10_000;

/** What Node's parser says when it gives up on a request, and the packet over which it does. */
interface ParserError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

/** What is answered then, by its code. */
const unreadable: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: gatewayRefusals.headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: gatewayRefusals.requestTimeout,
};
const hungUp = new Set(['ECONNRESET', 'HPE_INVALID_EOF_STATE']);

export interface ServerOptions {
  /** What answers. */
  readonly binding: Binding;
  readonly console: ConsoleOptions;
  /** 32 lower-case hex digits, new every time. */
  readonly newRequestId: () => string;
  /** Addresses whose X-Forwarded-* headers count, as Express's `trust proxy` takes them. */
  readonly trustedProxies: readonly string[];
  readonly log: (message: string, cause?: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of every exchange at its end. */
  readonly observe: Observe;
  /** Bytes that a body on this path may have; as the gateway has it where undefined. */
  readonly bodyLimitOf: (path: string, visit: () => Visit) => number | undefined;
  /** What takes requests for the APIs of API Gateway. */
  readonly gateway?: GatewayPlane | undefined;
  /** Asked in this order for what no operation takes. */
  readonly mounts?: readonly Mount[];
  /** The path, perhaps with a query, by which an operation is looked for; the target stays as it was sent for whoever checks signatures. */
  readonly routedAs?: (target: string) => string;
  /** For HTTPS beside HTTP; both in PEM. */
  readonly tls?: { readonly certificate: string; readonly privateKey: string } | undefined;
}

export interface HttpServer {
  /** Resolves to scheme, address and port, without a slash at the end; rejects when the port is taken. */
  readonly listen: (port: number, host: string) => Promise<string>;
  /** The same with HTTPS; undefined without a certificate. */
  readonly listenSecurely: HttpServer['listen'] | undefined;
  /** Where it listens, as far as it does already. */
  readonly listeners: readonly Pick<AddressInfo, 'address' | 'port'>[];
  /** Takes no new connections, and waits for the answers that are under way; clients that are slower than that are cut off. */
  readonly drain: () => Promise<void>;
}

/** The HTTP server: limits, request ids, raw bodies, the contract's routes, and one writer of refusals. */
export function makeServer({
  binding,
  console: pages,
  newRequestId,
  trustedProxies,
  log,
  now,
  observe,
  bodyLimitOf,
  gateway,
  mounts = [],
  routedAs = (target) => target,
  tls,
}: ServerOptions): HttpServer {
  const app = makeExpress(trustedProxies).set('observe', observe);
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  app.set('stopping', stopping.signal);

  const receive: RequestHandler = async (req, res, next) => {
    const exchange = openExchange(req, newRequestId(), now());
    res.setHeader('X-Request-Id', exchange.requestId);
    if (gateway?.takes(hostOf(req) ?? '', req.url) === true) return passOn(gateway, req, res);
    req.originalUrl = req.url = routedAs(req.url);
    if (req.url.length > TARGET_LIMIT) throw new ServiceError(gatewayRefusals.uriTooLong);
    if (req.httpVersion === '1.1' && req.headers.host === undefined) throw new ServiceError(gatewayRefusals.badRequest);
    exchange.body = await readBody(
      req,
      bodyLimitOf(req.path, () => visitOf(req)),
    );
    exchange.checks.push('route');
    // In a turn of its own: run on from the stream's last event, what follows costs a third more CPU (docs/performance.md).
    setImmediate(next);
  };
  app.use(receive, bindContract(binding), serveMounts(mounts), serveConsole(pages), refuseUnknown);
  app.use(refuseInMounts(mounts), writeRefusal(log));

  const answer: RequestListener = (req, res) => {
    takeOriginForm(req);
    app(req, res);
  };
  const refuse = (socket: Duplex, refusal: Refusal, code = '', packet?: Buffer): void => {
    const requestId = newRequestId();
    refuseOnSocket(socket, refusal, requestId);
    // Of a client that hangs up in the middle of a request, that request tells.
    if (!hungUp.has(code)) observe(observationOf(packet, refusal, requestId, now()));
  };
  const options = { maxHeaderSize: HEADER_LIMIT, requireHostHeader: false };
  const server = createServer(options, answer);
  const secureServer = tls && createSecureServer({ ...options, cert: tls.certificate, key: tls.privateKey }, answer);
  const servers = [server, ...(secureServer === undefined ? [] : [secureServer])];
  for (const one of servers) {
    // Whatever a client expects, it gets the answer.
    one.on('checkExpectation', answer);
    one.on('connect', (_req, socket) => refuse(socket, gatewayRefusals.noSuchApi));
    one.on('clientError', ({ code = '', rawPacket }: ParserError, socket) => {
      refuse(socket, unreadable[code] ?? gatewayRefusals.badRequest, code, rawPacket);
    });
  }
  // Kept, since to ask a server for its address is a system call.
  const listeners: AddressInfo[] = [];
  const open = async (one: Server, scheme: string, port: number, host: string): Promise<string> => {
    const address = await listen(one, port, host);
    listeners.push(address);
    return urlOf(scheme, address);
  };
  return {
    listen: (port, host) => open(server, 'http', port, host),
    listenSecurely: secureServer && ((port, host) => open(secureServer, 'https', port, host)),
    listeners,
    drain: async () => {
      app.set('draining', true);
      stopping.abort();
      await Promise.all(servers.map(drain));
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

async function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return server.address() as AddressInfo;
}

function urlOf(scheme: string, { address, family, port }: AddressInfo): string {
  const reachable = anywhere[address] ?? (family === 'IPv6' ? `[${address}]` : address);
  return `${scheme}://${reachable}:${String(port)}`;
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
