import type { Request, Response } from 'express';
import type { Caller } from '../contract/caller.ts';
import type { RequestFault } from '../errors.ts';

/** What `src/http/` knows of one request and its answer. */
export interface Exchange {
  /** 32 lower-case hex digits, in X-Request-Id and in the gateway's refusals. */
  readonly requestId: string;
  /** The body, byte for byte, for every method. */
  body: Buffer;
  /** Why the body is of no use; said only after the credential has been checked. */
  bodyFault?: RequestFault;
  caller?: Caller;
  /** What an authenticator threw; the validator keeps only its message. */
  refusedCredential?: unknown;
}

const exchanges = new WeakMap<Request, Exchange>();

export function openExchange(req: Request, requestId: string): Exchange {
  const exchange: Exchange = { requestId, body: Buffer.alloc(0) };
  exchanges.set(req, exchange);
  return exchange;
}

export function exchangeOf(req: Request): Exchange {
  const exchange = exchanges.get(req);
  if (exchange === undefined) throw new Error('The request did not come through the server.');
  return exchange;
}

/** Writes an answer: the one place that does. */
export function send(res: Response, status: number, body?: object, headers?: Readonly<Record<string, string>>): void {
  res.status(status);
  if (res.app.get('draining') === true) res.set('Connection', 'close');
  if (headers !== undefined) res.set(headers);
  if (body === undefined) res.end();
  else res.json(body);
}
