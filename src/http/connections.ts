/** Who is connected, and who gives way when there are too many: a client that only holds its connection takes it from nobody. */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Activity } from '../contract/traffic.ts';
import type { Limits } from './limits.ts';

/** A request on its connection, from its head to its end. */
export interface Pending {
  /** What is done for it; undefined as long as it is not complete. */
  readonly activity: Activity | undefined;
  /** Whether the client keeps us waiting: it sends what is missing of the request, or it reads of the answer. */
  readonly isOfClient: () => boolean;
  /** Answers that it takes too long; false where it cannot. */
  readonly giveUp: () => boolean;
}

export interface Connection {
  readonly socket: Socket;
  /** In the order in which they came, and in which they are answered. */
  readonly pending: Set<Pending>;
  /** Bytes of answers that the client has not taken yet. */
  unread: number;
}

type ConnectionLimits = Pick<Limits, 'connections' | 'unreadBytes'>;

export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #all = new Map<Duplex, Connection>();
  /** Those for which nothing is done: idle, or in the middle of a request; who is so for longest comes first. */
  readonly #quiet = new Set<Connection>();
  /** Those with answers that were not read, likewise. */
  readonly #unread = new Set<Connection>();
  #unreadBytes = 0;
  #cutOff = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#all.size;
  }

  get unreadBytes(): number {
    return this.#unreadBytes;
  }

  /** How many gave way. */
  get cutOff(): number {
    return this.#cutOff;
  }

  /** False: no other one gave way, and this one has no place. */
  open(socket: Socket): boolean {
    // Before it is one of them, so that it is never the one that gives way.
    const hasPlace = this.#all.size < this.#limits.connections || this.#makeRoom(this.#quiet);
    const connection: Connection = { socket, pending: new Set(), unread: 0 };
    this.#all.set(socket, connection);
    this.#quiet.add(connection);
    socket.once('close', () => this.forget(socket));
    return hasPlace;
  }

  /** Of a socket that has closed, or goes on as another one. */
  forget(socket: Duplex): void {
    const connection = this.#all.get(socket);
    if (connection === undefined) return;
    this.#all.delete(socket);
    this.#quiet.delete(connection);
    this.#unread.delete(connection);
    this.#unreadBytes -= connection.unread;
    connection.unread = 0;
  }

  of(socket: Duplex): Connection | undefined {
    return this.#all.get(socket);
  }

  /** A request has begun: whoever sends the rest of it is as good as new. */
  enter(connection: Connection, request: Pending): void {
    connection.pending.add(request);
    this.#quiet.delete(connection);
    if (connection.pending.size === 1) this.#quiet.add(connection);
  }

  /** Something is done for it. */
  wake(connection: Connection): void {
    this.#quiet.delete(connection);
  }

  leave(connection: Connection, request: Pending): void {
    connection.pending.delete(request);
    const [next] = connection.pending;
    if (next?.activity === undefined && this.#all.has(connection.socket)) this.#quiet.add(connection);
  }

  /** An answer was handed over and not taken: so many bytes of it. What is returned is to be called when it was. */
  awaitReader(connection: Connection, bytes: number): () => void {
    if (!this.#all.has(connection.socket)) return () => undefined;
    connection.unread += bytes;
    this.#unreadBytes += bytes;
    this.#unread.add(connection);
    // Of one alone the answer may be as long as that.
    while (this.#unreadBytes > this.#limits.unreadBytes && this.#unread.size > 1) this.#makeRoom(this.#unread);
    return () => {
      if (connection.unread === 0) return;
      connection.unread -= bytes;
      this.#unreadBytes -= bytes;
      // It reads: whoever does not is before it.
      this.#unread.delete(connection);
      if (connection.unread > 0) this.#unread.add(connection);
    };
  }

  /**
   * Nothing has moved on it, or a request takes too long. Who waits for Signet goes on doing so.
   * @returns false where there is no request that could be answered
   */
  late(socket: Duplex): boolean {
    const connection = this.#all.get(socket);
    const [first] = connection?.pending ?? [];
    if (first === undefined) return false;
    if (first.isOfClient() && !first.giveUp()) socket.destroy();
    return true;
  }

  /** Ends those that never said anything: Node counts them among those whose requests are under way. */
  endSilent(): void {
    for (const { socket } of this.#quiet) if (socket.bytesRead === 0) socket.destroy();
  }

  /** Ends all of them, whatever they are used for. */
  endAll(): void {
    for (const socket of [...this.#all.keys()]) socket.destroy();
  }

  #makeRoom(from: ReadonlySet<Connection>): boolean {
    const [longest] = from;
    if (longest === undefined) return false;
    this.#cutOff++;
    this.forget(longest.socket);
    longest.socket.destroy();
    return true;
  }
}
