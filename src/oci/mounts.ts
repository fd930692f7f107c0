import type { TraceOf } from '../contract/mounted.ts';
import type { ForwardedOciRequest } from '../contract/oci-forwarded.ts';
import type { OciDiagnosis } from '../crypto/oci/diagnosis/question.ts';
import type { Store } from '../store/store.ts';
import type { OciAuthenticator } from './authenticator.ts';
import { ociEcho } from './echo.ts';
import { ociGateway } from './gateway/gateway.ts';
import { placesBelow } from './places.ts';

export interface OciMountsOptions {
  readonly echo: string;
  readonly gateway: string;
  readonly store: Store;
  readonly authenticator: OciAuthenticator;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly traceOf: TraceOf;
  readonly onForwarded: (record: ForwardedOciRequest<OciDiagnosis>) => void;
}

/** The echo service and the gateway, in the order in which they are asked. */
export function ociMounts({ echo, gateway, ...shared }: OciMountsOptions) {
  const make = {
    gateway: (prefix: string) => ociGateway({ prefix, ...shared }),
    echo: (prefix: string) => ociEcho({ prefix, ...shared }),
  };
  return placesBelow({ echo, gateway }).map(({ place, prefix }) => make[place](prefix));
}
