import { Router, type Request, type RequestHandler } from 'express';
import type { Caller } from '../contract/caller.ts';
import type { Permission } from '../contract/permissions.ts';
import type { RawRequest } from '../contract/raw-request.ts';
import type { ContractDocument, Method, PathItem } from '../contract/document.ts';
import { exchangeOf } from './exchange.ts';
import { expressPath } from './paths.ts';
import { rawRequest } from './raw-request.ts';

/** Tells who asks, by whichever of the contract's security schemes; throws RequestFault or ServiceError. */
export type Authenticate = (request: RawRequest) => Promise<Caller>;

/** Refuses a caller whose credential is genuine but not for this; throws ServiceError. */
export type Admit = (
  caller: Caller,
  path: Readonly<Record<string, string>>,
  permission: Permission | undefined,
) => void;

export interface ValidatorOptions {
  readonly document: ContractDocument;
  /** Without it, nobody is asked who it is. */
  readonly authenticate: Authenticate | undefined;
  readonly admit: Admit | undefined;
  readonly validateResponses: boolean;
}

/**
 * express-openapi-validator for one operation, made at its first request. Its usual entrance would first compile a check of the whole
 * document, 0.1 s for every operation, even when that check is off; openapi.test.ts checks the document instead.
 */
export function validatorOf(path: string, item: PathItem, method: Method, options: ValidatorOptions): RequestHandler {
  let router: Router | undefined;
  return async (req, res, next) => {
    router ??= await makeValidator(path, item, method, options);
    router(req, res, next);
  };
}

async function makeValidator(
  path: string,
  item: PathItem,
  method: Method,
  { document, validateResponses, authenticate, admit }: ValidatorOptions,
): Promise<Router> {
  const { parameters, [method]: operation } = item;
  // Express answers HEAD where it answers GET.
  const methods = method === 'get' ? ['get', 'head'] : [method];
  const security = securityOf(operation?.security ?? document.security, authenticate !== undefined);
  const operations = Object.fromEntries(methods.map((name) => [name, { ...operation, security }]));
  const apiDoc = structuredClone({
    ...document,
    components: { ...document.components, securitySchemes },
    paths: { [path]: { ...(parameters && { parameters }), ...operations } },
  });
  const pathParams = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const routes = methods.map((name) => ({
    ...{ basePath: '', expressRoute: expressPath(path), openApiRoute: path, pathParams },
    method: name.toUpperCase(),
  }));
  const { default: module } = await import('express-openapi-validator/dist/openapi.validator.js');
  const validator = new module.OpenApiValidator({
    apiSpec: apiDoc as never,
    validateApiSpec: false,
    validateRequests: { coerceTypes: true, allowUnknownQueryParameters: true },
    validateResponses,
    validateSecurity: authenticate
      ? { handlers: { credential: guard(authenticate, admit, operation?.['x-permission'], canDoWithout(security)) } }
      : false,
    fileUploader: false,
  });
  const router = Router({ mergeParams: true });
  router.use(
    validator.installMiddleware(Promise.resolve({ apiDoc: apiDoc as never, basePaths: [''], routes, serial: 0 })),
  );
  return router;
}

/**
 * What the validator sees in place of the contract's schemes: one, whose header it does not look for. Alternatives would each be checked,
 * and one function tells them apart.
 */
const securitySchemes = { credential: { type: 'http', scheme: 'any' } };

function securityOf(alternatives: readonly object[], isAsked: boolean): object[] {
  if (alternatives.length === 0 || !isAsked) return [];
  return [...(canDoWithout(alternatives) ? [{}] : []), { credential: [] }];
}

/** Whether nobody at all is one of the alternatives. */
const canDoWithout = (alternatives: readonly object[]): boolean =>
  alternatives.some((alternative) => Object.keys(alternative).length === 0);

/** The validator keeps only an error's message; the error itself is put by for refusalInDialect. */
const guard =
  (authenticate: Authenticate, admit: Admit | undefined, permission: Permission | undefined, isOptional: boolean) =>
  async (req: Request): Promise<boolean> => {
    const exchange = exchangeOf(req);
    exchange.checks.push('credential');
    try {
      exchange.caller = await authenticate(rawRequest(req));
      exchange.checks.push('admission');
      admit?.(exchange.caller, req.params as Record<string, string>, permission);
      exchange.checks.push('contract');
      return true;
    } catch (error) {
      exchange.refusedCredential = error;
      if (isOptional) exchange.checks.push('contract');
      throw error;
    }
  };
