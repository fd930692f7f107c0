/** Sends requests to backends, over connections that are kept. */
import {
  Agent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as SecureAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { assertAllowed, guardedLookup, type AddressRules, type BackendHost } from './backend-addresses.ts';
import { BackendFailure, failureOf, tooLate } from './backend-failure.ts';
import { CallerGone } from './refusing.ts';
import { BODY_LIMIT, tooLarge } from './whole-body.ts';

/** Connections to one backend; what is beyond waits for one. */
const SOCKETS = { keepAlive: true, maxSockets: 256, maxFreeSockets: 64 } as const;
/** Bytes of an answer's headers. */
const HEADER_LIMIT = 64 * 1024;

export interface Outgoing {
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly backend: BackendHost;
  readonly method: string;
  readonly target: string;
  /** Names and values by turns, Host and what frames the body among them. */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array | Readable;
  /** Milliseconds for the head of the answer, and for each pause after it. */
  readonly timeout: number;
  /** How often it is sent again when no connection comes about; never with a streamed body. */
  readonly retries: number;
}

export interface BackendClient {
  /** Resolves with the head of the answer. @throws BackendFailure or CallerGone */
  readonly send: (outgoing: Outgoing, signal: AbortSignal) => Promise<IncomingMessage>;
  readonly close: () => void;
}

/** A certificate proves nothing on this machine, where a backend has the one that it made itself; any other is looked at. */
const isThisMachine = (host: string): boolean => /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|::1)$/i.test(host);

export function makeBackendClient(rules: AddressRules): BackendClient {
  const agents = { HTTP: new Agent(SOCKETS), HTTPS: new SecureAgent(SOCKETS) };

  function open({ protocol, backend: { host, port }, method, target, rawHeaders }: Outgoing): ClientRequest {
    if (isIP(host) !== 0) assertAllowed(host, port, rules);
    const options: RequestOptions = {
      ...{ agent: agents[protocol], host, port, method, path: target, headers: rawHeaders },
      ...{ lookup: guardedLookup(port, rules), maxHeaderSize: HEADER_LIMIT },
    };
    return protocol === 'HTTP'
      ? httpRequest(options)
      : httpsRequest({ ...options, rejectUnauthorized: !isThisMachine(host) });
  }

  function attempt(outgoing: Outgoing, signal: AbortSignal): Promise<IncomingMessage> {
    const { backend, body, timeout } = outgoing;
    const request = open(outgoing);
    const wait = new Wait(timeout, () => request.destroy(tooLate(backend.written, timeout)));
    const leave = (): unknown => request.destroy(new CallerGone());
    signal.addEventListener('abort', leave);
    request.once('response', (response) => {
      wait.end();
      endIdle(request, response, timeout);
    });
    request.once('close', () => {
      wait.end();
      signal.removeEventListener('abort', leave);
      // What nobody wants any more must not keep the caller's connection busy.
      if (body instanceof Readable) body.unpipe(request).resume();
    });
    const head = headOf(request, backend.written);
    if (body instanceof Readable) stream(body, request, wait);
    else request.end(body);
    return head;
  }

  async function send(outgoing: Outgoing, signal: AbortSignal): Promise<IncomingMessage> {
    let { retries } = outgoing;
    let stale = 1;
    for (;;) {
      if (signal.aborted) throw new CallerGone();
      try {
        return await attempt(outgoing, signal);
      } catch (error) {
        const failure = failureOf(error as Error, outgoing.backend.written, false);
        if (!(failure instanceof BackendFailure) || outgoing.body instanceof Readable) throw failure;
        if (failure.isStale && stale-- > 0) continue;
        if (failure.kind !== 'unreachable' || retries-- <= 0) throw failure;
      }
    }
  }

  return {
    send,
    close: () => {
      agents.HTTP.destroy();
      agents.HTTPS.destroy();
    },
  };
}

/** The head of the answer, or why there is none. */
function headOf(request: ClientRequest, host: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let bytesBefore = 0;
    let isOpen = true;
    request.once('socket', ({ bytesRead }) => (bytesBefore = bytesRead));
    request.once('response', (response) => {
      isOpen = false;
      resolve(response);
    });
    request.on('error', (error) => {
      isOpen = false;
      const isUnheard = request.reusedSocket && request.socket?.bytesRead === bytesBefore;
      reject(failureOf(error, host, isUnheard));
    });
    request.once('close', () => {
      // Where nothing else was wrong: it wants to speak another protocol.
      if (isOpen) reject(new BackendFailure('garbled', `${host} gives no answer.`));
    });
  });
}

/** A time limit that can be put off. */
class Wait {
  readonly #timer: NodeJS.Timeout;
  #isOver = false;
  /** Asked at its end whether it is the caller who is waited for. */
  isOfCaller = (): boolean => false;

  constructor(milliseconds: number, expire: () => void) {
    this.#timer = setTimeout(() => (this.isOfCaller() ? this.putOff() : expire()), milliseconds);
  }

  putOff(): void {
    if (!this.#isOver) this.#timer.refresh();
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}

/** Sends a body as it comes; the backend's time begins anew with all that it gets. */
function stream(body: Readable, request: ClientRequest, wait: Wait): void {
  let length = 0;
  wait.isOfCaller = () => body.readableFlowing === true && !body.readableEnded;
  body.on('data', (chunk: Buffer) => {
    wait.putOff();
    length += chunk.length;
    if (length > BODY_LIMIT) request.destroy(tooLarge());
  });
  body.pipe(request);
}

/** Breaks an answer off that pauses too long, unless it is the caller who does not read. */
function endIdle(request: ClientRequest, response: IncomingMessage, timeout: number): void {
  request.setTimeout(timeout, () => {
    const before = request.socket?.bytesRead;
    // Not before what has come meanwhile was read: it may be we who were late.
    setImmediate(() => {
      const isOver = response.readableFlowing !== false && request.socket?.bytesRead === before;
      if (isOver) request.destroy();
      else endIdle(request, response, timeout);
    });
  });
}
