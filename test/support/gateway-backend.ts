/** A backend behind the gateway: remembers what it hears, byte for byte. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll } from 'vitest';

export interface Heard {
  readonly method: string;
  readonly target: string;
  /** Names and values by turns. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface Backend {
  /** 127.0.0.1 and the port. */
  readonly host: string;
  readonly port: number;
  /** Whole requests, in their order. */
  readonly heard: readonly Heard[];
  readonly sockets: ReadonlySet<Socket>;
  /** Connections that there were. */
  readonly connected: () => number;
  /** Answers the next requests like this, once they are whole; 200 and `{}` until then. */
  readonly answerWith: (listener: RequestListener) => void;
  /** Answers them as soon as their heads are there; nothing is remembered. */
  readonly takeHeads: (listener: RequestListener | undefined) => void;
  /** The last request, which must be the only one since it was asked before. */
  readonly last: () => Heard;
}

export interface BackendOptions {
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Another address to listen on. */
  readonly address?: string;
}

export async function useBackend({ tls, address = '127.0.0.1' }: BackendOptions = {}): Promise<Backend> {
  const heard: Heard[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let answer: RequestListener = (_req, res) => res.end('{}');
  let takeHead: RequestListener | undefined;
  const listener: RequestListener = (req, res) => {
    if (takeHead !== undefined) return takeHead(req, res);
    void wholeOf(req).then((body) => {
      heard.push({ method: req.method!, target: req.url!, rawHeaders: req.rawHeaders, body });
      answer(req, res);
    });
  };
  const server: Server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  await once(server.listen(0, address), 'listening');
  const { port } = server.address() as AddressInfo;
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  let seen = 0;
  return {
    ...{ host: `127.0.0.1:${port}`, port, heard, sockets, connected: () => connections },
    answerWith: (next) => (answer = next),
    takeHeads: (next) => (takeHead = next),
    last: () => {
      const fresh = heard.slice(seen);
      seen = heard.length;
      if (fresh.length !== 1) throw new Error(`The backend heard ${fresh.length} requests.`);
      return fresh[0]!;
    },
  };
}

async function wholeOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** All values of a header, in their order. */
export const valuesOf = (rawHeaders: readonly string[], wanted: string): string[] =>
  rawHeaders.filter(
    (_value, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === wanted.toLowerCase(),
  );

export const valueOf = (rawHeaders: readonly string[], wanted: string): string | undefined =>
  valuesOf(rawHeaders, wanted)[0];
