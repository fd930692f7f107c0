import { Router, type RequestHandler, type Response } from 'express';
import type { Spoil } from '../contract/faults.ts';
import type { Door, Visit } from '../contract/visit.ts';
import { RequestFault, type ErrorDialect } from '../errors.ts';
import { parseJsonObject } from './body.ts';
import type { TraceOf } from '../contract/mounted.ts';
import { methods, propertiesOf, resolve } from '../contract/document.ts';
import type { ContractDocument, Operation, Schema } from '../contract/document.ts';
import { refusalInDialect } from './errors.ts';
import { handle, type Handler } from './calls.ts';
import { exchangeOf } from './exchange.ts';
import { expressPath } from './paths.ts';
import { validatorOf, type Admit, type Authenticate } from './validator.ts';
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

/**
 * Routes every operation of the contract to its handler, through a validator of its own: one instance over the whole document
 * would compile every path again on every request.
 * @throws Error when an operation has no handler or a handler no operation.
 */
export function bindContract(binding: Binding): Router {
  assertComplete(binding);
  const router = Router({ caseSensitive: true });
  // Behind all operations: what one path does not take may be another's, as DELETE /tags/action is one of /tags/{key}.
  const refusals = Router({ caseSensitive: true });
  for (const [path, item] of Object.entries(binding.document.paths)) {
    const route = router.route(expressPath(path));
    let owner: Service | undefined;
    for (const method of methods) {
      const operation = item[method];
      if (operation === undefined) continue;
      const [service, handler] = lookUp(binding, operation.operationId);
      owner ??= service;
      route[method](
        receive(service, operation),
        prepareBody(binding.document, operation),
        validatorOf(path, item, method, { ...binding, authenticate: service.authenticate, admit: service.admit }),
        handle({ handler, operation, spoil: service.spoil, externalUrl: binding.externalUrl }),
        refusalInDialect(binding.document, item, operation, service.dialect),
      );
    }
    if (owner !== undefined) {
      const inDialect = refusalInDialect(binding.document, item, undefined, owner.dialect);
      refusals.all(expressPath(path), receive(owner, undefined), refuseMethod, inDialect);
    }
  }
  return router.use(refusals);
}

/** What a service does before anything else; undefined: for a method that the path does not take. */
function receive(service: Service, operation: Operation | undefined): RequestHandler {
  const { authenticate, guard, traceOf, isIndented } = service;
  const asksNobody = operation !== undefined && (authenticate === undefined || operation.security?.length === 0);
  return (req, res, next) => {
    const exchange = exchangeOf(req);
    exchange.path = req.params as Record<string, string>;
    if (operation !== undefined) exchange.operation = operation.operationId;
    if (traceOf !== undefined) res.set(traceOf(exchange.requestId, (name) => req.get(name)));
    if (isIndented === true) indentJson(res);
    if (guard !== undefined) {
      exchange.checks.push('door');
      guard(visitOf(req), operation?.['x-door'] ?? 'admin');
    }
    if (asksNobody) exchange.checks.push('contract');
    next();
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

/**
 * Reads the JSON body. Real clients send null and "" for a field that they leave out, so null counts as absent everywhere and "" where
 * the field is optional and says nothing else. A body that is no object is remembered and refused once the credential has been checked.
 */
function prepareBody(document: ContractDocument, operation: Operation): RequestHandler {
  if (operation.requestBody === undefined)
    return (req, _res, next) => {
      // The validator would parse what the client calls a body that nobody reads.
      delete req.headers['content-type'];
      next();
    };
  const schema = resolve(document, operation.requestBody.content['application/json'].schema);
  const isOptional = operation.requestBody.required !== true;
  return (req, _res, next) => {
    const exchange = exchangeOf(req);
    const body =
      isOptional && exchange.body.length === 0 ? {} : parseJsonObject(exchange.body, operation['x-body-limit']);
    if (body instanceof RequestFault) exchange.bodyFault = body;
    else dropAbsent(document, body, schema, true);
    req.body = body instanceof RequestFault ? {} : body;
    req.headers['content-type'] = 'application/json';
    next();
  };
}

/**
 * Within the objects that the contract describes null alone counts as absent, since "" may be meant there. What it leaves open, such as a
 * context, is the client's own.
 */
function dropAbsent(
  document: ContractDocument,
  object: Record<string, unknown>,
  schema: Schema,
  emptyToo = false,
): void {
  const properties = propertiesOf(document, schema);
  for (const [name, value] of Object.entries(object)) {
    const named = properties?.[name];
    const property = named && resolve(document, named);
    const emptyCounts = schema.required?.includes(name) === true || property?.['x-empty-counts'] === true;
    if (value === null || (value === '' && emptyToo && !emptyCounts)) Reflect.deleteProperty(object, name);
    else if (property && propertiesOf(document, property) && typeof value === 'object' && !Array.isArray(value))
      dropAbsent(document, value as Record<string, unknown>, property);
  }
}

const refuseMethod: RequestHandler = (req) => {
  exchangeOf(req).checks.push('method');
  throw new RequestFault('methodNotAllowed');
};
