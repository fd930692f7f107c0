/** A backend on this machine that keeps what it is sent, and a group of APIs whose calls go there. */
import { createServer, request as ask, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Case } from './gateway-cases.ts';
import type { Received } from './gateway-verifiers.ts';

export interface Signet {
  readonly url: string;
  readonly projectId: string;
  readonly token: string;
}

export interface Forwarding {
  /** Calls the API, and gives what arrived at the backend. */
  readonly forward: (call: Case) => Promise<Received>;
  readonly close: () => void;
}

/** @param pair the signature key that is bound to the API */
export async function startForwarding(
  signet: Signet,
  pair: { readonly key: string; readonly secret: string },
): Promise<Forwarding> {
  const received: Received[] = [];
  const backend = createServer((req, res) => {
    void buffer(req).then((body) => {
      const { method = '', url: target = '', rawHeaders } = req;
      received.push({ method, target, headers: pairsOf(rawHeaders), body, at: Date.now() });
      res.end();
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const groupId = await publish(signet, `127.0.0.1:${(backend.address() as AddressInfo).port}`, pair);
  return {
    async forward({ method, target, headers, body = '' }) {
      const { hostname, port } = new URL(signet.url);
      const length = body.length === 0 ? {} : { 'Content-Length': Buffer.byteLength(body) };
      const path = `/_apig/${groupId}${target}`;
      const outgoing = ask({ hostname, port, method, path, headers: { ...headers, ...length } }).end(body);
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        outgoing.once('response', resolve).once('error', reject);
      });
      const text = (await buffer(answer)).toString();
      const request = received.shift();
      if (answer.statusCode === 200 && request !== undefined) return request;
      throw new Error(`${method} ${target}: ${answer.statusCode} ${text}`);
    },
    close: () => {
      backend.close();
      backend.closeAllConnections();
    },
  };
}

/** An API of any method and path, published and bound. */
async function publish(
  { url, projectId, token }: Signet,
  backend: string,
  { key, secret }: { readonly key: string; readonly secret: string },
): Promise<string> {
  const base = `${url}/v2/${projectId}/apigw/instances`;
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const headers = { 'X-Auth-Token': token, 'Content-Type': 'application/json' };
    const answer = await fetch(base + path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const { instances } = await call<{ instances: { id: string }[] }>('GET', '');
  const gateway = `/${instances[0]?.id ?? ''}`;
  const name = `matrix_${Date.now()}`;
  const group = await call<{ id: string }>('POST', `${gateway}/api-groups`, { name });
  const api = await call<{ id: string }>('POST', `${gateway}/apis`, {
    ...{ group_id: group.id, name, type: 1, req_protocol: 'BOTH', req_method: 'ANY', req_uri: '/', match_mode: 'SWA' },
    ...{ auth_type: 'NONE', backend_type: 'HTTP' },
    backend_api: { url_domain: backend, req_protocol: 'HTTP', req_method: 'ANY', req_uri: '/', timeout: 5000 },
  });
  const online = { action: 'online', env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', api_id: api.id };
  const { publish_id } = await call<{ publish_id: string }>('POST', `${gateway}/apis/action`, online);
  const sign = await call<{ id: string }>('POST', `${gateway}/signs`, { name, sign_key: key, sign_secret: secret });
  await call('POST', `${gateway}/sign-bindings`, { sign_id: sign.id, publish_ids: [publish_id] });
  return group.id;
}

const pairsOf = (rawHeaders: readonly string[]): readonly (readonly [string, string])[] =>
  rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []));
