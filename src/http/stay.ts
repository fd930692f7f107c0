/** One request in the traffic of a server. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Activity } from '../contract/traffic.ts';
import { ServiceError, gatewayRefusals } from '../errors.ts';
import type { Connection, Connections, Pending } from './connections.ts';

/** Where places are kept. */
export interface Desk {
  readonly place: (stay: Stay, from: Activity | undefined, to: Activity) => void;
  readonly hold: (stay: Stay, bytes: number) => void;
  readonly drop: (stay: Stay) => void;
  readonly leave: (stay: Stay) => void;
  readonly connections: Connections;
}

/** What it takes up, from its head until nothing is done for it any more. */
export class Stay implements Pending {
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #connection: Connection | undefined;
  readonly #desk: Desk;
  #activity: Activity | undefined;
  #bytes = 0;
  #hasEnded = false;
  /** Refuses the request while its body is under way. */
  onGivenUp: ((error: ServiceError) => void) | undefined;
  /** When its body last got on. */
  movedAt = 0;

  constructor(req: IncomingMessage, res: ServerResponse, connection: Connection | undefined, desk: Desk) {
    this.#req = req;
    this.#res = res;
    this.#connection = connection;
    this.#desk = desk;
    if (connection !== undefined) desk.connections.enter(connection, this);
  }

  /** Undefined as long as the body is under way. */
  get activity(): Activity | undefined {
    return this.#activity;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a place, and gives back the one that it had. @throws Overloaded */
  take(activity: Activity): void {
    if (this.#activity === activity || this.#hasEnded) return;
    // Whoever asks how Signet is keeps the place that is for that.
    if (this.#activity === 'reserved') return;
    this.#desk.place(this, this.#activity, activity);
    this.#activity = activity;
    if (this.#connection !== undefined) this.#desk.connections.wake(this.#connection);
  }

  /** So many more bytes of its body are kept until its end. @throws Overloaded */
  hold(bytes: number): void {
    if (this.#hasEnded) return;
    this.#desk.hold(this, bytes);
    this.#bytes += bytes;
  }

  /** Nothing is done for it any more; its answer may be on its way. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#desk.leave(this);
    this.#bytes = 0;
    if (this.#connection === undefined) return;
    const { connections } = this.#desk;
    connections.leave(this.#connection, this);
    const { writableLength, destroyed } = this.#res;
    if (writableLength > 0 && !destroyed)
      this.#res.once('finish', connections.awaitReader(this.#connection, writableLength));
  }

  isOfClient(): boolean {
    return (!this.#req.complete && !this.#req.isPaused()) || this.#res.writableNeedDrain;
  }

  giveUp(): boolean {
    this.onGivenUp?.(new ServiceError(gatewayRefusals.requestTimeout));
    return this.onGivenUp !== undefined;
  }

  /** Of its body nothing is kept any more. */
  drop(): void {
    this.#desk.drop(this);
    this.#bytes = 0;
  }

  cutOff(): void {
    this.#res.destroy();
    this.end();
  }
}
