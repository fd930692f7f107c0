/** A client that sends just what it is told: headers in their order and letters, the target as it is. */
import { once } from 'node:events';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';

export interface Asking {
  readonly method?: string;
  readonly target?: string;
  /** Names and values by turns, besides Host, Connection and what frames the body. */
  readonly headers?: readonly string[];
  readonly body?: Uint8Array | string | undefined;
  readonly host?: string;
}

export interface Given {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly text: string;
}

/** Opens a request without sending a body; `body` says only how it is framed. */
export function openRequest(
  url: string,
  { method = 'GET', target = '/', headers = [], host, body }: Asking,
): ClientRequest {
  const { hostname, port, host: own } = new URL(url);
  const length = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))];
  return httpRequest({
    ...{ hostname, port, method, path: target, agent: false },
    headers: ['Host', host ?? own, 'Connection', 'close', ...headers, ...length],
  });
}

export async function ask(url: string, asking: Asking = {}): Promise<Given> {
  const request = openRequest(url, asking);
  request.on('error', () => undefined);
  request.end(asking.body);
  return readGiven(await headOf(request));
}

/** @throws what ended the request before there was a head */
export async function headOf(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

export async function readGiven(response: IncomingMessage): Promise<Given> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { statusCode: status = 0, rawHeaders, headers } = response;
  return { status, rawHeaders, headers, body, text: body.toString() };
}
