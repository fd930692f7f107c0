/** How too much is refused: at once, in the words of whoever would have answered, and counted. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import type { GatewayPlane } from '../contract/forwarded.ts';
import type { Observe } from '../contract/observation.ts';
import type { Activity } from '../contract/traffic.ts';
import { Overloaded, gatewayRefusals, type Refusal } from '../errors.ts';
import { exchangeOf, hostOf } from './exchange.ts';
import type { Mount } from './mounts.ts';
import { refusedUnread } from './socket.ts';
import type { Traffic } from './traffic.ts';

/** API Gateway's data plane, with its words for too much. */
export type Plane = GatewayPlane & { readonly throttled: Refusal };

export interface Answerers {
  readonly gateway: Plane | undefined;
  readonly mounts: readonly Mount[];
  /** Paths of those who ask how Signet is. */
  readonly reserved: ReadonlySet<string>;
  /** The path, perhaps with a query, by which an operation is looked for. */
  readonly routedAs: (target: string) => string;
}

/** Of a request before anything has looked at it. */
export function makeForecast({ gateway, mounts, reserved, routedAs }: Answerers) {
  const pathOf = (target: string): string => routedAs(target).split('?', 1)[0] ?? '';
  return {
    activityOf: (host: string, target: string): Activity => {
      if (gateway?.takes(host, target) === true) return 'forwarding';
      return reserved.has(pathOf(target)) ? 'reserved' : 'working';
    },
    wordsFor: (host: string, target: string) => {
      if (gateway?.takes(host, target) === true) return { refusal: gateway.throttled, mount: undefined };
      const mount = mounts.find(({ takes }) => takes(pathOf(target)));
      return { refusal: mount?.dialect.catalogue['throttled'] ?? gatewayRefusals.throttled, mount };
    },
  };
}

export type Forecast = ReturnType<typeof makeForecast>;

/** Says it so, whoever throws it. */
export function refuseOverload(traffic: Traffic, { wordsFor }: Forecast): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (!(error instanceof Overloaded)) {
      next(error);
      return;
    }
    traffic.refuse(error.what);
    const { target, requestId } = exchangeOf(req);
    const { refusal, mount } = wordsFor(hostOf(req) ?? '', target);
    if (mount !== undefined) res.set(mount.traceOf(requestId, (name) => req.get(name)));
    next(new Overloaded(error.what, refusal));
  };
}

export interface RefuserOptions {
  readonly traffic: Traffic;
  readonly forecast: Forecast;
  readonly newRequestId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly observe: Observe;
}

/** Answers a request for which there is no place, without looking at anything but its head: true where it did. */
export function makeRefuser({ traffic, forecast, newRequestId, now, observe }: RefuserOptions) {
  return (req: IncomingMessage, res: ServerResponse, isDraining: boolean): boolean => {
    if (!traffic.isBusy) return false;
    const { method = '', url: target = '', headers, rawHeaders } = req;
    const { host = '' } = headers;
    const activity = forecast.activityOf(host, target);
    if (!traffic.isFull(activity)) return false;
    const { refusal, mount } = forecast.wordsFor(host, target);
    const { what, why } = new Overloaded(activity, refusal);
    traffic.refuse(what);
    const requestId = newRequestId();
    if (isDraining || mayBeLong(req)) res.shouldKeepAlive = false;
    const body = JSON.stringify(refusal.envelope(refusal, requestId));
    res.writeHead(refusal.status, {
      ...{ 'X-Request-Id': requestId, ...mount?.traceOf(requestId, (name) => headers[name.toLowerCase()]?.toString()) },
      ...{ 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) },
    });
    res.end(body);
    const head = { method, target, host, rawHeaders };
    observe({ ...refusedUnread(head, refusal, requestId, now()), complaints: [why] });
    return true;
  };
}

/** Bytes of a body that are rather read and dropped than the connection closed. */
const LITTLE = 64 * 1024;

const mayBeLong = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > LITTLE;
