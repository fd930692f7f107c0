import { asText } from './text-bytes.ts';

/** The first line in which two texts differ. */
export interface Difference {
  /** From 1. */
  readonly line: number;
  readonly what: string;
  /** From 1, in bytes. */
  readonly column: number;
  readonly expected: string;
  readonly received: string;
}

/**
 * Between two texts that hold a byte in each character.
 * @param names what each line of the first one is
 * @param shown the same two with secrets masked, line for line
 */
export function firstDifference(
  texts: readonly [expected: string, received: string],
  names: readonly string[],
  shown: readonly [expected: string, received: string] = texts,
): Difference | undefined {
  const [right, wrong] = texts.map((text) => text.split('\n')) as [string[], string[]];
  const [shownRight, shownWrong] = shown.map((text) => text.split('\n')) as [string[], string[]];
  const index = Array.from({ length: Math.max(right.length, wrong.length) }).findIndex(
    (_, at) => right[at] !== wrong[at],
  );
  if (index < 0) return undefined;
  const [one = '', other = ''] = [shownRight[index], shownWrong[index]];
  const at = Array.from(one).findIndex((byte, place) => byte !== other[place]);
  // Where only what is masked differs, it is where the mask begins.
  const column = one === other ? one.indexOf(':') + 1 : at < 0 ? one.length : at;
  return {
    ...{ line: index + 1, what: names[index] ?? 'end', column: column + 1 },
    ...{ expected: asText(one), received: asText(other) },
  };
}
