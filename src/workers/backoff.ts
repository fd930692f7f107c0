/** How long to wait before a worker takes the place of one that died. */

/** Milliseconds. Who has lived for longer than the first was in order; nobody waits longer than the last, nor less than the second. */
const [HARDLY_LIVED, FIRST_PAUSE, LONGEST_PAUSE] = [1000, 100, 5000];

/** Counts deaths that follow one another soon after the start. */
export class Backoff {
  #deaths = 0;

  /** @param lived milliseconds from when it was ready; 0 if it never was. @returns milliseconds: none for the first */
  pauseAfter(lived: number): number {
    this.#deaths = lived > HARDLY_LIVED ? 1 : this.#deaths + 1;
    return this.#deaths === 1 ? 0 : Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#deaths - 2));
  }
}
