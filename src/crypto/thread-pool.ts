import { poolPlaces } from './places.ts';

/**
 * Work that node:crypto does on libuv's pool and tells by a callback.
 * @param cost milliseconds that it takes a core, about
 * @throws Overloaded when too much of it waits
 */
export async function onPool<Result>(
  cost: number,
  work: (done: (error: Error | null, result: Result) => void) => void,
): Promise<Result> {
  const leave = poolPlaces.take(cost);
  try {
    return await new Promise((resolve, reject) => {
      work((error, result) => {
        if (error) reject(error);
        else resolve(result);
      });
    });
  } finally {
    leave();
  }
}
