/**
 * `signet-kms/verify-gateway`: middleware for Express, Connect and bare node:http with which a backend takes only what API Gateway
 * signed, by SDK-HMAC-SHA256 (keys of type hmac) or Basic (keys of type basic). One file without dependencies when it is built.
 *
 * It goes before the parsers of bodies, and leaves them the body; or behind a parser that keeps it:
 * `express.json({ verify: keepRawBody })`, `express.raw()`.
 */
import type { ServerResponse } from 'node:http';
import { BodyTooLarge, RequestAborted, rawBodyOf, type IncomingRequest } from '../raw-body.ts';
import { checkGatewaySignature, type CheckOptions } from './check-signature.ts';

export { keepRawBody } from '../raw-body.ts';
export type { IncomingRequest } from '../raw-body.ts';
export { checkGatewaySignature } from './check-signature.ts';
export type { Accepted, CheckOptions, GatewayKeys, ReceivedRequest, Refused } from './check-signature.ts';

export interface VerifyGatewayOptions extends CheckOptions {
  /** Bytes of a body that is read; 12 MiB, as much as the gateway sends, where nothing is said. */
  readonly limit?: number;
}

/** What is added to a request that the gateway signed. */
export interface VerifiedRequest {
  /** The sign_key. */
  gatewayKey: string;
  /** The body as it came, where it was signed. */
  rawBody?: Buffer;
}

export type Middleware = (
  req: IncomingRequest & Partial<VerifiedRequest>,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void;

const GATEWAY_BODY_LIMIT = 12 * 1024 * 1024;

/**
 * Sets `req.gatewayKey` and `req.rawBody` and goes on, or answers 401 with the text of the vendor's demos; 413 beyond the limit.
 * An error goes on to the error handlers only where `keys` throws, or where the body was read before and not kept.
 */
export function verifyGateway(options: VerifyGatewayOptions): Middleware {
  const { limit = GATEWAY_BODY_LIMIT } = options;
  return (req, res, next) => {
    const request = {
      method: req.method ?? '',
      target: req.originalUrl ?? req.url ?? '',
      // Of a header that came twice Node.js has but the first in `headers`.
      headers: { ...req.headers, ...req.headersDistinct },
      body: () => rawBodyOf(req, limit, 'verifyGateway'),
    };
    void checkGatewaySignature(request, options).then(
      (verdict) => {
        if (!('key' in verdict)) return answer(res, verdict.status, verdict.text);
        req.gatewayKey = verdict.key;
        next();
      },
      (error: unknown) => {
        if (error instanceof BodyTooLarge) answer(res, 413, 'Request body too large.');
        else if (!(error instanceof RequestAborted)) next(error);
      },
    );
  };
}

function answer(res: ServerResponse, status: number, text: string): void {
  res.statusCode = status;
  res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.end(text);
}
