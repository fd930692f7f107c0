import { setTimeout } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { Caller } from '../contract/caller.ts';
import type { Operation } from '../contract/document.ts';
import type { Effect, Spoil } from '../contract/faults.ts';
import { RequestFault, ServiceError } from '../errors.ts';
import { exchangeOf, hostOf, reset, send, signalOf, tell } from './exchange.ts';

/** An operation as `src/http/` sees it. */
export type Handler = (call: never) => Promise<{ body: unknown; headers?: Readonly<Record<string, string>> }>;

export interface Called {
  readonly operation: Operation;
  readonly handler: Handler;
  /** Asked before the operation happens whether it goes wrong. */
  readonly spoil: Spoil | undefined;
  /** Scheme, host and port in links; the request's own where empty. */
  readonly externalUrl: string;
}

/** Hands a request that has passed every check to its operation, and sends what that answers. */
export function handle({ operation, handler, spoil, externalUrl }: Called) {
  const [status, type] = successOf(operation);
  return async (req: Request, res: Response): Promise<void> => {
    const exchange = exchangeOf(req);
    if (exchange.bodyFault !== undefined) throw exchange.bodyFault;
    const call = {
      body: req.body as unknown,
      path: req.params,
      query: req.query,
      header: (name: string) => req.get(name),
      caller: exchange.caller,
      // Both are made only where they are asked for.
      get baseUrl() {
        return externalUrl || ownUrl(req);
      },
      get signal() {
        return signalOf(res);
      },
    };
    const answer: Answer = async () => {
      exchange.checks.push('operation');
      const { body, headers } = await handler(call as never);
      return { body: body as Body, headers: type === undefined ? headers : { 'Content-Type': type, ...headers } };
    };
    const asked = spoil?.({ operation: operation.operationId, ...subjectOf(call) });
    const effect = asked instanceof Promise ? await asked : asked;
    if (effect !== undefined) return spoilt(res, effect, answer);
    const { body, headers } = await answer();
    send(res, status, body, headers);
  };

  /** A client that goes away while it is kept waiting takes a call with it that has not happened yet. */
  async function spoilt(res: Response, { id, phase, delay, end }: Effect, answer: Answer): Promise<void> {
    const exchange = exchangeOf(res.req);
    exchange.fault = id;
    const isLastWord = end?.kind === 'refused' || end?.kind === 'reset';
    if (!isLastWord) exchange.checks.push('fault');
    // What breaks off half-way must have begun.
    const done = phase === 'after' || end?.kind === 'truncated' ? await attempt(answer) : answer;
    if (isLastWord) exchange.checks.push('fault');
    if (delay > 0) await pause(res, delay);
    if (res.destroyed) tell(res, 'broken', undefined);
    else if (end?.kind === 'refused') throw end.error;
    else if (end?.kind === 'reset') reset(res);
    else {
      exchange.isTruncated = end?.kind === 'truncated';
      const { body, headers } = await done();
      send(res, status, body, headers);
    }
  }
}

/** Milliseconds; less where the client goes away or the server stops. */
const pause = (res: Response, delay: number): Promise<void> =>
  setTimeout(delay, undefined, { signal: signalOf(res) }).catch(() => undefined);

/** Does it now, and tells later what came of it. A fault of Signet's own is told at once: nothing may hide it. */
async function attempt(answer: Answer): Promise<Answer> {
  try {
    const reply = await answer();
    return async () => reply;
  } catch (error) {
    if (!(error instanceof ServiceError || error instanceof RequestFault)) throw error;
    return () => Promise.reject(error);
  }
}

type Answer = () => Promise<Reply>;

type Body = object | string | undefined;

interface Reply {
  readonly body: Body;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** The status of success, and its Content-Type where that is not JSON. */
function successOf({ responses }: Operation): [status: number, type: string | undefined] {
  const status = Object.keys(responses).find((key) => key.startsWith('2')) ?? '';
  const [type] = Object.keys(responses[status]?.content ?? {});
  return [Number(status), type === 'application/json' ? undefined : type];
}

interface Subject {
  readonly body: unknown;
  readonly path: Readonly<Record<string, unknown>>;
  readonly caller: Caller | undefined;
}

/** What a call is about: the key as it names it; the project that its path names, or else that of its credential. */
function subjectOf({ body, path, caller }: Subject) {
  const { key_id: inBody } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const keyId = path['key_id'] ?? inBody;
  const projectId = (path['project_id'] as string | undefined) ?? caller?.project?.id;
  return { projectId, keyId: typeof keyId === 'string' ? keyId : undefined };
}

/** As the client sees this server; clients of HTTP/1.0 may not say. */
function ownUrl(req: Request): string {
  const { protocol, socket } = req;
  return `${protocol}://${hostOf(req) ?? `${socket.localAddress ?? ''}:${String(socket.localPort)}`}`;
}
