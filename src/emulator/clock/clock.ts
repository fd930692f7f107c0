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
  readonly now = (): number => this.#standsAt ?? this.real() + this.#offset;

  get isFrozen(): boolean {
    return this.#standsAt !== undefined;
  }

  /** Milliseconds that it is ahead of the real time; negative: behind. */
  get offset(): number {
    return this.#standsAt === undefined ? this.#offset : this.#standsAt - this.real();
  }

  /** It runs on, or stands, at this instant: milliseconds since 1970. */
  set(instant: number, isFrozen: boolean): void {
    this.#offset = instant - this.real();
    this.#standsAt = isFrozen ? instant : undefined;
  }

  /** It runs on, so many milliseconds ahead of the real time. */
  runAhead(milliseconds: number): void {
    this.#offset = milliseconds;
    this.#standsAt = undefined;
  }

  /** Back to the real time. */
  reset(): void {
    this.#offset = 0;
    this.#standsAt = undefined;
  }
}
