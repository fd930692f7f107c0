/** What goes wrong with a file of SQLite, in words for the person who runs Signet. */

export const busy = '5';

/** SQLite's result codes (sqlite.org/rescode.html) and the system's error codes that have a cause outside the program. */
const troubles: Readonly<Record<string, string>> = {
  [busy]: 'a Signet, or another program, is at work on it and keeps it locked',
  8: 'it cannot be written to, or its folder cannot',
  10: 'the disk reports an error',
  11: 'its contents are damaged',
  13: 'the disk is full',
  14: 'it cannot be opened',
  26: 'it is not a SQLite database',
  EACCES: 'permission is denied',
  EISDIR: 'it is a folder',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is a file',
  EPERM: 'permission is denied',
  EROFS: 'its file system cannot be written to',
};

/** Those that pass, or that somebody mends while the program runs. Damage does not. */
const passing = new Set([busy, '8', '10', '13', '14']);

/** Those that say nothing of what is in the file: somebody is in the way, or it or its folder may not be written to. */
const outside = new Set([busy, '8', '14']);

export const troubleWith = (error: unknown): string | undefined => troubles[codeOf(error)];

export const isPassing = (error: unknown): boolean => passing.has(codeOf(error));

export const isOutside = (error: unknown): boolean => outside.has(codeOf(error));

/** A SQLite error's primary code, or a system error's name. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('errcode' in error && typeof error.errcode === 'number') return String(error.errcode & 0xff);
  return 'code' in error ? String(error.code) : '';
}
