/** For long work between which others must have their turn. */
import { setImmediate as others } from 'node:timers/promises';

/** Milliseconds of work after which others are let go first. */
const PATIENCE = 10;

export class Turn {
  #since = performance.now();

  get isOver(): boolean {
    return performance.now() - this.#since >= PATIENCE;
  }

  /** Lets others go, and begins anew. */
  async pass(): Promise<void> {
    await others();
    this.#since = performance.now();
  }
}
