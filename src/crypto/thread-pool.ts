import { promisify } from 'node:util';
import { poolPlaces } from './places.ts';

/**
 * Work that node:crypto does on libuv's pool and tells by a callback.
 * @param cost milliseconds that it takes a core, about
 * @throws Overloaded when too much of it waits
 */
export const onPool = <Result>(
  cost: number,
  work: (done: (error: Error | null, result: Result) => void) => void,
): Promise<Result> => poolPlaces.hold(cost, promisify(work));
