/** Lines of a table, and what is said about a figure that has a target. */

/** Its cells. */
export type Line = readonly string[];

export interface Target {
  readonly value: number;
  /** Whether the figure is to be no less, in place of no more. */
  readonly isLeast: boolean;
}

export const atMost = (value: number): Target => ({ value, isLeast: false });
export const atLeast = (value: number): Target => ({ value, isLeast: true });

export const rate = (value: number): string => Math.round(value).toLocaleString('en');
export const figure = (value: number): string => value.toFixed(value < 10 ? 2 : 0);

/** The target and whether it is reached, or by how much of it the figure is short. */
export function verdict(value: number, { value: wanted, isLeast }: Target): Line {
  const short = isLeast ? wanted - value : value - wanted;
  return [
    `${isLeast ? '>=' : '<='} ${wanted}`,
    short <= 0 ? 'ok' : `short by ${figure(short)} (${((100 * short) / wanted).toFixed(0)} %)`,
  ];
}

export const target = (name: string, value: number, wanted?: Target): Line => [
  name,
  figure(value),
  ...(wanted === undefined ? [] : verdict(value, wanted)),
];

/** Aligned columns, the first to the left. */
export function aligned(lines: readonly Line[]): string {
  const columns = Math.max(...lines.map((line) => line.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!);
  return lines.map((line) => line.map(cell).join('  ').trimEnd()).join('\n');
}
