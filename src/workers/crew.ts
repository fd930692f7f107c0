/** The workers: as many as are wanted, each replaced when it dies, and all ended together. */
import cluster, { type Worker } from 'node:cluster';
import { Backoff } from './backoff.ts';
import { endUntaken } from './handed-connections.ts';
import { stopping, type Dismissal, type Failure, type FromWorker, type Mail } from './messages.ts';
import type { Orders, Ready, ToWorker } from './messages.ts';

export interface CrewOptions {
  readonly size: number;
  /** In the environment of each. */
  readonly environment: Readonly<Record<string, string>>;
  readonly ordersOf: (serial: number) => Orders;
  /** Told of each that has begun. */
  readonly onReady: (ready: Ready, serial: number) => void;
  /** Told what a person should know. */
  readonly log: (message: string) => void;
}

/** One of the places that are to be filled. */
interface Place {
  readonly backoff: Backoff;
  member: Member | undefined;
  /** Who is about to relieve it. */
  successor: Member | undefined;
  /** Fills it after a pause. */
  timer: NodeJS.Timeout | undefined;
}

interface Member {
  readonly worker: Worker;
  /** Resolves to whether it began. */
  readonly begun: Promise<boolean>;
  readonly ended: Promise<unknown>;
  state: 'starting' | 'ready' | 'leaving';
  readyAt: number;
  failure: Failure | undefined;
}

/** Milliseconds that a worker may take to end: more than its answers may, which are cut off before. */
const STOP_PATIENCE = 15_000;
/** Of one that another has taken the place of. Milliseconds: as long as most clients keep a connection that they do not use. */
const relieved: Dismissal = { linger: 5000, isRelieved: true };

export class Crew {
  readonly #options: CrewOptions;
  readonly #places: readonly Place[];
  readonly #members = new Map<number, Member>();
  readonly #end = Promise.withResolvers<number>();
  #hasBegun = false;
  #isStopping = false;
  #isRolling = false;
  /** Why the first one failed, as long as none has begun. */
  #failure: Failure | undefined;
  #exitCode = 0;

  constructor(options: CrewOptions) {
    this.#options = options;
    this.#places = Array.from({ length: options.size }, () => ({
      ...{ backoff: new Backoff(), member: undefined, successor: undefined, timer: undefined },
    }));
    for (const place of this.#places) this.#fill(place);
  }

  /** Resolves to an exit code when all have ended: 0 where they did as they were asked to. */
  get ended(): Promise<number> {
    return this.#end.promise;
  }

  get isComplete(): boolean {
    return !this.#isStopping && this.#places.every(({ member }) => member?.state === 'ready');
  }

  /** Whether any worker listens. */
  get isManned(): boolean {
    return [...this.#members.values()].some(({ state }) => state !== 'starting');
  }

  /** Lets all answer what is under way. */
  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    for (const { worker } of this.#members.values()) tell(worker, { kind: 'stop', ...stopping });
    setTimeout(() => this.kill(), STOP_PATIENCE).unref();
    this.#endWhenEmpty();
  }

  kill(): void {
    this.#isStopping = true;
    this.#exitCode = 1;
    for (const { worker } of this.#members.values()) worker.process.kill('SIGKILL');
    this.#endWhenEmpty();
  }

  /** Another one takes its place. */
  dismiss(serial: number): void {
    this.#members.get(serial)?.worker.process.kill('SIGKILL');
  }

  /** One after the other: each goes when the one that takes its place is ready. */
  async roll(): Promise<void> {
    if (this.#isRolling) return;
    this.#isRolling = true;
    for (const place of this.#places) if (!(await this.#renew(place))) break;
    this.#isRolling = false;
  }

  /** False: it could not be. */
  async #renew(place: Place): Promise<boolean> {
    const former = place.member;
    if (this.#isStopping || former?.state !== 'ready') return true;
    const successor = (place.successor = this.#tryToEnlist(place));
    if (successor === undefined) return false;
    const hasBegun = await successor.begun;
    place.successor = undefined;
    if (hasBegun) {
      place.member = successor;
      await relieve(former);
    } else {
      this.#options.log(successor.failure?.text ?? 'a new worker ended before it had begun; the others stay');
      this.#fill(place);
    }
    return hasBegun;
  }

  #fill(place: Place): void {
    if (this.#isStopping || place.member !== undefined) return;
    place.member = this.#tryToEnlist(place);
    if (place.member === undefined) this.#fillIn(place, place.backoff.pauseAfter(0));
  }

  /** @param pause in milliseconds */
  #fillIn(place: Place, pause: number): void {
    place.timer = setTimeout(() => this.#fill(place), pause);
  }

  /** Undefined where the machine gives no process; at the beginning it throws what the machine says. */
  #tryToEnlist(place: Place): Member | undefined {
    try {
      return this.#enlist(place);
    } catch (error) {
      if (!this.#hasBegun) throw error;
      this.#options.log(`no worker can be started: ${String(error)}`);
      return undefined;
    }
  }

  #enlist(place: Place): Member {
    const worker = cluster.fork(this.#options.environment);
    const [begun, ended] = [Promise.withResolvers<boolean>(), Promise.withResolvers<undefined>()];
    const member: Member = {
      ...{ worker, begun: begun.promise, ended: ended.promise },
      ...{ state: 'starting', readyAt: 0, failure: undefined },
    };
    this.#members.set(worker.id, member);
    endUntaken(worker, () => !this.#isStopping);
    worker.on('message', (message: FromWorker) => this.#hear(member, message, () => begun.resolve(true)));
    const lose = (how: string): void => {
      if (!this.#members.delete(worker.id)) return;
      begun.resolve(false);
      ended.resolve(undefined);
      this.#tellPeers();
      this.#replace(place, member, how);
    };
    worker.once('exit', (code, signal) => lose(signal || `exit code ${code}`));
    // Without a number it never came to be; with one, it may be gone before it hears.
    worker.on('error', ({ message }) => {
      if (worker.process.pid === undefined) lose(message);
    });
    return member;
  }

  #hear(member: Member, message: FromWorker, begin: () => void): void {
    const { worker } = member;
    if (message.kind === 'mail') this.#pass(message);
    else if (message.kind === 'here') {
      tell(worker, { kind: 'orders', ...this.#options.ordersOf(worker.id) });
      if (this.#isStopping) tell(worker, { kind: 'stop', ...stopping });
    } else if (message.kind === 'failed') member.failure = message;
    else {
      member.state = 'ready';
      member.readyAt = performance.now();
      begin();
      this.#tellPeers();
      if (!this.#hasBegun) {
        this.#hasBegun = true;
        this.#places.forEach((place) => this.#fill(place));
      }
      this.#options.onReady(message, worker.id);
    }
  }

  #pass(mail: Mail): void {
    for (const serial of mail.to) {
      const member = this.#members.get(serial);
      if (member !== undefined) tell(member.worker, mail);
    }
  }

  #tellPeers(): void {
    const known = [...this.#members.values()].filter(({ state }) => state !== 'starting');
    const serials = known.map(({ worker }) => worker.id);
    for (const { worker } of known) tell(worker, { kind: 'peers', serials });
  }

  #replace(place: Place, member: Member, how: string): void {
    const { worker, failure, state, readyAt } = member;
    if (place.member === member) place.member = undefined;
    if (this.#isStopping) return this.#endWhenEmpty();
    if (!this.#hasBegun) {
      // Perhaps one of the others does; those that could not are tried again after it.
      this.#failure ??= failure ?? { text: `a worker ended before it had begun (${how})`, exitCode: 1 };
      this.#exitCode = this.#failure.exitCode;
      if (this.#members.size === 0) this.#options.log(this.#failure.text);
      return this.#endWhenEmpty();
    }
    if (place.member !== undefined || place.successor !== undefined) return;
    const pause = place.backoff.pauseAfter(state === 'starting' ? 0 : performance.now() - readyAt);
    const why = failure?.text ?? `worker ${worker.process.pid} ended (${how})`;
    this.#options.log(`${why}; another one begins${pause > 0 ? ` in ${pause / 1000} s` : ''}`);
    this.#fillIn(place, pause);
  }

  #endWhenEmpty(): void {
    if (this.#members.size > 0) return;
    for (const { timer } of this.#places) clearTimeout(timer);
    this.#end.resolve(this.#exitCode);
  }
}

async function relieve(former: Member): Promise<void> {
  former.state = 'leaving';
  tell(former.worker, { kind: 'stop', ...relieved });
  const timer = setTimeout(() => former.worker.process.kill('SIGKILL'), relieved.linger + STOP_PATIENCE);
  await former.ended;
  clearTimeout(timer);
}

function tell(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, undefined, () => undefined);
}
