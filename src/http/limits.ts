/** What one server takes on at once, and how long it waits for others. Beyond it a request is refused with 429, or a connection gives way. */

export interface Limits {
  /** Requests that are worked on; as many again may wait for something (a long poll, a delay), and as many may be at backends of API Gateway. */
  readonly requests: number;
  /** Beyond it, the connection that has been idle or incomplete for longest gives way. */
  readonly connections: number;
  /** Milliseconds from the first byte of a request to its last. */
  readonly requestMilliseconds: number;
  /** Requests that have a place even when all others are taken: those that ask how Signet is. */
  readonly reserved: number;
  /** Requests of one connection that wait for their answers; clients that do not pipeline have one. */
  readonly pipelined: number;
  /** Of the bodies of all requests at once. One alone is not held to it: a state to be imported may be as long as that. */
  readonly bodyBytes: number;
  /** Of the answers that clients do not read; beyond it, the one that has not read for longest is cut off. */
  readonly unreadBytes: number;
  /** Of a request's headers, and of its target, as the gateway limits them. */
  readonly headerBytes: number;
  readonly targetBytes: number;
  /** Header fields of a request: 64 KiB of empty ones would be 16,000. */
  readonly headerFields: number;
  /** Milliseconds from the first byte of a request to the end of its headers. */
  readonly headMilliseconds: number;
  /** Milliseconds in which a client that has something to send, or an answer to read, does not do either. */
  readonly silentMilliseconds: number;
  /** Milliseconds between two requests: more than the 90 that Go keeps a connection, so that the client is the one to close it. */
  readonly idleMilliseconds: number;
  readonly handshakeMilliseconds: number;
  /** How often it is looked for requests that are late. */
  readonly checkMilliseconds: number;
  /** How long a client may take to read its answer when the server stops. */
  readonly drainMilliseconds: number;
}

export const usualLimits: Limits = {
  requests: 1000,
  connections: 10_000,
  requestMilliseconds: 120_000,
  reserved: 16,
  pipelined: 16,
  bodyBytes: 256 * 1024 * 1024,
  unreadBytes: 64 * 1024 * 1024,
  headerBytes: 64 * 1024,
  targetBytes: 32 * 1024,
  headerFields: 1000,
  headMilliseconds: 15_000,
  silentMilliseconds: 15_000,
  idleMilliseconds: 95_000,
  handshakeMilliseconds: 10_000,
  checkMilliseconds: 2000,
  drainMilliseconds: 10_000,
};
