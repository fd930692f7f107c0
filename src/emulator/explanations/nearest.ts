import { distance } from 'fastest-levenshtein';

/** Longer names are not compared. */
const LONGEST = 128;

/** Whether two names differ by letters, capital or small, by blanks and quotes, or by two characters at most. */
export function isNearly(one: string, other: string): boolean {
  if (one === other || one.length > LONGEST || other.length > LONGEST) return false;
  return distance(plain(one), plain(other)) <= 2;
}

const plain = (name: string): string => name.replaceAll(/[\s"']/g, '').toLowerCase();
