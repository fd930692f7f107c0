/** The time of the whole emulator: what runs with the real one, or ahead of it, or stands still. */
export class Clock {
  /** Milliseconds since 1970, whatever this clock says. */
  readonly real: () => number;
  #offset = 0;
  /** Where it stands; undefined while it runs. */
  #standsAt: number | undefined;

  /** @param real milliseconds since 1970 */
  constructor(real: () => number) {
    this.real = real;
  }

  /** Milliseconds since 1970. */
  readonly now = (): number => this.at(this.real());

  /** What it says at an instant of the real time; both in milliseconds since 1970. */
  at(real: number): number {
    return this.#standsAt ?? real + this.#offset;
  }

  get isFrozen(): boolean {
    return this.#standsAt !== undefined;
  }

  /** Milliseconds that it is ahead of the real time; negative: behind. */
  get offset(): number {
    return this.#standsAt === undefined ? this.#offset : this.#standsAt - this.real();
  }

  /** It stands at this instant: milliseconds since 1970. */
  standAt(instant: number): void {
    this.#standsAt = instant;
  }

  /** It runs on, so many milliseconds ahead of the real time. */
  runAhead(milliseconds: number): void {
    this.#offset = milliseconds;
    this.#standsAt = undefined;
  }

  /** Back to the real time. */
  reset(): void {
    this.runAhead(0);
  }
}
