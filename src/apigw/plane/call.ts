/** One call of an API, as far as parameters can be about it. */
import type { GatewayRequest } from '../../contract/forwarded.ts';
import type { Publication } from '../../store/store.ts';
import { bytesOf } from './encoding.ts';

export interface Call {
  readonly request: GatewayRequest;
  readonly publication: Publication;
  /** Its name. */
  readonly environment: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * What the gateway itself knows of a call, by the name of the system parameter; a byte in each character. Nobody is asked for an app, so
 * there is none; how the vendor writes the time is assumed.
 * Source: https://docs.otc.t-systems.com/api-gateway/api-ref/dedicated_gateway_apis_v2/api_management/creating_an_api.html
 */
export const systemParameters: ReadonlyMap<string, (call: Call) => string> = new Map([
  ['$context.sourceIp', ({ request }) => request.remoteAddress.replace(/^::ffff:/, '')],
  ['$context.stage', ({ environment }) => bytesOf(environment)],
  ['$context.apiId', ({ publication }) => publication.apiId],
  ['$context.apiName', ({ publication }) => bytesOf(publication.definition.name)],
  ['$context.requestId', ({ request }) => request.requestId],
  ['$context.serverAddr', ({ request }) => request.localAddress.replace(/^::ffff:/, '')],
  ['$context.serverName', () => 'signet'],
  ['$context.handleTime', ({ at }) => new Date(at).toISOString()],
]);
