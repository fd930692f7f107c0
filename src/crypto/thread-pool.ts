import { costOfSignature, poolPlaces } from './places.ts';
import type { VerificationKey } from './signing-keys.ts';

/**
 * Work with a key that node:crypto does on libuv's pool and tells by a callback.
 * @throws Overloaded when too much of it waits
 */
export function onPool<Result>(
  { keySpec }: VerificationKey,
  operation: 'sign' | 'verify',
  work: (done: (error: Error | null, result: Result) => void) => void,
): Promise<Result> {
  const leave = poolPlaces.take(costOfSignature(keySpec, operation));
  return new Promise((resolve, reject) => {
    work((error, result) => {
      leave();
      if (error) reject(error);
      else resolve(result);
    });
  });
}
