import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { MountedReply, MountedRequest, TraceOf } from '../contract/mounted.ts';
import type { ErrorDialect, Fault, Refusal } from '../errors.ts';
import { gatewayRefusals, ServiceError } from '../errors.ts';
import { asServiceError } from './errors.ts';
import { exchangeOf, send } from './exchange.ts';
import { rawRequest } from './raw-request.ts';

/** What answers every method and path below a path of its own; the contract knows none of them. */
export interface Mount {
  /** Whether this path, in the form in which operations are looked for, is below it. */
  readonly takes: (path: string) => boolean;
  readonly dialect: ErrorDialect;
  readonly traceOf: TraceOf;
  /** @throws ServiceError */
  readonly answer: (request: MountedRequest) => Promise<MountedReply>;
}

/** Goes to the first that takes the path. */
export function serveMounts(mounts: readonly Mount[]): RequestHandler {
  return async (req, res, next) => {
    const mount = mounts.find(({ takes }) => takes(req.path));
    if (mount === undefined) {
      next();
      return;
    }
    const exchange = exchangeOf(req);
    res.set(mount.traceOf(exchange.requestId, (name) => req.get(name)));
    try {
      const { status, body, headers } = await mount.answer({
        ...rawRequest(req),
        requestId: exchange.requestId,
        remoteAddress: req.ip ?? '',
        onCaller: (caller) => (exchange.caller = caller),
      });
      send(res, status, body, headers);
    } catch (error) {
      throw error instanceof ServiceError
        ? error
        : new ServiceError(mount.dialect.faults.internal, undefined, { cause: error });
    }
  };
}

/** What the gateway would say of a request before anything can answer it, as a fault for the one who answers below such a path. */
const faults: ReadonlyMap<Refusal, Fault> = new Map([
  [gatewayRefusals.bodyTooLarge, 'bodyTooLong'],
  [gatewayRefusals.uriTooLong, 'bodyNotJson'],
  [gatewayRefusals.badRequest, 'bodyNotJson'],
]);

/** Says it in the mount's own words, where the path is one of a mount. */
export function refuseInMounts(mounts: readonly Mount[]): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const mount = mounts.find(({ takes }) => takes(req.path));
    const { refusal } = asServiceError(error);
    const fault = faults.get(refusal);
    if (mount === undefined || fault === undefined) {
      next(error);
      return;
    }
    res.set(mount.traceOf(exchangeOf(req).requestId, (name) => req.get(name)));
    next(new ServiceError(mount.dialect.faults[fault]));
  };
}
