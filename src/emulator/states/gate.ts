import { assertWanted } from './wanted.ts';

/** Lets calls pass side by side, and what replaces the state under them happen alone: no call sees half of the old one and half of the new. */
export class Gate {
  #passing = 0;
  /** What happens alone, one after the other. */
  #alone = Promise.resolve();
  /** Settles when nobody waits to be alone; undefined while that is so. */
  #closed: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  async pass<T>(call: () => Promise<T>): Promise<T> {
    while (this.#closed !== undefined) await this.#closed;
    this.#passing++;
    try {
      return await call();
    } finally {
      this.#passing--;
      if (this.#passing === 0) this.#onEmpty?.();
    }
  }

  /**
   * Waits for the calls that are under way; those that come meanwhile wait for this.
   * @param signal aborted when nobody wants it any more
   * @throws ServiceError notReady where that was so before its turn: nothing has happened then
   */
  async alone<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = this.#alone.then(async () => {
      assertWanted(signal);
      await this.#empty();
      assertWanted(signal);
      return work();
    });
    const settled = turn.then(ignore, ignore);
    this.#alone = settled;
    this.#closed = settled;
    try {
      return await turn;
    } finally {
      if (this.#closed === settled) this.#closed = undefined;
    }
  }

  async #empty(): Promise<void> {
    if (this.#passing === 0) return;
    await new Promise<void>((resolve) => (this.#onEmpty = resolve));
    this.#onEmpty = undefined;
  }
}

const ignore = (): void => undefined;

type Handlers = Readonly<Record<string, (call: never) => Promise<unknown>>>;

/** The same functions, each of which passes the gate. */
export const gated = <Some extends Handlers>(gate: Gate, handlers: Some): Some =>
  Object.fromEntries(
    Object.entries<Handlers[string]>(handlers).map(([name, handler]) => [
      name,
      (call: never) => gate.pass(() => handler(call)),
    ]),
  ) as Some;
