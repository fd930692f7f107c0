/** Two texts beside each other, what differs marked. */

interface Side {
  readonly title: string;
  readonly text: string;
}

interface Look {
  /** Characters of a line. */
  readonly width: number;
  readonly mark: (text: string) => string;
  readonly head: (text: string) => string;
}

/** A line of each text that belong together; undefined where the other one has a line of its own. */
type Pair = readonly [left: string | undefined, right: string | undefined];

const SEPARATOR = ' | ';

export function sideBySide(left: Side, right: Side, { width, mark, head }: Look): string {
  const room = Math.max(20, Math.floor((width - SEPARATOR.length - 2) / 2));
  const longest = Math.max(...`${left.title}\n${left.text}`.split('\n').map((line) => line.length));
  const cell = Math.min(room, longest);
  const rows = pairs(left.text.split('\n'), right.text.split('\n')).flatMap(([one, other]) => {
    const isSame = one === other;
    const [ones, others] = [wrapped(one ?? '', cell), wrapped(other ?? '', room)];
    return Array.from({ length: Math.max(ones.length, others.length) }, (_, index) => {
      const row =
        `${isSame ? ' ' : '!'} ${(ones[index] ?? '').padEnd(cell)}${SEPARATOR}${others[index] ?? ''}`.trimEnd();
      return isSame ? row : mark(row);
    });
  });
  return [head(`  ${left.title.padEnd(cell)}${SEPARATOR}${right.title}`), ...rows].join('\n');
}

function wrapped(line: string, width: number): string[] {
  const parts: string[] = [];
  for (let start = 0; start < line.length; start += width) parts.push(line.slice(start, start + width));
  return parts.length === 0 ? [''] : parts;
}

/** Lines that both have stand beside each other, as many as can in this order (longest common subsequence); so do those that differ. */
function pairs(left: readonly string[], right: readonly string[]): Pair[] {
  const lengths = new Map<string, number>();
  const at = (row: number, column: number): number => lengths.get(`${row} ${column}`) ?? 0;
  for (let row = left.length - 1; row >= 0; row--)
    for (let column = right.length - 1; column >= 0; column--)
      lengths.set(
        `${row} ${column}`,
        left[row] === right[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1)),
      );
  const result: Pair[] = [];
  let [row, column] = [0, 0];
  const flush = (toRow: number, toColumn: number): void => {
    for (; row < toRow || column < toColumn; row++, column++)
      result.push([row < toRow ? left[row] : undefined, column < toColumn ? right[column] : undefined]);
    [row, column] = [toRow, toColumn];
  };
  let [nextRow, nextColumn] = [0, 0];
  while (nextRow < left.length && nextColumn < right.length) {
    if (left[nextRow] === right[nextColumn]) {
      flush(nextRow, nextColumn);
      flush(++nextRow, ++nextColumn);
    } else if (at(nextRow + 1, nextColumn) >= at(nextRow, nextColumn + 1)) nextRow++;
    else nextColumn++;
  }
  flush(left.length, right.length);
  return result;
}
