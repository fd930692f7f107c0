/** API Gateway's data plane: finds the API that is called, signs the request for its backend, and brings back what that answers. */
import { lookup } from 'node:dns/promises';
import type { BlockList } from 'node:net';
import type { ForwardedRequest, GatewayPlane, GatewayReply, GatewayRequest } from '../../contract/forwarded.ts';
import { Overloaded, ServiceError, type Refusal } from '../../errors.ts';
import type { GroupRoutes } from '../../store/store.ts';
import { gatewayPlaneRefusals as refusals } from '../plane-refusals.ts';
import { recordOf, type Account } from './account.ts';
import { makeAddressing } from './addressing.ts';
import { makeBackendClient } from './backend-client.ts';
import type { Resolve } from './backend-addresses.ts';
import { makeForward } from './forwarding.ts';
import { CallerGone } from './refusing.ts';
import { routed, type Routed } from './routing.ts';
import { makeSigners } from './signing.ts';

export interface GatewayPlaneOptions {
  /** Undefined when no gateway has such a group. */
  readonly routes: (groupId: string) => Promise<GroupRoutes | undefined>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Of the groups' sub-domains: `<group id>.apic.<domain>`. */
  readonly domain: string;
  /** The headers that HMAC covers, as far as a request has them; x-sdk-date in any case. */
  readonly signedHeaders: readonly string[];
  /** Where the signature stands: the gateway's parameter `backend_sign_header`. */
  readonly signatureHeader?: string;
  /** Whether callers may have a request signed wrongly on purpose; true where nothing is said. */
  readonly takesDefects?: boolean;
  /** Whether a header Host is a name of this Signet. */
  readonly isOwnName: (host: string) => boolean;
  /** The addresses that backends may have. */
  readonly isBackendAllowed: BlockList;
  /** Whether something of Signet's own listens there. */
  readonly isOwn: (address: string, port: number) => boolean;
  /** Told once of every call that came to an API, before it is answered. */
  readonly onForwarded: (record: ForwardedRequest) => void;
  /** Every address of a name; the system's where nothing is said. */
  readonly lookup?: Resolve;
}

export interface OpenGatewayPlane extends GatewayPlane {
  /** Said where too much is under way. */
  readonly throttled: Refusal;
  /** Ends the connections to backends. */
  readonly close: () => void;
}

export function makeGatewayPlane(options: GatewayPlaneOptions): OpenGatewayPlane {
  const {
    routes,
    now,
    domain,
    isOwnName,
    signedHeaders,
    signatureHeader = 'Authorization',
    takesDefects = true,
  } = options;
  const { isBackendAllowed, isOwn, onForwarded, lookup: resolve = everyAddress } = options;
  const addressing = makeAddressing(domain);
  const client = makeBackendClient({ isBackendAllowed, isOwn, resolve });
  const signers = makeSigners({ signatureHeader, signedHeaders, now });
  const forward = makeForward({ client, signers, signatureHeader, takesDefects });

  async function handle(request: GatewayRequest): Promise<GatewayReply> {
    const begin = performance.now();
    let call: Routed;
    try {
      call = await routed(request, { addressing, routes, now, isOwnName });
    } catch (error) {
      throw asRefusal(error);
    }
    const account: Account = { explanation: '' };
    try {
      const reply = await forward(call, account, begin);
      tell(call, account, undefined);
      return reply;
    } catch (error) {
      const refused = error instanceof CallerGone ? undefined : asRefusal(error);
      const why = refused === undefined ? (error as CallerGone).message : refused.why;
      account.explanation = [account.explanation, why].filter(Boolean).join(' ');
      tell(call, account, refused);
      throw refused ?? error;
    }
  }

  function tell(call: Routed, account: Account, refused: ServiceError | undefined): void {
    const record = recordOf(call, account, refused);
    call.call.request.onForwarded?.(record, account.body);
    onForwarded(record);
  }

  return { takes: addressing.takes, handle, throttled: refusals.throttled, close: client.close };
}

const everyAddress: Resolve = (name) => lookup(name, { all: true });

function asRefusal(error: unknown): ServiceError {
  if (error instanceof Overloaded) return new Overloaded(error.what, refusals.throttled);
  return error instanceof ServiceError ? error : new ServiceError(refusals.internal, undefined, { cause: error });
}
