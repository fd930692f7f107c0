/** What becomes of a request before its operation: tried, without a trace. */
import type { Caller } from '../../contract/caller.ts';
import type { ContractDocument } from '../../contract/document.ts';
import type { Check, Observation } from '../../contract/observation.ts';
import type { Permission } from '../../contract/permissions.ts';
import type { RawRequest } from '../../contract/raw-request.ts';
import type { FindRoute, Route } from '../../contract/routes.ts';
import {
  RequestFault,
  ServiceError,
  gatewayRefusals,
  refusalOf,
  type ErrorDialect,
  type Refusal,
} from '../../errors.ts';
import { rawRequest, type GivenRequest } from './given-request.ts';

/** A service as an explanation sees it. */
export interface TriedService {
  readonly dialect: ErrorDialect;
  readonly admit?: (caller: Caller, path: Readonly<Record<string, string>>, permission: Permission | undefined) => void;
}

export interface TrialOptions {
  readonly document: ContractDocument;
  readonly findRoute: FindRoute;
  /** By the name before the dot of their operations; Signet's own are not among them. */
  readonly services: Readonly<Record<string, TriedService>>;
  /** Tells who asks, as at this instant, and counts nothing. */
  readonly authenticateAt: (at: number) => (request: RawRequest) => Promise<Caller>;
  /** What a path without an operation is answered; the gateway's refusal where nothing is said. */
  readonly noSuchPath?: Refusal;
  /** Looks at the request as the contract does, and at nothing else. */
  readonly tryContract: (request: GivenRequest) => Promise<Pick<Observation, 'refusal' | 'complaints'>>;
}

export interface Outcome {
  readonly route: Route | undefined;
  /** In order; the last one refused where there is a refusal. */
  readonly checks: readonly Check[];
  readonly caller: Caller | undefined;
  /** Whether the credential was accepted, or none is needed. */
  readonly accepted: boolean;
  readonly refusal: { readonly code: string; readonly text: string } | undefined;
  /** What of it is not as the contract describes it. */
  readonly complaints: readonly string[];
}

export async function tryRequest(given: GivenRequest, at: number, options: TrialOptions): Promise<Outcome> {
  const { document, findRoute, services } = options;
  const route = findRoute(given.method, given.target);
  const checks: Check[] = ['route'];
  const ended = (accepted: boolean, refusal?: ServiceError, caller?: Caller): Outcome => {
    const told = refusal && { code: refusal.refusal.code, text: refusal.message };
    return { route, checks, caller, accepted, refusal: told, complaints: [] };
  };
  /** What the contract says of a request whose credential is accepted, or not needed. */
  const described = async (accepted: boolean, caller?: Caller): Promise<Outcome> => {
    checks.push('contract');
    const { refusal, complaints = [] } = await options.tryContract(given);
    return { ...ended(accepted, undefined, caller), refusal, complaints };
  };
  if (route === undefined) return ended(false, new ServiceError(options.noSuchPath ?? gatewayRefusals.noSuchApi));
  const { operation, owner, params } = route;
  const service = services[owner.operationId.split('.')[0] ?? ''];
  if (operation === undefined) checks.push('method');
  if (service === undefined) return ended(operation !== undefined);
  if (operation === undefined) return ended(false, refusalOf(service.dialect.faults.methodNotAllowed, ''));
  const alternatives = operation.security ?? document.security;
  if (alternatives.length === 0) return described(true);

  checks.push('credential');
  let caller: Caller | undefined;
  try {
    caller = await options.authenticateAt(at)(rawRequest(given, params, (check) => checks.push(check)));
    checks.push('admission');
    service.admit?.(caller, params, operation['x-permission']);
    return await described(true, caller);
  } catch (error) {
    const refusal =
      error instanceof RequestFault ? refusalOf(service.dialect.faults[error.fault], error.parameter) : error;
    if (!(refusal instanceof ServiceError)) throw error;
    const canDoWithout = alternatives.some((alternative) => Object.keys(alternative).length === 0);
    return canDoWithout ? described(checks.at(-1) === 'credential') : ended(false, refusal, caller);
  }
}
