/** The listeners for HTTP and HTTPS: who may connect, how long a client may take for what, and the end. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { Server as SocketServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { gatewayRefusals, type Refusal } from '../errors.ts';
import type { Limits } from './limits.ts';
import type { Traffic } from './traffic.ts';

/** What Node's parser says when it gives up on a request, and the packet over which it does. */
interface ParserError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

/** What is answered then, by its code. */
const unreadable: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: gatewayRefusals.headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: gatewayRefusals.requestTimeout,
};
/** Of a client that hangs up in the middle of a request, that request tells. */
const hungUp = new Set(['ECONNRESET', 'HPE_INVALID_EOF_STATE']);

/** For HTTPS, in PEM. */
export interface Tls {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface Listeners {
  /** Resolves to scheme, address and port, without a slash at the end; rejects when the port is taken. */
  readonly listen: (port: number, host: string) => Promise<string>;
  /** The same with HTTPS; undefined without a certificate. */
  readonly listenSecurely: Listeners['listen'] | undefined;
  /** Where it listens, as far as it does already. */
  readonly listeners: readonly Pick<AddressInfo, 'address' | 'port'>[];
  /** Takes no new connections, and waits for those that there are to end by themselves, but no longer than these milliseconds. */
  readonly retire: (milliseconds: number) => Promise<void>;
  /** Takes no new connections, and waits for the answers that are under way; clients that are slower than that are cut off. */
  readonly drain: () => Promise<void>;
}

/** @param waitsToGoOn whether the client waits until it is asked for its body */
export type Answer = (req: IncomingMessage, res: ServerResponse, waitsToGoOn?: boolean) => void;

export interface ListenersOptions {
  readonly limits: Limits;
  readonly traffic: Traffic;
  readonly answer: Answer;
  /** Answers on the bare socket what never became a request; `packet` is the last of it. Told already: nobody else is told of it. */
  readonly refuse: (socket: Duplex, refusal: Refusal, packet?: Buffer, isTold?: boolean) => void;
  readonly tls: Tls | undefined;
}

export function makeListeners({ limits, traffic, answer, refuse, tls }: ListenersOptions): Listeners {
  const { connections } = traffic;
  const options = {
    ...{ maxHeaderSize: limits.headerBytes, requireHostHeader: false },
    headersTimeout: Math.min(limits.headMilliseconds, limits.requestMilliseconds),
    requestTimeout: limits.requestMilliseconds,
    ...{ keepAliveTimeout: limits.idleMilliseconds, connectionsCheckingInterval: limits.checkMilliseconds },
  };
  const server = createServer(options, (req, res) => answer(req, res));
  const { handshakeMilliseconds: handshakeTimeout } = limits;
  const secureServer =
    tls &&
    createSecureServer({ ...options, handshakeTimeout, cert: tls.certificate, key: tls.privateKey }, (req, res) =>
      answer(req, res),
    );
  const servers = [server, ...(secureServer === undefined ? [] : [secureServer])];
  for (const one of servers) {
    // None is left out of those that signatures are checked over: there may not be more than are counted.
    one.maxHeadersCount = 0;
    one.timeout = limits.silentMilliseconds;
    // Of a body that nobody reads, nobody is asked to send it.
    one.on('checkContinue', (req, res) => answer(req, res, true));
    // Whatever a client expects, it gets the answer.
    one.on('checkExpectation', (req, res) => answer(req, res));
    one.on('connect', (_req, socket: Duplex) => refuse(socket, gatewayRefusals.noSuchApi));
    one.on('timeout', (socket: Socket) => {
      if (!connections.late(socket)) socket.destroy();
    });
    one.on('clientError', ({ code = '', rawPacket }: ParserError, socket: Duplex) => {
      if (code === 'ERR_HTTP_REQUEST_TIMEOUT' && connections.late(socket)) return;
      // Nothing can be said there yet.
      if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') socket.destroy();
      else refuse(socket, unreadable[code] ?? gatewayRefusals.badRequest, rawPacket, hungUp.has(code));
    });
  }
  server.on('connection', (socket) => {
    if (!connections.open(socket)) refuse(socket, gatewayRefusals.throttled);
  });
  if (secureServer !== undefined) admitSecurely(secureServer, traffic);

  // Kept, since to ask a server for its address is a system call.
  const listeners: AddressInfo[] = [];
  const open = async (one: Server, scheme: string, port: number, host: string): Promise<string> => {
    const address = await listen(one, port, host);
    listeners.push(address);
    return urlOf(scheme, address);
  };
  return {
    listen: (port, host) => open(server, 'http', port, host),
    listenSecurely: secureServer && ((port, host) => open(secureServer, 'https', port, host)),
    listeners,
    retire: async (milliseconds) => {
      await Promise.all(servers.map((one) => retire(one, milliseconds)));
    },
    drain: async () => {
      const { drainMilliseconds } = limits;
      // Whoever has said nothing yet may be about to; nobody has to wait for that as long as for an answer.
      const silence = setTimeout(() => connections.endSilent(), drainMilliseconds / 10);
      const cut = setTimeout(() => connections.endAll(), drainMilliseconds);
      await Promise.all(servers.map(drain));
      clearTimeout(silence);
      clearTimeout(cut);
    },
  };
}

/** A connection counts from its first packet: while it shakes hands under its bare socket, and then under the one that is encrypted. */
function admitSecurely(secureServer: Server, { connections }: Traffic): void {
  const shaking = new Map<string, Socket>();
  const peerOf = ({ remoteAddress = '', remotePort = 0 }: Socket): string => `${remoteAddress} ${remotePort}`;
  secureServer.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    shaking.set(peer, socket);
    socket.once('close', () => {
      if (shaking.get(peer) === socket) shaking.delete(peer);
    });
    if (!connections.open(socket)) socket.destroy();
  });
  secureServer.on('secureConnection', (socket: Socket) => {
    const bare = shaking.get(peerOf(socket));
    if (bare !== undefined) connections.forget(bare);
    shaking.delete(peerOf(socket));
    connections.open(socket);
  });
}

/** Addresses that mean every address of the machine, and one of those. */
const anywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

async function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return server.address() as AddressInfo;
}

function urlOf(scheme: string, { address, family, port }: AddressInfo): string {
  const reachable = anywhere[address] ?? (family === 'IPv6' ? `[${address}]` : address);
  return `${scheme}://${reachable}:${String(port)}`;
}

/** Idle connections stay open, where HTTP's own way of closing would end them: a request may be on its way. */
async function retire(server: Server, milliseconds: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    SocketServer.prototype.close.call(server, () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function drain(server: Server): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeIdleConnections();
  });
}
