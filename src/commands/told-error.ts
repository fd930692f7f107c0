/** How somebody who runs a command is told of an error. */
import { inspect } from 'node:util';

export interface ToldError {
  readonly text: string;
  readonly exitCode: number;
}

export const toldError = (error: unknown): ToldError => ({
  text: isForTheUser(error) ? error.message : inspect(error),
  exitCode: error instanceof Error && error.name === 'SettingsError' ? 2 : 1,
});

/** A mistake of the user's, or a port that is taken, has a message that says all; anything else is ours and needs its stack. */
function isForTheUser(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const names = ['SettingsError', 'StoreUnusable', 'SeedError', 'SignetError', 'CommandFailure'];
  return names.includes(error.name) || 'syscall' in error;
}
