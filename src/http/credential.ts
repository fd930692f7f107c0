import type { Request } from 'express';
import type { Caller } from '../contract/caller.ts';
import type { Operation } from '../contract/document.ts';
import type { Permission } from '../contract/permissions.ts';
import type { RawRequest } from '../contract/raw-request.ts';
import { exchangeOf } from './exchange.ts';
import { rawRequest } from './raw-request.ts';

/** Tells who asks, by whichever of the contract's security schemes; throws RequestFault or ServiceError. */
export type Authenticate = (request: RawRequest) => Promise<Caller>;

/** Refuses a caller whose credential is genuine but not for this; throws ServiceError. */
export type Admit = (
  caller: Caller,
  path: Readonly<Record<string, string>>,
  permission: Permission | undefined,
) => void;

export interface Doorkeepers {
  /** Without it, nobody is asked who it is. */
  readonly authenticate?: Authenticate | undefined;
  readonly admit?: Admit | undefined;
}

/**
 * Finds out who calls an operation, as far as it asks for that; undefined where it does not. Where nobody at all is one of the contract's
 * alternatives, a bad credential is put by for the operation, which may refuse it.
 */
export function credentialCheckOf(
  { security, 'x-permission': permission }: Pick<Operation, 'security' | 'x-permission'>,
  { authenticate, admit }: Doorkeepers,
): ((req: Request) => Promise<void>) | undefined {
  if (authenticate === undefined || security?.length === 0) return undefined;
  const isOptional = security?.some((alternative) => Object.keys(alternative).length === 0) === true;
  return async (req) => {
    const exchange = exchangeOf(req);
    const { checks } = exchange;
    checks.push('credential');
    try {
      exchange.caller = await authenticate(rawRequest(req));
      checks.push('admission');
      admit?.(exchange.caller, req.params as Record<string, string>, permission);
    } catch (error) {
      if (!isOptional) throw error;
      exchange.refusedCredential = error;
    }
    checks.push('contract');
  };
}
