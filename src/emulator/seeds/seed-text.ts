import { readFile } from 'node:fs/promises';
import { SeedError } from './seed-mistakes.ts';

/**
 * @param what it is, for people
 * @throws SeedError where it cannot be read
 */
export async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new SeedError(file, [{ line: 1, message: `${what} cannot be read (${String(error)})` }]);
  }
}
