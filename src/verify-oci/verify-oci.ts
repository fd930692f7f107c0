/**
 * `signet-kms/verify-oci`: middleware for Express, Connect and bare node:http with which a service takes only what is signed with an API
 * key, as the services of Oracle Cloud do. One file without dependencies when it is built.
 *
 * It goes before the parsers of bodies, and leaves them the body; or behind a parser that keeps it:
 * `express.json({ verify: keepRawBody })`, `express.raw()`.
 */
import type { ServerResponse } from 'node:http';
import { BodyTooLarge, RequestAborted, rawBodyOf, type IncomingRequest } from '../raw-body.ts';
import { checkOciSignature, type CheckOptions, type OciCaller, type Refused } from './check-signature.ts';

export type { OciCheck } from '../crypto/oci/check-signature.ts';
export type { ApiKeyId } from '../crypto/oci/key-id.ts';
export { keepRawBody } from '../raw-body.ts';
export type { IncomingRequest } from '../raw-body.ts';
export { checkOciSignature } from './check-signature.ts';
export type { Accepted, CheckOptions, OciCaller, ReceivedRequest, Refused } from './check-signature.ts';
export type { OciKeys, PublicKey } from './keys.ts';

export interface VerifyOciOptions extends CheckOptions {
  /** Bytes of a body that is read; 10 MiB where nothing is said. */
  readonly limit?: number;
  /** Is told why a request is refused, which its answer does not say. */
  readonly onRefusal?: (refusal: Refused, req: IncomingRequest) => void;
}

/** What is added to a request that is signed. */
export interface VerifiedRequest {
  ociCaller: OciCaller;
  /** The body as it came, where it was signed. */
  rawBody?: Buffer;
}

export type Middleware = (
  req: IncomingRequest & Partial<VerifiedRequest>,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void;

const BODY_LIMIT = 10 * 1024 * 1024;

/**
 * Sets `req.ociCaller` and `req.rawBody` and goes on, or answers 401 with code and message as the vendor's services do; 413 beyond the limit.
 * An error goes on to the error handlers only where `keys` or `onRefusal` throws, where a key is none, or where the body was read before
 * and not kept.
 */
export function verifyOci(options: VerifyOciOptions): Middleware {
  const { limit = BODY_LIMIT, onRefusal = () => undefined } = options;
  return (req, res, next) => {
    const request = {
      method: req.method ?? '',
      target: req.originalUrl ?? req.url ?? '',
      headers: req.rawHeaders,
      body: async () => {
        const { buffer, byteOffset, length } = await rawBodyOf(req, limit, 'verifyOci');
        return (req.rawBody = Buffer.from(buffer, byteOffset, length));
      },
    };
    const judged = checkOciSignature(request, options).then((verdict) => {
      if (!('caller' in verdict)) onRefusal(verdict, req);
      return verdict;
    });
    void judged.then(
      (verdict) => {
        if (!('caller' in verdict)) return answer(res, verdict.status, verdict.code, verdict.message);
        req.ociCaller = verdict.caller;
        next();
      },
      (error: unknown) => {
        if (error instanceof BodyTooLarge) answer(res, 413, 'PayloadTooLarge', 'Request body too large.');
        else if (!(error instanceof RequestAborted)) next(error);
      },
    );
  };
}

function answer(res: ServerResponse, status: number, code: string, message: string): void {
  res.statusCode = status;
  res.setHeader('Content-Type', 'application/json');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.end(JSON.stringify({ code, message }));
}
