import { setImmediate as others } from 'node:timers/promises';
import type { Store } from '../../src/store/store.ts';

/**
 * A store that lets others go first before each step, inside of transactions as well: what can come between comes between.
 * @param pause how long; requests that come one after the other want more than one turn
 */
export function hesitant(store: Store, pause: () => Promise<unknown> = others): Store {
  const transaction: Store['transaction'] = async (work) => {
    await pause();
    return store.transaction((inner) => work(hesitant(inner, pause)));
  };
  return { ...slowed(store, pause), transaction };
}

/** The same object with every function in it, at any depth, slowed down. */
function slowed<T extends object>(part: T, pause: () => Promise<unknown>): T {
  const entries = Object.entries(part).map(([name, value]: [string, unknown]) => [name, slowedValue(value, pause)]);
  return Object.fromEntries(entries) as T;
}

function slowedValue(value: unknown, pause: () => Promise<unknown>): unknown {
  if (typeof value === 'object' && value !== null) return slowed(value, pause);
  if (typeof value !== 'function') return value;
  return async (...args: readonly unknown[]): Promise<unknown> => {
    await pause();
    return Reflect.apply(value, undefined, args) as unknown;
  };
}
