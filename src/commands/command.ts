import type { Settings } from '../config.ts';
import { options, type OptionName, type Values } from './options.ts';

export type Source = 'flag' | 'variable';

/** What a command is told. */
export interface Given {
  /** What follows the command's name. */
  readonly words: readonly string[];
  readonly values: Values;
  /** Where options and settings are from, by the names of their flags; what is the default is not among them. */
  readonly sources: Readonly<Partial<Record<string, Source>>>;
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
  /** Those that a variable cannot give: what was exported for other commands must not narrow what this one does. */
  readonly flagOnly?: readonly OptionName[];
  /** Whether it also takes the settings of the server. */
  readonly takesSettings?: boolean;
  /** More help, below the line. */
  readonly more?: string;
  /** Loads its code, which `signet` alone should not wait for. */
  readonly load: () => Promise<Run>;
}

/** The variable that gives an option of this command; empty where none does. */
export const variableFor = ({ flagOnly = [] }: Command, name: OptionName): string =>
  flagOnly.includes(name) ? '' : options[name].variable;

/** Something that a command could not do; the message says it all. The exit code is 1. */
export class CommandFailure extends Error {
  override name = 'CommandFailure';
}
