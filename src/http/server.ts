import { setMaxListeners } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import { ServiceError, gatewayRefusals, type Refusal } from '../errors.ts';
import { readBody } from './body.ts';
import { makeExpress, refuseUnknown } from './express.ts';
import type { Observe } from '../contract/observation.ts';
import type { TrafficCounts } from '../contract/traffic.ts';
import type { Visit } from '../contract/visit.ts';
import { serveConsole, type ConsoleOptions } from './console.ts';
import { bindContract, type Binding } from './contract.ts';
import { writeRefusal } from './errors.ts';
import { hostOf, openExchange, type Surroundings } from './exchange.ts';
import { passOn } from './gateway.ts';
import { usualLimits, type Limits } from './limits.ts';
import { makeListeners, type Answer, type Listeners, type Tls } from './listeners.ts';
import { refuseInMounts, serveMounts, type Mount } from './mounts.ts';
import { makeForecast, makeRefuser, refuseOverload, type Plane } from './overload.ts';
import { observationOf, refuseOnSocket } from './socket.ts';
import { Traffic } from './traffic.ts';
import { visitOf } from './visit.ts';

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
  /** Brings what is known of the state up to date before a request is answered; undefined where it is that already. */
  readonly catchUp?: () => Promise<void> | undefined;
  /** Told of every exchange at its end. */
  readonly observe: Observe;
  /** Bytes that a body on this path may have; as the gateway has it where undefined. */
  readonly bodyLimitOf: (path: string, visit: () => Visit) => number | undefined;
  /** What takes requests for the APIs of API Gateway. */
  readonly gateway?: Plane | undefined;
  /** Asked in this order for what no operation takes. */
  readonly mounts?: readonly Mount[];
  /** The path, perhaps with a query, by which an operation is looked for; the target stays as it was sent for whoever checks signatures. */
  readonly routedAs?: (target: string) => string;
  /** Milliseconds of a clock that only goes forward; the machine's where absent. */
  readonly ticks?: () => number;
  /** What differs from the usual limits. */
  readonly limits?: Partial<Limits>;
  /** Paths that are answered even when too much is under way. */
  readonly reserved?: ReadonlySet<string>;
  /** For HTTPS beside HTTP; both in PEM. */
  readonly tls?: Tls | undefined;
}

export interface HttpServer extends Omit<Listeners, 'retire' | 'drain'> {
  /**
   * Takes no new connections, and waits for the answers that are under way; clients that are slower than that are cut off. Those that go
   * on with their connections are answered for so many milliseconds before, and told that it was the last time.
   */
  readonly drain: (linger?: number) => Promise<void>;
  /** What is under way. */
  readonly traffic: () => TrafficCounts;
}

/** The HTTP server: limits, request ids, raw bodies, the contract's routes, and one writer of refusals. */
export function makeServer({
  binding,
  console: pages,
  newRequestId,
  trustedProxies,
  log,
  now,
  catchUp = () => undefined,
  observe,
  bodyLimitOf,
  gateway,
  mounts = [],
  routedAs = (target) => target,
  ticks = () => performance.now(),
  limits: unusual = {},
  reserved = new Set(),
  tls,
}: ServerOptions): HttpServer {
  const limits = { ...usualLimits, ...unusual };
  const traffic = new Traffic(limits, ticks);
  const forecast = makeForecast({ gateway, mounts, reserved, routedAs });
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const surroundings: Surroundings = { observe, stopping: stopping.signal, isDraining: false };
  const app = makeExpress(surroundings, trustedProxies);
  const answerContract = bindContract(binding);

  const receive: RequestHandler = async (req, res, next) => {
    const exchange = openExchange(req, newRequestId(), now());
    res.setHeader('X-Request-Id', exchange.requestId);
    const stay = (exchange.stay = traffic.enter(req, res));
    if (gateway?.takes(hostOf(req) ?? '', req.url) === true) return passOn(gateway, stay, req, res);
    req.originalUrl = req.url = routedAs(req.url);
    if (req.url.length > limits.targetBytes) throw new ServiceError(gatewayRefusals.uriTooLong);
    if (req.rawHeaders.length > 2 * limits.headerFields) throw new ServiceError(gatewayRefusals.headersTooLarge);
    if (req.httpVersion === '1.1' && req.headers.host === undefined) throw new ServiceError(gatewayRefusals.badRequest);
    try {
      const limit = bodyLimitOf(req.path, () => visitOf(req));
      exchange.body = await readBody(req, stay, limit);
      stay.take(reserved.has(req.path) ? 'reserved' : 'working');
    } catch (error) {
      if (!req.complete) res.setHeader('Connection', 'close');
      throw error;
    }
    const behind = reserved.has(req.path) ? undefined : catchUp();
    if (behind !== undefined) {
      await behind;
      // Others may have moved the clock.
      exchange.at = now();
    }
    exchange.checks.push('route');
    // In a turn of its own: run on from the stream's last event, what follows costs a third more CPU (docs/performance.md).
    setImmediate(answerContract, req, res, next);
  };
  app.use(receive, serveMounts(mounts), serveConsole(pages), refuseUnknown);
  app.use(refuseOverload(traffic, forecast), refuseInMounts(mounts), writeRefusal(log));

  const refuseAtOnce = makeRefuser({ traffic, forecast, newRequestId, now, observe });
  const answer: Answer = (req, res, waitsToGoOn = false) => {
    // Refused as a connection, or behind the last answer of one: nobody would hear of what it does.
    if (req.socket.writableEnded) return void req.resume();
    takeOriginForm(req);
    if (refuseAtOnce(req, res, surroundings.isDraining)) return;
    if (waitsToGoOn) res.writeContinue();
    app(req, res);
  };
  const refuse = (socket: Duplex, refusal: Refusal, packet?: Buffer, isTold = false): void => {
    const requestId = newRequestId();
    refuseOnSocket(socket, refusal, requestId);
    if (!isTold) observe(observationOf(packet, refusal, requestId, now()));
  };
  const { retire, drain, ...listening } = makeListeners({ limits, traffic, answer, refuse, tls });
  return {
    ...listening,
    traffic: () => traffic.counts(),
    drain: async (linger = 0) => {
      surroundings.isDraining = true;
      if (linger > 0) await retire(linger);
      stopping.abort();
      await drain();
    },
  };
}

/**
 * Leaves path and query of the target. One with scheme and host, as clients send it to a proxy, says the same as one without
 * (RFC 9112 3.2.2); a fragment should not have been sent.
 */
function takeOriginForm(req: IncomingMessage): void {
  // As nearly all clients send it.
  if (req.url?.startsWith('/') === true && !req.url.includes('#')) return;
  const [, host, target = ''] = /^(?:[a-z][a-z0-9+.-]*:\/\/([^/?#]*))?([^#]*)/i.exec(req.url ?? '') ?? [];
  if (host) req.headers.host = host.slice(host.lastIndexOf('@') + 1);
  req.url = host === undefined || target.startsWith('/') ? target : `/${target}`;
}
