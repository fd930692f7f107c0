import { timingSafeEqual } from 'node:crypto';

/** Whether two secrets are the same, in a time that tells of a wrong one no more than its length. */
export function equalSecrets(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
