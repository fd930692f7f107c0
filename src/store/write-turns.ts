/** Turns at one thing, in the order in which they are asked for. */
import { StoreUnreachable } from './store.ts';

export interface Turns {
  /**
   * Waits for the turn; what it gives ends it.
   * @throws StoreUnreachable when it does not come in time
   */
  take(): Promise<() => void>;
}

/** @param most milliseconds that one waits for its turn */
export function makeTurns(most: number): Turns {
  const waiting: (() => void)[] = [];
  let isTaken = false;
  const end = (): void => {
    const next = waiting.shift();
    if (next) next();
    else isTaken = false;
  };
  return {
    async take() {
      if (isTaken) await inTime(waiting, most);
      isTaken = true;
      return end;
    },
  };
}

async function inTime(waiting: (() => void)[], most: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => {
    waiting.splice(waiting.indexOf(come), 1);
    reject(new StoreUnreachable('Other writes of this process take too long'));
  }, most);
  const come = (): void => {
    clearTimeout(timer);
    resolve(undefined);
  };
  waiting.push(come);
  await promise;
}
