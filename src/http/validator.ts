import { Router, type Request, type RequestHandler } from 'express';
import type { Caller } from '../contract/caller.ts';
import type { RawRequest } from '../contract/raw-request.ts';
import { expressPath, type ContractDocument, type Method, type PathItem, type Permission } from './document.ts';
import { exchangeOf } from './exchange.ts';
import { rawRequest } from './raw-request.ts';

/** By name in the contract's `securitySchemes`: tells who asks, or throws RequestFault or ServiceError. */
export type Authenticators = Readonly<Record<string, (request: RawRequest) => Promise<Caller>>>;

/** Refuses a caller whose credential is genuine but not for this; throws ServiceError. */
export type Admit = (
  caller: Caller,
  path: Readonly<Record<string, string>>,
  permission: Permission | undefined,
) => void;

export interface ValidatorOptions {
  readonly document: ContractDocument;
  readonly authenticators: Authenticators;
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
  { document, validateResponses, ...security }: ValidatorOptions,
): Promise<Router> {
  const { parameters, [method]: operation } = item;
  // Express answers HEAD where it answers GET.
  const methods = method === 'get' ? ['get', 'head'] : [method];
  const operations = Object.fromEntries(methods.map((name) => [name, operation]));
  const apiDoc = structuredClone({
    ...document,
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
    validateSecurity: { handlers: securityHandlers(security, operation?.['x-permission']) },
    fileUploader: false,
  });
  const router = Router({ mergeParams: true });
  router.use(
    validator.installMiddleware(Promise.resolve({ apiDoc: apiDoc as never, basePaths: [''], routes, serial: 0 })),
  );
  return router;
}

/**
 * The validator runs alternative schemes at once; those that share an authenticator share its answer. It keeps only an error's message;
 * the error itself is put by for refusalInDialect.
 */
function securityHandlers(
  { authenticators, admit }: Pick<ValidatorOptions, 'authenticators' | 'admit'>,
  permission: Permission | undefined,
) {
  const guard = (authenticate: Authenticators[string]) => async (req: Request) => {
    const exchange = exchangeOf(req);
    try {
      const check = exchange.checks.get(authenticate) ?? authenticate(rawRequest(req));
      exchange.checks.set(authenticate, check);
      const caller = await check;
      admit?.(caller, req.params as Record<string, string>, permission);
      exchange.caller = caller;
      return true;
    } catch (error) {
      exchange.refusedCredential = error;
      throw error;
    }
  };
  return Object.fromEntries(
    Object.entries(authenticators).map(([scheme, authenticate]) => [scheme, guard(authenticate)]),
  );
}
