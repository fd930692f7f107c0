import { hash } from 'node:crypto';

/** Written over by each message: making room for every one would take a third of the time. */
const scratch = Buffer.alloc(16 * 1024);

/**
 * Hex.
 * @param hashName OpenSSL's
 * @param message a byte in each character
 */
export function digestOf(hashName: string, message: string): string {
  if (message.length > scratch.length) return hash(hashName, Buffer.from(message, 'latin1'));
  return hash(hashName, scratch.subarray(0, scratch.write(message, 'latin1')));
}
