/** What is told of a call at its end. */
import type { ForwardedRequest } from '../../contract/forwarded.ts';
import type { ServiceError } from '../../errors.ts';
import type { Outgoing } from './backend-client.ts';
import type { Routed } from './routing.ts';

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** What is known of it beyond what was known when it was routed. */
export type Account = Mutable<Pick<ForwardedRequest, 'sent' | 'signature' | 'defect' | 'status' | 'explanation'>> & {
  /** The body as it came, where it was read as a whole. */
  body?: Uint8Array;
};

export function recordOf(
  { call: { request, publication, environment, at }, group, match: { route } }: Routed,
  { body: _body, ...account }: Account,
  refused: ServiceError | undefined,
): ForwardedRequest {
  const { projectId, gatewayId, apiId, environmentId, publishId, definition } = publication;
  const { requestId, method, target } = request;
  const { key } = route;
  return {
    ...{ requestId, at, projectId, gatewayId, publishId, groupId: group.group.id },
    api: { id: apiId, name: definition.name },
    environment: { id: environmentId, name: environment },
    received: { method, target },
    ...(key && { key: { id: key.id, name: key.name, type: key.type, access: key.key } }),
    ...account,
    ...(refused && { refusal: { code: refused.refusal.code, text: refused.message } }),
  };
}

/** A request as it was sent. */
export function sentOf({ protocol, backend, method, target, rawHeaders, body }: Outgoing) {
  const url = `${protocol.toLowerCase()}://${backend.written}${target}`;
  const sent: ForwardedRequest['sent'] = { url, method, target, rawHeaders };
  return body instanceof Uint8Array ? { ...sent, bodyLength: body.length } : sent;
}
