/** Instants and how far they are apart, as people read them. */

export const iso = (instant: number): string => new Date(instant).toISOString();

const parts = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const;

/** The two largest units of it, such as `16 min 40 s`. */
export function span(milliseconds: number): string {
  let rest = Math.round(milliseconds / 1000);
  const words = parts.flatMap(([length, unit]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count === 0 ? [] : [`${count} ${unit}`];
  });
  return words.slice(0, 2).join(' ') || 'less than a second';
}

/** What a request says of when it was signed, beside Signet's clock. Both in milliseconds since 1970. */
export function signedAgo(signedAt: number, at: number): string {
  const off = signedAt - at;
  const relation = off === 0 ? 'exactly now' : `${span(Math.abs(off))} ${off < 0 ? 'ago' : 'ahead'}`;
  return `Signed at ${iso(signedAt)}: ${relation} by Signet's clock, which says ${iso(at)}.`;
}
