import type { Request, RequestHandler, Response } from 'express';
import type { Spoil } from '../contract/faults.ts';
import type { Door, Visit } from '../contract/visit.ts';
import { RequestFault, type ErrorDialect } from '../errors.ts';
import type { TraceOf } from '../contract/mounted.ts';
import { methods } from '../contract/document.ts';
import type { ContractDocument, Method, Operation, PathItem } from '../contract/document.ts';
import { refusalInDialect } from './errors.ts';
import { handle, type Handler } from './calls.ts';
import { credentialCheckOf, type Admit, type Authenticate } from './credential.ts';
import { exchangeOf } from './exchange.ts';
import { bodyReader } from './json-body.ts';
import type { Check } from './request-check.ts';
import { makeRoutes } from './routes.ts';
import { makeCheckOf } from './validator.ts';
import { visitOf } from './visit.ts';

/** A service as `src/http/` sees it: functions by name, words for refusals, and a look at who asks. */
export interface Service {
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly dialect: ErrorDialect;
  /** Without it, nobody is asked who it is. */
  readonly authenticate?: Authenticate;
  readonly admit?: Admit;
  /** Looks at every request, and at who sends it, before anything else does; throws ServiceError. */
  readonly guard?: (visit: Visit, door: Door) => void;
  /** Headers of the service's own for the request id, on every answer. */
  readonly traceOf?: TraceOf;
  /** Asked before each operation whether it goes wrong. */
  readonly spoil?: Spoil;
  /** Whether JSON is written for people to read. */
  readonly isIndented?: boolean;
}

export interface Binding {
  readonly document: ContractDocument;
  readonly services: Readonly<Record<string, Service>>;
  /** Scheme, host and port in links; the request's own where empty. */
  readonly externalUrl: string;
  readonly validateResponses: boolean;
}

/** Answers a request, or throws what the writer of refusals takes. */
type Answer = (req: Request, res: Response) => Promise<void>;

/** What is at one path of the contract. */
interface Place {
  /** By method, in capitals. */
  readonly answers: ReadonlyMap<string, Answer>;
  readonly refuseMethod: Answer;
}

/**
 * Leads every operation of the contract to its handler, through a check of its own. A table finds it: Express would try one path after the
 * other.
 * @throws Error when an operation has no handler or a handler no operation.
 */
export function bindContract(binding: Binding): RequestHandler {
  assertComplete(binding);
  const { paths } = binding.document;
  const find = makeRoutes(Object.entries(paths).map(([path, item]) => [path, placeOf(binding, path, item)] as const));
  const answerOrPass = async (req: Request, res: Response, next: () => void): Promise<void> => {
    const found = find(req.path);
    // What one path does not take may be another's, as DELETE /tags/action is one of /tags/{key}.
    const taken = found.find(({ item }) => item.answers.has(req.method)) ?? found[0];
    if (taken === undefined) {
      next();
      return;
    }
    req.params = taken.params;
    const answer = taken.item.answers.get(req.method) ?? taken.item.refuseMethod;
    return answer(req, res);
  };
  return (req, res, next) => void answerOrPass(req, res, next).catch(next);
}

function placeOf(binding: Binding, path: string, item: PathItem): Place {
  const answers = new Map<string, Answer>();
  let owner: Service | undefined;
  for (const method of methods) {
    const operation = item[method];
    if (operation === undefined) continue;
    const [service, handler] = lookUp(binding, operation.operationId);
    owner ??= service;
    answers.set(method.toUpperCase(), answerOf(binding, { path, item, method, operation, service, handler }));
  }
  const get = answers.get('GET');
  if (get !== undefined && !answers.has('HEAD')) answers.set('HEAD', get);
  if (owner === undefined) throw new Error(`No operation at ${path}.`);
  return { answers, refuseMethod: methodRefusal(binding.document, item, owner) };
}

interface Bound {
  readonly path: string;
  readonly item: PathItem;
  readonly method: Method;
  readonly operation: Operation;
  readonly service: Service;
  readonly handler: Handler;
}

function answerOf(binding: Binding, { path, item, method, operation, service, handler }: Bound): Answer {
  const { document, externalUrl } = binding;
  const security = operation.security ?? document.security;
  const identify = credentialCheckOf({ ...operation, security }, service);
  const receive = receiver(service, operation, identify === undefined);
  const prepareBody = bodyReader(document, operation);
  const call = handle({ handler, operation, spoil: service.spoil, externalUrl });
  const inDialect = refusalInDialect(document, item, operation, service.dialect);
  let check: Check | undefined;
  let making: Promise<Check> | undefined;
  return async (req, res) => {
    try {
      receive(req, res);
      prepareBody(req);
      if (identify !== undefined) await identify(req);
      check ??= await (making ??= makeCheckOf(path, item, method, binding));
      check(req, res);
      await call(req, res);
    } catch (error) {
      throw inDialect(error, req);
    }
  };
}

function methodRefusal(document: ContractDocument, item: PathItem, owner: Service): Answer {
  const receive = receiver(owner, undefined, false);
  const inDialect = refusalInDialect(document, item, undefined, owner.dialect);
  return async (req, res) => {
    try {
      receive(req, res);
      exchangeOf(req).checks.push('method');
      throw new RequestFault('methodNotAllowed');
    } catch (error) {
      throw inDialect(error, req);
    }
  };
}

/** What a service does before anything else; undefined: for a method that the path does not take. */
function receiver(service: Service, operation: Operation | undefined, asksNobody: boolean) {
  const { guard, traceOf, isIndented } = service;
  return (req: Request, res: Response): void => {
    const exchange = exchangeOf(req);
    exchange.path = req.params as Record<string, string>;
    if (operation !== undefined) exchange.operation = operation.operationId;
    if (traceOf !== undefined) {
      const trace = traceOf(exchange.requestId, (name) => req.get(name));
      for (const name of Object.keys(trace)) res.setHeader(name, trace[name] ?? '');
    }
    if (isIndented === true) indentJson(res);
    if (guard !== undefined) {
      exchange.checks.push('door');
      guard(visitOf(req), operation?.['x-door'] ?? 'admin');
    }
    if (asksNobody) exchange.checks.push('contract');
  };
}

function indentJson(res: Response): void {
  res.json = (body) => res.type('json').send(`${JSON.stringify(body, null, 2)}\n`);
}

function lookUp({ services }: Binding, operationId: string): [Service, Handler] {
  const [serviceName = '', name = ''] = operationId.split('.');
  const service = services[serviceName];
  const handler = service?.handlers[name];
  if (service === undefined || handler === undefined) throw new Error(`No handler for the operation ${operationId}.`);
  return [service, handler];
}

function assertComplete({ document, services }: Binding): void {
  const operations = new Set(
    Object.values(document.paths).flatMap((item) => methods.map((method) => item[method]?.operationId)),
  );
  for (const [serviceName, service] of Object.entries(services)) {
    for (const name of Object.keys(service.handlers)) {
      if (!operations.has(`${serviceName}.${name}`))
        throw new Error(`No operation for the handler ${serviceName}.${name}.`);
    }
  }
}
