import { TLSSocket } from 'node:tls';
import type { Request, Response } from 'express';
import type { Caller } from '../contract/caller.ts';
import type { Check, Observation, Observe } from '../contract/observation.ts';
import type { RequestFault } from '../errors.ts';

/** What `src/http/` knows of one request and its answer. */
export interface Exchange {
  /** 32 lower-case hex digits, in X-Request-Id and in the gateway's refusals. */
  readonly requestId: string;
  /** Milliseconds since 1970, by Signet's clock. */
  readonly at: number;
  /** Of performance.now(). */
  readonly begin: number;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  /** The body, byte for byte, for every method. */
  body: Buffer;
  /** Why the body is of no use; said only after the credential has been checked. */
  bodyFault?: RequestFault;
  /** Undefined until a route is found; for a path without this method, for good. */
  operation?: string;
  path?: Readonly<Record<string, string>>;
  caller?: Caller;
  /** What an authenticator threw; the validator keeps only its message. */
  refusedCredential?: unknown;
  readonly checks: Check[];
  refusal?: { readonly code: string; readonly text: string };
  /** What of it is not as the contract describes it; sentences without its values. */
  complaints?: readonly string[];
  /** The fault rule that acted. */
  fault?: string;
  /** Whether it lets the answer break off half-way. */
  isTruncated?: boolean;
}

const NOTHING = Buffer.alloc(0);

const exchanges = new WeakMap<Request, Exchange>();

export function openExchange(req: Request, requestId: string, at: number): Exchange {
  const { url: target } = req;
  const exchange: Exchange = { requestId, at, begin: performance.now(), target, body: NOTHING, checks: ['http'] };
  exchanges.set(req, exchange);
  return exchange;
}

/** The header Host, or what a trusted proxy says of it; Express's types promise one. */
export function hostOf(req: Request): string | undefined {
  return req.host;
}

export function exchangeOf(req: Request): Exchange {
  const exchange = exchanges.get(req);
  if (exchange === undefined) throw new Error('The request did not come through the server.');
  return exchange;
}

type Reply = object | string | undefined;

/** Writes an answer: the one place that does. Text has its Content-Type among the headers. */
export function send(res: Response, status: number, body: Reply, headers?: Readonly<Record<string, string>>): void {
  if (res.destroyed) {
    tell(res, 'broken', undefined);
    return;
  }
  const { isTruncated, refusal } = exchangeOf(res.req);
  prepare(res, status, headers);
  if (isTruncated === true) sendHalf(res, body);
  else if (body === undefined) res.end();
  else if (typeof body === 'string') res.send(body);
  else res.json(body);
  const whole = refusal === undefined ? 'answered' : 'refused';
  tell(res, isTruncated === true ? 'broken' : whole, body);
}

/** Half of the body and nothing more; where there is no body, nothing at all. */
function sendHalf(res: Response, body: Reply): void {
  if (body === undefined) return void res.destroy();
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  if (!res.hasHeader('Content-Type')) res.type('json');
  res.setHeader('Content-Length', bytes.length);
  res.write(bytes.subarray(0, bytes.length / 2), () => res.destroy());
}

/** Breaks the connection off without an answer. */
export function reset(res: Response): void {
  const { socket } = res;
  // Node resets only what is not encrypted.
  if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
  tell(res, 'broken', undefined);
}

/** Aborted when nobody waits for the answer any more, or the server is about to stop. */
export function signalOf(res: Response): AbortSignal {
  const controller = new AbortController();
  const stopping = res.app.get('stopping') as AbortSignal;
  const abort = (): void => {
    stopping.removeEventListener('abort', abort);
    controller.abort();
  };
  if (res.destroyed || stopping.aborted) abort();
  else {
    res.once('close', abort);
    stopping.addEventListener('abort', abort);
  }
  return controller.signal;
}

/** Tells those who watch of an exchange that came to its end. */
export function tell(res: Response, outcome: Observation['outcome'], answer: Reply): void {
  const observe = res.app.get('observe') as Observe | undefined;
  if (observe === undefined) return;
  const { req } = res;
  const { method, rawHeaders } = req;
  const {
    requestId,
    at,
    begin,
    target,
    body,
    operation,
    path = {},
    caller,
    checks,
    refusal,
    complaints,
    fault,
  } = exchangeOf(req);
  const milliseconds = performance.now() - begin;
  const host = hostOf(req) ?? '';
  const bodyLength = body.length;
  const parsed = req.body as Observation['parsed'];
  const status = res.headersSent ? res.statusCode : undefined;
  const answerHeaders = res.getHeaders();
  // In one piece: it is made for every request.
  observe({
    requestId,
    at,
    milliseconds,
    method,
    target,
    host,
    rawHeaders,
    body,
    bodyLength,
    operation,
    path,
    parsed,
    caller,
    checks,
    refusal,
    complaints,
    fault,
    outcome,
    status,
    answer,
    answerHeaders,
  });
}

function prepare(res: Response, status: number, headers: Readonly<Record<string, string>> | undefined): void {
  res.status(status);
  if (res.app.get('draining') === true) res.set('Connection', 'close');
  if (headers !== undefined) res.set(headers);
}
