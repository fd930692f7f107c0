/** Those who wait for something to happen a number of times. */
import { ServiceError } from '../../errors.ts';
import { emulatorRefusals as refusals } from '../errors.ts';

/** At once. */
const MOST_WAITERS = 100;

export class Waiters<Event> {
  readonly #waiters = new Set<(event: Event) => void>();

  /**
   * Until so many events that are wanted have happened, or so many milliseconds have gone by, or until the signal.
   * @throws ServiceError tooManyWaiters
   */
  wait(isWanted: (event: Event) => boolean, count: number, milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.#waiters.size >= MOST_WAITERS) throw new ServiceError(refusals.tooManyWaiters);
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      let missing = count;
      const end = (): void => {
        this.#waiters.delete(hear);
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const hear = (event: Event): void => {
        if (isWanted(event) && --missing === 0) end();
      };
      const timer = setTimeout(end, milliseconds);
      signal.addEventListener('abort', end);
      this.#waiters.add(hear);
    });
  }

  tell(event: Event): void {
    for (const hear of this.#waiters) hear(event);
  }
}
