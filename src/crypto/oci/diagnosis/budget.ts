/** What a line of a signing string costs beyond its bytes, as if it were longer by so many. */
const LINE = 64;

/** How much may be tried for one diagnosis, so that no request takes long. */
export class Budget {
  #taken = 0;
  #candidates: number;
  #bytes: number;

  /** @param bytes of candidates, and of what is hashed for them */
  constructor(candidates: number, bytes: number) {
    this.#candidates = candidates;
    this.#bytes = bytes;
  }

  get hasMore(): boolean {
    return this.#candidates > 0 && this.#bytes > 0;
  }

  /** Candidates that were tried. */
  get taken(): number {
    return this.#taken;
  }

  /** One candidate. */
  take(bytes: number, lines: number): void {
    this.#taken++;
    this.#candidates--;
    this.#bytes -= bytes + LINE * lines;
  }

  /** What candidates are made of. */
  spend(bytes: number): void {
    this.#bytes -= bytes;
  }
}
