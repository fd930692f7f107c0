import type { ErrorRequestHandler, Request } from 'express';
import { RequestFault, ServiceError, gatewayRefusals, refusalOf, type ErrorDialect } from '../errors.ts';
import {
  propertiesOf,
  resolve,
  type ContractDocument,
  type Operation,
  type PathItem,
  type Schema,
} from '../contract/document.ts';
import { exchangeOf, send, tell } from './exchange.ts';

/** Says in the service's own words what went wrong with one of its operations. */
export function refusalInDialect(
  document: ContractDocument,
  item: PathItem,
  operation: Operation | undefined,
  dialect: ErrorDialect,
): (error: unknown, req: Request) => unknown {
  return (error, req) => {
    return translate(error);

    function translate(cause: unknown): unknown {
      if (cause instanceof ServiceError) return cause;
      if (cause instanceof RequestFault) {
        if (cause.detail !== '') exchangeOf(req).complaints = [cause.detail];
        return inDialect(cause);
      }
      if (isValidatorError(cause, 400)) return badParameter(cause);
      if (isValidatorError(cause, 401)) return inDialect(new RequestFault('tokenMissing'));
      if (isValidatorError(cause, 404)) return new ServiceError(gatewayRefusals.noSuchApi);
      return new ServiceError(dialect.faults.internal, undefined, { cause });
    }

    /** Where a credential was missed although one came, it is the refusal of that one. */
    function inDialect(cause: RequestFault): unknown {
      const { refusedCredential } = exchangeOf(req);
      if (cause.fault === 'tokenMissing' && refusedCredential !== undefined && refusedCredential !== cause)
        return translate(refusedCredential);
      return refusalOf(dialect.faults[cause.fault], cause.parameter);
    }

    function badParameter({ errors }: ValidatorError): unknown {
      const exchange = exchangeOf(req);
      if (exchange.bodyFault !== undefined) return translate(exchange.bodyFault);
      exchange.complaints = errors.map(complaintOf);
      const [first] = errors;
      // What is wrong in a list is the list.
      const parameter = first?.path.split('/').findLast((name) => !/^\d+$/.test(name)) ?? '';
      if (first?.errorCode?.startsWith('required') === true)
        return translate(new RequestFault('parameterMissing', parameter));
      const code = first && codeAt(document, item, operation, first.path);
      const refusal = dialect.byCode?.(code ?? '');
      return refusal ? refusalOf(refusal, parameter) : translate(new RequestFault('parameterInvalid', parameter));
    }
  };
}

/** As in `signing_algorithm in the body must be equal to one of the allowed values: …`. */
function complaintOf({ path, message = 'is not as described' }: ValidatorError['errors'][number]): string {
  const [, part = '', ...names] = path.split('/');
  const where = { params: 'path', query: 'query', headers: 'headers' }[part] ?? 'body';
  const said = message.replace(/^must have required property .*$/, 'is missing');
  return `${names.join('.') || 'What is there'} in the ${where} ${said}.`;
}

/** The `x-refusal` of what stands at a path such as `/body/key_id`, `/params/key_id` or `/query/limit`. */
function codeAt(document: ContractDocument, item: PathItem, operation: Operation | undefined, path: string) {
  const [, part = '', name = ''] = path.split('/');
  const schema =
    part === 'body'
      ? propertyOf(document, operation, name)
      : [...(item.parameters ?? []), ...(operation?.parameters ?? [])]
          .map((parameter) => resolve(document, parameter))
          .find((parameter) => parameter.name === name && parameter.in === places[part])?.schema;
  return schema && resolve(document, schema)['x-refusal'];
}

/** The validator's names for where a parameter stands. */
const places: Readonly<Record<string, string>> = { params: 'path', query: 'query' };

function propertyOf(document: ContractDocument, operation: Operation | undefined, name: string): Schema | undefined {
  const body = operation?.requestBody?.content['application/json'].schema;
  return body && propertiesOf(document, body)?.[name];
}

/** What express-openapi-validator throws. */
interface ValidatorError {
  readonly status: number;
  readonly errors: readonly { readonly path: string; readonly message?: string; readonly errorCode?: string }[];
}

function isValidatorError(error: unknown, status: number): error is ValidatorError {
  return error instanceof Error && 'status' in error && error.status === status && 'errors' in error;
}

/** The last handler: writes every refusal, and answers what belongs to no service as the gateway does. */
export function writeRefusal(log: (message: string, cause?: unknown) => void): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, req, res, _next) => {
    if (res.destroyed || res.headersSent) {
      res.destroy();
      tell(res, 'broken', undefined);
      return;
    }
    const { refusal, message, why, cause } = asServiceError(error);
    if (cause !== undefined) log(`${req.method} ${req.path} failed`, cause);
    if (refusal === gatewayRefusals.bodyTooLarge) res.set('Connection', 'close');
    const exchange = exchangeOf(req);
    exchange.refusal = { code: refusal.code, text: message };
    if (why !== '') exchange.complaints ??= [why];
    try {
      send(res, refusal.status, refusal.envelope({ ...refusal, text: message }, exchange.requestId), refusal.headers);
    } catch (fault) {
      // The check of answers against the contract, where it is switched on.
      log(`${req.method} ${req.path} was refused in words that the contract does not have`, fault);
      res.status(500).end();
      tell(res, 'refused', undefined);
    }
  };
}

/** What a fault of Express, or of our own, is to the client. */
export function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const malformed =
    error instanceof Error && 'status' in error && Number(error.status) >= 400 && Number(error.status) < 500;
  return malformed
    ? new ServiceError(gatewayRefusals.badRequest)
    : new ServiceError(gatewayRefusals.internal, undefined, { cause: error });
}
