import type { OciCaller } from '../contract/caller.ts';
import type { Handlers } from '../contract/operations.ts';
import { randomHex } from '../crypto/random-hex.ts';
import { ServiceError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { admitToUser } from './admission.ts';
import { ApiKeyLookup } from './api-key-lookup.ts';
import { ApiKeys } from './api-keys.ts';
import { makeOciAuthenticator, type OciAuthenticator, type OciAuthenticatorOptions } from './authenticator.ts';
import { ociDialect, ociRefusals } from './errors.ts';
import { ociHandlers } from './handlers.ts';
import { isOciPath } from './paths.ts';
import { ociTrace } from './request-ids.ts';

export interface OciServiceOptions extends Omit<OciAuthenticatorOptions, 'lookup'> {
  readonly store: Store;
  /** A UUID, new every time. */
  readonly newId: () => string;
  /** Seconds until an uploaded key is ACTIVE. */
  readonly activationDelay: number;
}

/** The operations on API keys, and what else is signed as they are can share of them. */
export function ociService({ store, newId: newUuid, activationDelay, ...options }: OciServiceOptions) {
  const { now } = options;
  const newId = (): string => randomHex(newUuid, 32);
  const lookup = new ApiKeyLookup(store);
  const authenticator = makeOciAuthenticator({ ...options, lookup });
  const handlers: Handlers<'oci', OciCaller> = ociHandlers(new ApiKeys({ store, now, newId, activationDelay }), now);
  const { authenticate } = authenticator;
  const traceOf = ociTrace(newId);
  return {
    service: { handlers, dialect: ociDialect, authenticate, admit: admitToUser, traceOf },
    traceOf,
    authenticator,
    keys: lookup,
    /** The same at another instant, of which nobody is told what a wrong signature was made over. */
    authenticatorAt: (at: number): OciAuthenticator =>
      makeOciAuthenticator({ ...options, lookup, now: () => at, surroundings: undefined }),
    /** What answers the rest of the paths that are OCI's. */
    unknown: {
      takes: isOciPath,
      ...{ dialect: ociDialect, traceOf },
      answer: (): Promise<never> => Promise.reject(new ServiceError(ociRefusals.noSuchOperation)),
    },
  };
}
