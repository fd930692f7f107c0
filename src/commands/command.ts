import type { Settings } from '../config.ts';
import type { OptionName, Values } from './options.ts';

/** What a command is told. */
export interface Given {
  /** What follows the command's name. */
  readonly words: readonly string[];
  readonly values: Values;
  /** The defaults, unless the command takes settings. */
  readonly settings: Settings;
}

/** Gives the exit code; 0 where it gives none. */
export type Run = (given: Given) => Promise<number | undefined>;

export interface Command {
  /** One line. */
  readonly help: string;
  /** What has to follow its name; in brackets what may. */
  readonly words?: readonly string[];
  readonly options?: readonly OptionName[];
  readonly required?: readonly OptionName[];
  /** Whether it also takes the settings of the server. */
  readonly takesSettings?: boolean;
  /** More help, below the line. */
  readonly more?: string;
  /** Loads its code, which `signet` alone should not wait for. */
  readonly load: () => Promise<Run>;
}

/** Something that a command could not do; the message says it all. The exit code is 1. */
export class CommandFailure extends Error {
  override name = 'CommandFailure';
}
