/** Instants of a snapshot. */
import type { Path } from '../seeds/seed-mistakes.ts';
import { SnapshotMistake } from './snapshot-mistakes.ts';

/** Milliseconds since 1970. @throws SnapshotMistake for a day that no calendar has */
export function readInstant(text: string, path: Path): number {
  const instant = Date.parse(text);
  // The 30th of February would be taken for a day of March.
  const [, day] = /-(\d\d)T/.exec(text) ?? [];
  const isDay = !Number.isNaN(instant) && new Date(instant).getUTCDate() === Number(day);
  if (!isDay) throw new SnapshotMistake(path, 'there is no such instant');
  return instant;
}

export const readOptional = (text: string | undefined, path: Path): number | null =>
  text === undefined ? null : readInstant(text, path);
