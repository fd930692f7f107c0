/**
 * Text for Postgres, which keeps every character but U+0000: that one, and the one that stands in for it, are written as two. The order of
 * texts stays as it is.
 */
const nul = '\u0000';
const escape = '\u0001';
const written: Readonly<Record<string, string>> = { [nul]: escape + escape, [escape]: `${escape}\u0002` };
const either = new RegExp(`[${nul}${escape}]`, 'g');
const pair = new RegExp(`${escape}(.)`, 'gs');

export const toPostgres = (text: string): string =>
  text.includes(nul) || text.includes(escape) ? text.replaceAll(either, (character) => written[character] ?? '') : text;

export const fromPostgres = (text: string): string =>
  text.includes(escape) ? text.replaceAll(pair, (_, second) => (second === escape ? nul : escape)) : text;
