/** From a request to the API that it calls. */
import type { GatewayRequest } from '../../contract/forwarded.ts';
import { decode } from '../../crypto/canonical-query.ts';
import { release, type GroupRoutes } from '../../store/store.ts';
import { gatewayPlaneRefusals as refusals } from '../plane-refusals.ts';
import type { Addressed, Addressing } from './addressing.ts';
import type { Call } from './call.ts';
import { isEncodedRight } from './encoding.ts';
import { readHead, type ReceivedHead } from './received-head.ts';
import { CallRefused } from './refusing.ts';
import { match, tableOf, type Match } from './route-table.ts';

/** Characters of path and query. */
const TARGET_LIMIT = 32 * 1024;

/** A call of an API that there is. */
export interface Routed {
  readonly call: Call;
  readonly group: GroupRoutes;
  readonly addressed: Addressed;
  readonly head: ReceivedHead;
  readonly match: Match;
}

export interface RoutingOptions {
  readonly addressing: Addressing;
  readonly routes: (groupId: string) => Promise<GroupRoutes | undefined>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Whether a header Host is a name of this Signet: a page whose name was made to point here has another. */
  readonly isOwnName: (host: string) => boolean;
}

const foreignName =
  '/_apig answers to localhost, to IP addresses, and to the host of SIGNET_EXTERNAL_URL: this is another name.';
const notFound = (why: string): CallRefused => new CallRefused(refusals.apiNotFound, why);

/** @throws CallRefused */
export async function routed(
  request: GatewayRequest,
  { addressing, routes, now, isOwnName }: RoutingOptions,
): Promise<Routed> {
  const { host, target, method } = request;
  if (target.length > TARGET_LIMIT) throw new CallRefused(refusals.uriTooLarge, 'Path and query are too long.');
  const addressed = addressing.read(host, target);
  if (addressed?.isByPath === true && !isOwnName(host))
    throw new CallRefused(refusals.apiNotFound, foreignName, foreignName);
  const group = addressed && (await routes(addressed.groupId));
  if (addressed === undefined || group === undefined) throw notFound('There is no API group with this id.');
  const head = readHead(request.rawHeaders);
  const environment = head.stage ?? release.name;
  const { path } = addressed;
  if (!isEncodedRight(path)) throw new CallRefused(refusals.badRequest, 'A percent-encoding in the path is broken.');
  const found = find(group, environment, method, path);
  const call: Call = { request, publication: found.route.publication, environment, at: now() };
  return { call, group, addressed, head, match: found };
}

/**
 * The vendor matches the decoded path: /aa%2Faa is /aa/aa, unless the gateway's parameter api_uri_no_escape is on.
 * Source: https://docs.otc.t-systems.com/api-gateway/umn/gateway_management/configuring_parameters.html
 */
function find(group: GroupRoutes, environment: string, method: string, path: string): Match {
  const environmentId = group.environments.get(environment);
  if (environmentId === undefined) throw notFound(`The gateway has no environment ${environment}.`);
  const table = tableOf(group, environmentId);
  if (table === undefined) throw notFound(`Nothing of the group is published in the environment ${environment}.`);
  const found = match(table, method, decode(path));
  if (found === 'path') throw notFound(`No API of the group has this path in the environment ${environment}.`);
  if (found === 'method') throw new CallRefused(refusals.methodNotFound, `No API with this path takes ${method}.`);
  return found;
}
