import { TLSSocket } from 'node:tls';
import type { Request, Response } from 'express';
import type { Caller } from '../contract/caller.ts';
import type { Check, Observation, Observe } from '../contract/observation.ts';
import type { RequestFault } from '../errors.ts';
import type { Stay } from './stay.ts';

/** What `src/http/` knows of one request and its answer. */
export interface Exchange {
  /** 32 lower-case hex digits, in X-Request-Id and in the gateway's refusals. */
  readonly requestId: string;
  /** Milliseconds since 1970, by Signet's clock. */
  at: number;
  /** Of performance.now(). */
  readonly begin: number;
  /** What it takes up of the server. */
  stay?: Stay;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  /** What `hostOf` found; null: nothing. */
  host?: string | null;
  /** The body, byte for byte, for every method. */
  body: Buffer;
  /** Why the body is of no use; said only after the credential has been checked. */
  bodyFault?: RequestFault;
  /** Undefined until a route is found; for a path without this method, for good. */
  operation?: string;
  path?: Readonly<Record<string, string>>;
  caller?: Caller;
  /** What was wrong with a credential that the operation can do without. */
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

/** Where a request carries its exchange: a WeakMap would cost every garbage collection a look at each. */
const key = Symbol('exchange');
type Carrier = Request & { [key]?: Exchange };

export function openExchange(req: Request, requestId: string, at: number): Exchange {
  const { url: target } = req;
  const exchange: Exchange = { requestId, at, begin: performance.now(), target, body: NOTHING, checks: ['http'] };
  (req as Carrier)[key] = exchange;
  return exchange;
}

/** What all requests of a server have in common; Express's own settings take a search each. */
export interface Surroundings {
  /** Told of every exchange at its end. */
  readonly observe: Observe;
  /** Aborted when the server is about to stop. */
  readonly stopping: AbortSignal;
  /** Whether it takes no new connections any more. */
  isDraining: boolean;
}

const surroundingsOf = (res: Response): Surroundings => res.app.locals['surroundings'] as Surroundings;

export const isDraining = (res: Response): boolean => surroundingsOf(res).isDraining;

const askExpress = ({ host }: Request): string | undefined => host;

/** The header Host, or what a trusted proxy says of it; Express's types promise one. */
export function hostOf(req: Request): string | undefined {
  const exchange = exchangeOf(req);
  // To ask Express means to ask its settings.
  if (exchange.host === undefined) exchange.host = askExpress(req) ?? null;
  return exchange.host ?? undefined;
}

export function exchangeOf(req: Request): Exchange {
  const { [key]: exchange } = req as Carrier;
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
  else if (res.req.method === 'POST' && !Object.hasOwn(res, 'json')) sendJson(res, body);
  else res.json(body);
  const whole = refusal === undefined ? 'answered' : 'refused';
  tell(res, isTruncated === true ? 'broken' : whole, body);
}

/** What Express does for JSON in the end, without asking its settings and the tables of types for each answer (docs/adr/0017). */
function sendJson(res: Response, body: object): void {
  const text = JSON.stringify(body);
  if (!res.hasHeader('Content-Type')) res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(text));
  res.end(text);
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

/**
 * Aborted when nobody waits for the answer any more, or the server is about to stop. Whoever asks for it is going to wait.
 * @throws Overloaded where too many do
 */
export function signalOf(res: Response): AbortSignal {
  exchangeOf(res.req).stay?.take('waiting');
  const controller = new AbortController();
  const stopping = surroundingsOf(res).stopping;
  const abort = (): void => {
    stopping.removeEventListener('abort', abort);
    controller.abort();
  };
  stopping.addEventListener('abort', abort);
  if (stopping.aborted) abort();
  else onEnd(res, abort);
  return controller.signal;
}

/** Calls back once the answer was written or cannot be. */
export function onEnd(res: Response, tellEnd: () => void): void {
  if (res.destroyed) tellEnd();
  else res.once('close', tellEnd);
}

/** Tells those who watch of an exchange that came to its end: nothing is done for it any more. */
export function tell(res: Response, outcome: Observation['outcome'], answer: Reply): void {
  exchangeOf(res.req).stay?.end();
  const { observe } = surroundingsOf(res);
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
  res.statusCode = status;
  if (isDraining(res)) res.setHeader('Connection', 'close');
  if (headers !== undefined) res.set(headers);
}
