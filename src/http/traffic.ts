/** What is going on at once, and what is too much of it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Activity, TrafficCounts } from '../contract/traffic.ts';
import { Overloaded } from '../errors.ts';
import { hasBody } from './body.ts';
import { Connections } from './connections.ts';
import type { Limits } from './limits.ts';
import { Stay, type Desk } from './stay.ts';

/** Milliseconds without a byte of a body, after which it gives way to others where there is no room for all. */
const STALLED = 1000;

export class Traffic {
  readonly connections: Connections;
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #places: Record<Activity, number> = { working: 0, waiting: 0, forwarding: 0, reserved: 0 };
  /** In the order in which they last got on. */
  readonly #arriving = new Set<Stay>();
  readonly #forwarding = new Set<Stay>();
  readonly #refused = new Map<string, number>();
  readonly #desk: Desk;
  #bodyBytes = 0;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(limits: Limits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.connections = new Connections(limits);
    this.#desk = {
      place: (stay, from, to) => this.#place(stay, from, to),
      hold: (stay, bytes) => this.#hold(stay, bytes),
      drop: (stay) => this.#drop(stay),
      leave: (stay) => this.#leave(stay),
      connections: this.connections,
    };
  }

  counts(): TrafficCounts {
    const { size: connections, unreadBytes, cutOff } = this.connections;
    return {
      ...{ places: { ...this.#places }, arriving: this.#arriving.size, bodyBytes: this.#bodyBytes },
      ...{ unreadBytes, connections, cutOff, refused: this.#refused },
    };
  }

  /** Whether a request that comes now has to be asked what it is for: there may be no place for it. */
  get isBusy(): boolean {
    const { working, forwarding } = this.#places;
    return working >= this.#limits.requests || forwarding >= this.#limits.requests;
  }

  /** Whether there is no place for one more. */
  isFull(activity: Activity): boolean {
    const { reserved, requests } = this.#limits;
    if (this.#places[activity] < (activity === 'reserved' ? reserved : requests)) return false;
    return activity !== 'forwarding' || !this.#hurry();
  }

  /** Counts a request that is refused for it. */
  refuse(what: string): void {
    this.#refused.set(what, (this.#refused.get(what) ?? 0) + 1);
  }

  /** @throws Overloaded where too many requests of its connection wait for their answers */
  enter(req: IncomingMessage, res: ServerResponse): Stay {
    const connection = this.connections.of(req.socket);
    if (connection !== undefined && connection.pending.size >= this.#limits.pipelined)
      throw new Overloaded('pipelining');
    const stay = new Stay(req, res, connection, this.#desk);
    if (hasBody(req)) this.#arriving.add(stay);
    return stay;
  }

  /** @throws Overloaded */
  #place(stay: Stay, from: Activity | undefined, to: Activity): void {
    if (this.isFull(to)) throw new Overloaded(to);
    this.#places[to]++;
    if (from !== undefined) this.#places[from]--;
    this.#arriving.delete(stay);
    this.#forwarding.delete(stay);
    if (to === 'forwarding') this.#forwarding.add(stay);
  }

  /** @throws Overloaded */
  #hold(stay: Stay, bytes: number): void {
    const { bodyBytes } = this.#limits;
    const others = (): number => this.#bodyBytes - stay.bytes;
    while (others() > 0 && this.#bodyBytes + bytes > bodyBytes)
      if (!this.#dropStalled(stay)) throw new Overloaded('bodies');
    this.#bodyBytes += bytes;
    if (stay.activity !== undefined) return;
    stay.movedAt = this.#now();
    this.#arriving.delete(stay);
    this.#arriving.add(stay);
  }

  #drop(stay: Stay): void {
    this.#bodyBytes -= stay.bytes;
    this.#arriving.delete(stay);
  }

  #leave(stay: Stay): void {
    if (stay.activity !== undefined) this.#places[stay.activity]--;
    this.#forwarding.delete(stay);
    this.#drop(stay);
  }

  /** Refuses the request whose body has not got on for longest, where one stands still. */
  #dropStalled(besides: Stay): boolean {
    const latest = this.#now() - STALLED;
    for (const stay of this.#arriving) {
      if (stay === besides || stay.bytes === 0) continue;
      if (stay.movedAt > latest) return false;
      this.#arriving.delete(stay);
      return stay.giveUp();
    }
    return false;
  }

  /** Ends what has been at a backend for longest, of those whose clients neither send nor read. */
  #hurry(): boolean {
    for (const stay of this.#forwarding) {
      if (!stay.isOfClient()) continue;
      stay.cutOff();
      return true;
    }
    return false;
  }
}
